"""Media types as documents and headers write them: comparison and choice (RFC 9110 section 8.3); no bodies."""

from __future__ import annotations

from collections.abc import Iterable

FORM = "application/x-www-form-urlencoded"


def essence(text: str) -> str:
    """Type and subtype in lower case, without parameters."""
    return text.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether this is JSON by name."""
    return essence(media_type).endswith(("/json", "+json"))


def parameter(text: str, name: str) -> str | None:
    """The value of one parameter of a header such as `text/html; charset=utf-8`, without quotes."""
    for part in text.split(";")[1:]:
        key, _, value = part.partition("=")
        if key.strip().lower() == name:
            return value.strip().strip('"')
    return None


def matches(declared: str, actual: str) -> bool:
    """Whether a received media type is what a document declares, wildcards allowed in the declaration."""
    wanted, given = essence(declared), essence(actual)
    if wanted in (given, "*/*", "*"):
        return True
    kind, _, sub = wanted.partition("/")
    other, _, other_sub = given.partition("/")
    if kind != other:
        return False
    return sub == "*" or (sub.startswith("*+") and other_sub.endswith(sub[1:]))


def best(declared: Iterable[str], actual: str) -> str | None:
    """The declared media type that a received one falls under, the closest first; None where there is none."""
    fitting = [one for one in declared if matches(one, actual)]
    return min(fitting, key=lambda one: one.count("*")) if fitting else None


_MAX_RANGES = 100
"""Of an Accept header; those after it are not looked at."""


def accepted(declared: list[str], accept: str | None) -> str | None:
    """The declared media type that a client likes best; the first JSON one where Accept says nothing that helps."""
    if not declared:
        return None
    for wanted in _preferences(accept or ""):
        for one in declared:
            if wanted != "*/*" and matches(wanted, one):
                return one
    return next((one for one in declared if is_json(one)), declared[0])


def _preferences(accept: str) -> list[str]:
    ranked: list[tuple[float, str]] = []
    for part in accept.split(",", _MAX_RANGES)[:_MAX_RANGES]:
        if not part.strip():
            continue
        try:
            quality = float(parameter(part, "q") or 1)
        except ValueError:
            quality = 0.0
        if quality > 0:
            ranked.append((-quality, essence(part)))
    return [one for _, one in sorted(ranked, key=lambda pair: pair[0])]
