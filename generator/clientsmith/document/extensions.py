"""The `x-clientsmith-` extensions of an OpenAPI document: where each may stand and what its value is."""

from __future__ import annotations

import difflib

from clientsmith.diagnostics import Diagnostics
from clientsmith.document.grammar import Kind
from clientsmith.document.model import Document
from clientsmith.document.walk import objects

PREFIX = "x-clientsmith-"
EXTENSIONS: dict[str, tuple[Kind, str]] = {
    "x-clientsmith-bills": (
        "operation",
        "true where a call creates a billing event, and so is never repeated",
    ),
    "x-clientsmith-not-processed": ("response", "true where a request answered so has had no effect"),
}
"""By name: the kind of object it stands in, and what it says. The value of each is true or false."""


def check_extensions(document: Document, diagnostics: Diagnostics) -> None:
    """Report extensions of ours that nothing reads: a typing error here would change what is billed twice."""
    if PREFIX not in document.source:
        return
    for node, kind in objects(document):
        for key, member in node.items():
            if not key.startswith(PREFIX):
                continue
            known = EXTENSIONS.get(key)
            if known is None:
                close = difflib.get_close_matches(key, EXTENSIONS, 1)
                hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(sorted(EXTENSIONS))}"
                diagnostics.error("unknown-extension", f"{key!r:.80} is unknown", member.place, hint=hint)
            elif known[0] != kind:
                message = f"{key} means something in an {known[0]} only, and this is a {kind}"
                diagnostics.error("misplaced-extension", message, member.place)
            elif not isinstance(member.value, bool):
                diagnostics.error(
                    "invalid-extension", f"the value of {key} is not true or false", member.place
                )
