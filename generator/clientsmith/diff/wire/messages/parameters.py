"""Compares parameters, and headers, which are parameters by another name: which there are, and how each is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.messages.report import MessageReport
from clientsmith.diff.wire.messages.writing import written
from clientsmith.diff.wire.schema.annotations import announced, compare_deprecation
from clientsmith.document.model import Node
from clientsmith.document.operations import template_names
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.parameter import Parameter
from clientsmith.openapi.response import headers

ParameterKey: TypeAlias = tuple[str, str | int]
RESERVED = {True: "sent as they are", False: "escaped"}
"""How reserved characters are written, by `allowReserved`."""


def compare_parameters(report: MessageReport, old: DescribedOperation, new: DescribedOperation) -> None:
    """The parameters of an operation: those of a path by their position, all others by place and name."""
    before, after = keyed(old), keyed(new)
    gone, added = before.keys() - after.keys(), after.keys() - before.keys()
    for key in sorted(before.keys() & after.keys(), key=str):
        _compare(report, "parameter", before[key], after[key], (old.node, new.node))
    for key in sorted(gone, key=str):
        moved = [
            one
            for one in sorted(added, key=str)
            if one[0] != key[0] and _name(after[one], before[key]) == _name(before[key], after[one])
        ]
        if len(moved) == 1 and key[0] != "path" and moved[0][0] != "path":
            added.discard(moved[0])
            _tell_moved(report, before[key], after[moved[0]], (old.node, new.node))
        else:
            place = _entry(old, before[key])
            _tell_one(report, "parameter", before[key], place, None, new.node)
    for key in sorted(added, key=str):
        _tell_one(report, "parameter", after[key], None, _entry(new, after[key]), new.node)


def compare_headers(
    report: MessageReport, old: Node, new: Node, documents: tuple[ResolvedDocument, ResolvedDocument]
) -> None:
    """The headers of a response or of a part of a multipart body, by name in whatever case."""
    before, after = _headers(old, documents[0]), _headers(new, documents[1])
    for key in sorted(before.keys() | after.keys()):
        mine, theirs = before.get(key), after.get(key)
        if mine is not None and theirs is not None:
            _compare(report, "header", mine[0], theirs[0], (mine[1], theirs[1]))
        elif mine is not None:
            _tell_one(report, "header", mine[0], mine[1], None, new)
        elif theirs is not None:
            _tell_one(report, "header", theirs[0], None, theirs[1], new)


def _headers(owner: Node, document: ResolvedDocument) -> dict[str, tuple[Parameter, Node]]:
    listed = owner.get("headers")
    if listed is None:
        return {}
    return {name.lower(): (one, listed.child(name)) for name, one in headers(owner, document).items()}


def keyed(operation: DescribedOperation) -> Mapping[ParameterKey, Parameter]:
    """Those of the path by their position, all others by place and name."""
    names = template_names(operation.path)
    return {
        ("path", names.index(one.name)) if one.location == "path" else one.key: one
        for one in operation.parameters
    }


def _name(parameter: Parameter, other: Parameter) -> str:
    """The name as it compares with that of another one: as a header it has no case."""
    is_header = "header" in (parameter.location, other.location)
    return parameter.name.lower() if is_header else parameter.name


def _entry(operation: DescribedOperation, parameter: Parameter) -> Node:
    """Where an operation or its path lists a parameter: a shared one is gone from there, not from the components."""
    deref = operation.resolved.deref
    for owner in (operation.node, operation.found.item):
        listed = owner.get("parameters")
        for node in listed.elements() if listed is not None else ():
            if parameter.node is not None and deref(node) == parameter.node:
                return node
    return parameter.node or operation.node


def _label(parameter: Parameter, word: str) -> str:
    return parameter.name if word == "header" else f"{parameter.location}.{parameter.name}"


def _tell_one(
    report: MessageReport, word: str, one: Parameter, old: Node | None, new: Node | None, anchor: Node
) -> None:
    rule = f"required-{word}" if one.required else word
    rule += "-removed" if new is None else "-added"
    said = announced(one.node) if one.node is not None and new is None else ""
    at = new or old or anchor
    report.tell(Difference(rule, old, new, at, anchor, _label(one, word), note=said))


def _tell_moved(report: MessageReport, old: Parameter, new: Parameter, owners: tuple[Node, Node]) -> None:
    places = old.node or owners[0], new.node or owners[1]
    name = new.name
    report.tell(
        Difference("parameter-moved", *places, places[1], places[1], name, old.location, new.location)
    )
    _compare(report, "parameter", old, new, owners)


def _compare(
    report: MessageReport, word: str, old: Parameter, new: Parameter, owners: tuple[Node, Node]
) -> None:
    places = old.node or owners[0], new.node or owners[1]
    name = _label(new, word)

    def tell(rule: str, keyword: str = "", was: str = "", now: str = "") -> None:
        stated = places[0].get(keyword) or places[0], places[1].get(keyword) or places[1]
        report.tell(Difference(rule, *stated, places[1], places[1], name, was, now))

    if old.required != new.required:
        tell(f"{word}-required" if new.required else f"{word}-optional", "required")
    is_query = old.location == new.location == "query"
    if is_query and old.allow_empty != new.allow_empty:
        tell("parameter-empty-allowed" if new.allow_empty else "parameter-empty-refused", "allowEmptyValue")
    compare_deprecation(report.tell, [places[0]], [places[1]], f"{word} {name}")
    schemas = [old.schema] if old.schema else [], [new.schema] if new.schema else []
    is_text = old.media_type is None and new.media_type is None
    pair = report.compare(*schemas, places, is_text=is_text)
    for kind in report.kinds(pair) if old.location == new.location else ():
        is_single = report.is_single(pair) and not (old.allow_reserved or new.allow_reserved)
        ways = written(old, kind, is_single=is_single), written(new, kind, is_single=is_single)
        if ways[0] != ways[1]:
            tell("style-changed", "explode" if old.style == new.style else "style", *ways)
            break
    is_about_text = bool({"string", "array", "object"} & set(report.kinds(pair)))
    if is_query and old.allow_reserved != new.allow_reserved and is_about_text:
        tell(
            "allow-reserved-changed",
            "allowReserved",
            RESERVED[old.allow_reserved],
            RESERVED[new.allow_reserved],
        )
