"""Replays a case: a folder with inputs, commands, and what is wanted of them.

    case.toml        `about`, `tree` (the folder that expected/ is compared with) or `writes = true` (no tree is compared),
                     and a [[step]] per command or edit
    input/           copied to the working directory
    expected/        the wanted tree; `_runtime/` and `_manifest.json` are left out, for they change with the tool
    transcript.txt   the wanted output and exit code of every command

A step has `run` (arguments of clientsmith), or an edit: `write`, `append` or `remove` (a path) with `text`.
A case with neither `tree` nor `writes` wants that no command writes anything.
"""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ENTRIES = {"case.toml", "input", "expected", "transcript.txt"}
_KEYS = {"about", "tree", "writes", "step"}
_STEP_KEYS = ({"run"}, {"write", "text"}, {"append", "text"}, {"remove"})
_RUNTIME = re.compile(r"(?:.*/)?(?:_runtime/.*|_manifest\.json)")
_TOOL_DEPENDENT = (
    # What changes whenever a module of the runtime or a version does says nothing about a case.
    (re.compile(r"\d+ files, \d+ bytes"), "<n> files, <n> bytes"),
    (re.compile(r"^(.{4}files {7}).*$", re.MULTILINE), r"\1<changes>"),
    (re.compile(r"^(.{4}inputs {6}).*$", re.MULTILINE), r"\1<inputs>"),
    (re.compile(r"\b(?:[0-9a-f]{12}|[0-9a-f]{64})\b"), "<digest>"),
)

Run = Callable[[list[str]], tuple[int, str, str]]
"""Arguments -> exit code, standard output, standard error."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its folder describes it."""

    folder: Path
    tree: str | None
    writes: bool
    steps: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a replay gave: the transcript, and the files that are compared, by path."""

    transcript: str
    files: Mapping[str, bytes]


def read_case(folder: Path) -> Case:
    """The case of a folder; AssertionError where the folder is not laid out as one."""
    entries = {path.name for path in folder.iterdir()}
    assert "case.toml" in entries, f"{folder.name}: no case.toml"
    assert entries <= ENTRIES, f"{folder.name}: unknown {sorted(entries - ENTRIES)}"
    described = tomllib.loads((folder / "case.toml").read_text())
    assert described.keys() <= _KEYS, f"{folder.name}: unknown keys {sorted(described.keys() - _KEYS)}"
    assert described.get("about"), f"{folder.name}: says nothing of what it is about"
    steps = tuple(described.get("step", ()))
    assert any("run" in step for step in steps), f"{folder.name}: runs nothing"
    assert all(set(step) in _STEP_KEYS for step in steps), f"{folder.name}: a step of another form"
    tree = described.get("tree")
    return Case(folder, tree, tree is not None or described.get("writes") is True, steps)


def replay(case: Case, directory: Path, run: Run) -> Outcome:
    """Copy the inputs into an empty directory and take every step there."""
    if (case.folder / "input").exists():
        shutil.copytree(case.folder / "input", directory, dirs_exist_ok=True)
    transcript = ""
    untouched = files_below(directory)
    for step in case.steps:
        if "run" in step:
            transcript += _command(step["run"], run)
        else:
            _edit(step, directory)
            transcript += f"# {next(iter(step))} {step[next(iter(step))]}\n\n"
            untouched = untouched if case.writes else files_below(directory)
        if not case.writes:
            assert files_below(directory) == untouched, "a command wrote something"
    for pattern, stand_in in _TOOL_DEPENDENT:
        transcript = pattern.sub(stand_in, transcript)
    below = files_below(directory / case.tree) if case.tree else {}
    return Outcome(transcript, {path: data for path, data in below.items() if not _RUNTIME.fullmatch(path)})


def files_below(folder: Path) -> dict[str, bytes]:
    """Path -> content of every file below a folder."""
    found = {
        path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()
    }
    return {path: file.read_bytes() for path, file in found.items()}


def _command(arguments: object, run: Run) -> str:
    assert isinstance(arguments, list)
    code, out, err = run([str(argument) for argument in arguments])
    lines = [f"$ clientsmith {shlex.join(map(str, arguments))}"]
    lines += [f"1|  {line}".rstrip() for line in out.splitlines()]
    lines += [f"2|  {line}".rstrip() for line in err.splitlines()]
    return "\n".join([*lines, f"exit {code}"]) + "\n\n"


def _edit(step: Mapping[str, object], directory: Path) -> None:
    text = str(step.get("text", ""))
    if "write" in step:
        file = directory / str(step["write"])
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    elif "append" in step:
        with (directory / str(step["append"])).open("a") as stream:
            stream.write(text)
    else:
        (directory / str(step["remove"])).unlink()
