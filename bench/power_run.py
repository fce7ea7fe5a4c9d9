"""Runs the conformance suite on one mutant after the other, each in a process of its own that a hang cannot outlive."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from clientsmith.conform.client.package import PackageError
from clientsmith.conform.suite import Suite

LIMIT = 60
"""Seconds that a unit of the suite may take, many times what the slowest one needs: a mutant that hangs is found."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A mutant, how to get the suites that are to find it, and a proof that there is nothing to find, if there is one.

    Both are given a folder of the trial's own.
    """

    id: str
    group: str
    suites: Callable[[Path], list[Suite]]
    line: int = 0
    same: Callable[[Path], bool] = lambda _: False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant: `killed` by a unit, `equivalent` by proof, or `survived`; `error` is the harness'."""

    trial: Trial
    state: str
    by: str
    seconds: float


def package_with(
    base: Suite, package: str, path: str, text: str, others: Sequence[Suite] = ()
) -> Callable[[Path], list[Suite]]:
    """The suites over copies of the packages with one file changed: ours, and for a file of the runtime every one that
    has the very same file."""

    def opened(folder: Path) -> list[Suite]:
        every = [(base, package)]
        if path.startswith("_runtime/") or path == "py.typed":
            every += [(other, other.package.folder) for other in others]
        contents = [_content(Path(source) / path) for _, source in every]
        original = next((content for content in contents if content is not None), None)
        return [
            _changed(folder / str(number), *every[number], path, text)
            for number, content in enumerate(contents)
            if content == original
        ]

    return opened


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


def _changed(folder: Path, base: Suite, package: str, path: str, text: str) -> Suite:
    copy = folder / Path(package).name
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / path).write_text(text, encoding="utf-8")
    return base.with_package(str(copy))


def run(trials: Sequence[Trial], jobs: int, watch: Callable[[Verdict], None]) -> list[Verdict]:
    """The verdicts in the order of the trials."""
    found: dict[int, Verdict] = {}
    running: dict[int, tuple[int, Path, float]] = {}
    waiting: Iterator[tuple[int, Trial]] = iter(enumerate(trials))
    while True:
        while len(running) < jobs and (following := next(waiting, None)) is not None:
            folder = Path(tempfile.mkdtemp(prefix="clientsmith-power-"))
            running[_started(following[1], folder)] = (following[0], folder, time.monotonic())
        if not running:
            return [found[number] for number in range(len(trials))]
        child, status = os.wait()
        number, folder, began = running.pop(child)
        found[number] = _verdict(trials[number], folder, status, time.monotonic() - began)
        shutil.rmtree(folder, ignore_errors=True)
        watch(found[number])


def _started(trial: Trial, folder: Path) -> int:
    child = os.fork()
    if child:
        return child
    code = 3
    try:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, 1)
        os.dup2(devnull, 2)
        (folder / "verdict.json").write_text(json.dumps(_tried(trial, folder)), encoding="utf-8")
        code = 0
    except BaseException:
        (folder / "error.txt").write_text(traceback.format_exc(), encoding="utf-8")
    os._exit(code)


def _tried(trial: Trial, folder: Path) -> dict[str, str]:
    signal.alarm(LIMIT)
    try:
        suites = trial.suites(folder)
    except PackageError as error:
        return {"state": "killed", "by": f"does not import: {error}"[:300]}
    for suite in suites:
        for unit in suite.units:
            signal.alarm(LIMIT)
            result = unit.run()
            if result.failures:
                return {"state": "killed", "by": f"{unit.name} {result.failures[0].id}"}
    signal.alarm(LIMIT)
    return {"state": "equivalent" if trial.same(folder) else "survived", "by": ""}


def _verdict(trial: Trial, folder: Path, status: int, seconds: float) -> Verdict:
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        return Verdict(trial, "killed", "a hang" if name == "SIGALRM" else f"a crash ({name})", seconds)
    if os.WEXITSTATUS(status) == 0:
        told: dict[str, str] = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))
        return Verdict(trial, told["state"], told["by"], seconds)
    error = folder / "error.txt"
    return Verdict(
        trial, "error", error.read_text(encoding="utf-8")[-600:] if error.exists() else "no word", seconds
    )
