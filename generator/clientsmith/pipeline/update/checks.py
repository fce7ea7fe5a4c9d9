"""What is tried with a package before it is put in its place: does it do what its document says, and for callers?"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.pipeline.update.model import Options, Stage

if TYPE_CHECKING:
    from clientsmith.config.request import PackageRequest

_MOST = 20
"""How many failures a stage lists."""


def conformance(request: PackageRequest, options: Options, diagnostics: Diagnostics) -> Stage | None:
    """Test the package in `request.out` against its document; None after reporting why it cannot be."""
    from clientsmith.pipeline.conformance import import_schemathesis, open_suite

    if request.config.runtime_from is not None:
        shared = f"it shares the runtime of {request.config.runtime_from}: test a copy that has its own"
        return Stage("conformance", "not run", shared, is_missing=True)
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
