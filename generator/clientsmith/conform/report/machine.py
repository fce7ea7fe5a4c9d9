"""A report for programs: JSON (version 1), JUnit XML, and diagnostics, for annotations at the spec line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree

from clientsmith.conform.model import PARTS, Accepted, Failure, Report, UnitResult
from clientsmith.conform.report.text import CONVERTED, shown_uncovered, verdict
from clientsmith.diagnostics import junit
from clientsmith.diagnostics.model import Diagnostic, Diagnostics, Place, Severity
from clientsmith.diagnostics.render import place_json

_UNSEEN = "this was never looked at"


def render_json(report: Report) -> str:
    """`{"version": 1, "clean": ..., "summary": ..., "cells": [...], "failures": [...], ...}`; places as in `lint`."""
    return json.dumps(_run(report) | _counted(report) | _found(report), indent=2) + "\n"


def _run(report: Report) -> dict[str, Any]:
    """What was tested, how, and the verdict."""
    return {
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
        "skipped": len(report.not_run),
        "shard": report.shard or None,
    }


def _counted(report: Report) -> dict[str, Any]:
    """How often everything was looked at."""
    return {
        "cells": [
            {
                "operation": cell.operation,
                "status": cell.status,
                "direction": cell.direction,
                "mode": cell.mode,
                "checks": checks,
            }
            for cell, checks in report.cells.items()
        ],
        "parameters": _parameters(report),
        "media_types": [
            {
                "operation": operation,
                "direction": direction,
                "status": status,
                "media_type": media_type,
                "messages": messages,
            }
            for (operation, direction, status, media_type), messages in report.media_types.items()
        ],
        "exchanges": [
            {"operation": operation, "part": part, "mode": mode, "made": made}
            for (operation, part, mode), made in report.exchanged.items()
        ],
        "phases": dict(report.phases),
    }


def _parameters(report: Report) -> list[dict[str, Any]]:
    """What was drawn by name; a name is `described` if the document has it, and was only drawn if not."""
    described = {one.id: one.names for one in report.operations}
    return [
        {
            "operation": operation,
            "in": location,
            "name": name,
            "described": (location, name) in described.get(operation, ()),
            "valid": drawn.valid,
            "invalid": drawn.invalid,
            "samples": list(drawn.samples),
        }
        for (operation, location, name), drawn in report.parameters.items()
    ]


def _found(report: Report) -> dict[str, Any]:
    """What was found."""
    return {
        "units": [_unit(one) for one in report.units],
        "not_run": [{"part": one.part, "name": one.name, "reason": one.reason} for one in report.not_run],
        "failures": [_failure(one) for one in report.failures],
        "accepted": [_accepted(one) for one in report.accepted],
        "left_out": list(report.left_out),
    }


def _unit(one: UnitResult) -> dict[str, Any]:
    return {
        "part": one.part,
        "name": one.name,
        "checks": one.checks,
        "seconds": round(one.seconds, 3),
        "failures": len(one.failures),
    }


def _accepted(one: Accepted) -> dict[str, Any]:
    return {
        "operation": one.operation,
        "reason": one.reason,
        "drawn": one.drawn,
        "refused_by_server": one.refused_by_server,
        "declared": one.declared,
        **place_json(one.place),
    }


def _failure(one: Failure) -> dict[str, Any]:
    return {
        "id": one.id,
        "part": one.part,
        "operation": one.operation,
        "mode": one.mode,
        "status": one.status,
        "message": one.message,
        "drawn": one.drawn,
        "python": one.python,
        "curl": one.curl,
        **place_json(one.place),
    }


def render_junit(report: Report) -> str:
    """JUnit XML: a suite for each part, a case for each unit; what was not looked at is a failed case as well."""
    suites: list[ElementTree.Element] = []
    for part in PARTS:
        units = [unit for unit in report.units if unit.part == part]
        cases = [
            junit.case(part, one.name, junit.skipped(f"not run: {one.reason}"))
            for one in report.not_run
            if one.part == part
        ]
        cases += [junit.case(part, unit.name, _failed(unit), unit.seconds) for unit in units]
        if cases:
            suites.append(junit.suite(part, cases, sum(unit.seconds for unit in units)))
    missing = [shown_uncovered(report, cell) for cell in report.uncovered]
    missing += [report.unfinished] if report.unfinished else []
    names = missing or [f"{len(report.cells)} cells"]
    cases = [
        junit.case("coverage", name, junit.failure("not-covered", _UNSEEN) if missing else None)
        for name in names
    ]
    return junit.render([*suites, junit.suite("coverage", cases)], report.seconds)


def _failed(unit: UnitResult) -> ElementTree.Element | None:
    if not unit.failures:
        return None
    first = unit.failures[0]
    text = "\n\n".join(map(_shown, unit.failures))
    return junit.failure(first.id, f"{first.id}: {first.message}", text)


def _shown(one: Failure) -> str:
    lines = [f"{one.id} {one.operation} {one.mode or ''} {one.status}: {one.message}"]
    lines += [str(one.place.span)] if one.place.span else []
    return "\n".join([*lines, *(text for text in (one.drawn, one.python, one.curl) if text)])


def as_diagnostics(report: Report) -> Diagnostics:
    """Failures and gaps as errors at their place in the document, left-out operations as warnings, others as notes."""
    found = failures_as_diagnostics(report.failures)
    places = {one.id: one for one in report.operations}
    for cell in report.uncovered:
        place = places[cell.operation].status_places.get(cell.status, places[cell.operation].place)
        found.error("not-covered", f"never looked at: {shown_uncovered(report, cell)}", place)
    if report.unfinished or not (report.checks or report.is_clean):
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
