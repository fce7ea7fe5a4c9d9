"""The examples of a document: those of parameters, headers and media types, and those of their schemas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument


@dataclass(frozen=True, slots=True)
class DocumentExample:
    """A value that the document gives as an example; `key` is empty for the one under `example`."""

    key: str
    value: Node
    summary: str = ""


def examples(owner: Node, resolved: ResolvedDocument) -> Iterator[DocumentExample]:
    """The examples of a Parameter, Header or Media Type Object in the order of the document, references followed.

    The value of an Example Object is its `value`, or its `dataValue` since OpenAPI 3.2. One that is only external or
    serialized has none and is left out.
    """
    single = owner.get("example")
    if single is not None:
        yield DocumentExample("", single)
    named = owner.get("examples")
    for key in named.mapping if named is not None else ():
        if named is None:
            continue
        example = resolved.deref(named.child(key))
        value = example.get("value") or example.get("dataValue")
        if value is not None:
            yield DocumentExample(key, value, example.text("summary") or example.text("description"))


def schema_examples(schema: Node | None, resolved: ResolvedDocument) -> Iterator[Node]:
    """The values under `example` and `examples` of a schema, then of the one that it refers to."""
    if schema is None:
        return
    target = resolved.deref(schema)
    for part in (schema, target) if target.identity != schema.identity else (schema,):
        single, several = part.get("example"), part.get("examples")
        if single is not None:
            yield single
        if several is not None:
            yield from several.elements()
