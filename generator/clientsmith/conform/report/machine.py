"""A report for programs: JSON (version 1), JUnit XML, HAR 1.2, and diagnostics, for annotations at the spec line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar
from xml.etree import ElementTree

from clientsmith.characters import escape_lines
from clientsmith.conform.client.calls import SECRET
from clientsmith.conform.model import PARTS, Failure, Report
from clientsmith.conform.report.text import CONVERTED, shown_uncovered, verdict
from clientsmith.diagnostics.model import Diagnostic, Diagnostics, Place, Severity
from clientsmith.traffic.message import HttpRequest, HttpResponse
from clientsmith.traffic.tapes import har_write

_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})


def render_json(report: Report) -> str:
    """`{"version": 1, "clean": ..., "summary": ..., "cells": [...], "failures": [...], ...}`; places as in `lint`."""
    tree: dict[str, Any] = {
        "version": 1,
        "clean": report.is_clean,
        "finished": not report.unfinished,
        "verdict": verdict(report),
        "spec": report.spec,
        "title": report.title,
        "api_version": report.version,
        "package": report.package,
        "client": report.client,
        "clientsmith": report.tool,
        "seed": report.seed,
        "budget": report.budget,
        "rounds": report.rounds,
        "seconds": round(report.seconds, 3),
        "checks": report.checks,
        "skipped": 0,
        "cells": [
            {"operation": cell.operation, "status": cell.status, "direction": cell.direction, "mode": cell.mode,
             "checks": checks}
            for cell, checks in report.cells.items()
        ],
        "parameters": [
            {"operation": key[0], "in": key[1], "name": key[2], "valid": one.valid, "invalid": one.invalid,
             "samples": list(one.samples)}
            for key, one in report.parameters.items()
        ],
        "media_types": [
            {"operation": key[0], "direction": key[1], "status": key[2], "media_type": key[3], "messages": number}
            for key, number in report.media_types.items()
        ],
        "phases": dict(report.phases),
        "units": [
            {"part": one.part, "name": one.name, "checks": one.checks, "seconds": round(one.seconds, 3),
             "failures": len(one.failures)}
            for one in report.units
        ],
        "failures": [_failure(one) for one in report.failures],
        "accepted": [
            {"operation": one.operation, "reason": one.reason, "drawn": one.drawn,
             "refused_by_server": one.refused_by_server, "declared": one.declared, **_place(one.place)}
            for one in report.accepted
        ],
        "left_out": list(report.left_out),
    }  # fmt: skip
    return json.dumps(tree, indent=2) + "\n"


def _failure(one: Failure) -> dict[str, Any]:
    facts = {
        "id": one.id, "part": one.part, "operation": one.operation, "mode": one.mode, "status": one.status,
        "message": one.message, "drawn": one.drawn, "python": one.python, "curl": one.curl,
    }  # fmt: skip
    return facts | _place(one.place)


def _place(place: Place) -> dict[str, Any]:
    span = place.span
    return {
        "file": span.file if span else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "pointer": place.pointer,
    }


def render_junit(report: Report) -> str:
    """JUnit XML: a suite for each part, a case for each unit; what was not looked at is a failed case as well."""
    root = ElementTree.Element("testsuites")
    cases = failures = 0
    for part in PARTS:
        units = [unit for unit in report.units if unit.part == part]
        if not units:
            continue
        failed = sum(bool(unit.failures) for unit in units)
        suite = _suite(root, part, len(units), failed, sum(unit.seconds for unit in units))
        cases, failures = cases + len(units), failures + failed
        for unit in units:
            case = _element(
                suite, "testcase", classname=f"clientsmith.{part}", name=unit.name, time=f"{unit.seconds:.3f}"
            )
            if unit.failures:
                first = unit.failures[0]
                found = _element(case, "failure", type=first.id, message=f"{first.id}: {first.message}"[:500])
                found.text = _xml("\n\n".join(_told(one) for one in unit.failures))
    missing = [shown_uncovered(report, cell) for cell in report.uncovered]
    missing += [report.unfinished] if report.unfinished else []
    suite = _suite(root, "coverage", max(len(missing), 1), len(missing), 0)
    for text in missing or [f"{len(report.cells)} cells"]:
        case = _element(suite, "testcase", classname="clientsmith.coverage", name=text, time="0")
        if missing:
            _element(case, "failure", type="not-covered", message="this was never looked at")
    for name, number in (
        ("tests", cases + max(len(missing), 1)),
        ("failures", failures + len(missing)),
        ("errors", 0),
        ("skipped", 0),
    ):
        root.set(name, str(number))
    root.set("time", f"{report.seconds:.3f}")
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(
    root: ElementTree.Element, name: str, tests: int, failed: int, seconds: float
) -> ElementTree.Element:
    facts = {
        "tests": str(tests),
        "failures": str(failed),
        "errors": "0",
        "skipped": "0",
        "time": f"{seconds:.3f}",
    }
    return _element(root, "testsuite", name=name, **facts)


def _element(parent: ElementTree.Element, tag: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, tag, {name: _xml(value) for name, value in attributes.items()})


def _xml(text: str) -> str:
    """Text without what XML 1.0 has no way to say, and without what could reorder or hide it on a page."""
    return escape_lines(text)


def _told(one: Failure) -> str:
    lines = [f"{one.id} {one.operation} {one.mode or ''} {one.status}: {one.message}"]
    lines += [str(one.place.span)] if one.place.span else []
    return "\n".join([*lines, *(text for text in (one.drawn, one.python, one.curl) if text)])


def render_har(report: Report) -> str:
    """HAR 1.2 of the exchanges, credentials replaced; the comment of an entry names part, operation and mode."""
    entries: list[har_write.Json] = [
        har_write.entry(
            _without_secrets(one.request),
            HttpResponse(0) if one.response is None else _without_secrets(one.response),
            base_url="",
            started=one.began,
            duration=one.seconds,
        )
        | {"comment": f"{one.part} {one.operation} {one.mode}"}
        for one in report.exchanges
    ]
    return har_write.render(har_write.log(entries, "clientsmith conform", report.tool)).decode()


_Message = TypeVar("_Message", HttpRequest, HttpResponse)


def _without_secrets(message: _Message) -> _Message:
    headers = tuple(
        (name, "***" if name.lower() in _SECRET_HEADERS else _hidden(value))
        for name, value in message.headers
    )
    shown = replace(message, headers=headers, body=message.body.replace(SECRET.encode(), b"***"))
    return replace(shown, target=_hidden(shown.target)) if isinstance(shown, HttpRequest) else shown


def _hidden(text: str) -> str:
    return text.replace(SECRET, "***")


def as_diagnostics(report: Report) -> Diagnostics:
    """Failures and gaps as errors at their place in the document, left-out operations as warnings, others as notes."""
    found = failures_as_diagnostics(report.failures)
    places = {one.id: one for one in report.operations}
    for cell in report.uncovered:
        place = places[cell.operation].status_places.get(cell.status, places[cell.operation].place)
        found.error("not-covered", f"never looked at: {shown_uncovered(report, cell)}", place)
    if report.unfinished or not report.checks:
        found.error("not-finished", verdict(report))
    for pointer in report.left_out:
        found.warning(
            "operation-left-out", "the package was generated without this operation", Place(pointer)
        )
    if report.has_converted_files:
        found.warning("crlf-line-ends", f"{report.package} {CONVERTED}")
    for accepted in report.accepted:
        declared = f" ({accepted.declared})" if accepted.declared else ""
        message = f"{accepted.operation} sends what the document forbids: {accepted.reason}{declared}"
        found.note("left-to-the-server", message, accepted.place)
    return found


def failures_as_diagnostics(failures: Iterable[Failure]) -> Diagnostics:
    """Failures as errors at their place in the document."""
    found = Diagnostics()
    for one in failures:
        about = ", ".join(text for text in (one.operation, one.mode or "", one.status) if text)
        hint = f"with {one.drawn[:200]}" if one.drawn else None
        found.add(Diagnostic(one.id, Severity.ERROR, f"{about}: {one.message}", one.place, hint))
    return found
