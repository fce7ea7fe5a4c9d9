"""Keys of schemas that are close to a keyword: since OpenAPI 3.1 any key is allowed, so no validator reports them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import cast

from jsonschema.validators import Draft202012Validator  # type: ignore[import-untyped]

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.grammar import Kind
from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.jsonschema.keywords import ANNOTATIONS

_OF_OTHERS = frozenset(
    {"$recursiveAnchor", "$recursiveRef", "dependencies", "else", "maxContains", "minContains", "then"}
)
"""Keywords without a meaning of their own: parts of `if` and `contains`, and what 2020-12 keeps of earlier drafts."""
_CLOSE = 0.75
"""Close enough for two letters of a word of four that changed places."""
_LONGEST = 40
_MOST_KEYS = 2_000
"""A document with more unknown keys than that has a vocabulary of its own."""


def check_spelling(
    resolved: ResolvedDocument, objects: Iterable[tuple[Node, Kind]], diagnostics: Diagnostics
) -> None:
    """Report unknown keys that are near misses of a keyword."""
    meant: dict[str, str | None] = {}
    for node, kind in objects if resolved.version >= (3, 1) else ():
        unknown = node.mapping.keys() - keywords() if kind == "schema" else ()
        for key in sorted(one for one in unknown if not one.startswith("x-") and len(one) <= _LONGEST):
            if key not in meant and len(meant) < _MOST_KEYS:
                meant[key] = _keyword(key)
            keyword = meant.get(key)
            if keyword is not None:
                message = f"{key!r} is not a keyword and says nothing about the values"
                place = node.child(key).place
                diagnostics.warning("misspelt-keyword", message, place, hint=f"did you mean {keyword!r}?")


@cache
def keywords() -> frozenset[str]:
    """The keywords of a schema in OpenAPI 3.1 and later (JSON Schema 2020-12 and OpenAPI's base vocabulary)."""
    asserting = cast("Mapping[str, object]", Draft202012Validator.VALIDATORS)
    return frozenset(asserting) | (ANNOTATIONS - {"nullable", "summary"}) | _OF_OTHERS


def _keyword(key: str) -> str | None:
    folded = {name.casefold(): name for name in keywords()}
    close = difflib.get_close_matches(key.casefold(), sorted(folded), 1, _CLOSE)
    return folded[close[0]] if close else None
