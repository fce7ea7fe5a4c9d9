"""How many processes this machine has room for: its cores, and its memory that is free, as a container limits both."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_GROUPS = Path("/sys/fs/cgroup")
_WORKER_BYTES = 400 * 2**20
"""What a process of a run takes at its height; twice what it takes over our own package at 30 examples."""


def default_jobs() -> int:
    """One process for each core, fewer if memory is short."""
    cores, memory = _cores(), available_memory()
    return cores if memory is None else max(1, min(cores, memory // _WORKER_BYTES))


def available_memory() -> int | None:
    """Bytes that can be had without swapping; None if the system does not say."""
    found = [*_free_of_groups()]
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        found += [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    except OSError:
        if "SC_PHYS_PAGES" in os.sysconf_names:  # macOS says how much there is and not how much is free
            found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2)
    return min(found, default=None)


def _cores() -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    for folder in _groups():
        quota, _, period = _text(folder / "cpu.max").partition(" ")
        if quota.isdecimal() and period.isdecimal():
            cores = min(cores, max(1, int(quota) // int(period)))
    return cores


def _free_of_groups() -> Iterator[int]:
    for folder in _groups():
        most, used = _text(folder / "memory.max"), _text(folder / "memory.current")
        if most.isdecimal() and used.isdecimal():
            yield max(0, int(most) - int(used))


def _groups() -> list[Path]:
    """The control groups (version 2) that this process is in, the innermost first."""
    own = [line[3:] for line in _text(Path("/proc/self/cgroup")).splitlines() if line.startswith("0::")]
    inner = _GROUPS.joinpath(own[0].strip("/")) if own else _GROUPS
    return [inner, *inner.parents][: len(inner.parts) - len(_GROUPS.parts) + 1]


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except OSError:
        return ""
