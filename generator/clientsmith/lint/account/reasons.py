"""Why a member is not carried out, in words, for those that the account has found by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clientsmith.lint.account.model import LeftOut

NOT_CARRIED_OUT = "not-carried-out"
NOT_REACHED = "not-reached"
FORMAT_NOT_CHECKED = "format-not-checked"

_WHY: Mapping[tuple[str, str], str] = {
    ("operation", "callbacks"): "a callback is a call to you, not by you",
    ("response", "links"): "the client follows no links",
    ("response", "headers"): "the client gives the headers of a response as text and does not check them",
    ("encoding", "headers"): "the client sends no headers of its own with the parts of a body",
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


def reason_of(one: LeftOut) -> str | None:
    """What to say of a place; None for one that a stage has reported itself."""
    side = {"request": " in requests", "response": " in responses", None: ""}[one.direction]
    if one.id == NOT_REACHED:
        return f"no operation reaches what is under {one.keyword!r:.80}, and nothing is checked against it"
    if one.id == FORMAT_NOT_CHECKED:
        return f"this format is not checked{side}"
    if one.id != NOT_CARRIED_OUT:
        return None
    why = _WHY.get((one.kind, one.keyword)) or (_WHOLE.get(one.kind) if one.node.key != one.keyword else None)
    return f"{one.keyword!r:.80} is not carried out{side}" + (f": {why}" if why else "")
