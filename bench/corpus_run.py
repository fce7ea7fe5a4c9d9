"""Runs the real command on one document of a corpus and measures it; judges nothing and prints nothing."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus_process import measure
from corpus_types import PYRIGHT_SHARE, is_drawn, mypy, pyright

HERE = Path(__file__).resolve().parent
PACKAGE = "corpus_package"
TOOL = Path(sys.executable).with_name("clientsmith")
LAST_LINES = 3
SECONDS_OF_CALLS, MIB_OF_CALLS = 90, 3_000
"""Processor time and memory for the calls of one document; all but the largest take less."""
FULL = 40
"""How many times longer the largest document may take whole."""
FRAME = re.compile(r'File "(?:.*/)?([^"/]+/[^"/]+)", line (\d+)')


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of a corpus; `valid` is None where no manifest says so."""

    path: Path
    name: str
    size: int
    valid: bool | None


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for a process, and whether every operation is called and pyright run on every package.

    Of `share` documents one is called and type-checked; all are generated and imported.
    """

    timeout: float
    is_full: bool
    share: int
    caches: Path
    """Where mypy keeps what it knows of the libraries."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of `clientsmith generate` with the flags given."""

    flags: tuple[str, ...]
    code: int | None
    seconds: float
    peak_mib: float
    diagnostics: list[dict[str, Any]]
    traceback: str | None

    @property
    def refused_with(self) -> list[str]:
        """Ids of the errors, or what went wrong instead of them."""
        if self.code is None:
            return ["timeout"]
        if self.traceback:
            return ["traceback"]
        return sorted({str(found["id"]) for found in self.diagnostics if found.get("severity") == "error"})


@dataclass(slots=True)
class Outcome:
    """All that is known about one document after its last attempt."""

    entry: Entry
    operations: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    attempts: list[Attempt] = field(default_factory=list[Attempt])
    imported: bool = False
    drawn: bool = False
    """Whether the package is to be called and type-checked."""
    import_error: str | None = None
    emitted: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    methods: int = 0
    notes: list[str] = field(default_factory=list[str])
    calls: dict[str, Any] = field(default_factory=dict[str, Any])
    """What `corpus_calls.py` printed; empty if nothing was called."""
    type_errors: list[str] = field(default_factory=list[str])

    @property
    def generated(self) -> bool:
        """Whether the last attempt wrote a package."""
        return bool(self.attempts) and self.attempts[-1].code == 0


def _generate(entry: Entry, out: Path, flags: tuple[str, ...], timeout: float) -> Attempt:
    command = [str(TOOL), "generate", str(entry.path), "--out", str(out), "--format", "json", *flags]
    # Not where this is run from: no clientsmith.toml may lie there.
    done = measure(command, out.parent, timeout)
    crashed = "Traceback (most recent call last)" in done.stderr or done.code not in {0, 2, None}
    return Attempt(
        flags=flags,
        code=done.code,
        seconds=done.seconds,
        peak_mib=done.peak_mib,
        diagnostics=_diagnostics(done.stdout),
        traceback=_tail(done.stderr) if crashed else None,
    )


def _diagnostics(stdout: str) -> list[dict[str, Any]]:
    try:
        summary = json.loads(stdout)
    except json.JSONDecodeError:
        return []
    return list(summary["diagnostics"])


def _tail(text: str) -> str:
    """The end of an error output: of a traceback the innermost frame and the exception, else the last lines."""
    lines = [line for line in text.strip().splitlines() if line.strip(" ^~")]
    frames = FRAME.findall(text)
    if frames:
        return f"{':'.join(frames[-1])} {lines[-1]}"
    return " | ".join(lines[-LAST_LINES:])


def _second_flags(entry: Entry) -> tuple[str, ...]:
    # A valid document must do without leave to be invalid.
    return ("--skip-unsupported",) if entry.valid else ("--allow-invalid", "--skip-unsupported")


def run(entry: Entry, limits: Limits) -> Outcome:
    """Count, generate, generate once more leniently if refused; import, call and type-check what came out."""
    timeout = limits.timeout
    outcome = Outcome(entry)
    counted = measure(
        [sys.executable, str(HERE / "corpus_count.py"), str(entry.path)], entry.path.parent, timeout
    )
    if counted.code == 0:
        outcome.operations = [(method, path) for method, path in json.loads(counted.stdout)]
    else:
        outcome.notes.append(f"operations not counted: {_tail(counted.stderr)}")
    with tempfile.TemporaryDirectory() as scratch:
        for flags in ((), _second_flags(entry)):
            out = Path(scratch) / PACKAGE
            outcome.attempts.append(_generate(entry, out, flags, timeout))
            if outcome.generated:
                _import(outcome, out, timeout)
                outcome.drawn = is_drawn(entry.name, limits.share)
                if outcome.imported and outcome.drawn:
                    _call(outcome, out, limits)
                    _check_types(outcome, out, limits)
                break
            if outcome.attempts[-1].traceback:
                break
            if out.exists():
                outcome.notes.append(f"refused with {' '.join(flags) or 'no flags'}, yet wrote something")
    return outcome


def _import(outcome: Outcome, package: Path, timeout: float) -> None:
    done = measure([sys.executable, str(HERE / "corpus_import.py"), str(package)], package.parent, timeout)
    outcome.imported = done.code == 0
    if not outcome.imported:
        outcome.import_error = "timeout" if done.code is None else _tail(done.stderr)
        return
    found = json.loads(done.stdout)
    outcome.emitted = [(method, path) for method, path in found["operations"]]
    outcome.methods = found["methods"]
    if found["methods"] != found["async_methods"]:
        outcome.notes.append(f"{found['methods']} methods, {found['async_methods']} async ones")


def _call(outcome: Outcome, package: Path, limits: Limits) -> None:
    command = [sys.executable, str(HERE / "corpus_calls.py"), str(outcome.entry.path), str(package)]
    flags = [flag for flag in outcome.attempts[-1].flags if flag == "--allow-invalid"]
    budget = [] if limits.is_full else ["--seconds", str(SECONDS_OF_CALLS), "--mib", str(MIB_OF_CALLS)]
    limit = limits.timeout * (FULL if limits.is_full else 1)
    done = measure([*command, *flags, *budget], package.parent, limit)
    if done.code == 0:
        outcome.calls = json.loads(done.stdout)
    else:
        outcome.notes.append(f"not called: {'timeout' if done.code is None else _tail(done.stderr)}")


def _check_types(outcome: Outcome, package: Path, limits: Limits) -> None:
    outcome.type_errors += mypy(package, limits.caches, limits.timeout)
    if limits.is_full or is_drawn(f"pyright {outcome.entry.name}", PYRIGHT_SHARE):
        outcome.type_errors += pyright(package, limits.timeout)
