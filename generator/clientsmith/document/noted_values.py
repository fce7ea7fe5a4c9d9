"""Extensions that hold more than a flag: hints on refused values, sizes to warn at, notifications of other services."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Node

HINTS = "x-clientsmith-hints"
WARN_ABOVE = "x-clientsmith-warn-above"
NOTIFICATION = "x-clientsmith-notification"
_HTTPS = re.compile(r"https://[^\s<>\"']+")


@dataclass(frozen=True, slots=True)
class Hint:
    """The text to add to the refusal of a value in which a pattern (ECMA 262) is found."""

    pattern: str
    hint: str


@dataclass(frozen=True, slots=True)
class Notification:
    """What an answer raises in another service: its level, for how many days it can be read, and at which URL."""

    service: str
    level: str
    days: int | None = None
    url: str = ""


def read_hints(owner: Node) -> tuple[Hint, ...]:
    """The hints of a parameter."""
    listed = owner.get(HINTS)
    elements = listed.elements() if listed is not None else ()
    return tuple(Hint(one.text("pattern"), one.text("hint")) for one in elements)


def read_warn_above(owner: Node) -> int | None:
    """The number of bytes of one field above which a client warns."""
    limit = owner.mapping.get(WARN_ABOVE)
    return limit if isinstance(limit, int) else None


def read_notification(owner: Node) -> Notification | None:
    """The notification that a response raises in another service."""
    node = owner.get(NOTIFICATION)
    if node is None:
        return None
    days = node.mapping.get("days")
    return Notification(
        node.text("service"), node.text("level"), days if isinstance(days, int) else None, node.text("url")
    )


def check_hints(member: Node, diagnostics: Diagnostics) -> None:
    """Report a value that is not a list of hints."""
    if not isinstance(member.value, list) or not member.value:
        _invalid(member, "is not a list of hints", diagnostics)
        return
    for one in member.elements():
        if problem := _hint_problem(one):
            _invalid(one, problem, diagnostics)


def check_warn_above(member: Node, diagnostics: Diagnostics) -> None:
    """Report a value that is not a number of bytes."""
    if not isinstance(member.value, int) or isinstance(member.value, bool) or member.value < 1:
        _invalid(member, "is not a whole number of bytes of at least 1", diagnostics)


def check_notification(member: Node, diagnostics: Diagnostics) -> None:
    """Report a value that is not a notification."""
    problems = list(_notification_problems(member.value))
    for problem in problems:
        _invalid(member, problem, diagnostics)


def _hint_problem(node: Node) -> str:
    if not isinstance(node.value, dict) or set(node.mapping) != {"pattern", "hint"}:
        return "needs the keys pattern and hint, and no others"
    is_text = all(isinstance(value, str) and value for value in node.mapping.values())
    return "" if is_text else "has a pattern or a hint that is not text"


def _notification_problems(value: object) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "is not an object"
        return
    stated = cast("Mapping[str, object]", value)
    if unknown := sorted(stated.keys() - {"service", "level", "days", "url"}):
        yield f"has no key {unknown[0]!r:.80}; known are service, level, days, url"
    if not all(isinstance(stated.get(key), str) and stated[key] for key in ("service", "level")):
        yield "needs texts for service and level"
    days = stated.get("days", 1)
    if not isinstance(days, int) or isinstance(days, bool) or days < 1:
        yield "has days that are not a whole number of at least 1"
    url = stated.get("url", "https://x")
    if not isinstance(url, str) or not _HTTPS.fullmatch(url):
        yield "has a url that is not an https URL"


def _invalid(node: Node, problem: str, diagnostics: Diagnostics) -> None:
    diagnostics.error("invalid-extension", f"{node.key:.80} {problem}", node.place)
