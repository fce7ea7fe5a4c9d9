"""Which operation of one description is which of another: by method and effective path, never by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeAlias, TypeVar

from clientsmith.document.operations import bare_template
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.server import Server, base_path, servers_for

OperationKey: TypeAlias = tuple[str, str]


class _WithPath(Protocol):
    """An operation, as a description, a package or a state has it."""

    @property
    def path(self) -> str: ...


OperationT = TypeVar("OperationT", bound=_WithPath)


@dataclass(slots=True)
class MatchedOperations(Generic[OperationT]):
    """The operations that both sides have, and those of one side."""

    both: list[tuple[OperationT, OperationT]] = field(default_factory=list[tuple[OperationT, OperationT]])
    gone: list[OperationT] = field(default_factory=list[OperationT])
    added: list[OperationT] = field(default_factory=list[OperationT])


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


def match(
    old: Sequence[OperationT], new: Sequence[OperationT], *keys: Callable[[OperationT], OperationKey]
) -> MatchedOperations[OperationT]:
    """The operations by the first of the keys that any two have in common, else by the last one."""
    found = MatchedOperations[OperationT]()
    for key_of in keys:
        found = _match(old, new, key_of)
        if found.both:
            break
    return found


def _match(
    old: Sequence[OperationT], new: Sequence[OperationT], key_of: Callable[[OperationT], OperationKey]
) -> MatchedOperations[OperationT]:
    """Several operations of one key are taken in the order of their paths, those of the same path first."""
    waiting: dict[OperationKey, list[OperationT]] = {}
    for one in new:
        waiting.setdefault(key_of(one), []).append(one)
    found = MatchedOperations[OperationT]()
    for one in old:
        others = waiting.get(key_of(one), [])
        if not others:
            found.gone.append(one)
            continue
        same = next((other for other in others if other.path == one.path), others[0])
        others.remove(same)
        found.both.append((one, same))
    found.added = [one for one in new if any(one is other for other in waiting.get(key_of(one), ()))]
    return found
