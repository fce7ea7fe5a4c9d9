"""Plays a page of the docs: its edits are made, its commands run, and what they print and return is compared.

Blocks of three kinds count: `diff` (an edit; `--- FILE` names the file), `python` (a new file; the first line names it)
and `console` (commands behind `$ `, what each prints, and `[exit N]` unless it returns 0; `...` is any lines).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "walk-through.md"
_BLOCK = re.compile(r"^```(diff|python|console)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
_TYPE_CHECKERS = ("mypy", "pyright")


@dataclass(frozen=True)
class Block:
    """One block of a page, and the line that it begins at."""

    kind: str
    text: str
    line: int


def blocks(page: str) -> list[Block]:
    """The blocks of a page that count, in its order."""
    return [Block(one[1], one[2], page.count("\n", 0, one.start()) + 1) for one in _BLOCK.finditer(page)]


def prepare(folder: Path) -> None:
    """Copy what a maintainer has: the config, the document and the recordings; no package, no state."""
    for name in ("clientsmith.toml", "spec"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy(source, folder / name)
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True, env=_environment(folder))


def play(folder: Path, page: str, *, with_type_checkers: bool) -> Iterator[str]:
    """Do what a page says in a folder; yield what turned out otherwise."""
    for block in blocks(page):
        if block.kind == "diff":
            _edit(folder, block)
        elif block.kind == "python":
            name = block.text.partition("\n")[0].removeprefix("# ")
            (folder / name).write_text(block.text, encoding="utf-8")
        else:
            for command in _COMMAND.finditer(block.text):
                is_checker = command[1].startswith(_TYPE_CHECKERS)
                if with_type_checkers or not is_checker:
                    yield from _run(folder, block, command[1], command[2])


def _edit(folder: Path, block: Block) -> None:
    head, *lines = block.text.splitlines()
    file = folder / head.removeprefix("--- ")
    before = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
    after = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"line {block.line}: what the edit replaces is not there exactly once"
    file.write_text(text.replace(before, after), encoding="utf-8")


def _run(folder: Path, block: Block, command: str, expected: str) -> Iterator[str]:
    shown = _printed(folder, command)
    pattern = "".join(".*" if line == "..." else f"{re.escape(line)}\n" for line in expected.splitlines())
    if not re.fullmatch(pattern, shown, re.DOTALL):
        yield f"line {block.line}: $ {command}\n--- expected\n{expected}--- printed\n{shown}"


def _printed(folder: Path, command: str) -> str:
    """What a command prints, both streams, and the exit code unless it is 0."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout + (f"[exit {done.returncode}]\n" if done.returncode else "")


def _environment(folder: Path) -> dict[str, str]:
    """Of the tools of this environment; with an author for commits, whatever git is told elsewhere."""
    author = {f"GIT_{who}_{what}": "walk" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return (
        os.environ
        | author
        | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "120",
            "NO_COLOR": "1",
            "MYPYPATH": str(folder / "generated"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
        }
    )


def main() -> int:
    """Play the page with type checkers."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        wrong = list(play(Path(folder), PAGE.read_text(encoding="utf-8"), with_type_checkers=True))
    sys.stdout.write("\n".join([*wrong, f"{PAGE.name}: {len(wrong)} commands print something else", ""]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
