"""Reads objects of a git repository by running `git`; nothing is written, fetched or run besides.

Only `rev-parse` and `cat-file` are run, the latter without filters and text conversions: they know no hooks, and no
alias can replace them. A missing object of a partial clone would be fetched, by a program that the config of the
repository may name: GIT_NO_LAZY_FETCH forbids it, and GIT_ALLOW_PROTOCOL keeps older versions of git, which do not know
that variable, from every way to fetch. Revisions are passed on standard input, where none of them is an option. The
config of system and user stays in force, since it says whose repositories may be opened (safe.directory).
"""

from __future__ import annotations

import os
import subprocess
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from clientsmith.input_file import MAX_BYTES, InputFileError, too_large

_FLAGS = ("--no-pager", "--no-optional-locks", "--literal-pathspecs", "-c", "core.fsmonitor=false")
_ENVIRONMENT = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_PLACES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
"""Paths in the environment, as hooks get them."""
_SHALLOW = (
    "this is a shallow clone: `git fetch --unshallow` gets the rest, or `fetch-depth: 0` of actions/checkout"
)

TREE: Final = "40000"
LINK: Final = "120000"
SUBMODULE: Final = "160000"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a tree holds under one name: its mode as git writes it in octal, and the name of its object."""

    mode: str
    object: str


class Git:
    """The repository that a folder is in. Everything raises InputFileError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        asked = ("--is-shallow-repository", "--show-prefix", "--show-cdup")
        with self._started("rev-parse", *asked) as process:
            said, complaint = process.communicate()
        if process.returncode != 0:
            raise _refused(complaint)
        shallow, *prefix, up, _ = said.split(b"\n")
        self.is_shallow = shallow == b"true"
        self.prefix = os.fsdecode(b"\n".join(prefix))
        """The folder as seen from the root of the working tree: empty, or with a slash at its end."""
        self.root = Path(os.path.normpath(folder.resolve() / os.fsdecode(up)))
        self._trees: dict[str, dict[str, Entry]] = {}
        self._objects: subprocess.Popen[bytes] | None = None

    def root_tree(self, revision: str) -> str:
        """The name of the object that is the tree of a revision."""
        if revision.startswith("-") or not revision.isprintable():
            raise InputFileError(f"names no revision: {revision!r:.80}")
        name, kind, data = self._object(f"{revision}^{{tree}}", MAX_BYTES)
        if kind == "tree":
            self._trees[name] = _entries(data, len(name) // 2)
            return name
        if kind == "ambiguous":
            raise InputFileError(f"cannot be read: the revision {revision!r:.200} is ambiguous")
        hint = _SHALLOW if self.is_shallow else None
        raise InputFileError(f"cannot be read: there is no revision {revision!r:.200} here", hint)

    def tree(self, name: str) -> dict[str, Entry]:
        """The entries of a tree."""
        if name not in self._trees:
            self._trees[name] = _entries(self._content("tree", name, MAX_BYTES), len(name) // 2)
        return self._trees[name]

    def file(self, name: str, limit: int = MAX_BYTES) -> bytes:
        """What a file holds."""
        return self._content("blob", name, limit)

    def _content(self, kind: str, name: str, limit: int) -> bytes:
        _, found, data = self._object(name, limit)
        if found != kind:
            raise _absent()
        return data

    def _object(self, name: str, limit: int) -> tuple[str, str, bytes]:
        """The name of an object, its kind and its content; instead of its kind why there is no such object."""
        if self._objects is None:
            self._objects = self._started("cat-file", "--batch")
            weakref.finalize(self, _stop, self._objects)
        asked, answer = self._objects.stdin, self._objects.stdout
        assert asked is not None
        assert answer is not None
        try:
            asked.write(os.fsencode(name) + b"\n")
            asked.flush()
        except BrokenPipeError:
            pass  # What git says of its end follows.
        words = os.fsdecode(answer.readline()).rstrip("\n").rsplit(" ", 2)
        if words == [""]:
            raise _refused(self._end())
        if not words[-1].isdecimal():
            return "", words[-1], b""
        size = int(words[2])
        if size > limit:
            self._end()
            raise too_large(limit)
        data = answer.read(size + 1)
        if len(data) <= size:
            raise _refused(self._end())
        return words[0], words[1], data[:-1]

    def _end(self) -> bytes:
        """End the process that reads objects; returns what it complained of."""
        process, self._objects = self._objects, None
        assert process is not None
        process.kill()
        return process.communicate()[1]

    def _started(self, *arguments: str) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                ["git", *_FLAGS, *arguments],
                cwd=self._folder,
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except FileNotFoundError as error:
            if error.filename != "git":
                raise InputFileError("cannot be read: its folder does not exist") from error
            raise InputFileError("cannot be read from a revision: git is not installed") from error
        except OSError as error:
            raise InputFileError(f"cannot be read: git cannot be run: {error.strerror}") from error


def _environment() -> dict[str, str]:
    """The environment of git, in which paths mean the same wherever it starts."""
    environment = os.environ | _ENVIRONMENT
    if "GIT_DIR" in environment:
        environment.setdefault("GIT_WORK_TREE", ".")  # As git itself takes it.
    return environment | {
        name: str(Path(environment[name]).absolute()) for name in _PLACES if name in environment
    }


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that waits for questions."""
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None and not pipe.closed:
            pipe.close()
    process.wait()


def _refused(said: bytes) -> InputFileError:
    """What git says, such as that this is not a repository or that its owner is somebody else, and its own advice."""
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    fatal = next(
        (line for line in lines if line.startswith(("fatal: ", "error: "))), "fatal: no reason given"
    )
    if "promisor remote" in fatal:
        return _absent()
    advice = next((line for line in lines if line.startswith("git config ")), None)
    return InputFileError(f"cannot be read from a revision: git says: {fatal[7:]:.300}", advice)


def _absent() -> InputFileError:
    hint = "a partial clone gets it when the revision is checked out; nothing is fetched here"
    return InputFileError("is not in this clone", hint)


def _entries(data: bytes, width: int) -> dict[str, Entry]:
    """The entries of a tree object: each is a mode, a space, a name, NUL, and the object's name in `width` bytes."""
    found: dict[str, Entry] = {}
    start = 0
    while start < len(data):
        space, end = data.index(b" ", start), data.index(b"\0", start)
        object = data[end + 1 : end + 1 + width].hex()
        found[os.fsdecode(data[space + 1 : end])] = Entry(data[start:space].decode("ascii"), object)
        start = end + 1 + width
    return found
