"""Text that is made to be dear or to break its reader: cost grows with the bytes, and what is refused has its place."""

from __future__ import annotations

import codecs
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from clientsmith.cli import main
from clientsmith.config import parse_config
from clientsmith.diagnostics import Diagnostics
from clientsmith.document import json_source, yaml_source
from clientsmith.document.json_source import JsonLocator
from clientsmith.document.load import parse
from clientsmith.document.model import MAX_DEPTH, Document
from clientsmith.document.resolve import resolve
from clientsmith.report import render_json, render_text
from clientsmith.toml_spans import locate_keys

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"


def numbered(form: str, count: int) -> str:
    return "".join(form.format(number) for number in range(count))


DOCUMENTS: dict[str, Callable[[int], str]] = {
    "one key again and again": lambda n: "a: 1\n" * n,
    "every key twice": lambda n: numbered("k{}: 1\n", n) * 2,
    "every key twice in a row": lambda n: numbered("k{0}: 1\nk{0}: 1\n", n),
    "every key twice in flow style": lambda n: "{" + numbered("k{}: 1,", n) * 2 + "}",
    "every key twice in JSON": lambda n: '{"a":{' + numbered('"k{}":1,', n) * 2 + '"z":1}}',
    "one key again and again in JSON": lambda n: "{" + '"a":1,' * n + '"a":1}',
    "duplicates far down": lambda n: "[" * 190 + "{" + '"a":1,' * n + '"a":1}' + "]" * 190,
    "duplicates below a long key": lambda n: '{"' + "k" * n + '":{' + '"a":1,' * n + '"a":1}}',
    "keys that are numbers": lambda n: "1.5: x\n" * n,
    "keys written out": lambda n: numbered("? k{}\n", n),
    "numbers without end": lambda n: "[" + "1e999," * n + "1]",
    "one number of many digits": lambda n: "a: 0." + "7" * 8 * n,
    "one hexadecimal number": lambda n: "a: 0x" + "f" * 8 * n,
    "one JSON number of many digits": lambda n: '{"a": 7.' + "7" * 8 * n + "}",
    "an exponent of many digits": lambda n: '{"a": 7e-' + "7" * 8 * n + "}",
    "a flow sequence": lambda n: "a: [" + "x," * n + "]",
    "empty mappings": lambda n: "a: [" + "{}," * n + "]",
    "a plain scalar": lambda n: "a: " + "x y " * n,
    "a quoted scalar of many lines": lambda n: 'a: "' + "x\n " * n + '"',
    "escapes": lambda n: 'a: "' + "\\n" * n + '"',
    "a block scalar": lambda n: "a: |\n" + "  x\n" * n,
    "a folded scalar": lambda n: "a: >\n" + "  x\n\n" * n,
    "comments": lambda n: "# x\n" * n + "a: 1",
    "empty lines": lambda n: "\n" * n + "a: 1",
    "tabs": lambda n: "a: 1" + "\t" * n,
    "many documents": lambda n: "a: 1\n---\n" * n,
    "anchors": lambda n: numbered("k{0}: &a{0} x\n", n),
    "aliases": lambda n: "a: &a x\nb:\n" + "- *a\n" * n,
    "aliases of much": lambda n: "a: &a [x, x, x, x, x, x, x, x, x]\nb:\n" + "- *a\n" * n,
    "an alias of much as a key": lambda n: "a: &a [" + "x," * n + "]\nb:\n" + "- {*a : 1}\n" * n,
    "merges": lambda n: "a: &a {x: 1, y: 2}\nb:\n" + "- {<<: *a}\n" * n,
    "merges of much": lambda n: "a: &a {" + numbered("k{}: 1,", 100) + "}\nb:\n" + "- {<<: *a}\n" * n,
    "one merge of many": lambda n: "a: &a {x: 1}\nb: {<<: [" + "*a," * n + "]}",
    "merges in merges": lambda n: "a0: &a0 {x: 1}\n" + "".join(f"a{i + 1}: &a{i + 1} {{<<: *a{i}, k{i}: 1}}\n" for i in range(n)),
    "tags": lambda n: "- !x y\n" * n,
    "tag directives": lambda n: numbered("%TAG !a{0}! tag:x{0}\n", n) + "---\na: 1\n",
    "halves of pairs": lambda n: '["' + '\\ud800","' * n + 'x"]',
    "half a pair in much text": lambda n: '["\\ud800' + "x" * n + '"]',
    "CR": lambda n: "a: 1\r" + "# x\r" * n,
    "NEL": lambda n: "a: 1\x85" * n,
    "line separators": lambda n: 'a: "' + "x\u2028" * n + '"',
    "open brackets": lambda n: "a: " + "[" * n,
    "dashes": lambda n: "- " * n,
    "JSON cut off": lambda n: '{"a":[1,' * 100 + "1," * n,
}  # fmt: skip
CONFIGS: dict[str, Callable[[int], str]] = {
    "the parts of a key": lambda n: "a" + ".a" * n + " = 1\n",
    "the parts of a table": lambda n: "[a" + ".a" * n + "]\n",
    "arrays in arrays": lambda n: "a = " + "[" * n + "]" * n + "\n",
    "tables in tables": lambda n: "a = " + "{a = " * n + "1" + "}" * n + "\n",
    "keys": lambda n: numbered("k{} = 1\n", n),
    "names": lambda n: "[names.methods]\n" + numbered("k{0} = 'v{0}'\n", n),
    "wrong names": lambda n: "[names.methods]\n" + numbered("k{} = 1\n", n),
    "tables": lambda n: numbered("[k{}]\n", n),
    "dotted keys": lambda n: numbered("a.b.c.k{} = 1\n", n),
    "inline keys": lambda n: "a = {" + numbered("k{} = 1,", n) + "z = 1}\n",
    "an array": lambda n: "a = [" + "1," * n + "]\n",
    "quotes": lambda n: 'a = """' + '""x' * n + '"""\n',
    "quotes without end": lambda n: 'a = """' + '"x' * n,
    "comments": lambda n: "# x\n" * n,
    "wrong hosts": lambda n: "[document]\nallow_remote_refs = [" + '"a b",' * n + "]\n",
}  # fmt: skip


