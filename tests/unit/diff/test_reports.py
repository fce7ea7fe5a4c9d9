"""Reports in every form: what they hold, where they point, how many they show, and that no text of others gets out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from clientsmith.characters import is_safe
from clientsmith.config.model import ChangedLevel
from clientsmith.diagnostics.model import Diagnostics, Place, Span
from clientsmith.diff.judged import Judged
from clientsmith.diff.model import Change, Level
from clientsmith.diff.report.machine import render_annotations, render_junit
from clientsmith.diff.report.model import Report
from clientsmith.diff.report.pages import render_html, render_markdown
from clientsmith.diff.report.text import render_text
from clientsmith.diff.report.values import as_object, render_json
from clientsmith.diff.sides import Side
from tests.security.test_terminal_text import HOSTILE
from tests.unit.diff.conftest import Diff
from tests.unit.diff.sample import (
    ADDED,
    CHANGES,
    NARROWED,
    NEW,
    OLD,
    REMOVED,
    hostile,
    many,
    place,
    report,
    sides,
)

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "diff.schema.json").read_text())
RENDERERS: dict[str, Callable[[Report], str]] = {
    "text": render_text, "json": render_json, "markdown": render_markdown, "html": render_html, "junit": render_junit,
    "github": render_annotations,
}  # fmt: skip


@pytest.fixture
def both(folder: Path, made_up_rules: None) -> tuple[Side, Side]:
    return sides(folder)


def test_json_is_as_its_schema_says(both: tuple[Side, Side]) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    notes = Diagnostics()
    notes.warning("not-compared", "x", Place("/x", Span("old.yaml", 1, 1)))
    levels = (ChangedLevel("operation-removed", "info", None, Place(span=Span("clientsmith.toml", 2, 1))),)
    ignored = [Judged(one, "because") for one in CHANGES]
    for made in (
        report(both),
        report(both, ()),
        report(both, ignored, notes=notes, levels=levels),
        report(both, map(Judged, many(50))),
    ):
        jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(render_json(made)))


def test_json_of_the_command_is_as_its_schema_says(diff: Diff) -> None:
    for changes in ([], [*CHANGES]):
        code, out, err = diff(changes, "--format", "json")
        jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(out))
        assert code == int(bool(changes)) and err.count("\n") == 1


def test_a_change_has_all_its_facts(both: tuple[Side, Side]) -> None:
    found = as_object(report(both))

    assert found["old"] == {"file": "old.yaml", "title": "Pets", "version": "1"}
    assert found["step"] == "major" and found["version"] is None
    changes = found["changes"]
    assert isinstance(changes, list)
    assert [one["rule"] for one in changes] == ["operation-removed", "bound-narrowed", "operation-added"]
    assert changes[0] == {
        "rule": "operation-removed",
        "level": "breaking",
        "wire": {"request": "breaking", "response": "none"},
        "python": "none",
        "operations": [{"id": "dropPets", "method": "DELETE", "path": "/pets", "python": None}],
        "old": {"file": "old.yaml", "line": 11, "column": 5, "pointer": "/paths/~1pets/delete"},
        "new": None,
        "text": "DELETE /pets is gone",
        "hint": "say since when it is gone",
        "fingerprint": REMOVED.fingerprint,
        "ignored": None,
    }


@pytest.mark.parametrize("shape", RENDERERS)
def test_the_order_of_changes_makes_no_difference(shape: str, both: tuple[Side, Side]) -> None:
    changes = [*CHANGES, *many(30)]
    render = RENDERERS[shape]

    assert render(report(both, map(Judged, changes))) == render(report(both, map(Judged, reversed(changes))))


def test_text_groups_by_operation_then_by_component(both: tuple[Side, Side]) -> None:
    wide = replace(NARROWED, at="/servers", text="another server")
    text = render_text(report(both, map(Judged, [*CHANGES, wide])))

    titles = [line for line in text.splitlines() if line and not line.startswith(" ")]
    assert titles == [
        "The description as a whole",
        "DELETE /pets (dropPets)",
        "GET /toys (listToys)",
        "schemas: Pet",
        "old.yaml (Pets 1) -> new.yaml (Pets 2): 1 breaking, 2 warning, 1 info; step: major",
    ]
    assert "      reaches GET /pets, GET /toys\n" in text
    assert "      request warning, response info; old old.yaml:14:5, new new.yaml:14:5\n" in text


@pytest.mark.parametrize(
    ("at", "title"),
    [
        ("shared/pet.yaml#/properties/name", "schemas of shared/pet.yaml"),
        ("shared/pet.yaml#", "schemas of shared/pet.yaml"),
        ("shared.yaml#/components/schemas/Pet/properties/name", "schemas: Pet (shared.yaml)"),
        ("/components/schemas/Pet/oneOf/#~1components~1schemas~1Cat", "schemas: Pet"),
    ],
)
def test_a_change_of_a_component_or_a_file_names_the_only_operation_that_it_reaches(
    at: str, title: str, both: tuple[Side, Side]
) -> None:
    text = render_text(report(both, [Judged(replace(NARROWED, at=at, operations=NARROWED.operations[:1]))]))

    assert text.splitlines()[0] == title and "      reaches GET /pets\n" in text


@pytest.mark.parametrize(
    ("change", "line", "pointer"),
    [
        (ADDED, 11, "/paths/~1toys/get"),
        (REMOVED, 4, "/paths/~1pets"),
        (replace(REMOVED, anchor=place("new.yaml", 3, "/paths")), 4, "/paths/~1pets"),
        (replace(REMOVED, old=None, anchor=place("new.yaml", 3, "/paths")), 3, "/paths"),
        (replace(REMOVED, old=place("old.yaml", 8, "/paths/~1pets/get/parameters/0")), 7, "/paths/~1pets/get/parameters"),
        (
            replace(REMOVED, old=place("old.yaml", 9, "/paths/~1pets/get/parameters/1/schema/type")),
            7,
            "/paths/~1pets/get/parameters",
        ),
        (replace(REMOVED, old=place("old.yaml", 14, "/components/schemas/Pet/required")), 14, "/components/schemas/Pet"),
        (
            replace(
                REMOVED,
                old=place("old.yaml", 14, "/components/schemas/Cat/required"),
                anchor=place("new.yaml", 11, "/paths/~1toys/get"),
            ),
            11,
            "/paths/~1toys/get",
        ),
        (replace(REMOVED, old=place("old.yaml", 1, "gone.yaml#/Pet")), 1, ""),
    ],
)  # fmt: skip
def test_annotations_are_at_the_change_in_new_or_at_what_is_left_around_it(
    change: Change, line: int, pointer: str, both: tuple[Side, Side]
) -> None:
    (shown,) = report(both, [Judged(change)]).changes

    assert shown.place.span is not None
    assert (shown.place.span.file, shown.place.span.line, shown.place.pointer) == ("new.yaml", line, pointer)


def test_annotations_are_ten_errors_and_ten_warnings_and_a_count(both: tuple[Side, Side]) -> None:
    lines = render_annotations(report(both, map(Judged, many(90)))).splitlines()

    assert [line[:9] for line in lines] == ["::error f"] * 10 + ["::warning"] * 10 + ["::notice "]
    assert "20 breaking changes and 20 warnings more" in lines[-1]
    few = render_annotations(report(both)).splitlines()
    assert [line.partition(" ")[0] for line in few] == ["::error", "::warning"]
    assert render_annotations(report(both, [Judged(one, "because") for one in CHANGES])) == ""


def test_annotations_name_the_file_of_the_working_tree(folder: Path, both: tuple[Side, Side]) -> None:
    (folder / ".git").mkdir()
    (folder / "api").mkdir()
    new = replace(both[1], revision="HEAD~1")
    change = replace(NARROWED, new=place("HEAD~1:api/new.yaml", 14, "/components/schemas/Pet"))

    assert "::warning file=api/new.yaml,line=14" in render_annotations(
        report((both[0], new), [Judged(change)])
    )


def test_all_of_it_is_in_the_job_summary(diff: Diff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))

    code, _, err = diff(many(90), "--format", "github")

    text = summary.read_text()
    assert code == 1 and "30 breaking, 30 warning, 30 info" in err
    assert text.startswith("before\n### clientsmith diff: 30 breaking") and text.count("property89:") == 1
    assert text.count("\n- 🔴") == text.count("\n- 🟠") == text.count("\n- 🔵") == 30
    before = summary.read_text()
    diff(many(9), "--format", "json")
    assert summary.read_text() == before


def test_junit_fails_for_what_the_command_fails_for(both: tuple[Side, Side]) -> None:
    judged = [*map(Judged, CHANGES), Judged(replace(REMOVED, at="GET /x", operations=()), "because")]

    for level, failures in ((Level.BREAKING, 1), (Level.WARNING, 2), (Level.INFO, 3), (Level.NONE, 0)):
        root = ElementTree.fromstring(render_junit(report(both, judged, fail_on=level)).split("\n", 1)[1])
        assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("4", str(failures), "1")
    (failed,) = ElementTree.fromstring(render_junit(report(both)).split("\n", 1)[1]).iter("failure")
    assert failed.get("message") == "DELETE /pets is gone" and "old old.yaml:11:5" in str(failed.text)
    empty = ElementTree.fromstring(render_junit(report(both, ())).split("\n", 1)[1])
    assert (empty.get("tests"), empty.get("failures")) == ("1", "0")


JUNIT = {
    "testsuites": ({"tests", "failures", "errors", "skipped", "time"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time"}, {"testcase"}),
    "testcase": ({"classname", "name", "time"}, {"failure", "skipped"}),
    "failure": ({"type", "message"}, set[str]()),
    "skipped": ({"message"}, set[str]()),
}
"""The part of JUnit's format that every reader knows: attributes and children of each element."""


