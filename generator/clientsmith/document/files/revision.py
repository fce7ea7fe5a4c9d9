"""Documents of git revisions, `REV:path`, with every file that they refer to from that same revision.

Trees and files are asked for by the names of their objects, and links are followed here, inside the tree only. Neither
the index nor the working tree is looked at.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from clientsmith.document.files.git import LINK, SUBMODULE, TREE, Entry, Git
from clientsmith.input_file import InputFileError, keep_for_quotes

_MAX_LINKS, _MAX_TARGET = 40, 4096
"""As many links as Linux follows in one path, and as many bytes as one of them may have."""
_ELSEWHERE = "run it in the submodule: its files are in another repository"


@dataclass(frozen=True, slots=True)
class RevisionPath:
    """A file of a revision: its path starts at the root of the repository, or with `./` in the working directory."""

    revision: str
    path: str

    def __str__(self) -> str:
        return f"{self.revision}:{self.path}"


def revision_path(text: str) -> RevisionPath | None:
    """The revision and the path in `REV:path`, divided as git does it: at the first colon outside of braces."""
    depth = 0
    for index, sign in enumerate(text):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if sign == ":" and depth == 0:
            return RevisionPath(text[:index], text[index + 1 :]) if index else None
    return None


def at_revision(path: str, revision: str) -> RevisionPath:
    """A file of the working tree as a revision has it; raises InputFileError."""
    return RevisionPath(revision, f"{Git(Path(path).parent).prefix}{Path(path).name}")


@dataclass(frozen=True, slots=True)
class RevisionFiles:
    """The files of one revision below a folder of its tree."""

    git: Git
    revision: str
    tree: str
    """The name of the object that is the root tree."""
    home: tuple[str, ...]
    bounds: str

    @classmethod
    def open(cls, named: RevisionPath, folder: Path) -> tuple[RevisionFiles, str]:
        """The files beside the document that a path names, and its URI among them; raises InputFileError.

        `folder` is where paths with `./` start, in the repository that is meant.
        """
        git = Git(folder)
        path = named.path
        if path.split("/", 1)[0] in (".", ".."):
            path = os.path.normpath(git.prefix + path)
        files = cls(git, named.revision, git.root_tree(named.revision), (), "the repository")
        above, _, name = path.rpartition("/")
        home, _ = files._found(tuple(above.split("/")))
        if home is None or name in ("", ".", ".."):
            raise files._missing(path)
        return cls(git, named.revision, files.tree, home, f"the directory of {named.revision}:{path}"), name

    def contains(self, uri: str) -> bool:
        """Whether a URI stays below that folder, whether or not a file is there. Links are followed."""
        try:
            found, _ = self._found(self._steps(uri))
        except InputFileError:
            return False
        return not uri.startswith("/") and found is not None and found[: len(self.home)] == self.home

    def has(self, uri: str) -> bool:
        """Whether a file that may be read is there."""
        if not self.contains(uri):
            return False
        _, entry = self._found(self._steps(uri))
        return entry is not None and entry.mode not in (TREE, SUBMODULE)

    def read(self, uri: str) -> bytes:
        """What the file of that URI holds; raises InputFileError."""
        found, entry = self._found(self._steps(uri))
        if found is None:
            raise InputFileError("is a link that leads out of the tree of the revision")
        if entry is None:
            raise self._missing("/".join(found))
        if entry.mode == TREE:
            raise InputFileError("is a directory", "name the file in it")
        if entry.mode == SUBMODULE:
            raise InputFileError("is a submodule", _ELSEWHERE)
        data = self.git.file(entry.object)
        keep_for_quotes(self.shown(uri), data)
        return data

    def shown(self, uri: str) -> str:
        """How a reader finds the file of that URI."""
        return f"{self.revision}:{os.path.normpath('/'.join(self._steps(uri)))}"

    def below(self, folder: str, uri: str) -> tuple[RevisionFiles, str] | None:
        """The files below another folder, and what a URI is there; None if its file is not below that folder."""
        inside = os.path.relpath(Path(folder).resolve(), self.git.root)
        home = () if inside == "." else tuple(inside.split("/"))
        if self.home[: len(home)] != home:
            return None
        bounds = f"{self.revision}:{'/'.join(home)} (document.root)"
        moved = RevisionFiles(self.git, self.revision, self.tree, home, bounds)
        return moved, "/".join((*self.home[len(home) :], uri))

    def _steps(self, uri: str) -> tuple[str, ...]:
        return (*self.home, *uri.split("/"))

    def _missing(self, path: str) -> InputFileError:
        steps = path.split("/")
        for end in range(1, len(steps)):
            _, above = self._found(tuple(steps[:end]))
            if above is not None and above.mode == SUBMODULE:
                return InputFileError(f"is in the submodule {'/'.join(steps[:end]):.200}", _ELSEWHERE)
        _, entry = self._found(tuple(steps))
        if entry is not None and entry.mode == TREE and not steps[-1]:
            return InputFileError("is a directory", "name the file in it")
        problem = f"does not exist: {self.revision} has no file {path!r:.200}"
        return InputFileError(problem, self._near(path, steps), is_missing=True)

    def _near(self, path: str, steps: list[str]) -> str:
        """What a path that names no file may have been meant to be."""
        if not steps[-1] and self._found(tuple(steps))[1] is not None:
            return f"did you mean {self.revision}:{path.rstrip('/'):.200}?"
        found, entry = self._found((*self.git.prefix.split("/"), *steps))
        if found and entry is not None:
            return f"did you mean {self.revision}:./{path:.200}?"
        return f"it may be new, or have had another path there, which {self.revision}:PATH names"

    def _found(self, path: tuple[str, ...]) -> tuple[tuple[str, ...] | None, Entry | None]:
        """Where steps from the root lead, and what is there; None for a way that leaves the tree.

        A way whose next step does not exist goes on by its names alone.
        """
        above: list[tuple[str, Entry | None]] = []
        todo, links = list(reversed(path)), 0
        while todo:
            step = todo.pop()
            if step in ("", "."):
                continue
            if step == "..":
                if not above:
                    return None, None
                above.pop()
                continue
            entry = self._entry(above[-1][1] if above else Entry(TREE, self.tree), step)
            if entry is None or entry.mode != LINK:
                above.append((step, entry))
                continue
            links += 1
            target = os.fsdecode(self.git.file(entry.object, _MAX_TARGET))
            if links > _MAX_LINKS:
                raise InputFileError("cannot be read: its links lead to each other")
            if target.startswith("/"):
                return None, None
            todo += reversed(target.split("/"))
        return tuple(step for step, _ in above), above[-1][1] if above else Entry(TREE, self.tree)

    def _entry(self, folder: Entry | None, step: str) -> Entry | None:
        return self.git.tree(folder.object).get(step) if folder is not None and folder.mode == TREE else None