def read_document(text: str) -> Diagnostics:
    """Parses a document and renders all that is found with its excerpts, as a command does."""
    diagnostics = Diagnostics()
    document = parse(text.encode(), diagnostics, uri="api", file="api")
    for found in list(diagnostics)[:1]:
        assert found.place.span is not None
    render_text(diagnostics, {"api": text})
    render_json(diagnostics)
    if document is not None:
        document.place(("no", "such", "place"))
    return diagnostics


def read_config(text: str) -> Diagnostics:
    diagnostics = Diagnostics()
    parse_config(text, "c.toml", diagnostics)
    return diagnostics


def cpu_seconds(run: Callable[[], object]) -> float:
    """The CPU time of the faster of two runs."""
    times: list[float] = []
    for _ in range(2):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def assert_linear(read: Callable[[str], object], text: Callable[[int], str], unit: int) -> None:
    """Eight times the bytes may cost 24 times as much CPU time, which leaves room for caches; a square costs 64 times."""

    few, many = text(unit), text(8 * unit)
    assert cpu_seconds(lambda: read(many)) < 24 * max(cpu_seconds(lambda: read(few)), 0.002)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_the_cost_of_a_document_grows_with_its_bytes(kind: str) -> None:
    assert_linear(read_document, DOCUMENTS[kind], 500)


@pytest.mark.parametrize("kind", CONFIGS)
def test_the_cost_of_a_config_grows_with_its_bytes(kind: str) -> None:
    assert_linear(read_config, CONFIGS[kind], 500)


def test_places_in_a_long_config_are_found_in_linear_time() -> None:
    assert_linear(locate_keys, lambda n: numbered("key{} = 1\n", n), 4000)


