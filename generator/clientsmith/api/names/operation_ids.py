"""Finds the name in an operation id, without the path, the method and the class that frameworks put around it."""

from __future__ import annotations

import re

from clientsmith.document.grammar import METHODS
from clientsmith.document.operations import FoundOperation

VERBS = frozenset(
    {
        "add", "cancel", "check", "create", "delete", "destroy", "fetch", "find", "get", "list", "patch", "post", "put",
        "query", "read", "remove", "replace", "retrieve", "search", "set", "show", "update", "upsert",
    }
)  # fmt: skip
_OTHER_VERBS = (*sorted(VERBS), "partial_update")
VERSION = re.compile(r"v?[0-9][0-9._-]*|api|rest")
"""A segment of a path that says nothing about what is behind it."""
_SEPARATORS = re.compile(r"[\W_]+")
PARAMETER = re.compile(r"\{([^{}]*)\}")
_TRAILING_VERSION = re.compile(r"(?:v[0-9]+(?:[._-]?[0-9]+)*)?")
_CLASS = re.compile(
    r"^(?:[\w-]+[./])*([A-Za-z][A-Za-z0-9]*?)(?:Controller|Handler|Resource|Service)[_.:#/@-]+(?=[A-Za-z])"
)


def without_class(operation_id: str) -> tuple[str, str]:
    """The name of the method of a controller, and what the controller is for (`PetsController_list`); else the id."""
    found = _CLASS.match(operation_id)
    return ("", operation_id) if found is None else (found[1], operation_id[found.end() :])


def without_path(operation: FoundOperation, operation_id: str) -> str:
    """The name of the function, if the id is that name, the path and a method, as FastAPI joins them; else the id.

    A function of several methods has the first of them in the ids of all, so it need not be that of the operation.
    """
    folded = _folded(operation_id)
    stem = next((folded.removesuffix(f"_{one}") for one in METHODS if folded.endswith(f"_{one}")), folded)
    if stem == folded:
        return operation_id
    paths = {_folded(operation.path), _folded("/".join(segments(operation)))}
    if paths == {""}:
        own = stem
    else:
        own = next((stem.removesuffix(f"_{path}") for path in paths if stem.endswith(f"_{path}")), "")
    while own and (version := re.search(r"_(?:v[0-9]+|api)$", own)) and own != folded and paths != {""}:
        own = own[: version.start()]
    # Taken from the id itself: its capitals separate words.
    return _SEPARATORS.sub("_", operation_id).strip("_")[: len(own)] or operation_id


def segments(operation: FoundOperation) -> list[str]:
    """The segments of a path after those at its start that are a version or the like."""
    every = [segment for segment in operation.path.split("/") if segment]
    first = next((n for n, one in enumerate(every) if not VERSION.fullmatch(one.lower())), 0)
    return every[first:]


def verb_of_path(operation: FoundOperation) -> str:
    """The verb of an id that is a verb and the path and nothing else, or the path as it is written; else empty.

    Without an id it is the method. A verb and one word (`getPets` of `/pets`) is not taken for a path, since people
    write such names too.
    """
    operation_id, method = operation.node.text("operationId"), operation.method.lower()
    if not operation_id:
        return method
    text = _squashed(operation_id)
    whole = [segment for segment in operation.path.split("/") if segment]
    for path in (segments(operation), whole):
        is_one_word = len(path) == 1 and not PARAMETER.search(path[0])
        for verb in (method, *(() if is_one_word else _OTHER_VERBS)):
            squashed = _squashed(verb)
            rests = [text.removeprefix(squashed)] if text.startswith(squashed) else []
            rests += [text.removesuffix(squashed)] if text.endswith(squashed) else []
            # Django puts its own verbs behind the literal segments: `pets_retrieve` of `/pets/{id}`.
            ends_in_verb = verb != method and text.endswith(squashed)
            if any(_spells(rest, path, ends_in_verb) for rest in rests) and not (
                is_one_word and rests == [_squashed(path[0])]
            ):
                return verb
        if ("{" in operation_id or operation_id.startswith("/")) and _spells(text, path, False):
            return method
    return ""


def _spells(text: str, path: list[str], without_last: bool) -> bool:
    """Whether a text is the segments one after the other; it may leave out inner parameters, and end in a version."""
    positions = {0}
    for index, segment in enumerate(path, start=1):
        wanted = _squashed(segment)
        lead = {wanted}
        if PARAMETER.search(segment):
            lead |= {f"by{wanted}", "id"} | ({""} if index < len(path) or without_last else set())
        positions = {start + len(one) for start in positions for one in lead if text.startswith(one, start)}
    return bool(path) and any(_TRAILING_VERSION.fullmatch(text, start) for start in positions)


def _squashed(text: str) -> str:
    return _SEPARATORS.sub("", text).lower()


def _folded(text: str) -> str:
    return _SEPARATORS.sub("_", text).strip("_").lower()
