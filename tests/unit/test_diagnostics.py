"""How findings are collected, sorted and rendered, and that nothing in them can steer a terminal or a workflow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clientsmith.diagnostics.model import Diagnostic, Diagnostics, Place, Related, Severity, Span
from clientsmith.diagnostics.render import read_sources, render_github, render_json, render_text


def finding(message: str = "it is wrong", span: Span | None = None, **more: object) -> Diagnostics:
    diagnostics = Diagnostics()
    diagnostics.error("some-id", message, Place("/a/b", span or Span("api.yaml", 2, 5)), **more)
    return diagnostics


def test_findings_are_kept_once_and_sorted_by_place() -> None:
    diagnostics = Diagnostics()
    for line in (3, 1, 3):
        diagnostics.warning("w", "late", Place(None, Span("b.yaml", line, 1)))
    diagnostics.note("n", "first file", Place(None, Span("a.yaml", 9, 1)))
    diagnostics.error("e", "nowhere")
    diagnostics.error("e", "same place, heavier", Place(None, Span("b.yaml", 3, 1)))
    assert [(found.id, found.place.span and found.place.span.line) for found in diagnostics] == [
        ("e", None), ("n", 9), ("w", 1), ("e", 3), ("w", 3),
    ]  # fmt: skip
    assert len(diagnostics) == 5 and diagnostics.has_errors
    assert [diagnostics.count(severity) for severity in Severity] == [2, 2, 1]


def test_text_shows_the_line_with_a_caret_and_all_that_is_known() -> None:
    first = Related("first here", Place("/a", Span("api.yaml", 1, 1)))
    diagnostics = finding(hint="do this", related=(first, Related("see", Place("/x"))))
    assert render_text(diagnostics, {"api.yaml": "one: 1\na:  key: 2\n"}) == (
        "api.yaml:2:5: error[some-id]: it is wrong\n"
        "    2 | a:  key: 2\n"
        "      |     ^\n"
        "    at /a/b\n"
        "    first here: api.yaml:1:1\n"
        "    see: /x\n"
        "    hint: do this\n"
    )


def test_text_without_place_or_source_is_one_line() -> None:
    diagnostics = Diagnostics()
    diagnostics.note("n", "only this")
    assert render_text(diagnostics) == "note[n]: only this\n"
    assert render_text(finding()) == "api.yaml:2:5: error[some-id]: it is wrong\n    at /a/b\n"
    assert render_text(Diagnostics()) == ""


def test_color_is_off_unless_asked_for() -> None:
    assert "\x1b" not in render_text(finding())
    assert "\x1b[1;31merror[some-id]\x1b[0m" in render_text(finding(), color=True)


@pytest.mark.parametrize(
    ("line", "column", "shown", "caret"),
    [
        ("\tkey: x", 2, " key: x", 1),
        ("日本: x", 3, "日本: x", 4),
        ("e\u0301x: y", 3, "e\u0301x: y", 1),
        ("a\x1b[31mb", 7, "a\\x1b[31mb", 9),
        ("x" * 500, 300, "…" + "x" * 100 + "…", 51),
        ("short", 99, "short", 5),
    ],
)
def test_the_caret_stands_below_its_column(line: str, column: int, shown: str, caret: int) -> None:
    text = render_text(finding(span=Span("a", 1, column)), {"a": line})
    lines = text.splitlines()
    assert lines[1] == f"    1 | {shown}"
    assert lines[2] == f"      | {' ' * caret}^"


@pytest.mark.parametrize("line", [0, 3, 10**9])
def test_a_line_that_is_not_there_is_left_out(line: int) -> None:
    assert "|" not in render_text(finding(span=Span("a", line, 1)), {"a": "one\ntwo"})


HOSTILE = "\x1b]0;x\x07 \x9b31m \u202egnp.exe\u2066 \r\n::error::fake\x00\u2028\ud800\u200b\x7f"


def test_what_a_document_says_cannot_steer_a_terminal() -> None:
    related = (Related(HOSTILE, Place(HOSTILE, Span(HOSTILE, 1, 1))),)
    diagnostics = Diagnostics()
    diagnostics.add(
        Diagnostic("id", Severity.ERROR, HOSTILE, Place(HOSTILE, Span(HOSTILE, 1, 3)), HOSTILE, related)
    )
    for text in (
        render_text(diagnostics, {HOSTILE: HOSTILE}),
        render_github(diagnostics),
        render_json(diagnostics),
    ):
        assert text.encode("utf-8")
        assert not {sign for sign in text if sign != "\n" and (ord(sign) < 32 or 127 <= ord(sign) < 160)}
        assert not set(text) & set("\u202e\u2066\u2028\u200b\ud800")
    assert len(render_github(diagnostics).splitlines()) == 1
    assert len(render_text(diagnostics, {}).splitlines()) == 4


def test_github_annotations_are_escaped() -> None:
    diagnostics = finding("50% of\r\nit", Span("a,b:c%.yaml", 2, 5), hint="why")
    assert render_github(diagnostics) == (
        "::error file=a%2Cb%3Ac%25.yaml,line=2,col=5,title=some-id::50%25 of%0D%0Ait (at /a/b)%0Ahint: why\n"
    )
    diagnostics = Diagnostics()
    diagnostics.note("n", "text")
    diagnostics.warning("w", "text")
    assert (
        render_github(diagnostics) == "::notice title=n::text\n::warning title=w::text\n"
        or render_github(diagnostics) == "::warning title=w::text\n::notice title=n::text\n"
    )


def test_json_has_every_field_of_every_finding() -> None:
    diagnostics = finding(related=(Related("first here", Place("/a", Span("api.yaml", 1, 1))),))
    diagnostics.note("n", "no place")
    assert json.loads(render_json(diagnostics)) == {
        "version": 1,
        "counts": {"error": 1, "warning": 0, "note": 1},
        "diagnostics": [
            {
                "id": "n", "severity": "note", "message": "no place", "file": None, "line": None, "column": None,
                "pointer": None, "hint": None, "related": [],
            },
            {
                "id": "some-id", "severity": "error", "message": "it is wrong", "file": "api.yaml", "line": 2,
                "column": 5, "pointer": "/a/b", "hint": None,
                "related": [{"label": "first here", "file": "api.yaml", "line": 1, "column": 1, "pointer": "/a"}],
            },
        ],
    }  # fmt: skip


def test_sources_are_read_where_they_can_be(tmp_path: Path) -> None:
    good, wide = tmp_path / "good.yaml", tmp_path / "wide.yaml"
    good.write_bytes(b"\xef\xbb\xbfa: \xff")
    wide.write_text("b", encoding="utf-16")
    diagnostics = Diagnostics()
    for name in (str(good), str(wide), str(tmp_path / "none"), "a\0b"):
        diagnostics.error("e", "m", Place(None, Span(name, 1, 1)))
    diagnostics.error("e", "nowhere")
    assert read_sources(diagnostics) == {str(good): "a: \ufffd", str(wide): "b"}
