"""Reads the page of a comparison in headless Chromium (`make page-check`).

Ends with 1 and says why if something is not as it should be; `--pictures DIR` keeps screenshots.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from clientsmith.diff.judged import Judged
from clientsmith.diff.report.pages import render_html
from tests.browser.chromium import CONTRAST, Browser, main
from tests.unit.diff.sample import CHANGES, hostile, many, report, sides


def check(page: Browser, folder: Path | None) -> None:
    """What a person would do: look, fold and unfold, on a desk and on a telephone."""
    with tempfile.TemporaryDirectory() as made, contextlib.chdir(made):
        both = sides(Path())
        few = [*map(Judged, CHANGES), *(Judged(one, "accepted") for one in hostile())]
        for name, judged, number in (("few", few, len(few)), ("many", list(map(Judged, many(2000))), 2000)):
            file = Path(made) / f"{name}.html"
            file.write_text(render_html(report(both, judged)), encoding="utf-8")
            page.open(file.as_uri())
            assert page.run("document.querySelectorAll('main div').length") == number
            for width, theme in ((1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")):
                page.resize(width, theme=theme)
                assert page.run("document.documentElement.scrollWidth") <= width, (name, width)
                page.picture(folder, f"diff-{name}-{width}-{theme}")
                if name == "few":
                    assert page.run(CONTRAST) == [], (theme, page.run(CONTRAST))
            page.run("document.querySelector('summary').click()")
            assert not page.run("document.querySelector('details').open")
            assert page.run("performance.getEntriesByType('resource').length") == 0
            assert page.run("document.scripts.length + document.images.length + document.links.length") == 0
    assert page.complaints == [], page.complaints


if __name__ == "__main__":
    sys.exit(main(check, __doc__ or "", "the page of a comparison is as it should be"))
