"""Runs one command and measures it: exit code, output, time and peak memory; knows nothing of what it runs."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# A bug shows as what it is instead of one polite line.
_ENVIRONMENT = os.environ | {"CLIENTSMITH_DEBUG": "1"}


@dataclass(frozen=True, slots=True)
class Finished:
    """A process that ended: exit code (None when stopped at the time limit), output, time and peak memory."""

    code: int | None
    stdout: str
    stderr: str
    seconds: float
    peak_mib: float


def measure(command: Sequence[str], folder: Path, timeout: float) -> Finished:
    """Run a command in a folder and a session of its own; the whole session is killed at the time limit."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=_ENVIRONMENT, stdout=out, stderr=err, start_new_session=True
        )
        stopped = threading.Event()

        def stop() -> None:
            stopped.set()
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(timeout, stop)
        timer.start()
        # wait4 reports the peak of this child alone; getrusage would report the highest of all children so far.
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        seconds = time.perf_counter() - started
        code = process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        return Finished(
            code=None if stopped.is_set() else code,
            stdout=out.read().decode(errors="replace"),
            stderr=err.read().decode(errors="replace"),
            seconds=seconds,
            peak_mib=usage.ru_maxrss / 1024,
        )
