"""What every kind of file becomes: a tree, or one clear finding with its place."""

from __future__ import annotations

import builtins
import json
import os
from pathlib import Path

import pytest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import MAX_DEPTH
from clientsmith.document.text import parse as parse_module
from clientsmith.document.text import yaml_source
from clientsmith.document.text.parse import load
from clientsmith.input_file import read_file

from .conftest import LoadText


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("2024-01-02", "2024-01-02"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("0b11", "0b11"),
        ("0o17", 15),
        ("0x1F", 31),
        ("017", 17),
        ("-12", -12),
        ("12.5e3", 12500.0),
        (".5", 0.5),
        ("1.", 1.0),
        ("true", True),
        ("FALSE", False),
        ("tRue", "tRue"),
        ("~", None),
        ("Null", None),
        ("", None),
        ("'1'", "1"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("! 12", "12"),
        ("!!float 1", 1.0),
        ("!!int '7'", 7),
        ("<<", "<<"),
        ("=", "="),
    ],
)
@pytest.mark.parametrize("pure", [False, True])
def test_plain_scalars_mean_what_yaml_1_2_says(
    text: str, value: object, pure: bool, load_text: LoadText, monkeypatch: pytest.MonkeyPatch
) -> None:
    if pure:
        use_pure_parser(monkeypatch)
    document, diagnostics = load_text(f"a: {text}\n")
    assert not list(diagnostics)
    assert document is not None and isinstance(document.tree, dict)
    assert (document.tree["a"], type(document.tree["a"])) == (value, type(value))


