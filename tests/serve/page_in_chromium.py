"""Clicks through the server's page in headless Chromium (`make page-check`); not part of the suite, which needs no browser.

Speaks the DevTools protocol over a pipe, so that nothing but Chromium has to be installed. Ends with 1 and says why if
something is not as it should be; `--pictures DIR` keeps screenshots.
"""

from __future__ import annotations

import argparse
import base64
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.serve.served import FETCH, REPORT, fetch, serving

FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *(
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--remote-debugging-pipe",
    ),
]
START = """
import os, sys
# Chromium reads commands from descriptor 3 and answers on 4; high ones first, lest one overwrites the other.
high = os.dup(int(sys.argv[1])), os.dup(int(sys.argv[2]))
os.dup2(high[0], 3)
os.dup2(high[1], 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""


class Browser:
    """One page of one browser; everything the page complains about is in `complaints`."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to, self._from = os.fdopen(to_browser, "wb", 0), os.fdopen(from_browser, "rb", 0)
        self._ids = itertools.count(1)
        self._waiting = b""
        self.complaints: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = ""
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    _session = ""

    def call(self, method: str, **parameters: Any) -> Any:
        """The result of one command."""
        number = next(self._ids)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._to.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    def _next(self) -> Any:
        while b"\0" not in self._waiting:
            data = self._from.read(65536)
            assert data, "the browser went away"
            self._waiting += data
        message, _, self._waiting = self._waiting.partition(b"\0")
        read = json.loads(message)
        if read.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown"):
            self.complaints.append(json.dumps(read["params"]))
        return read

    def run(self, expression: str) -> Any:
        """The value of an expression in the page."""
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def open(self, url: str) -> None:
        """Load a page."""
        self.call("Page.navigate", url=url)
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    def until(self, expression: str, seconds: float = 10) -> None:
        """Wait until an expression holds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.run(f"Boolean({expression})"):
                return
            time.sleep(0.05)
        raise AssertionError(f"never came true: {expression}")

    def picture(self, folder: Path | None, name: str) -> None:
        """Keep a screenshot."""
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            data = self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
            (folder / f"{name}.png").write_bytes(base64.b64decode(data))


@contextmanager
def browser(program: str) -> Iterator[Browser]:
    """A browser that starts empty and ends with the block."""
    to_read, to_write = os.pipe()
    from_read, from_write = os.pipe()

    with tempfile.TemporaryDirectory() as profile:
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                START,
                str(to_read),
                str(from_write),
                program,
                *FLAGS,
                f"--user-data-dir={profile}",
            ],
            pass_fds=(to_read, from_write),
            stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(from_write)
        try:
            yield Browser(to_write, from_read)
        finally:
            process.terminate()
            process.wait()


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

        page.call(
            "Emulation.setDeviceMetricsOverride", width=360, height=800, deviceScaleFactor=1, mobile=True
        )
        page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        assert page.run("document.documentElement.scrollWidth") <= 360, (
            "it scrolls sideways on a narrow screen"
        )
        assert page.run("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 29)"
        page.picture(folder, "narrow-and-dark")

        page.call("Emulation.setScriptExecutionDisabled", value=True)
        page.call("Page.reload")
        time.sleep(0.3)
        page.call("Emulation.setScriptExecutionDisabled", value=False)
        assert FETCH in page.run("document.body.innerText")
        assert page.run("document.querySelector('.copy').hidden") is True
    assert not page.complaints, page.complaints


def main() -> int:
    """Run the check with the Chromium that is named or found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "chromium", nargs="?", default=shutil.which("chromium") or shutil.which("chromium-browser")
    )
    parser.add_argument("--pictures", type=Path)
    options = parser.parse_args()
    if options.chromium is None:
        sys.exit("there is no Chromium on the path; name one: make page-check CHROMIUM=/path/to/it")
    with browser(options.chromium) as page:
        check(page, options.pictures)
    sys.stdout.write("page-check: the page works, with and without JavaScript\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
