"""Changes by what a reader looks for: the operation that they are in, the component, or the whole description."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from clientsmith.diff.model import ReachedOperation
from clientsmith.diff.report.model import Report, ShownChange
from clientsmith.document.model import parse_pointer

_MOST = 3
"""Operations that are named; the others are counted."""
_OF_OPERATION = 1
"""The rank of groups of one operation."""
_COMPONENT = 3
"""Steps of a component's pointer: `components`, its section and its name."""


@dataclass(frozen=True, slots=True)
class Group:
    """Changes of one operation or of one component."""

    title: str
    changes: list[ShownChange] = field(default_factory=list[ShownChange])


def groups(changes: Iterable[ShownChange]) -> list[Group]:
    """What is about the whole description, then operations by path, then components; changes stay in their order."""
    found: dict[tuple[int, str, str], Group] = {}
    for one in changes:
        rank, key, title = _group(one)
        found.setdefault((rank, key, title), Group(title)).changes.append(one)
    return [found[key] for key in sorted(found)]


def _group(one: ShownChange) -> tuple[int, str, str]:
    at, operations = one.change.at, one.change.operations
    file, mark, pointer = at.partition("#")
    is_elsewhere = bool(mark) and pointer[:1] in ("", "/") and " /" not in file and not file.startswith("/")
    inside = pointer if is_elsewhere else at
    steps = parse_pointer(inside) if inside.startswith("/components/") else None
    of_file = f" ({file})" if is_elsewhere else ""
    if steps is not None and len(steps) >= _COMPONENT:
        _, section, name = steps[:_COMPONENT]
        return 2, f"{section} {name}{of_file}", f"{section}: {name}{of_file}"
    if is_elsewhere:
        return 3, file, f"schemas of {file}"
    if len(operations) == 1:
        operation = operations[0]
        name, id = operation_name(operation), operation_id(operation)
        return _OF_OPERATION, f"{operation.path} {operation.method}", name if id is None else f"{name} ({id})"
    return 0, "", "The description as a whole"


def operation_name(operation: ReachedOperation) -> str:
    """`GET /pets`."""
    return f"{operation.method.upper()} {operation.path}"


def operation_id(operation: ReachedOperation) -> str | None:
    """Its operation id; None if it has none of its own and is known by method and path."""
    return None if operation.id in ("", operation_name(operation)) else operation.id


def reached_text(report: Report, one: ShownChange) -> str:
    """The operations that a change reaches, if the title of its group does not name the only one.

    The first ones have their names, in a long report several have their number.
    """
    names = [operation_name(operation) for operation in one.change.operations]
    if _group(one)[0] == _OF_OPERATION:
        return ""
    if report.is_long and len(names) > 1:
        return f"{len(names)} operations"
    others = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {others} more" if others > 0 else "")


def levels_text(one: ShownChange) -> str:
    """What a change weighs where: `request breaking, response info`."""
    change = one.change
    levels = {"request": change.request, "response": change.response, "python": change.python}
    return ", ".join(f"{name} {level.word}" for name, level in levels.items() if level)


def where_text(one: ShownChange) -> str:
    """Both places: `old openapi.yaml:3:1, new openapi.yaml:4:1`."""
    places = {"old": one.change.old, "new": one.change.new}
    spans = {name: place.span or place.pointer for name, place in places.items() if place is not None}
    return ", ".join(f"{name} {span}" for name, span in spans.items() if span)
