"""Where the statements of a models module go: a value that is no text follows what it names."""

from __future__ import annotations

from collections.abc import Collection, Mapping


def on_loops(leads_to: Mapping[str, Collection[str]]) -> frozenset[str]:
    """The names that lead back to themselves, and those between two loops; as cheap as reading every edge once."""
    led_to: dict[str, list[str]] = {name: [] for name in leads_to}
    for name, others in leads_to.items():
        for other in others:
            led_to[other].append(name)
    return _without_ends(_without_ends(frozenset(leads_to), led_to, leads_to), leads_to, led_to)


def _without_ends(
    names: frozenset[str], before: Mapping[str, Collection[str]], after: Mapping[str, Collection[str]]
) -> frozenset[str]:
    """The names without those from which nothing leads on, again and again."""
    left = {name: sum(other in names for other in after[name]) for name in names}
    ends = [name for name, count in left.items() if not count]
    for end in ends:
        for name in before[end]:
            if name in left:
                left[name] -= 1
                if not left[name]:
                    ends.append(name)
    return names - {*ends}


class StatementOrder:
    """Delays aliases until every name that they need is defined; classes need none.

    No alias may lead back to itself by what it needs.
    """

    def __init__(self, needs: Mapping[str, Collection[str]]) -> None:
        self._missing = {name: set(needed) for name, needed in needs.items()}
        self._waiting: dict[str, list[str]] = {}
        for name, needed in needs.items():
            for one in needed:
                self._waiting.setdefault(one, []).append(name)
        self._met = set[str]()

    def at(self, name: str) -> list[str]:
        """The names to define at the place of a statement: none if it has to wait, else it and those it lets go."""
        self._met.add(name)
        defined = [] if self._missing.get(name) else [name]
        for one in defined:
            for other in self._waiting.pop(one, ()):
                self._missing[other].discard(one)
                if not self._missing[other] and other in self._met:
                    defined.append(other)
        return defined
