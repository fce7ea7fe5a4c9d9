"""The page of a report: whole in itself wherever it is moved, safe with any text, grouped and without secrets."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from clientsmith.characters import escape
from clientsmith.conform.client.credentials import SECRET
from clientsmith.conform.client.hidden import hidden, hidden_exchange, hidden_message
from clientsmith.conform.model import Drawn, Exchange, OperationFacts
from clientsmith.conform.report.page_views import operation_views
from clientsmith.conform.report.pages import render_html
from clientsmith.diagnostics.model import Place, Span
from clientsmith.traffic.message import HttpRequest, HttpResponse
from tests.unit.conform.sample_report import FAILURE, HOSTILE, report

ESCAPED = r"\x1b[31m\x00\u202e\u200b\ud800"
VOID = {"meta", "col", "input", "br", "img"}


class Page(HTMLParser):
    """The elements of a page with their attributes and all of the text in them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self._open: list[int] = []
        self.feed(text)
        assert not self._open, "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}, []))
        if tag not in VOID:
            self._open.append(len(self.elements) - 1)

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self._open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for number in self._open:
            self.elements[number][2].append(data)

    def all(self, tag: str, **attributes: str) -> Iterator[tuple[dict[str, str], str]]:
        """The attributes and the text of each such element."""
        for name, given, text in self.elements:
            if name == tag and all(value in given.get(key, "").split() for key, value in attributes.items()):
                yield given, "".join(text)


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("spec").mkdir()
    path = Path("spec/api.yaml")
    path.write_text("\n".join(f"line {number}" for number in range(1, 101)))
    return path


def test_every_link_leads_to_a_line_of_the_document_that_the_page_holds(document: Path) -> None:
    text = render_html(report())
    document.unlink()
    page = Page(text)
    ids = [attributes["id"] for _, attributes, _ in page.elements if "id" in attributes]
    links = [(attributes["href"], text) for attributes, text in page.all("a")]
    assert len(ids) == len(set(ids))
    assert all(link.startswith("#") and link[1:] in ids for link, _ in links)
    ((link, _),) = {one for one in links if one[1] == "spec/api.yaml:12:5"}
    lines = [(attributes.get("id"), text) for attributes, text in page.all("li")]
    assert (link[1:], "12line 12") in lines and (None, "10line 10") in lines
    assert "line 9<" not in text and "line 15<" not in text


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (Span("spec/api.yaml", 1, 1), ["1line 1", "2line 2", "3line 3"]),
        (Span("spec/api.yaml", 100, 1), ["98line 98", "99line 99", "100line 100"]),
        (Span("spec/api.yaml", 101, 1), None),
        (Span("gone.yaml", 1, 1), None),
    ],
)
def test_a_place_without_a_line_is_named_and_not_linked(
    document: Path, span: Span, shown: list[str] | None
) -> None:
    found = replace(
        report(),
        operations=(),
        units=(replace(report().units[0], failures=(replace(FAILURE, place=Place("/a", span)),)),),
    )
    page = Page(render_html(found))
    assert any(str(span) in text for _, text in page.all("p"))
    lines = [text for _, text in page.all("ol", **{"class": "source"})]
    assert [one.strip().split("\n") for one in lines] == ([] if shown is None else [shown])
    assert any(text == str(span) for _, text in page.all("a")) is (shown is not None)


def test_of_a_minified_document_the_page_holds_a_window_around_each_place(document: Path) -> None:
    document.write_text("".join(f"<{number:06}>" for number in range(100_000)))
    failures = tuple(
        replace(FAILURE, id=f"check-{column}", place=Place(None, Span("spec/api.yaml", 1, column)))
        for column in (1, 400_001, 800_000)
    )
    found = replace(report(failures=failures), operations=())
    page = Page(render_html(found))
    windows = {attributes["id"]: text for attributes, text in page.all("li") if "id" in attributes}
    assert len(windows) == 3
    assert "<000000>" in windows["line-0-1-1"] and "<050000>" in windows["line-0-1-400001"]
    assert "<099999>" in windows["line-0-1-800000"]
    assert all(len(text) < 400 for text in windows.values())


