"""The method names that an operation can have, the best first; `contest` decides which it gets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from clientsmith.api.model.lengths import LONGEST, shortened
from clientsmith.api.model.naming import METHOD_RESERVED, argument_forms, argument_name
from clientsmith.api.model.words import JOINING_WORDS, singular, words
from clientsmith.api.names.contest import Wish
from clientsmith.api.names.operation_ids import (
    PARAMETER,
    VERBS,
    segments,
    verb_of_path,
    without_class,
    without_path,
)
from clientsmith.api.names.path_names import Form, path_forms, resource_words, whole_paths
from clientsmith.document.operations import FoundOperation

_SHORTER = 6
"""How many shorter forms of a long name are tried."""
_PARTICLES = {
    "in": frozenset({"check", "clock", "log", "opt", "plug", "sign"}),
    "on": frozenset({"carry", "log", "sign", "switch", "turn"}),
}
"""Words that are part of the verb before them: `sign_in` is whole, `list_in` is not."""


def method_wishes(operation: FoundOperation, tag: str) -> list[Wish]:
    """The names with their ranks; the last one is the whole id, or method and path, however long it is."""
    forms = list(_forms(operation, tag))
    whole = _whole(operation)
    readable = [form for form in forms if len("_".join(form.words)) <= LONGEST]
    if not readable and len(whole) > LONGEST:
        said = {singular(word.lower()) for word in words(tag)}
        long = [form.words for form in forms] or [tuple(whole.split("_"))]
        readable = [Form(tuple(one)) for form in long for one in islice(shortened(form, "_", said), _SHORTER)]
    wishes: dict[str, int] = {}
    for form in readable:
        wishes.setdefault(argument_name("_".join(form.words), METHOD_RESERVED), form.rank)
    wishes.setdefault(whole, 1)
    return list(wishes.items())


def _whole(operation: FoundOperation) -> str:
    path = PARAMETER.sub(r"by \1", operation.path)
    text = operation.node.text("operationId") or f"{operation.method.lower()} {path}"
    return argument_forms(text, METHOD_RESERVED)[-1]


def _forms(operation: FoundOperation, tag: str) -> Iterator[Form]:
    path, verb = segments(operation), verb_of_path(operation)
    said = [word.lower() for word in words(tag)]
    if verb:
        yield from path_forms(verb, path, said or resource_words(path))
        return
    owner, own = without_class(operation.node.text("operationId"))
    name = without_path(operation, own)
    own_words = [word.lower() for word in words(name)]
    if own_words:
        yield Form(tuple(_without_tag(own_words, said, path)))
        yield Form(tuple(own_words))
        if owner:
            yield Form((*(word.lower() for word in words(owner)), *own_words))
        if name != own and len(own_words) == 1:
            yield from whole_paths(own_words[0], path)


def _without_tag(own: list[str], said: list[str], path: Sequence[str]) -> list[str]:
    """The words without those that the resource already says ("fetchListing" of "Listings": `fetch`).

    Only words at one end are taken out ("listPetOwners" of "Pets" is not `list_owners`), and only if what is left can
    stand alone.
    """
    for form in ([*said, "controller"], said, [*said[:-1], singular(said[-1])]) if said else ():
        length = len(form)
        if own[:length] == form and _stands_at_start(own[length:]):
            return own[length:]
        if own[-length:] == form and _stands_at_end(own[:-length], path):
            return own[:-length]
    return own


def _stands_at_start(rest: list[str]) -> bool:
    return bool(rest) and rest[0] not in JOINING_WORDS


def _stands_at_end(rest: list[str], path: Sequence[str]) -> bool:
    """Whether words say something without those that came after: `create_a`, `add_tag_for` and `post_get` do not.

    Nor does `create_booking` for an operation that creates a payment of a booking: the path names the booking before.
    """
    if not rest:
        return False
    *before, last = rest
    if last in JOINING_WORDS:
        return len(before) == 1 and before[0] in _PARTICLES.get(last, ())
    if len(before) == 1 and before[0] in VERBS and last in VERBS:
        return False
    return not (before and last in _owners(path))


def _owners(path: Sequence[str]) -> set[str]:
    """The nouns that the path has a parameter after: `booking` in `/bookings/{id}/payment`."""
    return {
        singular(words(one)[-1].lower())
        for one, after in pairwise(path)
        if PARAMETER.search(after) and not PARAMETER.search(one) and words(one)
    }