def test_junit_has_the_elements_and_the_counts_that_readers_expect(both: tuple[Side, Side]) -> None:
    judged = [*map(Judged, [*CHANGES, *many(9)]), *(Judged(one, "because") for one in many(4))]
    root = ElementTree.fromstring(render_junit(report(both, judged, fail_on=Level.WARNING)).split("\n", 1)[1])

    for element in root.iter():
        attributes, children = JUNIT[element.tag]
        assert set(element.attrib) == attributes and {one.tag for one in element} <= children
    for element in (root, *root.iter("testsuite")):
        for name, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
            assert int(element.get(name, "")) == len(list(element.iter(tag)))


def deep(number: int) -> list[Change]:
    """As many changes at places that are deep in a description."""
    below = "/requestBody/content/application~1x-www-form-urlencoded/schema/properties/address/properties/postal_code"
    return [
        replace(
            one,
            at=f"{one.at}{below}",
            text=f"{one.at}{below}: {one.text}",
            hint=f"send it {below}",
            old=place("old.yaml", index + 1, f"{one.at}{below}"),
            new=place("new.yaml", index + 10, f"{one.at}{below}"),
        )
        for index, one in enumerate(many(number))
    ]


@pytest.mark.parametrize("shape", [one for one in RENDERERS if one != "json"])
def test_two_thousand_changes_stay_below_a_megabyte_and_are_all_there(
    shape: str, both: tuple[Side, Side]
) -> None:
    made = RENDERERS[shape](report(both, map(Judged, deep(2000)), fail_on=Level.INFO))

    assert len(made.encode()) < 1_000_000
    if shape != "github":
        assert all(f"property{index}/" in made for index in range(2000))
        assert made.count("send it") == (0 if shape == "junit" else 1)


