"""Responses Objects: the declared responses of an operation, and which of them speaks of a status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument, members
from clientsmith.openapi.media_type import contents
from clientsmith.openapi.parameter import Parameter, read_header


@dataclass(frozen=True, slots=True)
class ResponseDeclaration:
    """One declared response; `key` is a status, a range such as `4XX`, or `default`."""

    key: str
    node: Node
    contents: dict[str, Node]
    """Media Type Objects by media type, in the order of the document."""


def responses(operation: Node, resolved: ResolvedDocument) -> dict[str, ResponseDeclaration]:
    """By status, range in capitals or `default`, in the order of the document."""
    declared: dict[str, ResponseDeclaration] = {}
    for stated, one in members(operation.get("responses"), resolved.deref).items():
        if stated.startswith("x-"):
            continue
        key = stated if stated == "default" else stated.upper()
        node = resolved.deref(one)
        declared[key] = ResponseDeclaration(key, node, contents(node, resolved))
    return declared


def response_for(declared: Mapping[str, ResponseDeclaration], status: int) -> ResponseDeclaration | None:
    """What the document says about a status: the status itself, its range, or `default`."""
    keys = (str(status), f"{status // 100}XX", "default")
    return next((declared[key] for key in keys if key in declared), None)


def headers(response: Node, resolved: ResolvedDocument) -> dict[str, Parameter]:
    """The declared headers of a response by name; Content-Type is not one (OpenAPI, Response Object)."""
    listed = response.get("headers")
    return {
        name: read_header(name, node, resolved)
        for name, node in (listed.items() if listed is not None else ())
        if name.lower() != "content-type"
    }
