"""Text that is made to break its reader: what is refused is one finding at its place."""

from __future__ import annotations

import codecs
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientsmith.cli.main import main
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diagnostics.render import render_text
from clientsmith.document.model import MAX_DEPTH
from clientsmith.document.text import json_source, yaml_source
from clientsmith.document.text.parse import parse

from .hostile_texts import HEAD, read_config, read_document


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
        ("a: 1e-999999999", "invalid-number", 1, 4, "too small"),
        ("a: 7e-" + "7" * 30, "invalid-number", 1, 4, "too small"),
        ('{"a": 7e-' + "7" * 30 + "}", "invalid-number", 1, 7, "too small"),
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
     ("1_0", "1_0"), ("1e-400", Decimal("1e-400")), ("0e-9", 0.0), ("!!float 0x10", 16.0), ("+.5e+1", 5.0), ("0777", 777)],
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


_SIGNS = st.sampled_from(["a", "names", "document", '"', "'", '"""', "[", "]", "{", "}", "=", ".", ",", "\n", "\r", "#", " ", "\\", "1", "0x1f", "1.5", "é", "\x00", "[names.methods]\n", "a=1\n", '"x"'])  # fmt: skip


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(st.lists(_SIGNS, max_size=14))
def test_any_config_is_read_or_refused(signs: list[str]) -> None:
    for found in read_config("".join(signs)):
        assert found.place.span is not None