def test_json_has_a_line_for_each_change_however_many_there_are(both: tuple[Side, Side]) -> None:
    """And each says all of itself: a reader of a short report reads a long one in the same way."""
    for number in (3, 2000):
        made = render_json(report(both, map(Judged, many(number))))
        lines = [line.removesuffix(",") for line in made.splitlines() if line.startswith('{"rule":')]
        assert [json.loads(line) for line in lines] == json.loads(made)["changes"] and len(lines) == number


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.shown += [value or "" for _, value in attrs]
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action")]

    def handle_data(self, data: str) -> None:
        self.shown.append(data)


@pytest.fixture
def hostile_report(folder: Path, made_up_rules: None) -> Report:
    title = "".join(f"\\U{ord(sign):08x}" for sign in HOSTILE if not "\ud800" <= sign <= "\udfff")
    info = f'info: {{title: "{title}", version: "<b>::error::x"}}'
    both = sides(folder, OLD, re.sub(r"info:.*", lambda _: info, NEW))
    notes = Diagnostics()
    notes.warning("not-compared", HOSTILE, Place(HOSTILE, Span(HOSTILE, 1, 1)), hint=HOSTILE)
    judged = [Judged(one, one.text if index % 2 else None) for index, one in enumerate(hostile() * 2)]
    return report(both, judged, notes=notes)


