"""What is tried with a package before it is put in its place: does it do what its document says, and for callers?"""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

from clientsmith.diagnostics.model import Diagnostics, Severity
from clientsmith.diff.joined import Description
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.pipeline.update.earlier import earlier_package
from clientsmith.pipeline.update.model import Options, Outcome, Stage

if TYPE_CHECKING:
    from clientsmith.config.request import PackageRequest

TYPES = "install clientsmith[types]"
_MOST = 20
"""How many failures a stage lists."""


def conformance(request: PackageRequest, options: Options, diagnostics: Diagnostics) -> Stage | None:
    """Test the package in `request.out` against its document; None after reporting why it cannot be."""
    from clientsmith.pipeline.conformance import import_schemathesis, open_suite

    missing = Diagnostics()
    folder = import_schemathesis(missing)
    if missing.has_errors:
        return Stage("conformance", "not run", "install clientsmith[conform]", is_missing=True)
    from clientsmith.conform.report.text import failures, verdict
    from clientsmith.conform.run.processes.machine import default_jobs
    from clientsmith.conform.run.processes.stop import StopSignals
    from clientsmith.conform.suite import Settings
    from clientsmith.conform.suite_run import Run

    settings = Settings(examples=options.examples, skips_proven=True)
    suite = open_suite(request, settings, folder, diagnostics)
    if suite is None:
        return None
    gc.enable()  # As in `conform`: short commands do without it.
    run = Run(suite, options.watch, lambda _: None, default_jobs())
    with StopSignals() as signals:
        report = run.go(signals)
    listed = [line for unit in report.units for line in failures(unit).splitlines()]
    return Stage(
        "conformance", "done" if report.is_clean else "findings", verdict(report), tuple(listed[:_MOST])
    )


def callers(request: PackageRequest, old: ResolvedDocument, new: Description, package: Path) -> Stage:
    """Type-check a caller of everything in the earlier package against the new one.

    Whatever type checkers and the comparison of both packages say differently is a finding.
    """
    from clientsmith.callers.agreement import disagreements
    from clientsmith.callers.caller import caller_of
    from clientsmith.callers.check import check_callers
    from clientsmith.diff.python.compare import compare
    from clientsmith.package.runtime import owner_of
    from clientsmith.type_checkers import CHECKERS, installed

    name, found, shared = "old callers", Diagnostics(), request.config.runtime_from
    if shared is not None and owner_of(package, shared) is None:
        text = f"the package whose runtime it shares is not there: {shared}"
        return Stage(name, "not run", text, is_missing=True)
    if {*CHECKERS} - {*installed()}:
        return Stage(name, "not run", TYPES, is_missing=True)
    earlier = earlier_package(request, old, found)
    if earlier is None:
        reasons = [one.message for one in found] or ["there is no earlier package with a typed surface"]
        return Stage(name, "not run", reasons[0], is_missing=found.has_errors)
    released, before, has_kept = earlier
    errors = check_callers(before.api, package, found)
    if errors is None:
        return Stage(name, "not run", next(iter(found)).message, is_missing=True)
    after = released.comparable(new)
    changes = compare(before.api, after.api, released.operations(before, after), has_kept=has_kept)
    differ = disagreements(before.api, after.api, changes, caller_of(before.api, package.name), errors)
    text = f"{len(errors)} errors, each for a breaking change" if errors else "no error"
    if differ:
        text = f"type checkers and the comparison disagree at {len(differ)} places"
    return Stage(name, "findings" if differ else "done", text, tuple(differ[:_MOST]))


def custom_code(
    request: PackageRequest, new: Path, diagnostics: Diagnostics, *, may_break: bool
) -> Stage | None:
    """Type-check the team's own code against the new package; None after reporting why it cannot be."""
    from clientsmith.custom.check import check_custom
    from clientsmith.type_checkers import installed

    config, place = request.config, Path(request.out)
    if not config.custom_paths:
        return Stage("custom code", "not run", "the config names none")
    if not installed():
        return Stage("custom code", "not run", TYPES, is_missing=True)
    found, old = Diagnostics(), place if place.exists() else None
    checked = check_custom(config.custom_paths, place, old, new, found, config.custom_root)
    for one in found:
        if checked is None or one.severity is not Severity.ERROR:
            diagnostics.add(one)
    if checked is None:
        return None
    broken = [
        f"{one.place.span}: error[{one.id}]: {one.message}" for one in found if one.severity is Severity.ERROR
    ]
    text = (
        "no line broke"
        if not broken
        else "1 line broke"
        if len(broken) == 1
        else f"{len(broken)} lines broke"
    )
    outcome: Outcome = "findings" if broken and not may_break else "done"
    return Stage("custom code", outcome, f"{text} ({', '.join(checked.checkers)})", tuple(broken))
