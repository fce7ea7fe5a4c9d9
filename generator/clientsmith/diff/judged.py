"""What the config and the list of ignored changes make of changes: their levels, and which of them count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from clientsmith.accepted.file import Entry, Listed, ListKind
from clientsmith.accepted.judge import Entries
from clientsmith.config.model import ChangedLevel
from clientsmith.config.values import did_you_mean
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diff.model import Change, Level, ReachedOperation
from clientsmith.diff.rules import rules
from clientsmith.document.operations import bare_template

DEFAULT_IGNORE = "diff-ignore.toml"
LEVELS = frozenset({"wire", "python"})
"""What is compared; of changes on the wire that callers do not notice only the wire knows."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A change at the levels that the config sets, and why it is ignored."""

    change: Change
    ignored: str | None = None


def list_kind() -> ListKind:
    """What a file of ignored changes may have."""
    return ListKind(rules(), "`clientsmith diff --accept FINGERPRINT --reason TEXT`", has_operations=True)


def check_levels(levels: Iterable[ChangedLevel], diagnostics: Diagnostics) -> None:
    """Report levels of the config that are for no rule."""
    for one in levels:
        if one.rule not in rules():
            message = f"diff.levels: no change has the rule {one.rule!r:.80}"
            hint = f"{did_you_mean(one.rule, rules())} `clientsmith diff --rules` lists all of them"
            diagnostics.error("config-unknown-name", message, one.place, hint=hint)


def weighed(change: Change, levels: Iterable[ChangedLevel]) -> Change:
    """A change at the levels of the config; where a rule does not count, it stays so."""
    own = [one for one in levels if one.rule == change.rule]
    return replace(
        change,
        request=_weighed(change.request, own),
        response=_weighed(change.response, own),
        python=_weighed(change.python, own),
    )


def _weighed(level: Level, settings: Iterable[ChangedLevel]) -> Level:
    fitting = (one.level for one in settings if one.instead_of in (None, level.word))
    return level if level is Level.NONE else Level[next(fitting, level.word).upper()]


def lowered(levels: Iterable[ChangedLevel]) -> list[tuple[ChangedLevel, str]]:
    """The settings that make changes of a rule weigh less, each with what they weighed."""
    found: list[tuple[ChangedLevel, str]] = []
    for one in levels:
        rule = rules()[one.rule]
        usual = {*rule.request, *rule.response, *rule.python}
        higher = [
            level.word
            for level in reversed(Level)
            if level.word in usual
            and one.instead_of in (None, level.word)
            and level > Level[one.level.upper()]
        ]
        if higher:
            found.append((one, ", ".join(higher)))
    return found


def judge(
    changes: Iterable[Change],
    entries: Sequence[Entry],
    today: date,
    diagnostics: Diagnostics,
    compared: frozenset[str] = LEVELS,
) -> tuple[list[Judged], list[Entry]]:
    """The changes with the reasons of the entries that match them, and the entries that match none.

    Entries without an effect are reported, and those whose change reaches operations that it did not reach then. What
    was not looked for matches nothing, and is not said to: `compared` are the levels that all changes of are known.
    """
    listed = Entries(entries, today)
    judged: list[Judged] = []
    unlimited: dict[Entry, None] = {}
    for change in changes:
        places = [place.pointer for place in (change.old, change.new) if place is not None]
        fitting = [
            *listed.exact(partial(_fingerprint, change)),
            *listed.patterned(change.rule, places),
        ]
        valid = listed.match(fitting)
        covering = next((entry for entry in valid if not _newly_reached(change, entry)), None)
        judged.append(Judged(change, None if covering is None else covering.reason))
        for entry in valid if covering is None else ():
            _report_reached(change, entry, diagnostics)
        for entry in (one for one in valid if one.fingerprint is not None and one.operations is None):
            unlimited[entry] = None
    for entry in unlimited:
        message = "this entry does not say which operations the change reached when it was accepted"
        hint = f"it goes on to cover operations that are reached later; --accept {entry.key} writes them"
        diagnostics.note("accepted-for-every-operation", message, entry.place, hint=hint)
    listed.report(diagnostics)
    return judged, listed.report_stale(diagnostics, lambda entry: _is_looked_for(entry, compared))


def _is_looked_for(entry: Entry, compared: frozenset[str]) -> bool:
    """Whether all changes that an entry may be about are known; a fingerprint alone may be about any rule."""
    if compared == LEVELS:
        return True
    rule = None if entry.rule is None else rules()[entry.rule]
    if rule is None:
        return False
    is_on_wire = bool(rule.request or rule.response)
    return ("wire" if is_on_wire else "python") in compared


def to_accept(key: str, changes: Iterable[Change]) -> Listed | None:
    """What an entry says of the change of that fingerprint, or of a pattern of places; None without such a change."""
    if key.startswith("/") or "#/" in key:
        return Listed(key, "every change there", is_place=True)
    found = [change for change in changes if change.fingerprint == key]
    if not found:
        return None
    about = f"{found[0].rule} at {found[0].at}: {found[0].text}"
    return Listed(
        key, about, tuple(sorted({_identity(one) for change in found for one in change.operations}))
    )


def _fingerprint(change: Change) -> str:
    return change.fingerprint


def _newly_reached(change: Change, entry: Entry) -> list[str]:
    """The operations that a change did not reach when it was accepted; an entry without a list of them allows all."""
    if entry.operations is None:
        return []
    known = {bare_template(one) for one in entry.operations}
    names = {_identity(one) for one in change.operations}
    return sorted(name for name in names if bare_template(name) not in known)


def _report_reached(change: Change, entry: Entry, diagnostics: Diagnostics) -> None:
    new = _newly_reached(change, entry)
    more = f" and {len(new) - 1} more" if len(new) > 1 else ""
    message = f"{change.rule} was accepted before it reached {new[0]:.200}{more}: it is a finding again"
    hint = f"look at it anew, and accept it with --accept {entry.key}"
    diagnostics.warning("accepted-reaches-more", message, entry.place, hint=hint, values=tuple(new))


def _identity(operation: ReachedOperation) -> str:
    return f"{operation.method.upper()} {operation.path}"