def test_the_page_asks_for_nothing_and_runs_nothing_but_its_own_script(document: Path) -> None:
    page = Page(render_html(report(covered=0)))
    assert not {tag for tag, _, _ in page.elements} & {"link", "img", "b", "iframe", "object", "base"}
    for _, attributes, _ in page.elements:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("src", "style", "action")
        ]
    ((policy, _),) = page.all("meta", **{"http-equiv": "Content-Security-Policy"})
    ((_, script),), ((_, style),) = page.all("script"), page.all("style")
    for kind, text in (("script", script), ("style", style)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}';" in policy["content"]
    assert policy["content"].startswith("default-src 'none'; ") and "unsafe" not in policy["content"]


@pytest.mark.parametrize("text", [HOSTILE, "\u2066x\u2069", "\x9b31m", "\ufeff\u00ad\u2028", "\udfff\ue000"])
def test_whatever_a_document_says_is_text_that_can_be_seen(document: Path, text: str) -> None:
    failure = replace(
        FAILURE, operation=text, message=text, drawn=text, python=text, curl=text, place=Place(text)
    )
    (facts,) = report().operations
    facts = replace(
        facts, id=text, path=text, method=text, client_method=text, names=frozenset({("query", text)})
    )
    request = HttpRequest(
        "GET",
        "/x",
        (("X", text.encode("utf-8", "replace").decode("latin-1")),),
        text.encode("utf-8", "replace"),
    )
    found = replace(
        report(), title=text, version=text, spec=text, package=text, client=text, unfinished=text,
        operations=(facts,), left_out=(text,), phases={text: 1}, media_types={(text, "request", text, text): 1},
        parameters={(text, "query", text): Drawn(1, 1, (text,)), (text, "body", text): Drawn(1, 1, (text,))},
        units=(replace(report().units[0], name=text, failures=(failure,)),),
        exchanges=(Exchange(text, "request", "sync", 0.0, 0.0, request, HttpResponse(200, (), request.body)),),
    )  # fmt: skip
    document.write_bytes(b"\n" * 11 + text.replace("\n", " ").encode("utf-8", "replace"))
    written = render_html(found)
    assert {sign for sign in written if not sign.isprintable()} <= {"\n"}
    page = Page(written)
    assert "img" not in {tag for tag, _, _ in page.elements}
    assert any(
        text == escape(failure.drawn.split("\n")[0])
        for _, all_of_it in page.all("pre")
        for text in all_of_it.split("\n")
    )


def test_names_that_were_only_drawn_are_one_row_that_counts_those_it_leaves_out() -> None:
    names = [f"{HOSTILE}{number}" for number in range(30)] + ["x" * 5_000]
    drawn = {("getX", "body", name): Drawn(1, 2, (f"value of {name}",)) for name in names}
    found = replace(report(), parameters={("getX", "query", "q"): Drawn(4, 5, ("7",)), **drawn})
    (view,) = operation_views(found)
    described, others = view.members
    assert (described.name, described.drawn.samples) == ("q", ("7",))
    assert (others.location, others.drawn.valid, others.drawn.invalid) == ("body", 31, 62)
    assert len(others.others) + others.left_out == 31 and max(map(len, others.others)) < 200
    page = Page(render_html(found))
    rows = [text for _, text in page.all("tr") if "not described" in text]
    assert len(rows) == 1 and "and 19 more" in rows[0] and ESCAPED in rows[0]


