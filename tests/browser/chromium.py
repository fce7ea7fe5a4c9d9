"""Headless Chromium for the checks of pages (`make page-check`), which are not part of the suite: that needs no browser.

Speaks the DevTools protocol over a pipe, so that nothing but Chromium has to be installed.
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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

CONTRAST = """
(() => {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 :
    ((part + 0.055) / 1.055) ** 2.4).reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const back = (element) => {
    for (; element; element = element.parentElement) {
      const color = parse(getComputedStyle(element).backgroundColor);
      if (color[3] !== 0) return color;
    }
    return [255, 255, 255];
  };
  const bad = [];
  for (const element of document.querySelectorAll("body *:not(option, script)")) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const [one, two] = [light(parse(getComputedStyle(element).color)), light(back(element))].sort((a, b) => b - a);
    if ((one + 0.05) / (two + 0.05) < 4.5) bad.push(element.outerHTML.slice(0, 80));
  }
  return bad;
})()
"""
"""The elements whose text has too little contrast with what is behind it (WCAG 2.2, 1.4.3)."""


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

    def resize(self, width: int, *, theme: str = "light") -> None:
        """Show the page at a width in pixels of CSS, light or dark."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=800,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])

    def press(self, key: str) -> None:
        """Press a key, such as Tab or Enter."""
        code = {"Tab": 9, "Enter": 13}[key]
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **text
            )

    def reload_without_scripts(self) -> None:
        """Load the page again as a browser does that runs no scripts."""
        self.call("Emulation.setScriptExecutionDisabled", value=True)
        self.call("Page.reload")
        time.sleep(0.3)
        self.call("Emulation.setScriptExecutionDisabled", value=False)

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


def main(check: Callable[[Browser, Path | None], None], purpose: str, verdict: str) -> int:
    """Run a check with the Chromium that is named or found; it ends with an AssertionError if something is wrong."""
    parser = argparse.ArgumentParser(description=purpose)
    parser.add_argument(
        "chromium", nargs="?", default=shutil.which("chromium") or shutil.which("chromium-browser")
    )
    parser.add_argument("--pictures", type=Path, help="a folder for screenshots")
    options = parser.parse_args()
    if options.chromium is None:
        sys.exit("there is no Chromium on the path; name one: make page-check CHROMIUM=/path/to/it")
    with browser(options.chromium) as page:
        check(page, options.pictures)
    sys.stdout.write(f"page-check: {verdict}\n")
    return 0
