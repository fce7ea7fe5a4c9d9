"""Text of a document in Markdown stays text, in every place of a page and for every engine that may show it."""

from __future__ import annotations

import functools
import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import mistune
import pytest
from cmarkgfm.cmark import Options, markdown_to_html, markdown_to_html_with_extensions
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from clientsmith.characters import escape, visible
from clientsmith.conform.model import OperationFacts
from clientsmith.conform.report.pages import render_markdown
from clientsmith.diagnostics.model import Place, Span
from clientsmith.markdown import block, code, fenced, inline
from tests.packaging.lint_output import unmarked
from tests.properties import kitchen_sink
from tests.properties.packages import tree_of
from tests.unit.conform.sample_report import FAILURE, report

ALLOWED = {
    "p", "code", "pre", "strong", "ul", "li", "h1", "table", "thead", "tbody", "tr", "th", "td", "br",
}  # fmt: skip
EXTENSIONS = ["table", "autolink", "strikethrough", "tasklist"]


def _gfm(text: str) -> str:
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    return markdown_to_html_with_extensions(text, options=options, extensions=EXTENSIONS)


def _commonmark(text: str) -> str:
    return markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)


def _markdown_it(preset: str) -> Callable[[str], str]:
    parser = MarkdownIt(preset, {"html": True, "linkify": True}).enable(["table"])
    if preset != "commonmark":
        parser.enable(["linkify", "strikethrough"])
    return parser.render


def _mistune(*, plugins: bool) -> Callable[[str], Any]:
    names = ["table", "url", "strikethrough", "footnotes", "task_lists", "def_list", "abbr", "mark", "insert",
             "superscript", "subscript", "math", "ruby", "spoiler"]  # fmt: skip
    return mistune.create_markdown(
        escape=False, plugins=names if plugins else ["table", "url", "strikethrough"]
    )


ENGINES: dict[str, Callable[[str], Any]] = {
    "gfm": _gfm,
    "cmark": _commonmark,
    "markdown-it": _markdown_it("commonmark"),
    "markdown-it with linkify": _markdown_it("js-default"),
    "mistune": _mistune(plugins=False),
    "mistune with plugins": _mistune(plugins=True),
}


