"""The `x-clientsmith-` extensions of an OpenAPI document: where each may stand and what its value is."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document import partial_success
from clientsmith.document.grammar import Kind
from clientsmith.document.model import Document, Node
from clientsmith.document.noted_values import (
    HINTS,
    NOTIFICATION,
    WARN_ABOVE,
    check_hints,
    check_notification,
    check_warn_above,
)
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.document.walk import all_objects, objects

PREFIX = "x-clientsmith-"
BILLS = "x-clientsmith-bills"
IDEMPOTENT = "x-clientsmith-idempotent"
NOT_PROCESSED = "x-clientsmith-not-processed"
PARTIAL_SUCCESS = partial_success.NAME


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension: the kind of object it stands in, what it says, and what checks its value."""

    kind: Kind
    says: str
    check: Callable[[Node, Diagnostics], object]


def _check_flag(member: Node, diagnostics: Diagnostics) -> None:
    if not isinstance(member.value, bool):
        message = f"the value of {member.key} is not true or false"
        diagnostics.error("invalid-extension", message, member.place)


EXTENSIONS: dict[str, Extension] = {
    BILLS: Extension(
        "operation", "true where a call creates a billing event, and so is never repeated", _check_flag
    ),
    IDEMPOTENT: Extension(
        "operation",
        "whether making a call twice has the effect of making it once, whatever the method says about it",
        _check_flag,
    ),
    NOT_PROCESSED: Extension("response", "true where a request answered so has had no effect", _check_flag),
    HINTS: Extension("parameter", "what to say of a refused value in which a pattern is found", check_hints),
    WARN_ABOVE: Extension(
        "encoding", "how many bytes a field may have before the client warns of its size", check_warn_above
    ),
    NOTIFICATION: Extension(
        "response", "what an answer raises in another service, and where that can be read", check_notification
    ),
    PARTIAL_SUCCESS: Extension(
        "response",
        "where the answer says what became of each item that was sent",
        partial_success.read_partial_success,
    ),
}
"""By name."""


def check_extensions(document: Document, diagnostics: Diagnostics) -> None:
    """Report extensions of ours that nothing reads: a typing error here would change what is billed twice."""
    if PREFIX in document.source:
        _check_objects(objects(document), diagnostics)


def check_other_documents(resolved: ResolvedDocument, diagnostics: Diagnostics) -> None:
    """The same for the documents that references lead to, which nothing else looks at as a whole."""
    if any(PREFIX in other.source for other in resolved.documents.values() if not other.is_root):
        _check_objects(all_objects(resolved), diagnostics)


def _check_objects(found: Iterable[tuple[Node, Kind]], diagnostics: Diagnostics) -> None:
    for node, kind in found:
        for key, member in node.items():
            if key.startswith(PREFIX):
                _check(member, kind, "$ref" in node.mapping, diagnostics)
        if node.mapping.get(BILLS) is True and node.mapping.get(IDEMPOTENT) is True and kind == "operation":
            message = f"{BILLS} says that a call must not be made twice, {IDEMPOTENT} that it may"
            hint = "keep one of the two; an operation that bills is never repeated"
            diagnostics.error("contradicting-extensions", message, node.child(IDEMPOTENT).place, hint=hint)


def _check(member: Node, kind: Kind, beside_reference: bool, diagnostics: Diagnostics) -> None:
    key, known = member.key, EXTENSIONS.get(member.key)
    if known is None:
        close = difflib.get_close_matches(key, EXTENSIONS, 1)
        hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(sorted(EXTENSIONS))}"
        diagnostics.error("unknown-extension", f"{key!r:.80} is unknown", member.place, hint=hint)
    elif known.kind != kind:
        message = f"{key} means something in the {known.kind} object only, and this is a {kind}"
        diagnostics.error("misplaced-extension", message, member.place)
    elif beside_reference:
        hint = f"write it into the {kind} that the $ref leads to"
        diagnostics.error("misplaced-extension", f"{key} is not read beside a $ref", member.place, hint=hint)
    else:
        known.check(member, diagnostics)
