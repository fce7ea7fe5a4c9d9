"""Clicks through the server's page in headless Chromium (`make page-check`).

Ends with 1 and says why if something is not as it should be; `--pictures DIR` keeps screenshots.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.browser.chromium import Browser, main
from tests.serve.served import FETCH, REPORT, fetch, serving


def check(page: Browser, folder: Path | None) -> None:
    """What a person would do: look, click a scenario, switch a fault on, watch requests arrive."""
    with serving() as server:
        fetch(server, "GET", "/'\"><script>alert(1)</script><img/src=x/onerror=alert(1)>")
        page.open(f"{server.url}/__clientsmith")
        page.until("document.querySelectorAll('#log > li').length === 1")
        assert page.run("document.querySelectorAll('article').length") == 3
        page.until("document.getElementById('live').textContent === 'New ones appear by themselves.'")

        fetch(server, "POST", REPORT, b'{"billable_items":[{"sid":"<img src=x onerror=alert(1)>","quantity":0}]}',
              {"Content-Type": "application/json"})  # fmt: skip
        page.until("document.querySelectorAll('#log > li').length === 2")
        text = page.run("document.querySelector('#log > li').innerText")
        assert "400" in text and "/billable_items/0/quantity" in text, text
        assert page.run("document.querySelectorAll('#log img, #log script').length") == 0
        page.picture(folder, "light")

        page.run(
            "[...document.querySelectorAll('button[name=name]')].find(b => b.value === 'not-found').click()"
        )
        page.until("document.querySelector('button[value=not-found][aria-pressed=true]')")
        assert fetch(server)[0] == 404

        page.run("document.querySelector('input[name=fault]').value = 'server-error:502'")
        page.run("document.querySelector('input[name=calls]').value = '1-2'")
        page.run("document.querySelector('input[name=fault]').form.querySelector('button').click()")
        page.until("document.body.innerText.includes('server-error:502#1-2')")
        assert fetch(server)[0] == 502
        page.until("document.body.innerText.includes('hit 1 of 1 calls')")
        page.run("[...document.querySelectorAll('button')].find(b => b.textContent === 'Switch off').click()")
        page.until("document.body.innerText.includes('No fault is switched on.')")

        page.run("document.querySelector('article details').open = true")
        assert page.run("document.querySelector('article .copy').hidden") is False
        page.run("document.querySelector('article .copy').click()")
        page.until(
            "['Copied', 'Selected: press Ctrl+C'].includes(document.querySelector('article .copy').textContent)"
        )

        page.resize(360, theme="dark")
        assert page.run("document.documentElement.scrollWidth") <= 360, (
            "it scrolls sideways on a narrow screen"
        )
        assert page.run("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 29)"
        page.picture(folder, "narrow-and-dark")

        page.reload_without_scripts()
        assert FETCH in page.run("document.body.innerText")
        assert page.run("document.querySelector('.copy').hidden") is True
    assert not page.complaints, page.complaints


if __name__ == "__main__":
    sys.exit(main(check, __doc__ or "", "the server's page works, with and without JavaScript"))