def places_of_wide(count: int) -> Document:
    diagnostics = Diagnostics()
    text = "a:\n" + numbered("  k{}: {{x: 1}}\n", count)
    document = parse(text.encode(), diagnostics, uri="api.yaml", file="api.yaml")
    assert document is not None
    return document


def test_places_in_a_wide_mapping_are_found_in_linear_time() -> None:
    def look_up(text: str) -> None:
        document = places_of_wide(len(text))
        for number in range(len(text)):
            span = document.span(("a", f"k{number}", "x"))
            assert span is not None and span.line == number + 2

    assert_linear(look_up, lambda n: "x" * n, 400)


@pytest.mark.parametrize(
    "kind", ["every key twice", "every key twice in a row", "every key twice in flow style"]
)
def test_the_first_of_many_duplicates_is_found_in_linear_time(kind: str) -> None:
    def read(text: str) -> None:
        parse(text.encode(), Diagnostics(), uri="api", file="api")

    assert_linear(read, DOCUMENTS[kind], 2500)


def test_places_in_deep_json_cost_no_more_than_in_flat_json() -> None:
    def look_up(depth: int) -> None:
        text = "[" * depth + '{"a":[' + '["]{\\"","y"],' * 20_000 + "[]]}" + "]" * depth
        locator = JsonLocator(text)
        for level in range(depth):
            assert locator.offset(("0",) * level) == level
        offset = locator.offset((*["0"] * depth, "a", "3"))
        assert offset is not None and text[offset:].startswith('["')

    assert cpu_seconds(lambda: look_up(190)) < 8 * cpu_seconds(lambda: look_up(1))


RESOLVED: dict[str, Callable[[int], str]] = {
    "references to nothing": lambda n: numbered("    S{0}: {{$ref: '#/components/schemas/X{0}'}}\n", n),
    "long references to nothing": lambda n: numbered(
        "    S{0}: {{$ref: '#/components/schemas/" + "x" * 150 + "{0}'}}\n    " + "x" * 150 + "y{0}: {{}}\n",
        n // 4,
    ),
    "one chain of references": lambda n: (
        numbered("    S{0}: {{$ref: '#/components/schemas/N{0}'}}\n", n)
        + "".join(f"    N{i}: {{$ref: '#/components/schemas/N{i + 1}'}}\n" for i in range(n))
        + f"    N{n}: {{type: string}}\n"
    ),
    "references to files that are missing": lambda n: numbered("    S{0}: {{$ref: 'm{0}.yaml'}}\n", n),
    "references to other machines": lambda n: numbered("    S{0}: {{$ref: 'https://e.x/{0}'}}\n", n),
}


@pytest.mark.parametrize("kind", RESOLVED)
def test_the_cost_of_references_grows_with_their_number(kind: str) -> None:
    def read(text: str) -> None:
        diagnostics = Diagnostics()
        document = parse(text.encode(), diagnostics, uri="api.yaml", file="api.yaml")
        assert document is not None
        resolved = resolve(document, diagnostics, allow_dangling=True)
        if resolved is not None:
            for pointer in document.root.get("components").child("schemas").items():  # type: ignore[union-attr]
                resolved.deref(pointer[1])

    assert_linear(read, lambda n: f"{HEAD}components:\n  schemas:\n{RESOLVED[kind](n)}", 150)


def test_a_line_of_megabytes_is_quoted_in_part() -> None:
    text = '{"a": "' + "x" * 4_000_000 + '", "a": 1}'
    diagnostics = Diagnostics()
    assert parse(text.encode(), diagnostics, uri="api.json", file="api.json") is None
    told = render_text(diagnostics, {"api.json": text})
    assert "api.json:1:4000011" in told and len(told) < 1000


