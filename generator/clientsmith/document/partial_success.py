"""The extension `x-clientsmith-partial-success` as the document has it; whether the schemas agree is not known here."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Node, Pointer, parse_pointer

NAME = "x-clientsmith-partial-success"
_POINTERS = ("sent", "received", "total")
_NAMES = ("accepted", "amount")
_KEYS = ("sent", "received", "accepted", "match", "amount", "total")
_REQUIRED = _KEYS[:4]
_POINTER = re.compile(r"(/([^~/]|~[01])*)*")
_EXAMPLE = (
    "for example {sent: /items, received: /items, accepted: done, match: [id], amount: price, total: /sum}"
)


@dataclass(frozen=True, slots=True)
class PartialSuccessNode:
    """The extension with its values read: pointers as steps, and the node that each diagnostic points into."""

    node: Node
    sent: Pointer
    received: Pointer
    accepted: str
    match: tuple[str, ...]
    amount: str | None
    total: Pointer | None


def read_partial_success(node: Node, diagnostics: Diagnostics) -> PartialSuccessNode | None:
    """The extension, or None where diagnostics say what is wrong with it."""
    if not isinstance(node.value, dict):
        _invalid(node, f"the value of {NAME} is not an object", diagnostics, _EXAMPLE)
        return None
    # A list, not a generator: every mistake is reported, not the first one only.
    if not all([_has_its_keys(node, diagnostics), *(_is_good(it, diagnostics) for _, it in node.items())]):
        return None
    match, amount = node.child("match"), node.get("amount")
    return PartialSuccessNode(
        node=node,
        sent=_steps(node, "sent"),
        received=_steps(node, "received"),
        accepted=node.text("accepted"),
        match=tuple(str(item.value) for item in match.elements()),
        amount=str(amount.value) if amount is not None else None,
        total=_steps(node, "total") if amount is not None else None,
    )


def _steps(node: Node, key: str) -> Pointer:
    return parse_pointer(node.text(key)) or ()


def _has_its_keys(node: Node, diagnostics: Diagnostics) -> bool:
    missing = [key for key in _REQUIRED if key not in node.mapping]
    if missing:
        _invalid(node, f"{NAME} has no {' and no '.join(missing)}", diagnostics, _EXAMPLE)
    alone = [key for key in ("amount", "total") if key in node.mapping]
    if len(alone) == 1:
        hint = "name the property that is summed and the place of its sum, or neither"
        _invalid(node.child(alone[0]), "amount and total come together", diagnostics, hint)
    return not missing and len(alone) != 1


def _is_good(member: Node, diagnostics: Diagnostics) -> bool:
    key, value = member.key, member.value
    if key in _POINTERS:
        good = isinstance(value, str) and _POINTER.fullmatch(value) is not None
        message, hint = (
            f"{key} is no JSON pointer (RFC 6901)",
            "it starts at the root of the body: /order/items",
        )
    elif key in _NAMES:
        good, message = isinstance(value, str), f"{key} is not the name of a property"
        hint = "write one name; it is looked up in the items"
    elif key == "match":
        good = _is_list_of_names(member)
        message, hint = "match is not a list of property names, each once", "for example [id, quantity]"
    else:
        close = difflib.get_close_matches(key, _KEYS, 1)
        good, message = False, f"{NAME} has no key {key!r:.80}"
        hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(_KEYS)}"
    if not good:
        _invalid(member, message, diagnostics, hint)
    return good


def _is_list_of_names(member: Node) -> bool:
    names = [item.value for item in member.elements() if isinstance(item.value, str)]
    whole = isinstance(member.value, list) and len(names) == len(member.value)
    return whole and bool(names) and len(set(names)) == len(names)


def _invalid(node: Node, message: str, diagnostics: Diagnostics, hint: str) -> None:
    diagnostics.error("invalid-extension", message, node.place, hint=hint)