@pytest.mark.parametrize("number", [3, 4, 5_000])
def test_failures_are_grouped_by_check_and_operation_and_folded_if_there_are_many(number: int) -> None:
    failures = tuple(
        replace(FAILURE, id=f"check-{one % 3}", operation=f"operation{one % 2}", message=f"failure {one}")
        for one in range(number)
    )
    page = Page(render_html(report(failures=failures)))
    checks = [text for _, text in page.all("details", **{"class": "check"})]
    assert len(checks) == 3 and "failure 0" in checks[0] and "failure 1" in checks[1]
    assert len(list(page.all("details", **{"class": "failure"}))) == number
    is_open = [("open" in attributes) for attributes, _ in page.all("details", **{"class": "failure"})]
    assert set(is_open) == {number <= 3}


def test_a_part_that_was_not_run_is_not_said_to_be_missing() -> None:
    (view,) = operation_views(report(covered=0))
    assert [row.counts for row in view.rows] == [(7, 0, None, None)]
    assert (view.uncovered, view.state) == (1, "failed")
    assert operation_views(report(failures=()))[0].state == "passed"
    assert operation_views(report(failures=(), covered=0))[0].state == "uncovered"


def test_the_page_shows_exchanges_of_every_kind_though_not_all_of_them() -> None:
    facts = tuple(
        OperationFacts(f"o{number}", "GET", "/", Place(), (), {}, frozenset(), "") for number in range(400)
    )
    kinds = [(part, mode) for part in ("request", "response") for mode in ("sync", "async")]
    exchanges = [
        Exchange(one.id, part, mode, 0.0, 0.0, HttpRequest("GET", "/"), None)  # type: ignore[arg-type]
        for one in facts
        for part, mode in kinds
        for _ in range(10)
    ]
    few = replace(report(), operations=facts[:2], exchanges=tuple(exchanges[:80]))
    assert [len(view.exchanges) for view in operation_views(few)] == [40, 40]
    many = replace(report(), operations=facts, exchanges=tuple(exchanges))
    views = operation_views(many)
    assert {len(view.exchanges) for view in views} == {2}
    assert [one.title.partition(":")[0] for one in views[0].exchanges] == ["request, sync", "request, async"]


TOKEN = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
SPELLED = [
    SECRET,
    SECRET.upper(),
    base64.b64encode(f"user:{SECRET}".encode()).decode(),
    SECRET.encode().hex(),
    TOKEN,
]


@pytest.mark.parametrize("secret", SPELLED)
def test_no_secret_is_on_the_page(document: Path, secret: str) -> None:
    document.write_text("\n" * 11 + f"    example: {secret}")
    request = HttpRequest(
        "POST",
        f"/a?key={secret}",
        (("X-Key", secret), ("Cookie", f"s={secret}")),
        f'{{"a": "é{secret}"}}'.encode(),
    )
    exchange = Exchange(
        "getX",
        "request",
        "sync",
        0.0,
        0.0,
        request,
        HttpResponse(200, (("Set-Cookie", "s=abc"),), secret.encode()),
    )
    text = render_html(replace(report(), exchanges=(hidden_exchange(exchange),)))
    assert secret not in text and "s=abc" not in text
    assert text.count("REDACTED") >= 6
    shown = hidden_message(request)
    assert shown.body.decode() == '{"a": "éREDACTED"}' or secret not in shown.body.decode()


@pytest.mark.parametrize("text", ['curl -u "$USERNAME:$PASSWORD" x', 'client.x.get(token="...")', "é\ud800"])
def test_what_is_no_secret_stays(text: str) -> None:
    assert hidden(text) == text


def test_a_reader_without_eyes_finds_the_way() -> None:
    page = Page(render_html(report()))
    tags = [tag for tag, _, _ in page.elements]
    assert [tags.count(tag) for tag in ("header", "nav", "main", "h1")] == [1, 1, 1, 1]
    assert next(page.all("html"))[0]["lang"] == "en"
    ((count, _),) = page.all("output")
    assert count["aria-live"] == "polite"
    labels = [text for _, text in page.all("label")]
    assert len(labels) == tags.count("input") + tags.count("select")
    named = {attributes["aria-labelledby"] for attributes, _ in page.all("section")}
    assert named <= {attributes.get("id") for _, attributes, _ in page.elements}
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
