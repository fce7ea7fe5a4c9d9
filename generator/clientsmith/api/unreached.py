"""What no operation of a document reaches: webhooks, and unused components."""

from __future__ import annotations

from clientsmith.api.schemas.schemas import SchemaBuilder
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.resolved import ResolvedDocument


def lower_unused(document: ResolvedDocument, schemas: SchemaBuilder) -> None:
    """Make response types of the components that no operation reaches, such as the payloads of webhooks."""
    for _, node in sorted(document.components("schemas").items()):
        if not schemas.reached(node):
            schemas.lower(node, "response")


def note_what_is_no_call(document: ResolvedDocument, diagnostics: Diagnostics) -> None:
    """Note the webhooks: no method is made of them."""
    webhooks = document.node().get("webhooks")
    for _, node in webhooks.items() if webhooks is not None else ():
        diagnostics.note(
            "webhook-not-generated", "a webhook is a call to you, not by you; no method is made", node.place
        )
