"""No text of others steers a terminal, forges an annotation or reorders a page; what people write stays readable."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from clientsmith.characters import escape, escape_lines, escape_prose, is_safe, unsafe_in_javascript, visible
from clientsmith.cli import summary
from clientsmith.cli.main import main
from clientsmith.conform.model import Report
from clientsmith.conform.report.machine import render_junit
from clientsmith.conform.report.pages import render_html, render_markdown
from clientsmith.conform.report.text import closing, failures, opening
from clientsmith.diagnostics.model import Diagnostic, Place, Related, Severity, Span
from clientsmith.diagnostics.render import render_github, render_json, render_text
from clientsmith.emit.text.literals import string
from clientsmith.serve.page import render
from tests.unit.conform.sample_report import FAILURE, report

CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
INVISIBLE = "\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\u2063\ufeff\ufe0f\U000e0001\U000e0041\U000e0100\u3164"
CONTROLS = "\x00\x07\x08\x1b\x7f\x85\x9b\u2028\u2029"
OTHERS = "\ud800\udfff\ue000\U000f0000\ufdd0\uffff\U0001ffff"
HOSTILE = f"a{BIDI}b{INVISIBLE}c{CONTROLS}d{OTHERS}e"
READABLE = [
    "مرحبا بالعالم", "שלום עולם", "नमस्ते दुनिया", "می\u200cخواهم", "क्\u200dष", "ന്\u200d", "日本語\u3000テキスト", "naïve café", "Ελληνικά", "ไทย",
    "❤\ufe0f", "👨\u200d👩\u200d👧", "🏳\ufe0f\u200d🌈", "1\ufe0f\u20e3", "🧪 🫠", "a\u0301", "€ ½ – “x”",
]  # fmt: skip


def safe(text: str) -> bool:
    return all(is_safe(sign) for sign in text if sign != "\n")


def test_the_table_holds_every_character_of_the_categories() -> None:
    for code in (
        *range(0x3000),
        *range(0xD7F0, 0x11000),
        *range(0x1BC00, 0x1BD00),
        *range(0x1D100, 0x1D200),
        *range(0xE0000, 0xE1000),
    ):
        sign = chr(code)
        if unicodedata.category(sign) in CATEGORIES:
            assert not is_safe(sign), hex(code)
    assert not any(map(is_safe, HOSTILE.translate({ord(sign): None for sign in "abcde"})))
    assert all(is_safe(sign) for text in READABLE for sign in text if sign not in "\u200c\u200d\ufe0f")


@pytest.mark.parametrize(
    "escaped",
    [escape(HOSTILE), escape_prose(HOSTILE), escape_lines(HOSTILE), visible(HOSTILE), string(HOSTILE)],
)
def test_every_unsafe_character_is_shown_as_its_escape(escaped: str) -> None:
    assert safe(escaped)
    assert "\\u202e" in escaped and "\\u061c" in escaped and "\\U000e0041" in escaped and "\\ud800" in escaped


@pytest.mark.parametrize("text", READABLE)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert visible(text) == escape_prose(text) == escape_lines(text) == text
    assert unicodedata.normalize("NFC", escape(text)) == unicodedata.normalize("NFC", text) or set(
        text
    ) & set("\u200c\u200d\ufe0f")


@pytest.mark.parametrize(
    "text",
    [
        "a\u200db",
        "א\u200d\u200d",
        "א\u200c\u200c",
        "❤\ufe0f\ufe0f",
        " \u200d",
        "\u200d",
        "\ufe0fא",
        "1\ufe0f",
        "x\ufe0f\u200dy",
        "❤\u200d\ufe0f",
    ],
)
def test_joiners_in_a_row_or_beside_nothing_they_could_join_are_escaped(text: str) -> None:
    assert re.search(r"\\u(200c|200d|fe0f)", escape_prose(text))


def findings() -> list[Diagnostic]:
    place = Place(f"/paths/{HOSTILE}", Span(f"{HOSTILE}.yaml", 1, 1))
    return [
        Diagnostic("some-id", severity, HOSTILE, place, HOSTILE, (Related(HOSTILE, place),))
        for severity in Severity
    ]


def test_findings_are_safe_in_every_form() -> None:
    sources = {f"{HOSTILE}.yaml": f"{HOSTILE}\n{HOSTILE}"}

    assert safe(render_text(findings(), sources))
    assert safe(render_github(findings()))
    assert render_json(findings()).isascii()
    assert safe(summary.warnings_text(findings()))


@pytest.mark.parametrize(
    "text",
    [
        "a\n::error::forged",
        "a\r::stop-commands::x",
        "a::set-output name=x::y",
        "x,line=99",
        "%0A::error::",
        "a\u2028::error::b",
        "a\x85::debug::",
    ],
)
def test_an_annotation_is_one_line_with_the_properties_that_are_meant(text: str) -> None:
    lines = render_github(
        [Diagnostic("an-id", Severity.ERROR, text, Place(text, Span(text, 3, 5)), text)]
    ).splitlines()

    assert len(lines) == 1
    command, properties, message = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", lines[0]).groups()  # type: ignore[union-attr]
    assert command == "error" and message
    keys = [pair.split("=")[0] for pair in properties.split(",")]
    assert keys == ["file", "line", "col", "title"]


@pytest.mark.parametrize(
    "arguments",
    [["lint", HOSTILE], ["diff", HOSTILE, HOSTILE], ["diff", f"{HOSTILE}:", "x"], ["generate", HOSTILE, "--out", "x"], ["check", HOSTILE, "--out", HOSTILE], ["conform", HOSTILE, "--package", HOSTILE],
     ["serve", HOSTILE], ["record", HOSTILE, "--upstream", HOSTILE, "--validate-only"], ["lint", "--config", HOSTILE, "x"], [HOSTILE],
     ["lint", "x", f"--{HOSTILE}"], ["serve", "x", "--port", HOSTILE], ["serve", "x", "--credentials-from", "X\u202eY"],
     ["lint", "x", "--format", "github", "--config", HOSTILE]],
)  # fmt: skip
def test_what_a_command_says_of_its_arguments_is_safe(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    possible = {0: None, 0xD800: "\udcff", 0xDFFF: None}  # of what a shell can pass
    try:
        code = main([word.translate(possible) for word in arguments])
    except SystemExit as error:
        code = int(error.code or 0)
    output = "".join(capsys.readouterr())
    assert code in (1, 2) and "internal error" not in output
    assert safe(output), output


class Texts(HTMLParser):
    """What a page shows: its texts and the attributes that are shown; values that programs read are not."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.values: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shown += [value or "" for name, value in attrs if name != "value"]
        self.values += [value or "" for name, value in attrs if name == "value"]

    def handle_data(self, data: str) -> None:
        self.shown.append(data)


