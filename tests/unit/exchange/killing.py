"""A description, its package and its state that are exchanged, in a process that kills itself before one certain step."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.exchange import swap
from clientsmith.exchange.lock import working_folder
from clientsmith.exchange.recovery import Settled, recover
from clientsmith.exchange.staging import parents
from clientsmith.package.write import Beside, write, write_owned
from tests.unit.package.package_on_disk import tree

OLD_TREE, NEW_TREE = tree(), tree(**{"sub/mod.py": b"new", "sub/new.py": b"new", "sub/deep/x.py": None})
OLD_FILES = {"spec/api.yaml": b"old", "clientsmith.state.json": b"old", "spec/kept.yaml": b"kept"}
NEW_FILES = {
    "spec/api.yaml": b"new", "spec/schemas/deep/pet.yaml": b"new", "clientsmith.state.json": b"new",
}  # fmt: skip
PACKAGE = "generated/pkg"

_EVENTS = {
    "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "os.chmod", "os.chown", "os.utime", "os.symlink",
    "os.truncate",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Repository:
    """A folder with a document of two files (one is new), a package and a state."""

    root: Path

    @classmethod
    def make(cls, root: Path) -> Repository:
        for path, data in OLD_FILES.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
        assert write(OLD_TREE, root / PACKAGE, Diagnostics()) is not None
        return cls(root)

    @property
    def package(self) -> Path:
        return self.root / PACKAGE

    @property
    def targets(self) -> list[Path]:
        return [self.package, *(self.root / path for path in NEW_FILES)]

    def state_of(self, target: Path) -> str:
        """`old`, `new` or, of what is neither, everything that is there."""
        path = target.relative_to(self.root).as_posix()
        if path == PACKAGE:
            found: object = {
                one.relative_to(target).as_posix(): one.read_bytes()
                for one in target.rglob("*")
                if one.is_file()
            }
            states: dict[str, object] = {"old": dict(OLD_TREE), "new": dict(NEW_TREE)}
        else:
            found = target.read_bytes() if target.exists() else None
            states = {"old": OLD_FILES.get(path), "new": NEW_FILES[path]}
        return next((name for name, state in states.items() if state == found), repr(found))

    def states(self) -> dict[str, str]:
        return {target.relative_to(self.root).as_posix(): self.state_of(target) for target in self.targets}

    def leftovers(self) -> list[str]:
        """Working folders, and folders that were made for what is not there."""
        return [
            str(path)
            for path in self.root.rglob("*")
            if path.is_dir() and (path.name.endswith(".clientsmith") or not any(path.iterdir()))
        ]

    def settle(self) -> Settled | None:
        """What `clientsmith update` does first; returns what it made of an earlier one."""
        with working_folder(self.package):
            return recover(self.package, self.targets, completes=True)

    def update(self) -> None:
        """What it does on disk."""
        files = {self.root / path: data for path, data in NEW_FILES.items()}
        beside = Beside(files, (self.root / "spec/kept.yaml",))
        with parents(self.package), working_folder(self.package):
            recover(self.package, self.targets, completes=True)
            assert write_owned(NEW_TREE, self.package, self.package, Diagnostics(), beside=beside) is not None


def killed(action: Callable[[], object], step: int) -> bool:
    """Run something in a process that kills itself before that step on the disk; False if it has fewer steps."""
    left = iter(range(step - 1, -1, -1))

    def kill_in_time() -> None:
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return _run(action, kill_in_time)


def _run(action: Callable[[], object], before_step: Callable[[], None]) -> bool:
    """Run something in a process of its own; whether it was killed."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _call_before_each_step(before_step)
            action()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _call_before_each_step(called: Callable[[], None]) -> None:
    """A step is everything that changes the disk: what the interpreter announces, and what it does not."""
    is_inside = False

    def count() -> None:
        nonlocal is_inside
        if not is_inside:
            is_inside = True
            called()
            is_inside = False

    def heard(event: str, arguments: tuple[object, ...]) -> None:
        if event in _EVENTS or (event == "open" and _writes(arguments)):
            count()

    def write_bytes(self: Path, data: bytes) -> int:
        with self.open("wb", buffering=0) as file:
            for half in (data[: len(data) // 2], data[len(data) // 2 :]):
                count()
                file.write(half)
        return len(data)

    exchange_names = swap.exchange_names

    def counted_exchange(one: Path, other: Path) -> bool:
        count()
        return exchange_names(one, other)

    Path.write_bytes = write_bytes  # type: ignore[assignment,method-assign]
    os.fsync = lambda _: count()  # What the device holds makes no difference to a process that is killed.
    swap.exchange_names = counted_exchange
    sys.addaudithook(heard)


def _writes(arguments: tuple[object, ...]) -> bool:
    flags = arguments[2]
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def killed_at_each_step(
    root: Path, action: Callable[[Repository], object], made: Callable[[Path], Repository] = Repository.make
) -> Iterator[Repository]:
    """A repository for each step of an action, as a kill before that step leaves it: one process copies it at each."""
    repository = made(root / "origin")
    numbers = itertools.count(1)
    assert not _run(partial(action, repository), lambda: copied(repository.root, root / str(next(numbers))))
    for step in itertools.takewhile(lambda step: (root / str(step)).exists(), itertools.count(1)):
        yield Repository(root / str(step))


def copied(folder: Path, target: Path) -> Path:
    """A copy of a folder in which links, hard ones too, are links."""
    names: dict[int, str] = {}

    def copy(source: str, to: str) -> None:
        first = names.setdefault(os.lstat(source).st_ino, to)
        if first == to:
            shutil.copy2(source, to, follow_symlinks=False)
        else:
            os.link(first, to, follow_symlinks=False)

    return Path(shutil.copytree(folder, target, symlinks=True, copy_function=copy))
