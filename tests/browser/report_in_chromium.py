"""Reads the page of a conformance report in headless Chromium, from a folder that was moved (`make page-check`).

Ends with 1 and says why if something is not as it should be; `--pictures DIR` keeps screenshots.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from clientsmith.conform.model import Cell, Failure, OperationFacts, Report, UnitResult
from clientsmith.conform.report.pages import render_html
from clientsmith.diagnostics.model import Place, Span
from tests.browser.chromium import CONTRAST, Browser, main
from tests.unit.conform.sample_report import FAILURE, HOSTILE, report

LONG = "aVeryLongNameWithoutAnyBreak" * 12


def hostile_report() -> Report:
    """Three failures and an operation with names that try everything."""
    found = report(covered=0)
    name = f"{LONG}{HOSTILE}"
    failures = (
        FAILURE,
        replace(FAILURE, id="name-lost", mode="async", operation=name, drawn=LONG, python=f"f({LONG})"),
        replace(FAILURE, id="bill-twice", part="promises", message=f"{LONG} {HOSTILE}", curl=f"curl {LONG}"),
        replace(FAILURE, id="no-place", operation="", mode=None, status="", place=Place()),
    )
    (facts,) = found.operations
    more = OperationFacts(
        name, "DELETE", f"/{name}", Place(f"/{LONG}", Span("spec/api.yaml", 3, 1)), ("200", "default"),
        {"200": Place(None, Span("spec/minified.json", 1, 40_000)), "default": Place(None, Span("spec/gone.yaml", 1, 1))},
        frozenset(), "",
    )  # fmt: skip
    cells = {**found.cells, Cell(name, "200", "request", "sync"): 1}
    unit = replace(found.units[0], failures=failures)
    return replace(found, operations=(facts, more), units=(unit,), cells=cells)


def large_report(failures: int = 5_000, operations: int = 400) -> Report:
    """As much as a bad package of a large document comes to."""
    found = report()
    places = [
        Place(f"/paths/~1p{number}", Span("spec/large.yaml", number + 1, 1)) for number in range(operations)
    ]
    facts = tuple(
        OperationFacts(
            f"operation{number}",
            "GET",
            f"/p{number}",
            place,
            ("200", "404"),
            {},
            frozenset(),
            f"api.call_{number}",
        )
        for number, place in enumerate(places)
    )
    failed: list[Failure] = [
        replace(
            FAILURE, id=f"check-{number % 23}", operation=f"operation{number % operations}",
            place=places[number % operations], message=f"difference number {number}",
        )
        for number in range(failures)
    ]  # fmt: skip
    cells = {
        Cell(one.id, status, direction, mode): 25
        for one in facts
        for status in one.statuses
        for direction in ("request", "response")
        for mode in ("sync", "async")
    }
    unit = UnitResult("request", "request", "", 10_000, 1.0, tuple(failed))
    return replace(found, operations=facts, cells=cells, units=(unit,))


@contextmanager
def uploaded(*reports: Report) -> Iterator[list[str]]:
    """The addresses of the pages in a folder that is not the one they were made in; the documents are gone."""
    with tempfile.TemporaryDirectory() as moved:
        with tempfile.TemporaryDirectory() as made, contextlib.chdir(made):
            spec = Path("spec")
            spec.mkdir()
            lines = [f"line{number}: {'x' * number}" for number in range(1, 500)]
            lines[11] = f"hostile: {HOSTILE.replace(chr(10), ' ')} {LONG}"
            text = "\n".join(lines)
            (spec / "api.yaml").write_text(text, encoding="utf-8", errors="surrogatepass")
            (spec / "large.yaml").write_text("\n".join(f"/p{number}:" for number in range(500)))
            (spec / "minified.json").write_text('{"a":"' + "b" * 100_000 + '"}')
            pages = [render_html(found) for found in reports]
        addresses: list[str] = []
        for number, page in enumerate(pages):
            file = Path(moved) / "artifact" / f"report{number}.html"
            file.parent.mkdir(exist_ok=True)
            file.write_text(page, encoding="utf-8")
            addresses.append(file.as_uri())
        yield addresses


def check(page: Browser, folder: Path | None) -> None:
    """What a person would do: look, follow links, filter, with a mouse and a keyboard, on a desk and on a telephone."""
    with uploaded(hostile_report(), large_report()) as (hostile, large):
        page.resize(1280)
        page.open(hostile)
        check_links(page)
        check_names(page)
        check_keyboard(page)
        for width, theme in ((1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")):
            page.resize(width, theme=theme)
            page.run("document.querySelectorAll('details').forEach(one => one.open = false)")
            page.picture(folder, f"report-{width}-{theme}")
            page.run("document.querySelectorAll('details').forEach(one => one.open = true)")
            wide = page.run("document.documentElement.scrollWidth")
            assert wide <= width, f"it scrolls sideways: {wide} at {width} px"
            assert page.run(CONTRAST) == [], page.run(CONTRAST)
            page.picture(folder, f"report-{width}-{theme}-open")
        page.reload_without_scripts()
        assert page.run("document.getElementById('filter').hidden") is True
        assert "body-differs" in page.run("document.body.innerText")

        page.resize(1280)
        began = time.monotonic()
        page.open(large)
        took = time.monotonic() - began
        assert took < 5, f"5,000 failures took {took:.1f} s"
        check_filter(page)
        page.picture(folder, "report-large")
        page.resize(360)
        assert page.run("document.documentElement.scrollWidth") <= 360
    assert not page.complaints, page.complaints


def check_links(page: Browser) -> None:
    """Every link leads to a place of the page, unfolds it, and nothing was loaded besides the page."""
    links = page.run("[...document.querySelectorAll('a')].map(one => one.getAttribute('href'))")
    assert len(links) > 5 and all(link.startswith("#") for link in links), links
    assert page.run(f"{links!r}.every(link => document.getElementById(link.slice(1)))")
    assert page.run("document.querySelectorAll('[src], link, iframe, [style], [onerror]').length") == 0
    assert page.run("performance.getEntriesByType('resource').length") == 0
    page.run("document.querySelector('.failure a').click()")
    page.until("document.querySelector('li:target')?.checkVisibility()")
    seen = page.run("document.querySelector('li:target').innerText")
    assert seen.startswith("12:5\nhostile: </script>"), seen
    top, bottom = page.run(
        "(({top, bottom}) => [top, bottom])(document.querySelector('li:target').getBoundingClientRect())"
    )
    assert 0 <= top < bottom <= 800, (top, bottom)
    assert page.run("document.querySelector('[id^=line-][id$=\"-40000\"]').textContent").startswith(
        "1:40000…bbb"
    )


def check_names(page: Browser) -> None:
    r"""Nothing of a document acts or hides: U+202E, for one, is there as the six characters \u202e."""
    text = page.run("document.body.textContent")
    unsafe = {
        sign for sign in text if sign < " " or sign in "\x7f\u200b\u202e" or "\ud800" <= sign <= "\udfff"
    }
    assert unsafe <= {"\n"}, unsafe
    assert "\\u202e\\u200b\\ud800" in text
    assert page.run("document.querySelectorAll('main img, main b').length") == 0


def check_keyboard(page: Browser) -> None:
    """The filter and what is folded are reached and worked by keys; each control has a label."""
    unlabelled = "[...document.querySelectorAll('input, select')].filter(one => !one.labels.length).length"
    assert page.run(unlabelled) == 0
    assert page.run("['header', 'nav', 'main'].map(name => document.querySelectorAll(name).length)") == [
        1,
        1,
        1,
    ]
    page.run("document.querySelectorAll('details').forEach(one => one.open = false)")
    page.run("document.querySelector('nav a').focus()")
    for _ in range(30):
        page.press("Tab")
        if page.run("document.activeElement.matches('.check > summary')"):
            break
    page.press("Enter")
    assert page.run("document.activeElement.parentElement.open") is True


def check_filter(page: Browser) -> None:
    """What does not fit goes, groups that are left empty go with it, and the count is announced."""
    assert page.run("document.querySelectorAll('details[open]').length") == 0
    count = "document.getElementById('count').textContent"
    assert page.run(count) == "5000 of 5000 failures and 400 of 400 operations are shown."
    assert page.run("document.getElementById('count').ariaLive") == "polite"
    type_in = "(() => {{ const one = document.querySelector('[name={}]'); one.value = {!r}; one.dispatchEvent(new Event('input', {{bubbles: true}})); }})()"
    page.run(type_in.format("words", "Check-7 operation30"))
    page.until(f"{count}.startsWith('6 of 5000')")
    visible = page.run("[...document.querySelectorAll('.check')].filter(one => one.checkVisibility()).length")
    assert visible == 1, visible
    page.run(type_in.format("words", ""))
    page.run(type_in.format("part", "response"))
    page.until(f"{count}.startsWith('0 of 5000 failures and 400 of 400')")
    page.run(type_in.format("state", "passed"))
    page.until(f"{count}.includes('and 0 of 400')")
    page.run("document.querySelector('[type=reset]').click()")
    page.until(f"{count}.startsWith('5000 of 5000')")


if __name__ == "__main__":
    sys.exit(main(check, __doc__ or "", "the page of a report works, at 1,280 and at 360 px"))
