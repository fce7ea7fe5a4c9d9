"""The operations of a document in their fixed order, found before or after references are resolved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from clientsmith.document.grammar import METHODS
from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument, members

_NAME = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class FoundOperation:
    """An operation with the path template and the (dereferenced) path item that it stands in.

    `method` is the key it stands under: one of `METHODS`, or as a 3.2 document spells an additional one. `key` names
    it in a configuration and everywhere else: the operation id if no operation before it has the same, else the label.
    """

    path: str
    method: str
    item: Node
    node: Node
    key: str
    beside: tuple[Node, ...] = ()
    """Parameters and servers beside the `$ref` that leads to the path item; they are not read."""

    @property
    def label(self) -> str:
        """How messages name it: `GET /pets`."""
        return label(self.method, self.path)


def label(method: str, path: str) -> str:
    """How an operation is named by method and path: `GET /pets`."""
    return f"{method.upper()} {path}"


def operations(root: Node, deref: Callable[[Node], Node]) -> Iterator[FoundOperation]:
    """The operations under `paths` by path, then by method in the order of `METHODS`; references are followed.

    One whose reference leads to nothing is there too: its node is the reference.
    """
    taken: set[str] = set()
    for path, reference in path_items(root, deref):
        for method, item, own in _of_path(reference, deref):
            target = deref(own)
            node = target if isinstance(target.value, dict) else own
            stated = node.text("operationId")
            key = stated if stated and stated not in taken else label(method, path)
            taken.add(key)
            shared = () if item == reference else ("parameters", "servers")
            beside = tuple(reference.child(key) for key in shared if key in reference.mapping)
            yield FoundOperation(path, method, item, node, key, beside)


def path_items(root: Node, deref: Callable[[Node], Node]) -> Iterator[tuple[str, Node]]:
    """The members of `paths` by path, those of a file that `paths` as a whole refers to among them."""
    paths = root.get("paths")
    listed = members(paths, deref)
    yield from ((path, listed[path]) for path in sorted(listed) if path.startswith("/"))


def _of_path(reference: Node, deref: Callable[[Node], Node]) -> Iterator[tuple[str, Node, Node]]:
    """The method, the path item and the node of each operation: those beside a `$ref`, then those that it leads to."""
    seen: set[str] = set()
    for item in dict.fromkeys((reference, deref(reference))):
        additional = item.get("additionalOperations")
        listed = [(method, item.get(method)) for method in METHODS]
        found = [
            (method, item, node)
            for method, node in (*listed, *(additional.items() if additional is not None else ()))
            if node is not None and isinstance(node.value, dict) and method not in seen
        ]
        seen.update(method for method, _, _ in found)
        yield from found


def count_operations(resolved: ResolvedDocument) -> int:
    """How many operations the document describes under `paths`."""
    return sum(1 for _ in operations(resolved.node(), resolved.deref))


def template_names(path: str) -> list[str]:
    """The names in the braces of a path template, in order."""
    return _NAME.findall(path)


def bare_template(path: str) -> str:
    """A path template without the names, the same for all templates that match the same paths."""
    return _NAME.sub("{}", path)
