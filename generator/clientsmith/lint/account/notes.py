"""The notes of an account: one for each kind of place that it has found by itself; repeated ones are merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from clientsmith.diagnostics.catalogue import rules
from clientsmith.diagnostics.model import Diagnostic, Place, Related, Severity
from clientsmith.lint.account.model import (
    FORMAT_NOT_CHECKED,
    NOT_CARRIED_OUT,
    NOT_REACHED,
    Account,
    LeftOut,
)

_SHOWN = 3
"""How many places a note about several of them points at."""
_FORMATS = 6
"""How many formats a note names."""

_PARTS = "before OpenAPI 3.1 a part of a body is written by its content type, an item of an array as a part of its own"
_WHY: Mapping[tuple[str, str], str] = {
    ("operation", "callbacks"): "a callback is a call to you, not by you",
    ("response", "links"): "the client follows no links",
    ("response", "headers"): "the client gives the headers of a response as text and does not check them",
    ("media-type", "encoding"): "only forms and parts are written by encodings",
    ("encoding", "headers"): "the client sends no headers of its own with the parts of a body",
    ("encoding", "style"): _PARTS,
    ("encoding", "explode"): _PARTS,
    ("encoding", "allowReserved"): "nothing in a part of a body is percent-encoded",
    ("encoding", "contentType"): "beside 'style', 'explode' or 'allowReserved' it is ignored",
    ("schema", "default"): "the client fills in no defaults; the server does",
    ("schema", "xml"): "the client neither writes nor reads XML",
    ("security-scheme", "flows"): "the client takes a token and does not obtain one",
    ("security-scheme", "openIdConnectUrl"): "the client takes a token and does not obtain one",
    ("server-variable", "enum"): "the client takes the default of a variable, or the base URL that you give",
}
_WHOLE: Mapping[str, str] = {
    "server": "the client takes the first server, or the base URL that you give",
    "server-variable": "the URL does not have a variable of that name",
    "schema": "the body is given as it is, or the keyword around the schema is not carried out",
}


def notes(account: Account, found: Iterable[Diagnostic] = ()) -> Iterator[Diagnostic]:
    """One note for each group of places that no stage has reported: its count, its first place and the next ones.

    A component to which nothing refers is not reached for that reason, so `found` is not repeated.
    """
    unused = {one.place for one in found if one.id == "unused-component"}
    for places in account.groups():
        left = [one for one in places if one.id != NOT_REACHED or one.node.place not in unused]
        reason = _reason(left) if left else None
        if reason is not None:
            first, *others = left
            yield _together(
                Diagnostic(first.id, Severity.NOTE, reason, first.node.place),
                len(left),
                (one.node.place for one in others[: _SHOWN - 1]),
            )


def merged(diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings of a stage; notes about what is left out that say the same become one, with their count."""
    repeated: dict[tuple[str, str], list[Diagnostic]] = {}
    for one in diagnostics:
        if one.severity is Severity.NOTE and rules()[one.id].leaves_out:
            repeated.setdefault((one.id, one.message), []).append(one)
        else:
            yield one
    for first, *others in repeated.values():
        yield _together(first, 1 + len(others), (one.place for one in others[: _SHOWN - 1]))


def _together(first: Diagnostic, count: int, others: Iterable[Place]) -> Diagnostic:
    if count == 1:
        return first
    message = f"{first.message} ({count} places; `lint --account` lists them)"
    related = tuple(Related("also", place) for place in others)
    return replace(first, message=message, related=(*first.related, *related))


def _reason(places: list[LeftOut]) -> str | None:
    """The message for places of one kind; None for those that a stage has reported itself."""
    one = places[0]
    side = {"request": " in requests", "response": " in responses", None: ""}[one.direction]
    if one.id == NOT_REACHED:
        return f"no operation reaches what is under {one.keyword!r:.80}, and nothing is checked against it"
    if one.id == FORMAT_NOT_CHECKED:
        formats = sorted({str(place.node.value) for place in places})
        listed = ", ".join(f"{name:.40}" for name in formats[:_FORMATS])
        return (
            f"values are not checked for their format{side}: {listed}{', ...' if formats[_FORMATS:] else ''}"
        )
    if one.id != NOT_CARRIED_OUT:
        return None
    why = _WHY.get((one.kind, one.keyword)) or (_WHOLE.get(one.kind) if one.node.key != one.keyword else None)
    return f"{one.keyword!r:.80} is not carried out{side}" + (f": {why}" if why else "")