def test_the_page_of_the_server_shows_safe_text_and_sends_exact_values() -> None:
    name = HOSTILE.translate({ord(sign): None for sign in OTHERS + CONTROLS})
    operation = {
        "id": name,
        "method": "GET",
        "path": HOSTILE,
        "summary": HOSTILE,
        "line": 1,
        "scenarios": True,
        "curl": HOSTILE,
    }
    scenario = {"name": name, "operation": name, "description": HOSTILE, "status": 200}
    state: dict[str, object] = {
        "url": "http://127.0.0.1", "title": HOSTILE, "version": HOSTILE, "strict": False, "operations": [operation], "scenarios": [scenario],
        "known_faults": [], "requests": 1, "active": [], "faults": [],
    }  # fmt: skip
    finding = {"part": HOSTILE, "pointer": HOSTILE, "message": HOSTILE}
    entry: dict[str, object] = {
        "when": "2026-01-01T00:00:00.000+00:00", "method": HOSTILE, "target": HOSTILE, "status": 200, "operation": HOSTILE, "source": HOSTILE,
        "entry": HOSTILE, "fault": HOSTILE, "findings": [finding], "curl": HOSTILE,
    }  # fmt: skip
    page = Texts(render(state, [entry], "token").body.decode())

    assert all(map(safe, page.shown))
    assert page.values.count(name) == 3
    assert sum("\\u202e" in one for one in page.shown) > 10


def test_the_script_of_the_page_knows_the_same_table() -> None:
    pattern = re.compile(
        "["
        + re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: f"\\U{int(found[1], 16):08x}", unsafe_in_javascript())
        + "]"
    )

    assert all(bool(pattern.match(sign)) is not is_safe(sign) for sign in HOSTILE + "".join(READABLE))
    assert not pattern.match("\n") and not pattern.match("\t")


def test_a_name_of_megabytes_is_cut_for_readers_and_kept_for_programs() -> None:
    name = "x" * 1_000_000
    found = [
        Diagnostic("some-id", Severity.WARNING, name, Place(name), name, (Related("first", Place(name)),))
    ]

    assert len(render_text(found)) < 10_000 and len(summary.warnings_text(found)) < 10_000
    assert len(render_json(found)) > 4_000_000


def hostile_report() -> Report:
    place = Place(HOSTILE, Span(f"{HOSTILE}.yaml", 3, 4))
    failure = replace(
        FAILURE,
        operation=HOSTILE,
        message=HOSTILE,
        place=place,
        status=HOSTILE,
        drawn=HOSTILE,
        python=HOSTILE,
        curl=HOSTILE,
    )
    made = report(failures=(failure,), covered=0)
    return replace(
        made,
        title=HOSTILE,
        version=HOSTILE,
        spec=HOSTILE,
        package=HOSTILE,
        client=HOSTILE,
        left_out=(HOSTILE,),
    )


def _texts(element: ElementTree.Element) -> Iterator[str]:
    for one in element.iter():
        yield from one.attrib.values()
        yield one.text or ""


def test_reports_of_conform_are_safe_in_every_form() -> None:
    found = hostile_report()

    assert all(map(safe, Texts(render_html(found)).shown))
    assert safe(render_markdown(found))
    assert safe("".join((opening(found), *map(failures, found.units), closing(found))))
    assert all(map(safe, _texts(ElementTree.fromstring(render_junit(found).split("\n", 1)[1]))))


def test_lint_of_a_hostile_document_prints_nothing_unsafe(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = HOSTILE.translate({ord(sign): None for sign in "\ud800\udfff"})
    operation = {
        "operationId": name,
        "tags": [name],
        "responses": {"200": {"description": name}, "4": {}},
        name: 1,
    }
    document = {"openapi": "3.1.0", "info": {"title": name, "version": name}, "paths": {f"/{name}/{{{name}}}": {"get": operation}},
                "tags": [{"name": name}, {"name": name}], "components": {"schemas": {name: {"$ref": f"{name}.yaml"}}}}  # fmt: skip
    Path("openapi.json").write_text(json.dumps(document))

    for form in ("text", "github"):
        assert main(["lint", "openapi.json", "--format", form]) == 1
        assert safe("".join(capsys.readouterr()))
    assert main(["generate", "openapi.json", "--out", "x", "-v", "--allow-invalid"]) == 2
    assert safe("".join(capsys.readouterr()))