class Page(HTMLParser):
    """The tags and the text of a page; a comment or a declaration counts as a tag that nothing allows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = [""]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        aligned = all(name in ("style", "align", "class") for name, _ in attrs)
        self.tags.append(tag if aligned else f"{tag} {attrs}")
        if tag in ("p", "h1", "td", "th", "li", "pre"):
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "h1", "td", "th", "li", "pre"):
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        self.texts[-1] += data

    def handle_comment(self, data: str) -> None:
        self.tags.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.tags.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.tags.append("instruction")

    def unknown_decl(self, data: str) -> None:
        self.tags.append("declaration")


MARKUP = [
    "`", "``", "```", "*", "**", "_", "__", "~", "~~", "[", "]", "(", ")", "<", ">", "!", "![", "](", "#", "# ", "=", "==", "===", "---",
    "- ", "+ ", "1. ", "1) ", "|", "||", "\\", "\\\\", "\\`", "\\|", "&", "&lt;", "&#60;", "&amp;", "&colon;", ":", "::", ";", "\"", "'",
    "$", "$$", "^", "^[", "[^1]", "[^1]: x", "[a]: http://b.c", "[a]: <x> 'y'", "*[HTML]: Hyper", ">! x !<", "{a(b)}", "[a(b)]",
    " ", "  ", "    ", "\t", "\n", "\n\n", "\n    ", "\u00a0", "a", "b1", "x_y", "é", "日本", "http", "http:", "//", "http://", "https://a.b",
    "http://x.y/`<img src=x onerror=alert(1)>`", "www.", "www.a.b", "ftp://a.b/", "mailto:", "mailto:a@b.c", "xmpp:a@b.c", "@", "a@b.c",
    "a.com", ".com", "x.io/y", "http://[::1]/", "javascript:alert(1)", "<script>", "</script>", "<!--", "-->", "<?x", "?>", "<!X", "<![CDATA[",
    "]]>", "<b onclick=x>", "<a href='x'>", "</p>", "<http://a.b>", "<a@b.c>", "<br/>", "- [ ] x", "- [x] x", ":---", "|---|---|", ": def",
    "\r", "\r\n", "\x0b", "\u2028", "\u202e", "\u200b", "**a**", "`a`", "`a|b`", "``a`b``", "&#x3c;script>", "\x00",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(MARKUP), max_size=9).map("".join)
PLACES: dict[str, Callable[[str], str]] = {
    "paragraph": lambda text: f"{inline(text)}\n",
    "heading": lambda text: f"# {inline(text)}\n\nx\n",
    "item": lambda text: f"- {inline(text)}\n- x\n",
    "cell": lambda text: f"| a | b |\n|---|---|\n| {inline(text, cell=True)} | x |\n",
    "code": lambda text: f"a {code(text)} b\n",
    "code in a cell": lambda text: f"| a | b |\n|---|---|\n| {code(text, cell=True)} | x |\n",
    "block": lambda text: f"x\n\n{block(text)}\n\ny\n",
    "fence": lambda text: f"x\n\n{fenced(text)}\n\ny\n",
    "sentence": lambda text: f"{inline(text, cell=True)} ({code(text, cell=True)} of the query)\n",
}
searched = functools.partial(
    settings, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.parametrize("place", sorted(PLACES))
@searched(max_examples=25)
@given(text=TEXTS)
def test_no_engine_finds_markup_in_text(place: str, text: str) -> None:
    page = PLACES[place](text)
    for name, render in ENGINES.items():
        found = set(Page(str(render(page))).tags) - ALLOWED
        assert not found, (name, found, page)


@pytest.mark.parametrize("place", sorted(PLACES.keys() - {"block", "fence", "sentence"}))
@searched(max_examples=25)
@given(text=TEXTS)
def test_every_engine_shows_the_text_that_was_given(place: str, text: str) -> None:
    page = PLACES[place](text)
    expected = _shown(text)
    if place.startswith("code"):
        expected = escape(" ".join(visible(text).split()))
    for name, render in ENGINES.items():
        if "cell" in place and name == "cmark":
            continue  # it has no tables
        texts = [
            _shown(one) if not place.startswith("code") else one for one in Page(str(render(page))).texts
        ]
        found = [" ".join(one.split()) for one in texts]
        wanted = " ".join(f"a {expected} b".split()) if place == "code" else expected
        assert wanted in found or not wanted, (name, wanted, found, page)


def _shown(text: str) -> str:
    """The words of a text without the signs of code and of strong emphasis, which are meant as markup."""
    return " ".join(" ".join(visible(text).split()).replace("`", "").replace("*", "").split())


RUNS = ["`", "` ", "`a", "``a`", "[", "](", "\\", "*", "**", "**a", "_", "|", "#", "# ", "\n", " \n", "\n- ", " ", "<", "<!--", "&", "~", "!", "@", "a@",
        "http://", "www.", ".com", "a.", "1.", "(", "'", "é\u200d", "\u202e", "1\ufe0f"]  # fmt: skip


@pytest.mark.parametrize("run", RUNS)
def test_the_cost_is_linear_in_the_text(run: str) -> None:
    """Eight times the text costs eight times the time, give or take; a square cost would be sixty-four times it."""
    short, long = (run * (size // len(run)) for size in (1_250, 10_000))
    for function in (inline, block, code, fenced, lambda text: inline(f"{text} a `", cell=True)):
        assert len(function(long)) <= 12 * len(long) + 1000
        assert _seconds(function, long) < 24 * _seconds(function, short) + 0.05, function


def test_runs_of_backticks_of_every_length_cost_no_more_than_others() -> None:
    def rising(most: int) -> str:
        return "a".join("`" * number for number in range(1, most))

    assert _seconds(inline, rising(128)) < 24 * _seconds(inline, rising(45)) + 0.05


def _seconds(function: Callable[[str], str], text: str) -> float:
    """Processor time, the less of two."""
    taken: list[float] = []
    for _ in range(2):
        began = time.process_time()
        function(text)
        taken.append(time.process_time() - began)
    return min(taken)


def test_the_reference_page_of_a_hostile_document_is_inert() -> None:
    texts = itertools.cycle(
        [
            "http://x.y/`<img src=x onerror=alert(1)>`",
            "[a](javascript:alert(1)) <b>",
            "a@b.c | <script>",
            "![x](//y.z)",
        ]
    )
    document = json.loads(json.dumps(kitchen_sink.DOCUMENT))
    for key in ("title", "description", "version"):
        document["info"][key] = next(texts)
    for holder in _holders(document):
        holder["description"] = next(texts)
    page = tree_of(document)["REFERENCE.md"].decode()

    assert page.count("onerror") > 5
    for name, render in ENGINES.items():
        html = str(
            render(unmarked(page).replace("<!-- Code generated by clientsmith; do not edit. -->\n", ""))
        )
        assert not set(Page(html).tags) - ALLOWED - {"h2", "h3"}, name


@pytest.mark.parametrize(
    "text",
    [
        "http://x.y/`<img src=x onerror=alert(1)>`",
        "</summary><script>alert(1)</script>",
        "a\n\n</details><b>\n\n[a](//b.c) a@b.c www.a.b",
        "```\n<b>\n````\n[x]: //y.z",
        "| a | [b](c) | `|` |",
    ],
)
def test_the_summary_of_conform_is_inert(text: str) -> None:
    failure = replace(FAILURE, operation=text, message=text, status=text, drawn=text, python=text, curl=text)
    place = Place(text, Span(text, 1, 1))
    operation = OperationFacts(text, "GET", text, place, (text,), {}, frozenset(), text)
    summary = render_markdown(
        replace(report(failures=(failure,)), title=text, spec=text, package=text, operations=(operation,))
    )

    for name, render in ENGINES.items():
        tags = set(Page(str(render(summary))).tags) - ALLOWED - {"h3", "details", "summary"}
        assert not tags, (name, tags, summary)


def _holders(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if isinstance(value.get("description"), str):
            yield value
        for inner in value.values():
            yield from _holders(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _holders(inner)