@pytest.mark.parametrize(
    ("text", "id", "line", "column", "words"),
    [
        ("a: 0x" + "f" * 5000, "invalid-number", 1, 4, "5000 digits"),
        ("- 1\n- 0o" + "7" * 5000, "invalid-number", 2, 3, "too long"),
        ("a: -" + "9" * 5000, "invalid-number", 1, 4, "too long"),
        ("0x" + "f" * 5000 + ": 1", "invalid-number", 1, 1, "too long"),
        ('{"a": [' + "9" * 100_000 + "]}", "invalid-number", 1, 8, "too long"),
        ("a: 1e999999999", "invalid-number", 1, 4, "too large"),
        ("a: !!float " + "9" * 400, "invalid-number", 1, 4, "too large"),
        ("a: !!float 0x" + "f" * 400, "invalid-number", 1, 4, "too large"),
        ("a: !!int 1e400", "invalid-number", 1, 4, "too large"),
        ("a: !!binary aGk=", "unsupported-tag", 1, 4, "!!binary"),
        ("a: !!timestamp 2001-01-01", "unsupported-tag", 1, 4, "!!timestamp"),
        ("a: !!python/object/apply:os.system [x]", "unsupported-tag", 1, 4, "python"),
        ("a: !<tag:yaml.org,2002:python/name:os.system> x", "unsupported-tag", 1, 4, "python"),
        ("%TAG !p! tag:yaml.org,2002:python/\n---\na: !p!name:os.system x", "unsupported-tag", 3, 4, "python"),
        ("a: &a [x]\nb: {*a : 1}", "invalid-key", 2, 5, "'*a'"),
        ("a: \t- b\n  c", "syntax-error", 1, 5, "YAML"),
        ("a: 1\n\tb: 2", "syntax-error", 2, 1, "YAML"),
        ("a: |\n\tx", "syntax-error", 2, 1, "YAML"),
        ('a: "\\ud800"', "syntax-error", 1, 7, "YAML"),
        ("a: \x00", "not-text", 1, 4, ""),
        ("a: \ufffe", "not-text", 1, 4, ""),
        ("[" * 500 + "]" * 500, "too-deep", 1, MAX_DEPTH + 1, "levels"),
        ("- " * 500, "too-deep", 1, 2 * MAX_DEPTH + 1, "levels"),
        ("? " * 500, "invalid-key", 1, 3, "mapping or a list"),
    ],
)  # fmt: skip
def test_what_is_refused_is_one_finding_at_its_place(
    text: str, id: str, line: int, column: int, words: str
) -> None:
    diagnostics = Diagnostics()
    assert parse(text.encode(), diagnostics, uri="api", file="api") is None
    found = next(iter(diagnostics))
    assert found.place.span is not None
    assert (found.id, found.place.span.line, found.place.span.column) == (id, line, column)
    assert words in found.message and len(found.message) < 300


@pytest.mark.parametrize(
    ("text", "value"),
    [("0x" + "f" * 3500, 16**3500 - 1), ("-0", 0), ("-0.0", 0.0), ("1:30:00", "1:30:00"), ("0b11", "0b11"), ("2001-01-01", "2001-01-01"),
     ("1_0", "1_0"), ("1e-999999999", 0.0), ("!!float 0x10", 16.0), ("+.5e+1", 5.0), ("0777", 777)],
)  # fmt: skip
def test_odd_scalars_that_are_read(text: str, value: object) -> None:
    document = parse(f"a: {text}\n".encode(), Diagnostics(), uri="api", file="api")
    assert document is not None and document.tree == {"a": value}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (codecs.BOM_UTF32_LE + "a: 1".encode("utf-32-le"), ""),
        (codecs.BOM_UTF32_BE + "a: 1".encode("utf-32-be"), "UTF-8"),
        (codecs.BOM_UTF16_LE + b"a\x00:", "UTF-16"),
        (codecs.BOM_UTF16_BE + b"\xd8\x00\x00a", "UTF-16"),
        (b"a: \xed\xa0\x80", "UTF-8"),
        ("a: ü".encode("latin-1"), "UTF-8"),
    ],
)
def test_other_encodings_are_refused_by_name(data: bytes, words: str) -> None:
    diagnostics = Diagnostics()
    assert parse(data, diagnostics, uri="api", file="api") is None
    (found,) = diagnostics
    assert found.id == "not-text" and words in found.message


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_by_each_kind_of_end(end: str) -> None:
    diagnostics = Diagnostics()
    text = end.join(["a: 'x\x85y\u2028z'", "b: 1", "b: 2", ""])
    parse(text.encode(), diagnostics, uri="api", file="api")
    (found,) = diagnostics
    assert found.place.span is not None and (found.place.span.line, found.place.span.column) == (3, 1)
    assert "3 | b: 2" in render_text(diagnostics, {"api": text})


