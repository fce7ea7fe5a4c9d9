"""What a reference to nothing may have meant: a place that exists and has a similar name; nothing is loaded."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping

from clientsmith.document.model import JSON, Document, Node, render_pointer
from clientsmith.document.references.targets import Reference, step_into
from clientsmith.document.resolved import root_of

_MAX_COMPARISONS = 4_000_000
"""How many pairs of characters are compared in a run: a document may have thousands of mistakes and any names."""


_NAME_COMPARISONS = 50
"""What any name costs besides, in pairs of characters."""


class Suggestions:
    """Finds suggestions until it has compared so much that more would be too dear."""

    def __init__(self, documents: Mapping[str, Document], resources: Mapping[str, Node]) -> None:
        self._documents = documents
        self._resources = resources
        self._left = _MAX_COMPARISONS

    def find(self, reference: Reference) -> str | None:
        """A hint that names a place that exists and is close to one that does not; None without any."""
        start = root_of(self._documents, self._resources, reference.uri)
        if start is None or not reference.pointer:
            return None
        value = start.value
        for index, step in enumerate(reference.pointer):
            known, inner = step_into(value, step)
            if known:
                value = inner
                continue
            close = self._close_match(step, value)
            if close is None:
                break
            pointer = (*reference.pointer[:index], close, *reference.pointer[index + 1 :])
            return f"did you mean #{render_pointer(pointer)}?"
        return self._same_name(start, reference.pointer[-1])

    def _spend(self, step: str, names: Collection[str]) -> bool:
        """Whether a step may still be compared with names; after the first time that is too dear, nothing is."""
        if self._left > 0:
            self._left -= sum(_NAME_COMPARISONS + len(step) * len(name) for name in names)
        return self._left > 0

    def _close_match(self, step: str, value: JSON) -> str | None:
        if not isinstance(value, dict) or not self._spend(step, value):
            return None
        return next(iter(difflib.get_close_matches(step, sorted(value), 1)), None)

    def _same_name(self, start: Node, name: str) -> str | None:
        components = start.get("components")
        if components is None or not self._spend("", components.mapping):
            return None
        for section, node in components.items():
            if name in node.mapping:
                return f"did you mean #{render_pointer(('components', section, name))}?"
        return None
