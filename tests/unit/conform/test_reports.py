"""Reports in every form: what they have to say, and that nothing of a document becomes markup, command or secret."""

from __future__ import annotations

import io
import json
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest

from clientsmith.characters import escape
from clientsmith.conform.client.credentials import SECRET
from clientsmith.conform.model import Report
from clientsmith.conform.report.har import render_har
from clientsmith.conform.report.live import LiveAnnotations, LiveText
from clientsmith.conform.report.machine import as_diagnostics, render_json, render_junit
from clientsmith.conform.report.pages import render_html, render_markdown
from clientsmith.conform.report.sources import Sources
from clientsmith.conform.report.text import repetition
from clientsmith.conform.run.written import tree_of
from clientsmith.conform.suite import Settings, Suite, Unit
from clientsmith.conform.suite_report import blank_report
from clientsmith.diagnostics.model import Diagnostics, Place, Span
from tests.unit.conform.sample_report import FAILURE, HOSTILE, report


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
def test_every_report_says_why_a_run_is_not_finished(reason: str) -> None:
    found = report(failures=(), unfinished=reason)
    for text in (
        render_text(found),
        render_markdown(found),
        render_html(found),
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


def test_a_document_without_operations_has_nothing_to_look_at_and_is_clean() -> None:
    found = replace(report(failures=()), units=(), cells={})
    assert not found.is_clean
    assert replace(found, operations=()).is_clean
    assert not as_diagnostics(replace(found, operations=())).has_errors
    assert not replace(found, operations=(), unfinished="stopped").is_clean


def test_junit_has_a_case_for_each_unit_and_gap_and_is_xml_whatever_the_text() -> None:
    root = ElementTree.fromstring(render_junit(report(covered=0)).split("\n", 1)[1])
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert cases.keys() == {"request:getX", "getX 200, request, async"}
    failure = cases["request:getX"].find("failure")
    assert failure is not None and failure.text is not None and "client.x.get()" in failure.text
    assert root.get("tests") == "2" and root.get("failures") == "2"


def test_the_summary_keeps_its_table_and_its_fences() -> None:
    text = render_markdown(report())
    rows = [line for line in text.splitlines() if line.startswith("| `getX`")]
    assert rows == ["| `getX` | `200` | 7 | 3 | - | - |"]
    assert "<b>" not in text.split("```")[0] and text.count("```") % 2 == 0


@pytest.mark.parametrize("text", [HOSTILE, "\x0b\x7f\ufffe", "a\r\nb\tc\u2028"])
def test_programs_get_no_character_that_xml_cannot_hold_or_that_reorders_text(text: str) -> None:
    failure = replace(FAILURE, message=text, operation=text, drawn=text, python=text, curl=text)
    found = replace(
        report(failures=(failure,)), units=(replace(report().units[0], name=text, failures=(failure,)),)
    )
    for written in (render_junit(found), render_json(found)):
        signs = {sign for sign in written if not sign.isprintable()}
        assert signs <= {"\n", "\t"}, signs
        written.encode()
    root = ElementTree.fromstring(render_junit(found).split("\n", 1)[1])
    (case,) = root.findall("testsuite[@name='request']/testcase")
    assert case.get("name") == escape(text)
    assert json.loads(render_json(found))["failures"][0]["message"] == text


def test_programs_learn_which_names_the_document_has_and_how_many_exchanges_there_were() -> None:
    tree = json.loads(render_json(report()))
    assert {one["name"]: one["described"] for one in tree["parameters"]} == {"q": True, HOSTILE: False}
    assert tree["exchanges"] == [{"operation": "getX", "part": "request", "mode": "sync", "made": 2}]


@pytest.mark.parametrize("made", [2, 3, 12_345])
def test_every_report_of_exchanges_says_how_many_it_leaves_out(made: int) -> None:
    found = replace(report(), exchanged={("getX", "request", "sync"): made - 1, ("getX", "tapes", "sync"): 1})
    said = "all 2 exchanges" if made == 2 else f"2 of {made:,} exchanges"
    assert json.loads(render_har(found))["log"]["comment"].startswith(said)
    assert said in render_html(found)
    assert (f"; {made - 2:,} are left out" in render_html(found)) is (made > 2)


@pytest.mark.parametrize("number", [1, 3_000, 9_000])
def test_a_summary_that_is_too_long_counts_the_failures_that_it_leaves_out(number: int) -> None:
    failures = tuple(replace(FAILURE, message=f"number {one} {'x' * 200}") for one in range(number))
    text = render_markdown(report(failures=failures))
    shown = text.count("<details>")
    assert len(text.encode()) < 1_000_000 and text.count("</details>") == shown
    assert text.count("```") % 2 == 0 and text.endswith(
        "Repeat it: `clientsmith conform spec/api.yaml --package out/api --seed 0`\n"
    )
    assert (f"{number - shown:,} more failures are in the HTML report." in text) is (shown < number)


def test_what_repeats_a_run_is_a_command_of_a_shell() -> None:
    found = replace(report(), spec="my api.yaml", package="it's")
    assert "--package 'it'\"'\"'s' --seed 0" in render_markdown(found)
    assert "clientsmith conform 'my api.yaml'" in render_markdown(found)


def test_the_har_has_no_credential_and_says_where_no_answer_came() -> None:
    text = render_har(report())
    assert SECRET not in text
    first, second = json.loads(text)["log"]["entries"]
    assert (
        first["request"]["url"] == "https://x.example/x?key=REDACTED"
        and first["comment"] == "request getX sync"
    )
    assert (first["response"]["status"], second["response"]["status"]) == (200, 0)


def test_annotations_stand_at_the_line_of_the_document() -> None:
    lines = render_github(report(covered=0)).splitlines()
    assert any(
        line.startswith("::error file=spec/api.yaml,line=12,col=5,title=body-differs::") for line in lines
    )
    assert any("title=not-covered::" in line for line in lines)
    assert all(line.startswith("::") for line in lines)


@pytest.mark.parametrize(
    ("settings", "flags"),
    [
        (Settings(skips_proven=True), ()),
        (Settings(examples=3), ("--examples", "3", "--part", "all")),
        (Settings(parts=("request", "tapes"), skips_proven=True), ("--part", "request", "--part", "tapes")),
        (Settings(server="http://127.0.0.1:1", skips_proven=True), ("--server", "http://127.0.0.1:1")),
    ],
)
def test_a_report_says_how_to_repeat_the_run(settings: Settings, flags: tuple[str, ...]) -> None:
    suite = Suite.open("spec/marketplace.yaml", "generated/twilio_marketplace", [], Diagnostics(), settings)
    assert suite is not None
    with closing(suite):
        found = blank_report(suite, suite.units)
    assert found.flags == flags
    assert repetition(found).split()[-2 - len(flags) :] == ["--seed", "0", *flags]


def test_what_a_unit_leaves_has_no_credential() -> None:
    suite = Suite.open(
        "spec/marketplace.yaml", "generated/twilio_marketplace", [], Diagnostics(), Settings(examples=1)
    )
    assert suite is not None
    with closing(suite):
        outcome = suite.outcome(1, 0, next(one for one in suite.units if one.part == "request"))
    assert outcome.tally.exchanges
    assert SECRET not in json.dumps(tree_of(outcome)) and SECRET not in repr(outcome)
    assert "REDACTED" in repr(outcome)


def test_only_files_of_the_document_are_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, other = tmp_path / "own", tmp_path / "other"
    for folder in (own, other):
        folder.mkdir()
        (folder / "a.yaml").write_text("first\nsecond\n")
    places = [Place("", Span(str(folder / "a.yaml"), 2, 1)) for folder in (own, other)]
    shown = [bool(Sources(places, str(own)).anchor(place)) for place in places]
    assert shown == [True, False]
    assert not any(Sources(places, "").anchor(place) for place in places)
    monkeypatch.chdir(other)
    assert [bool(Sources(places, "").anchor(place)) for place in places] == [False, True]