@pytest.mark.parametrize("shape", RENDERERS)
def test_text_of_others_steers_nothing(shape: str, hostile_report: Report) -> None:
    made = RENDERERS[shape](hostile_report)

    assert all(is_safe(sign) for sign in made if sign != "\n")
    if shape == "github":
        assert all(re.match(r"::(error|warning|notice) [^:]*::", line) for line in made.splitlines())
    if shape == "junit":
        ElementTree.fromstring(made.split("\n", 1)[1])
    if shape == "json":
        assert made.isascii()
    if shape == "text":
        assert not re.search(r"^::", made, flags=re.MULTILINE)


def test_the_page_has_no_script_and_loads_nothing(hostile_report: Report) -> None:
    text = render_html(hostile_report)
    page = _Page(text)

    assert not page.tags & {"script", "img", "link", "iframe", "object", "base"}
    assert page.addresses == []
    (policy,) = [value for value in page.shown if value.startswith("default-src")]
    assert policy.startswith("default-src 'none'; style-src 'sha256-") and "script-src" not in policy
    assert all(is_safe(sign) for part in page.shown for sign in part if sign != "\n")


def test_markdown_of_others_stays_text(hostile_report: Report) -> None:
    import cmarkgfm  # type: ignore[import-untyped]
    from markdown_it import MarkdownIt

    made = render_markdown(hostile_report)
    for html in (
        cmarkgfm.github_flavored_markdown_to_html(made),
        MarkdownIt("gfm-like", {"html": True, "linkify": True}).enable("table").render(made),
    ):
        page = _Page(html)
        assert page.tags <= {"h3", "h4", "p", "ul", "li", "strong", "code", "br"}
        assert page.addresses == []


@pytest.mark.parametrize("shape", ["text", "markdown", "html"])
@pytest.mark.parametrize("level", ["wire", "python", "both"])
def test_the_step_of_one_level_is_said_to_be_of_that_level(diff: Diff, shape: str, level: str) -> None:
    _, out, _ = diff([], "--level", level, "--format", shape)

    assert f"step of the {level} level alone: patch" in out or (level == "both" and "step: patch" in out)


def test_no_two_cases_of_junit_have_one_name(diff: Diff) -> None:
    both = [NARROWED, replace(NARROWED, values=("limit", "9", "8"))]

    _, out, _ = diff(both, "--format", "junit")

    names = [case.attrib["name"] for case in ElementTree.fromstring(out).iter("testcase")]
    assert len(names) == len(set(names)) == 2
