"""Where a difference is in a document, whatever the order of its lists: parameters by what identifies them."""

from __future__ import annotations

from collections.abc import Iterator

from clientsmith.document.model import Document, Node, Pointer, parse_pointer, render_pointer
from clientsmith.document.references.targets import step_into
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.jsonschema.keywords import ALL_OF


def split(shown: str, document: ResolvedDocument) -> tuple[str, Document | None, Pointer | None]:
    """What is before the pointer of a place as it is shown, the file that it is in, and the steps; None if unknown."""
    uri, mark, text = ("", "", shown) if shown.startswith("/") else shown.rpartition("#")
    return uri + mark, document.documents.get(uri) if mark else document.root, parse_pointer(text)


def stable_pointer(shown: str, document: ResolvedDocument) -> str:
    """The same place with `query.limit` instead of the number of a parameter, and `allOf` without numbers."""
    start, file, steps = split(shown, document)
    if file is None or steps is None:
        return shown
    return start + render_pointer(tuple(_stable(file, steps, document)))


def _stable(file: Document, steps: Pointer, document: ResolvedDocument) -> Iterator[str]:
    node, above = file.root, ""
    for step in steps:
        _, value = step_into(node.value, step)
        is_item = isinstance(node.value, list)
        node = Node(file, (*node.pointer, step), value)
        if is_item and above == "parameters":
            one = document.deref(node)
            name, location = one.text("name"), one.text("in")
            yield f"{location}.{name}" if name and location else step
        elif not (is_item and above == ALL_OF):
            yield step
        above = step
