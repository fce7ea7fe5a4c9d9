"""The names and values of a query, a form or a Cookie header, found again by name without looking at all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class Pairs:
    """Names (decoded) and values (still encoded) in their order; names may repeat."""

    __slots__ = ("_bracketed", "_by_name", "_listed")

    def __init__(self, listed: Iterable[tuple[str, str]]) -> None:
        self._listed = list(listed)
        self._by_name: dict[str, list[str]] = {}
        self._bracketed: dict[str, list[tuple[str, str]]] = {}
        for pair in self._listed:
            name, text = pair
            self._by_name.setdefault(name, []).append(text)
            if "[" in name:
                self._bracketed.setdefault(name.partition("[")[0], []).append(pair)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)

    @property
    def names(self) -> Iterable[str]:
        """Every name once, in the order of its first pair."""
        return self._by_name.keys()

    def of(self, name: str) -> list[str]:
        """The values of a name, in their order."""
        return self._by_name.get(name, [])

    def below(self, name: str) -> list[tuple[str, str]]:
        """The pairs whose names go on with a bracket after that name, such as `name[key]`."""
        prefix = name + "["
        candidates = self._bracketed.get(name.partition("[")[0], ())
        return [pair for pair in candidates if pair[0].startswith(prefix)]
