"""Changes as lines of a changelog, for those who call the package: what changed, from what to what, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from clientsmith.characters import visible
from clientsmith.diff.changelog.entry import Entry, Line
from clientsmith.diff.model import Change, Level
from clientsmith.diff.python.finding import IN_CONFIG
from clientsmith.diff.python.subjects import methods_text
from clientsmith.diff.rules import Section, rules

_OF_VALUES = (
    "bound-", "condition-", "content-", "default-", "discriminator-", "enum-", "format-", "pattern-", "union-",
)  # fmt: skip
"""Rules about the values of a type: which ones changed says more than the types before and after."""
_LEAVE_OLD_NAMES = frozenset({"argument-renamed", "class-renamed", "client-renamed", "method-renamed"})
"""Rules whose changes are breaking unless the old name works on."""
_NAME = re.compile(r"`([\w.]+)`")
_CLASS = re.compile(r"class `\w+` is (?:new|gone)")
_LONGEST = 500
_LONGEST_LIST = 3000
"""Of a line that lists every name that one change reaches."""
_MOST = 300
"""Changes of one release; the others are counted."""
_NOTICED = 3
_NOTHING = "nothing"
"""How hints begin if nobody has to do anything."""


def first_entry(version: str, date: date | None = None) -> Entry:
    """The entry of a first release."""
    return Entry(version, (Line("added", "First release."),), date)


def entry_of(version: str, changes: Iterable[Change], date: date | None = None) -> Entry:
    """The entry of a release with the changes since the one before, ignored ones included; breaking ones first."""
    counted = [change for change in changes if change.level is not Level.NONE]
    ordered = sorted(counted, key=lambda one: (-one.level, one.at, one.rule, one.values, one.text))
    lines = list(dict.fromkeys(map(_line, ordered)))
    if len(lines) > _MOST:
        more = f"{len(lines) - _MOST:,} more changes are not listed; `clientsmith diff` between the documents has all."
        lines = [*lines[:_MOST], Line("changed", more)]
    return Entry(version, tuple(lines) or (Line("changed", "Nothing that callers notice."),), date)


def _line(change: Change) -> Line:
    is_breaking = change.level is Level.BREAKING
    is_listed = _is_listed(change)
    text, rest = _text(change), ""
    if change.hint and change.level > Level.INFO and not change.hint.startswith(_NOTHING):
        if is_listed and 0 < change.advised < len(change.callers):
            text = _sentence("; ".join(change.callers[: change.advised]))
            rest = f" Nothing has to be done for the rest: {'; '.join(change.callers[change.advised :])}."
        text += f" {_sentence(_hint(change))}{rest}"
    text = " ".join(visible(text).split())
    longest = _LONGEST_LIST if is_listed else _LONGEST
    return Line(_section(change), text[: longest - 1] + "…" if len(text) > longest else text, is_breaking)


def _is_listed(change: Change) -> bool:
    """Whether what callers notice says more than what happens on the wire."""
    return bool(change.callers) and not change.rule.startswith(_OF_VALUES)


def _section(change: Change) -> Section:
    """That of the rule; an addition that breaks callers changes what they have, and an old name that works is old."""
    section = rules()[change.rule].section
    if change.rule in _LEAVE_OLD_NAMES and change.python is Level.INFO:
        return "deprecated"
    return "changed" if section == "added" and change.level is Level.BREAKING else section


def _text(change: Change) -> str:
    names = [one.python for one in change.operations if one.python]
    if _is_listed(change):
        reached = f" for {methods_text(names)}" if change.rule == "credential-order-changed" else ""
        return _sentence("; ".join(change.callers) + reached)
    what = _with_classes(change.text.removeprefix(f"{change.at}: "), change)
    if not change.subject:
        return _sentence(change.text)
    used = f" (used by {methods_text(names)})" if names and "client." not in change.subject else ""
    return _sentence(f"{change.subject}{used}: {what}")


def _with_classes(text: str, change: Change) -> str:
    """What is said of a member of a union, with the classes that come or go with it; one without a name is just one."""
    classes = [found[0] for one in change.callers for found in [_CLASS.match(one)] if found]
    if not change.rule.startswith("union-member-") or not classes:
        return text
    return "; ".join([re.sub(r"the member (?:object|array)\b", "a member", text), *classes[:_NOTICED]])


def _hint(change: Change) -> str:
    """What callers have to do, with methods as they write them, and the other names of the text in backticks."""
    told = change.hint.partition(IN_CONFIG)[0]
    methods = {one.python for one in change.operations if one.python}
    methods |= set(change.values) if change.rule.startswith("method-") else set()
    names = "|".join(map(re.escape, sorted(methods, key=len, reverse=True)))
    hint = re.sub(rf"(?<![\w.])({names})\(\)", r"`client.\1()`", told) if methods else told
    known = {name for text in change.callers for name in _NAME.findall(text)}
    known |= {name.rpartition(".")[2] for name in known}
    if change.hint == rules()[change.rule].hint or not known:
        return hint
    names = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    return re.sub(rf" ({names})(?=[ ,;]|$)", r" `\1`", hint)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
