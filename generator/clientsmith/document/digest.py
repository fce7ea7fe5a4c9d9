"""One hash for a set of documents that neither key order, comments nor spelling of the text can change."""

from __future__ import annotations

import hashlib
import json

from clientsmith.document.resolved import ResolvedDocument


def digest(resolved: ResolvedDocument) -> str:
    """SHA-256 in hex over the canonical JSON of every document of the set, by URI."""
    state = hashlib.sha256()
    for uri in sorted(resolved.documents):
        name = "" if resolved.documents[uri].is_root else uri
        content = [name, resolved.documents[uri].tree]
        canonical = json.dumps(
            content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
        )
        state.update(canonical.encode() + b"\n")
    return state.hexdigest()
