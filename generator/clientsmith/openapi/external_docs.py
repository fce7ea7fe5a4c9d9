"""External Documentation Objects: the description of an object, with a link to more about it."""

from __future__ import annotations

from clientsmith.document.model import Node


def with_external_docs(text: str, owner: Node) -> str:
    """A description, followed by what the `externalDocs` of its owner say, if there are any."""
    docs = owner.get("externalDocs")
    if docs is None or not docs.text("url"):
        return text
    subject = docs.text("description").strip().rstrip(".")
    more = f"See {f'{subject}: ' if subject else ''}{docs.text('url')}"
    return f"{text.rstrip()}\n\n{more}".lstrip()
