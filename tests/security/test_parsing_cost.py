"""Text that is made to be dear: the cost of reading it grows with its bytes, and no faster."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from clientsmith.config.toml_spans import locate_keys
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Document
from clientsmith.document.references.resolve import resolve
from clientsmith.document.text.json_source import JsonLocator
from clientsmith.document.text.parse import parse

from .hostile_texts import HEAD, numbered, read_config, read_document

DOCUMENTS: dict[str, Callable[[int], str]] = {
    "one key again and again": lambda n: "a: 1\n" * n,
    "every key twice": lambda n: numbered("k{}: 1\n", n) * 2,
    "every key twice in a row": lambda n: numbered("k{0}: 1\nk{0}: 1\n", n),
    "every key twice in flow style": lambda n: "a: {" + numbered("k{}: 1,", n) * 2 + "}",
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


def cpu_seconds(run: Callable[[], object]) -> float:
    """The CPU time of a run; of the faster of two where it is so short that a hiccup would count."""
    times: list[float] = []
    while not times or (len(times) < 2 and times[0] < 0.05):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def assert_linear(read: Callable[[str], object], text: Callable[[int], str], unit: int) -> None:
    """Eight times the bytes may cost 24 times as much CPU time, which leaves room for caches; a square costs 64 times."""

    few, many = text(unit), text(8 * unit)
    ratios = (cpu_seconds(lambda: read(many)) / max(cpu_seconds(lambda: read(few)), 0.002) for _ in range(3))
    assert any(
        ratio < 24 for ratio in ratios
    )  # a busy machine can slow one run down, a square is one in each


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
