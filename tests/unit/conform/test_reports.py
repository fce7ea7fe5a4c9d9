"""Reports in every form: what they have to say, and that nothing of a document becomes markup, command or secret."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from clientsmith.characters import escape_lines
from clientsmith.conform.client.calls import SECRET
from clientsmith.conform.model import Report
from clientsmith.conform.report.live import LiveAnnotations, LiveText
from clientsmith.conform.report.machine import (
    as_diagnostics,
    render_har,
    render_json,
    render_junit,
)
from clientsmith.conform.report.pages import render_html, render_markdown
from clientsmith.conform.suite import Unit
from tests.unit.conform.sample_report import HOSTILE, report


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def play(live: LiveText, found: Report) -> None:
    """A run that comes to this report."""
    live.opened(found)
    for number, unit in enumerate(found.units, start=1):
        live.begins(
            Unit(unit.name, unit.part, unit.operation, partial(pytest.fail, "nothing is run here")),
            number,
            len(found.units),
        )
        live.ended(unit)
    live.part_ended("request", found.units, 1)
    live.closed(found)


def render_text(found: Report) -> str:
    out = io.StringIO()
    play(LiveText(out, None), found)
    return out.getvalue()


def render_github(found: Report) -> str:
    out = io.StringIO()
    play(LiveAnnotations(out, None, io.StringIO()), found)
    return out.getvalue()


def test_the_text_ends_with_the_verdict_and_shows_what_it_takes_to_repeat() -> None:
    text = render_text(report())
    assert "spec/api.yaml:12:5: failure[body-differs] getX, sync, 200" in text
    assert '    with {"a":1}\n    | client.x.get()\n    $ curl -i x\n' in text
    assert text.splitlines()[-1].startswith("not clean: 10 checks, 2 of 2 cells, 1 failures, 0 skipped")


def test_on_a_terminal_a_line_says_what_is_under_way_and_makes_room_for_what_is_printed() -> None:
    terminal = io.StringIO()
    play(LiveText(terminal, terminal), report(failures=()))
    lines = terminal.getvalue().split("\n")
    assert "\r\x1b[K  request: 1 of 1, getX\r\x1b[K" in terminal.getvalue()
    assert "\r\x1b[K  request       1 units" in terminal.getvalue() and lines[-2].startswith(
        "clean: 10 checks"
    )


def test_an_annotation_is_printed_once() -> None:
    lines = render_github(report(covered=0)).splitlines()
    assert len(lines) == len(set(lines)) and sum("title=body-differs" in line for line in lines) == 1


@pytest.mark.parametrize(
    "reason", ["stopped by SIGTERM before everything was looked at once", "the budget ended"]
)
def test_every_report_says_why_a_run_is_not_finished(reason: str, tmp_path: Path) -> None:
    found = report(failures=(), unfinished=reason)
    for text in (
        render_text(found),
        render_markdown(found),
        render_html(found, str(tmp_path)),
        render_json(found),
    ):
        assert f"not finished: {reason}" in text
    assert json.loads(render_json(found))["finished"] is False
    assert reason in render_junit(found) and f"not finished: {reason}" in render_github(found)


def test_converted_line_ends_of_a_package_are_named() -> None:
    found = replace(report(failures=()), has_converted_files=True)
    assert "warning[crlf-line-ends]: out/api has line ends of Windows" in render_text(found)
    assert "::warning title=crlf-line-ends::out/api has" in render_github(found)
    assert found.is_clean


def test_nothing_of_a_document_reaches_the_terminal_as_a_control_character() -> None:
    assert not {sign for sign in render_text(report()) if sign < " "} - {"\n"}


@pytest.mark.parametrize(
    ("changes", "clean"),
    [
        ({"failures": ()}, True),
        ({}, False),
        ({"failures": (), "covered": 0}, False),
        ({"failures": (), "unfinished": "stopped"}, False),
    ],
)
def test_only_a_whole_run_without_a_failure_or_gap_is_clean(changes: dict[str, object], clean: bool) -> None:
    found = report(**changes)  # type: ignore[arg-type]
    assert found.is_clean is clean
    assert json.loads(render_json(found))["clean"] is clean
    assert as_diagnostics(found).has_errors is not clean
    failed = ElementTree.fromstring(render_junit(found).split("\n", 1)[1]).get("failures")
    assert (failed == "0") is clean


def test_junit_has_a_case_for_each_unit_and_gap_and_is_xml_whatever_the_text() -> None:
    root = ElementTree.fromstring(render_junit(report(covered=0)).split("\n", 1)[1])
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert cases.keys() == {"request:getX", "getX 200, request, async"}
    failure = cases["request:getX"].find("failure")
    assert failure is not None and failure.text is not None and "client.x.get()" in failure.text
    assert root.get("tests") == "2" and root.get("failures") == "2"


def test_the_page_is_one_file_without_scripts_or_assets_and_links_the_lines_of_the_document(
    tmp_path: Path,
) -> None:
    tags = _Tags(render_html(report(covered=0), str(tmp_path)))
    names = {tag for tag, _ in tags.found}
    assert not names & {"script", "link", "img", "b", "iframe"}
    links = [attributes["href"] for tag, attributes in tags.found if tag == "a"]
    assert any(str(link).endswith("spec/api.yaml#L12") for link in links)
    assert any(attributes.get("class") == "n zero" for _, attributes in tags.found)
    assert escape_lines(HOSTILE)[:20] in tags.text and not set("\x00\x1b") & set(tags.text)


def test_the_summary_keeps_its_table_and_its_fences() -> None:
    text = render_markdown(report())
    rows = [line for line in text.splitlines() if line.startswith("| `getX`")]
    assert rows == ["| `getX` | `200` | 7 | 3 | **0** | **0** |"]
    assert "<b>" not in text.split("```")[0] and text.count("```") % 2 == 0


def test_the_har_has_no_credential_and_says_where_no_answer_came() -> None:
    text = render_har(report())
    assert SECRET not in text
    first, second = json.loads(text)["log"]["entries"]
    assert (
        first["request"]["url"] == "https://x.example/x?key=***" and first["comment"] == "request getX sync"
    )
    assert (first["response"]["status"], second["response"]["status"]) == (200, 0)


def test_annotations_stand_at_the_line_of_the_document() -> None:
    lines = render_github(report(covered=0)).splitlines()
    assert any(
        line.startswith("::error file=spec/api.yaml,line=12,col=5,title=body-differs::") for line in lines
    )
    assert any("title=not-covered::" in line for line in lines)
    assert all(line.startswith("::") for line in lines)
