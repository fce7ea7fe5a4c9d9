"""Which operation of one description is which of another: by method and effective path, never by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from clientsmith.document.operations import bare_template
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.server import Server, base_path, servers_for

OperationKey: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class OperationIdentity:
    """What an operation is known by: `path` is its template, `effective` has the server's path and no names."""

    method: str
    path: str
    effective: str

    @classmethod
    def of(cls, operation: DescribedOperation) -> OperationIdentity:
        """That of an operation."""
        listed = servers_of(operation)
        return cls(operation.method, operation.path, effective_path(operation.path, listed))

    @property
    def key(self) -> OperationKey:
        """Method and path, the server's path included and the names of parameters left out."""
        return self.method, self.effective

    @property
    def own_key(self) -> OperationKey:
        """The same without the path of the server."""
        return self.method, bare_template(self.path)


def servers_of(operation: DescribedOperation) -> list[Server]:
    """The servers of an operation: its own, else those of its path, else those of the document."""
    return servers_for(operation.node, operation.found.item, operation.resolved.node())


def effective_path(path: str, listed: Iterable[Server]) -> str:
    """The path of requests below the first server."""
    first = next((base_path(one.url) for one in listed), "")
    return bare_template(first + path)


def matched(old: Sequence[OperationIdentity], new: Sequence[OperationIdentity]) -> dict[int, int]:
    """The index in `new` of each operation of `old` that is still there, in the order of `old`.

    If the path of the server moves for all of them, it does not count.
    """
    return _matched(old, new, lambda one: one.key) or _matched(old, new, lambda one: one.own_key)


def _matched(
    old: Sequence[OperationIdentity],
    new: Sequence[OperationIdentity],
    key_of: Callable[[OperationIdentity], OperationKey],
) -> dict[int, int]:
    """Several operations of one key are taken in the order of their paths, those of the same path first."""
    waiting: dict[OperationKey, list[int]] = {}
    for index, one in enumerate(new):
        waiting.setdefault(key_of(one), []).append(index)
    found: dict[int, int] = {}
    for index, one in enumerate(old):
        others = waiting.get(key_of(one), [])
        if others:
            same = next((other for other in others if new[other].path == one.path), others[0])
            others.remove(same)
            found[index] = same
    return found
