"""The method names that an operation id allows, the best first; which of them is free is decided in `operations`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clientsmith.api.model.naming import (
    JOINING_WORDS,
    METHOD_RESERVED,
    argument_name,
    singular,
    words,
)
from clientsmith.document.operations import FoundOperation

VERSION = re.compile(r"v?[0-9][0-9._-]*|api|rest")
"""A segment of a path that says nothing about what is behind it."""
_LONG = 60
_SEPARATORS = re.compile(r"[\W_]+")
_PARAMETER = re.compile(r"\{([^{}]*)\}")
_TRAILING_VERSION = re.compile(r"(?:v[0-9]+(?:[._-]?[0-9]+)*)?")
_CONTROLLER = re.compile(r"^[\w.]*?[A-Za-z0-9]Controller[_.:#/@-]+(?=[A-Za-z])")
_VERBS = frozenset(
    {
        "add", "cancel", "check", "create", "delete", "fetch", "find", "get", "list", "patch", "post", "put", "query",
        "read", "remove", "retrieve", "search", "set", "show", "update", "upsert",
    }
)  # fmt: skip
_PARTICLES = {
    "in": frozenset({"check", "clock", "log", "opt", "plug", "sign"}),
    "on": frozenset({"carry", "log", "sign", "switch", "turn"}),
}
"""Words that are part of the verb before them: `sign_in` is whole, `list_in` is not."""


def forms(operation: FoundOperation, tag: str) -> tuple[str, ...]:
    """The names that an operation can have, shortest first; the last one is the whole id, or method and path."""
    operation_id = operation.node.text("operationId")
    if operation_id:
        found = list(_short_forms(operation, operation_id, tag))
        whole = argument_name(operation_id, METHOD_RESERVED)
    else:
        found = []
        path = _PARAMETER.sub(r"by \1", operation.path)
        whole = argument_name(f"{operation.method.lower()} {path}", METHOD_RESERVED)
        if len(whole) > _LONG:
            found = [_method_name(form) for form in _path_forms(operation)]
    readable = [name for name in (*found, whole) if len(name) <= _LONG]
    cut = [] if readable else [_cut_to_length(next(iter(found), whole)), *found]
    return tuple(dict.fromkeys((*readable, *cut, whole)))


def _short_forms(operation: FoundOperation, operation_id: str, tag: str) -> Iterator[str]:
    if _is_path(operation, operation_id):
        bases = _path_forms(operation)
    else:
        text = _without_path(operation, _CONTROLLER.sub("", operation_id))
        bases = [[word.lower() for word in words(text)]]
    said = [word.lower() for word in words(tag)]
    if bases[0]:
        yield _method_name(_without_tag(bases[0], said))
        yield from map(_method_name, bases)


def _method_name(parts: list[str]) -> str:
    return argument_name("_".join(parts), METHOD_RESERVED)


def _cut_to_length(name: str) -> str:
    """The whole words that fit, without one at the end that leads to what was cut; nothing is cut within a word."""
    kept = name[: _LONG + 1].split("_")[:-1]
    while kept and (kept[-1] in JOINING_WORDS or kept[-1].isdecimal()):
        kept.pop()
    return _method_name(kept) if kept else name


def _folded(text: str) -> str:
    return _SEPARATORS.sub("_", text).strip("_").lower()


def _without_path(operation: FoundOperation, operation_id: str) -> str:
    """The name of the function, if the id is that name, the path and the method, as FastAPI joins them."""
    path, method = _folded(operation.path), operation.method.lower()
    if not path:
        return operation_id.removesuffix(f"__{method}") or operation_id
    folded = _folded(operation_id)
    own = folded.removesuffix(f"_{path}_{method}")
    if own == folded or not own:
        return operation_id
    # Taken from the id itself: its capitals separate words.
    return _SEPARATORS.sub("_", operation_id).strip("_")[: len(own)]


def _segments(operation: FoundOperation) -> list[str]:
    """The segments of a path after those at its start that are a version or the like."""
    segments = [segment for segment in operation.path.split("/") if segment]
    first = next((n for n, one in enumerate(segments) if not VERSION.fullmatch(one.lower())), 0)
    return segments[first:]


def _is_path(operation: FoundOperation, operation_id: str) -> bool:
    """Whether an id says the path and nothing else, with the method before or after it, or as a path is written."""
    squashed, method = _squashed(operation_id), operation.method.lower()
    segments = _segments(operation)
    if len(segments) < 2:
        return False
    whole = [segment for segment in operation.path.split("/") if segment]
    candidates = [squashed.removeprefix(method)] if squashed.startswith(method) else []
    if squashed.endswith(method):
        candidates.append(squashed.removesuffix(method))
    if operation_id.startswith("/") or "{" in operation_id:
        candidates.append(squashed)
    return any(_spells(text, path) for text in candidates for path in (segments, whole))


def _spells(text: str, segments: list[str]) -> bool:
    """Whether a text is the segments one after the other; it may leave parameters out, and end in a version."""
    positions = {0}
    for segment in segments:
        wanted = _squashed(segment)
        lead = {f"by{wanted}", wanted, "id", ""} if _PARAMETER.search(segment) else {wanted}
        positions = {start + len(one) for start in positions for one in lead if text.startswith(one, start)}
    return any(_TRAILING_VERSION.fullmatch(text, start) for start in positions)


def _squashed(text: str) -> str:
    return _SEPARATORS.sub("", text).lower()


def _path_forms(operation: FoundOperation) -> list[list[str]]:
    """The method with the last literal segments of the path, then with more of it."""
    method, segments = operation.method.lower(), _segments(operation)
    literals = [n for n, one in enumerate(segments) if not _PARAMETER.search(one)]
    if not literals:
        return [[method]]
    last = literals[-1]
    first = next((n for n in range(last, 0, -1) if n - 1 not in literals), 0)
    owner = [segments[n] for n in literals if n < first][-1:]
    by = [f"by {one}" for one in segments[last + 1 :][-1:]]
    runs = (
        segments[first : last + 1],
        [*segments[first : last + 1], *by],
        [*owner, *segments[first : last + 1]],
        [segments[n] for n in literals],
    )
    return [[method, *(word.lower() for part in run for word in words(part))] for run in runs]


def _without_tag(own: list[str], said: list[str]) -> list[str]:
    """The words without those that the resource already says ("fetchListing" of "Listings": `fetch`).

    Only words at one end are taken out ("listPetOwners" of "Pets" is not `list_owners`), and only if what is left can
    stand alone.
    """
    for form in ([*said, "controller"], said, [*said[:-1], singular(said[-1])]) if said else ():
        length = len(form)
        if own[:length] == form and _stands_at_start(own[length:]):
            return own[length:]
        if own[-length:] == form and _stands_at_end(own[:-length]):
            return own[:-length]
    return own


def _stands_at_start(rest: list[str]) -> bool:
    return bool(rest) and rest[0] not in JOINING_WORDS


def _stands_at_end(rest: list[str]) -> bool:
    """Whether words say something without those that came after: `create_a`, `add_tag_for` and `post_get` do not."""
    if not rest:
        return False
    *before, last = rest
    if last in JOINING_WORDS:
        return len(before) == 1 and before[0] in _PARTICLES.get(last, ())
    return not (len(before) == 1 and before[0] in _VERBS and last in _VERBS)
