"""One hash for a set of documents that neither key order, comments nor spelling of the text can change."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from operator import itemgetter
from typing import cast

from clientsmith.document.resolved import ResolvedDocument
from clientsmith.json_values.decimals import normalized


def digest(resolved: ResolvedDocument) -> str:
    """SHA-256 in hex over the canonical JSON of every document of the set, by URI; the root counts without its name."""
    state = hashlib.sha256()
    trees = {"" if one.is_root else uri: one.tree for uri, one in resolved.documents.items()}
    for content in sorted(trees.items(), key=itemgetter(0)):
        canonical = json.dumps(
            content,
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
            allow_nan=False,
            default=_number,
        )
        state.update(canonical.encode() + b"\n")
    return state.hexdigest()


def _number(value: object) -> list[str]:
    """A number that no float has the digits of, in a form that no text of a document has."""
    return [str(normalized(cast("Decimal", value)))]
