"""Where a finding is, whatever the order of lists and files: operations by method and path, components by pointer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from clientsmith.diagnostics.model import Diagnostic
from clientsmith.document.grammar import METHODS
from clientsmith.document.model import JSON, Document, Node, Pointer, parse_pointer, render_pointer
from clientsmith.document.references.targets import step_into
from clientsmith.document.resolved import Identity

_DOCUMENTATION = frozenset({"description", "title", "summary", "example", "examples", "externalDocs"})
_NAMES = ("name", "$ref", "url", "operationId", "title")
"""The members that tell items of a list apart, the most telling one first."""
_DIGITS = 20


def fingerprint(rule: str, place: str, values: tuple[str, ...]) -> str:
    """What recognizes a finding: neither wording, lines, order nor the version of the tool change it."""
    text = json.dumps([rule, place, *values], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


@dataclass(slots=True)
class Places:
    """The places of one description: its files, and what references lead to in them.

    `names` are what items of lists are called, by the identity of the item: large ones are named once.
    """

    root: Document
    documents: Mapping[str, Document]
    references: Mapping[Identity, Node]
    names: dict[int, str] = field(default_factory=dict[int, str])
    _holders: dict[Identity, list[Identity]] | None = field(default=None, init=False)

    def fingerprint(self, finding: Diagnostic) -> str:
        """That of a finding: of its id, its effective place, its values and the plain value that is there."""
        document, pointer = self._node(finding.place.pointer or "")
        known, value = _value(document.tree, pointer) if document is not None else (False, None)
        plain = () if not known or isinstance(value, dict | list) else (json.dumps(value),)
        return fingerprint(finding.id, self.effective(finding), (*finding.values, *plain))

    def effective(self, finding: Diagnostic) -> str:
        """The place as `GET /pets /parameters/query.limit` or `/components/schemas/Pet`; empty if it has none."""
        return self.effective_place(finding.place.pointer or "")

    def effective_place(self, shown: str) -> str:
        """The same for a pointer as a place shows it."""
        document, pointer = self._node(shown)
        if document is None:
            return shown
        home, steps = self._steps(document, pointer, frozenset())
        if home is self.root and steps[:1] == ("paths",) and len(steps) > 2 and steps[2] in METHODS:
            return f"{steps[2].upper()} {steps[1]} {render_pointer(steps[3:])}".rstrip()
        return render_pointer(steps) if home is self.root else f"{home.uri}#{render_pointer(steps)}"

    def _node(self, shown: str) -> tuple[Document | None, Pointer]:
        uri, mark, text = shown.rpartition("#") if not shown.startswith("/") else ("", "", shown)
        document = self.documents.get(uri) if mark else self.root
        pointer = parse_pointer(text)
        return (None, ()) if pointer is None else (document, pointer)

    def _steps(
        self, document: Document, pointer: Pointer, met: frozenset[Identity]
    ) -> tuple[Document, Pointer]:
        """The file that a place counts as part of, and the steps in it: what another file holds is where it is used."""
        if document is self.root:
            return document, tuple(self._stable(document.tree, pointer))
        for length in range(len(pointer), -1, -1):
            target = (document.uri, pointer[:length])
            for uri, holder in self._users().get(target, ()) if target not in met else ():
                home, above = self._steps(self.documents[uri], holder, met | {target})
                if home is self.root:
                    _, inner = _value(document.tree, pointer[:length])
                    return home, (*above, *self._stable(inner, pointer[length:]))
        return document, tuple(self._stable(document.tree, pointer))

    def _stable(self, tree: JSON, pointer: Pointer) -> Iterator[str]:
        """The steps of a pointer, with what an item is instead of its number in a list, if this means nothing."""
        around = ""
        for step in pointer:
            known, inner = step_into(tree, step)
            if known and isinstance(tree, list) and around != "prefixItems":
                if id(inner) not in self.names:
                    self.names[id(inner)] = item_name(inner)
                yield self.names[id(inner)]
            else:
                yield step
            tree, around = inner, step

    def _users(self) -> dict[Identity, list[Identity]]:
        """The references to each place of another file; those among the components first, then by name."""
        if self._holders is None:
            self._holders = {}
            for holder, target in self.references.items():
                if target.document is not self.root:
                    self._holders.setdefault(target.identity, []).append(holder)
            for holders in self._holders.values():
                holders.sort(key=lambda one: (one[0] != self.root.uri, one[1][:1] != ("components",), one))
        return self._holders


def _value(tree: JSON, pointer: Pointer) -> tuple[bool, JSON]:
    known = True
    for step in pointer:
        known, tree = step_into(tree, step) if known else (False, None)
    return known, tree


def item_name(item: JSON) -> str:
    """The name that distinguishes an item of a list, wherever in the list it is."""
    if isinstance(item, dict):
        for key in _NAMES:
            name = item.get(key)
            if isinstance(name, str) and name:
                location = item.get("in")
                return f"{location}.{name}" if key == "name" and isinstance(location, str) else name
    if not isinstance(item, dict | list):
        return json.dumps(item)
    text = json.dumps(_meaning(item), sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def _meaning(value: JSON) -> JSON:
    """A value without what only documents it."""
    if isinstance(value, dict):
        return {
            key: _meaning(one)
            for key, one in value.items()
            if key not in _DOCUMENTATION and not key.startswith("x-")
        }
    return [_meaning(one) for one in value] if isinstance(value, list) else value
