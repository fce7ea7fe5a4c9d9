"""Compares responses by status: success, redirections and errors; ranges and `default` stand in for what they cover."""

from __future__ import annotations

from collections.abc import Mapping

from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.messages.bodies import compare_contents
from clientsmith.diff.wire.messages.parameters import compare_headers
from clientsmith.diff.wire.messages.report import MessageReport
from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument, members
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.response import ResponseDeclaration

Declared = Mapping[str, ResponseDeclaration]


def compare_responses(report: MessageReport, old: DescribedOperation, new: DescribedOperation) -> None:
    """All responses of an operation."""
    before, after = old.responses, new.responses
    documents = old.resolved, new.resolved
    for status in sorted(before.keys() | after.keys()):
        mine, theirs = before.get(status), after.get(status)
        if mine is not None and theirs is not None:
            is_error = not (_is_success(status, before) and _is_success(status, after))
            compare_response(report.of("response", is_error=is_error), mine, theirs, documents)
        elif mine is not None:
            _compare_gone(report, mine, (before, after), (old, new))
        elif theirs is not None:
            _compare_added(report, theirs, (before, after), (old, new))


def compare_response(
    report: MessageReport,
    old: ResponseDeclaration,
    new: ResponseDeclaration,
    documents: tuple[ResolvedDocument, ResolvedDocument],
) -> None:
    """Two Response Objects: headers and body."""
    compare_headers(report, old.node, new.node, documents)
    if bool(old.contents) != bool(new.contents):
        rule = "body-added" if new.contents else "body-removed"
        mine, theirs = (one.node.get("content") if one.contents else None for one in (old, new))
        report.tell(Difference(rule, mine, theirs, new.node, new.node, "body"))
        return
    compare_contents(report, (old.node, new.node), old.contents, new.contents)


def _is_success(status: str, declared: Declared) -> bool:
    """Whether a response is one of success; `default` is if no other one is declared."""
    return status.startswith("2") or (
        status == "default" and not any(one.startswith("2") for one in declared)
    )


def _covering(status: str, declared: Declared) -> ResponseDeclaration | None:
    """The range or `default` that speaks of a status; for a success `default` counts only without a success."""
    in_range = declared.get(f"{status[0]}XX")
    if in_range is not None or status == "default":
        return in_range
    is_covered = not status.startswith("2") or _is_success("default", declared)
    return declared.get("default") if is_covered else None


def _word(status: str, declared: Declared) -> str:
    if _is_success(status, declared):
        return "success"
    return "redirect" if status.startswith("3") else "error"


def _place(operation: DescribedOperation, status: str) -> Node:
    """Where an operation lists a status; a shared response is gone from there, not from the components."""
    listed = members(operation.node.get("responses"), operation.resolved.deref)
    return next((node for key, node in listed.items() if key.upper() == status.upper()), operation.node)


def _compare_gone(
    report: MessageReport,
    one: ResponseDeclaration,
    declared: tuple[Declared, Declared],
    operations: tuple[DescribedOperation, DescribedOperation],
) -> None:
    before, after = declared
    word, cover = _word(one.key, before), _covering(one.key, after)
    inner = report.of("response", is_error=word != "success")
    if word == "success" and cover is not None:
        compare_response(inner, one, cover, (operations[0].resolved, operations[1].resolved))
        return
    is_narrower = one.key == "2XX" and any(status.startswith("2") for status in after)
    place, anchor = _place(operations[0], one.key), operations[1].node
    finding = Difference(
        f"{word}-status-removed", place, None, place, anchor, one.key, is_severe=not is_narrower
    )
    report.of("response").tell(finding)


def _compare_added(
    report: MessageReport,
    one: ResponseDeclaration,
    declared: tuple[Declared, Declared],
    operations: tuple[DescribedOperation, DescribedOperation],
) -> None:
    before, after = declared
    word, cover = _word(one.key, after), _covering(one.key, before)
    if cover is not None:
        inner = report.of("response", is_error=word != "success")
        compare_response(inner, cover, one, (operations[0].resolved, operations[1].resolved))
    has_body = any(other.contents for status, other in before.items() if _is_success(status, before))
    place, anchor = _place(operations[1], one.key), operations[1].node
    is_severe = cover is None and has_body
    finding = Difference(f"{word}-status-added", None, place, place, anchor, one.key, is_severe=is_severe)
    report.of("response").tell(finding)