def test_after_a_thousand_findings_the_text_is_not_read_further() -> None:
    for text in ("a: 1\n" * 5000, "{" + '"a":1,' * 5000 + '"a":1}', "[" + "NaN," * 5000 + "1]"):
        diagnostics = read_document(text)
        assert len(diagnostics) == 1001 and diagnostics.sorted()[-1].id == "too-many-findings"


@pytest.mark.parametrize(
    "text",
    ["[" + "{}," * 60 + "1]", '{"a": [' + '"[,{", ' * 60 + "1]}", "- a\n" * 60, "a: [" + "[]," * 60 + "]"],
)
def test_values_are_counted(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_source, "MAX_VALUES", 63)
    monkeypatch.setattr(yaml_source, "MAX_NODES", 63)
    assert not read_document(text).has_errors
    monkeypatch.setattr(json_source, "MAX_VALUES", 59)
    monkeypatch.setattr(yaml_source, "MAX_NODES", 59)
    (found,) = read_document(text)
    assert found.id == "too-many-nodes" and found.place.span is not None


def test_aliases_may_stand_for_as_much_as_a_document_of_that_length_says() -> None:
    few = "a: &a {x: 1}\nb:\n" + "- *a\n" * 3000
    assert not read_document(few).has_errors
    bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    bomb += "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))
    (found,) = read_document(bomb)
    assert found.id == "too-many-nodes" and found.place.span is not None and found.place.span.line == 5
    padded = read_document(bomb + "# padding\n" * 1000)
    assert [one.id for one in padded] == ["too-many-nodes"]


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a = 1\nb = " + "9" * 5000, 2, 4, "4300 digits"),
        ("[names.methods]\na = 0x" + "f" * 5000, 2, 4, "4300 digits"),
        ("a = " + "[" * 2000 + "]" * 2000, 1, 13, "8 levels"),
        ("a = {b = " * 500, 1, 77, "8 levels"),
        ("# [[[[[[[[[[\na.b.c.d.e.f.g.h.i = 1", 2, 16, "8 levels"),
        ("[a." + '"b.c".' * 50 + "x]", 1, 45, "8 levels"),
    ],
)
def test_a_config_beyond_measure_is_one_finding_at_its_place(
    text: str, line: int, column: int, words: str
) -> None:
    (found,) = read_config(text)
    assert found.id == "config-too-much" and words in found.message
    assert found.place.span is not None and (found.place.span.line, found.place.span.column) == (line, column)


def test_brackets_dots_and_digits_in_strings_and_comments_are_not_counted() -> None:
    text = '"a.b.c.d.e.f.g.h.i.j" = """[[[[[[[[[[ \\""" ]"""\nb = \'[[[[[[[[[[\' # [[[[[[[[[[ ' + "9" * 5000
    assert {found.id for found in read_config(text)} == {"config-unknown-key"}


def test_a_config_is_refused_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("api.yaml").write_text(HEAD)
    for text in ("a = " + "[" * 5000, "a = " + "9" * 5000, "#" + "x" * 2_000_000, "x = 1\n" * 3):
        Path("c.toml").write_text(text)
        assert main(["lint", "api.yaml", "--config", "c.toml"]) == 2
        told = capsys.readouterr().err
        assert "c.toml" in told and "internal error" not in told
