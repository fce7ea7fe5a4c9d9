"""Which component of the last release is which of today, if its pointer or its file is another one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping

from clientsmith.api.model.naming import class_name
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.grammar import Kind
from clientsmith.document.model import Node, parse_pointer

SECTIONS: Mapping[str, Kind] = {
    "schemas": "schema",
    "responses": "response",
    "requestBodies": "request-body",
    "parameters": "parameter",
    "headers": "header",
}
"""The sections of the Components Object whose members are schemas, or hold some."""
_LENGTH = 3
"""Steps to a component of the root document."""


def moved_components(
    before: Mapping[str, str],
    there: Mapping[str, Node],
    is_component: Callable[[Node], bool],
    meaning_of: Callable[[Node], str],
    diagnostics: Diagnostics,
) -> dict[str, str]:
    """The components of now that one of the last release is, each with what that was known by.

    Of those that went and those that came, they are the only ones that mean the same: under the same key, or else under
    any. What is left is known by its key: a component that moves and changes in one step keeps its name. A response is
    never the same as a schema: what each of them means begins with its kind.
    """
    gone = [base for base in before if base not in there]
    came = [base for base in there if base not in before and is_component(there[base])] if gone else []
    meanings = {**before} | {base: meaning_of(there[base]) for base in came}
    match = _Match(gone, came)
    match.pair(lambda base: (meanings[base], _key(base)))
    match.pair(lambda base: meanings[base])
    match.note_ties(lambda base: meanings[base], "mean the same", there, diagnostics)

    def key(base: str) -> Hashable:
        return meanings[base].rpartition(" ")[0], _key(base)

    match.pair(key)
    match.note_ties(key, "have the same key", there, diagnostics)
    return match.found


def kind_of(node: Node, length: int | None = None) -> Kind:
    """The kind of the component that so many steps of a pointer lead to; one of another file counts as a schema."""
    pointer = node.pointer[:length]
    is_listed = node.document.is_root and pointer[:1] == ("components",) and len(pointer) == _LENGTH
    return SECTIONS.get(pointer[1], "schema") if is_listed else "schema"


class _Match:
    """Pairs of bases that were `found` to be the same, and the bases without one on either side."""

    def __init__(self, gone: list[str], came: list[str]) -> None:
        self.found: dict[str, str] = {}
        self._gone, self._came = gone, came

    def pair(self, said: Callable[[str], Hashable]) -> None:
        """Pair those that alone on their side say the same."""
        for old, new in self._groups(said):
            if len(old) == len(new) == 1:
                self.found[new[0]] = old[0]
        self._gone = [base for base in self._gone if base not in self.found.values()]
        self._came = [base for base in self._came if base not in self.found]

    def note_ties(
        self, said: Callable[[str], Hashable], why: str, there: Mapping[str, Node], diagnostics: Diagnostics
    ) -> None:
        """Report those of which several say the same, and leave them out of what follows."""
        for old, new in self._groups(said):
            before, after = (", ".join(sorted(one)) for one in (old, new))
            diagnostics.note(
                "name-not-kept",
                f"{before:.400} went and {after:.400} came, and they {why}: which is which cannot be said, "
                "so that what came has names of its own",
                there[min(new)].place,
                hint="choose names under [names.schemas] in the configuration",
            )
            self._gone = [base for base in self._gone if base not in old]
            self._came = [base for base in self._came if base not in new]

    def _groups(self, said: Callable[[str], Hashable]) -> list[tuple[list[str], list[str]]]:
        """Those that say the same, if there are any of it on both sides."""
        old, new = _grouped(self._gone, said), _grouped(self._came, said)
        return [(bases, new[value]) for value, bases in old.items() if value in new]


def _grouped(bases: Iterable[str], said: Callable[[str], Hashable]) -> dict[Hashable, list[str]]:
    groups: dict[Hashable, list[str]] = {}
    for base in bases:
        groups.setdefault(said(base), []).append(base)
    return groups


def _key(base: str) -> str:
    """What a component is called by its author, as a class is: its key, or its file if that is all of it."""
    uri, _, text = ("", "", base) if base.startswith("/") else base.partition("#")
    pointer = parse_pointer(text)
    return class_name(pointer[-1] if pointer else uri.rpartition("/")[2].partition(".")[0])