def use_pure_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if libyaml were not installed."""
    original = yaml_source.event_source
    monkeypatch.setattr(yaml_source, "event_source", lambda source: original(source, pure=True))


def test_integer_keys_become_their_own_text(load_text: LoadText) -> None:
    document, diagnostics = load_text("responses:\n  200: ok\n  0404: no\n")
    assert not list(diagnostics)
    assert document is not None and document.tree == {"responses": {"200": "ok", "0404": "no"}}


@pytest.mark.parametrize("key", ["true", "null", "1.5", "? [a]\n", "? {a: b}\n"])
def test_other_keys_are_refused(key: str, load_text: LoadText) -> None:
    document, diagnostics = load_text(f"{key}: x\n")
    assert document is None
    assert [found.id for found in diagnostics][:1] == ["invalid-key"]


@pytest.mark.parametrize("text", ["a: 1\nb: 2\na: 3\n", '{"a": 1,\n "b": 2,\n"a": 3}'])
def test_a_duplicate_key_is_reported_with_both_places(text: str, load_text: LoadText) -> None:
    document, diagnostics = load_text(text, "api.yaml" if text[0] == "a" else "api.json")
    (found,) = diagnostics
    assert document is None and found.id == "duplicate-key"
    assert found.place.span is not None and (found.place.span.line, found.place.span.column) == (3, 1)
    first = found.related[0].place.span
    assert first is not None and first.line == 1


def test_every_duplicate_of_a_file_is_reported(load_text: LoadText) -> None:
    _, diagnostics = load_text('{"a": {"x": 1, "x": 2}, "b": [{"y": 1, "y": NaN}]}', "api.json")
    assert [(found.id, found.place.pointer) for found in diagnostics] == [
        ("duplicate-key", "/a/x"),
        ("duplicate-key", "/b/0/y"),
        ("invalid-number", "/b/0/y"),
    ]


@pytest.mark.parametrize("name", ["api.yaml", "api.json", "api"])
def test_json_is_told_by_its_content(name: str, load_text: LoadText) -> None:
    document, diagnostics = load_text('{"openapi": "3.1.0", "n": [1, 2.5, -3e2, null, true]}', name)
    assert not list(diagnostics)
    assert document is not None
    assert document.tree == {"openapi": "3.1.0", "n": [1, 2.5, -300.0, None, True]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("text", ["a:\n  é: ü\n", '{"a":\n  {"é": "ü"}}'])
def test_encodings_with_a_byte_order_mark_are_read(encoding: str, text: str, load_text: LoadText) -> None:
    document, diagnostics = load_text(text.encode(encoding))
    assert not list(diagnostics)
    assert document is not None and document.tree == {"a": {"é": "ü"}}
    span = document.span(("a", "é"))
    assert span is not None and (span.line, span.column) == (2, 3 if text[0] == "a" else 4)


@pytest.mark.parametrize(
    ("data", "id", "line", "column"),
    [
        (b"", "empty-document", 1, 1),
        (b"  \n\n", "empty-document", 1, 1),
        (b"# only a comment\n", "empty-document", 1, 1),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not-text", 1, 1),
        (b"a: b\nc: \xff\n", "not-text", 2, 1),
        (b"a: b\nc: \x01\n", "not-text", 2, 4),
        (b"a: b\n  c: d\n", "syntax-error", 2, 4),
        (b"a: [1,\nb: 2\n", "syntax-error", 3, 1),
        (b'{"a": 1,\n "b" 2}', "syntax-error", 2, 6),
        (b"a: 1\n---\nb: 2\n", "multiple-documents", 2, 1),
        (b"a: !secret x\n", "unsupported-tag", 1, 4),
        (b"a: !!python/object:os.system x\n", "unsupported-tag", 1, 4),
        (b"a: !!set {x}\n", "unsupported-tag", 1, 4),
        (b"a: !!int x\n", "invalid-tag", 1, 4),
        (b"a: *nowhere\n", "invalid-alias", 1, 4),
        (b"a: &a [*a]\n", "invalid-alias", 1, 8),
        (b"<<: 3\n", "invalid-merge", 1, 5),
        (b"a: .inf\n", "invalid-number", 1, 4),
        (b"a: -.INF\n", "invalid-number", 1, 4),
        (b"a: .nan\n", "invalid-number", 1, 4),
        (b"a: 1e999\n", "invalid-number", 1, 4),
        (b"a: " + b"9" * 5000 + b"\n", "invalid-number", 1, 4),
        (b'{"a": 1e999}', "invalid-number", 1, 7),
        (b'{"a": -Infinity}', "invalid-number", 1, 7),
        (b'{"a": ' + b"9" * 5000 + b"}", "invalid-number", 1, 7),
        (b'{"a": "\\ud800"}', "not-text", 1, 2),
        (b"[" * 100_000, "too-deep", 1, MAX_DEPTH + 1),
        (b"a: " + b"[" * 100_000, "too-deep", 1, MAX_DEPTH + 3),
        (b"[" * 500 + b"]" * 500, "too-deep", 1, MAX_DEPTH + 1),
        (b'{"a":' * 100_000, "too-deep", 1, 5 * MAX_DEPTH + 1),
    ],
)
def test_each_defect_is_one_finding_at_its_place(
    data: bytes, id: str, line: int, column: int, load_text: LoadText
) -> None:
    document, diagnostics = load_text(data, "api")
    found = next(iter(diagnostics))
    assert document is None
    assert found.id == id, found
    assert found.place.span is not None
    assert (found.place.span.line, found.place.span.column) == (line, column)


def test_a_yaml_flow_document_that_is_no_json_is_read_where_the_name_says_yaml(load_text: LoadText) -> None:
    document, _ = load_text("{openapi: 3.1.0, paths: {}}", "api.yml")
    assert document is not None and document.tree == {"openapi": "3.1.0", "paths": {}}


def test_aliases_that_multiply_are_stopped(load_text: LoadText) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    document, diagnostics = load_text("\n".join(lines) + "\n")
    assert document is None
    assert [found.id for found in diagnostics] == ["too-many-nodes"]


@pytest.mark.parametrize("text", ["a: &a {}\nb: [{}]\n", "a: &a {{{}: 1}}\nb: [{}]\n"])
def test_aliases_that_multiply_long_text_are_stopped(text: str, load_text: LoadText) -> None:
    document, diagnostics = load_text(text.format("x" * 1000, ", ".join(["*a"] * 250_000)))
    assert document is None
    assert [found.id for found in diagnostics] == ["too-many-nodes"]


def test_merge_keys_add_what_is_not_there(load_text: LoadText) -> None:
    text = "base: &b {x: 1, y: 2}\nmore: &m {y: 5, z: 6}\none: {<<: *b, y: 3}\ntwo:\n  <<: [*b, *m]\n  w: 0\n"
    document, diagnostics = load_text(text)
    assert not list(diagnostics)
    assert document is not None and isinstance(document.tree, dict)
    assert document.tree["one"] == {"x": 1, "y": 3}
    assert document.tree["two"] == {"x": 1, "y": 2, "z": 6, "w": 0}
    span = document.span(("two", "z"))
    assert span is not None and (span.line, span.column) == (2, 17)


def test_missing_files_and_directories(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path, tmp_path / "a\0b"):
        diagnostics = Diagnostics()
        assert load(path, diagnostics) is None
        assert [found.id for found in diagnostics] == ["unreadable-file"]


@pytest.mark.skipif(os.name != "posix", reason="permissions")
def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "api.yaml"
    path.write_text("a: b")

    def refuse(*_: object, **__: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    diagnostics = Diagnostics()
    assert load(path, diagnostics) is None
    assert "Permission denied" in next(iter(diagnostics)).message


def test_a_file_beyond_the_limit(load_text: LoadText, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse_module, "read_input", lambda path: read_file(path, 100))
    document, diagnostics = load_text("a: " + "x" * 200)
    assert document is None
    assert [found.id for found in diagnostics] == ["too-large"]


def test_loading_needs_no_libyaml(load_text: LoadText, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    original = importlib.import_module

    def without(name: str, package: str | None = None) -> object:
        if name == "yaml._yaml":
            raise ImportError(name)
        return original(name, package)

    monkeypatch.setattr(importlib, "import_module", without)
    document, _ = load_text("a: {b: [1, 2]}\n")
    assert document is not None and document.tree == {"a": {"b": [1, 2]}}


def test_loading_never_evaluates(load_text: LoadText, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builtins, "eval", None)
    text = json.dumps({"a": "__import__('os').system('true')"})
    assert load_text(text)[0] is not None
