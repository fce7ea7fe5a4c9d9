"""`clientsmith conform`: what it prints and writes; the suite itself is in `conform/suite`."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from clientsmith.cli import arguments, conform_flags, output

if TYPE_CHECKING:
    from clientsmith.conform.model import Report
    from clientsmith.conform.report.live import LiveText
    from clientsmith.conform.suite import Settings, Suite
    from clientsmith.conform.suite_run import Run
    from clientsmith.diagnostics.model import Diagnostics

_SAVE_SECONDS = 5.0

PURPOSE = "check a generated package against its document, both ways and from both ends"
DESCRIPTION = """\
Call every method of a generated package with inputs that schemathesis draws from the document, and answer it with every
documented status: what reaches the wire is read back with another decoder, what comes back has to be read without loss,
and what the document forbids must not get past both ends. Sync and asyncio alike. Nothing leaves this machine.
The package folder has to be one of clientsmith's: its manifest says how it is called.
"""
EXAMPLES = """\
examples:
  clientsmith conform                                        document, package and tapes of clientsmith.toml
  clientsmith conform openapi.yaml --package acme/petstore
  clientsmith conform --tape spec/recordings                 tapes are replayed through the client as well
  clientsmith conform --budget 60s --seed 7                  other draws, again and again, for a minute
  clientsmith conform --report junit,html,json,har --report-dir conformance
  clientsmith conform --shard 2/3 --report-dir shard-2       the second of three shares of a run, for a CI matrix
  clientsmith conform --merge shard-* --report junit,html    the report of the whole run, from all shares

exit codes: 0 clean, 1 something failed or was not looked at, 2 the document, package, tapes or flags are at fault
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Everything after `clientsmith conform`."""
    arguments.add_document(command)
    arguments.add_package(command, "--package")
    arguments.add_tapes(command)
    conform_flags.add_run(command)
    conform_flags.add_reports(command)
    arguments.add_format(command, "json", "github")


def run(options: argparse.Namespace, _worker: object = None) -> int:
    """Run the suite, print its results, and write the reports, also if the run is stopped."""
    from clientsmith.diagnostics.model import Diagnostics

    diagnostics = Diagnostics()
    if options.merge:
        return _merge(options, diagnostics)
    suite = _suite(options, diagnostics)
    if suite is None:
        return output.refuse(options, diagnostics)
    from clientsmith.conform.run.processes.machine import default_jobs
    from clientsmith.conform.run.processes.stop import StopSignals
    from clientsmith.conform.suite_run import Run

    gc.enable()  # Short commands do without it; this one makes a gigabyte of garbage.
    live = _live(options)
    suite_run = Run(suite, live, _saver(options), options.jobs or default_jobs())
    _write_run(
        options, suite_run
    )  # Those of an earlier run would pass for those of one that is killed at once.
    try:
        live.opened(suite_run.report())
        with StopSignals() as signals:
            report = suite_run.go(signals)
    except OSError:
        # Whoever reads along is gone, and must not take the reports with them.
        _write_run(options, suite_run)
        raise
    _write_run(options, suite_run)
    return _closed(options, live, report)


def _merge(options: argparse.Namespace, diagnostics: Diagnostics) -> int:
    """Make the report of a whole run from its shares."""
    from clientsmith.pipeline.conformance import import_schemathesis

    conform_flags.check_merge_flags(options, diagnostics)
    import_schemathesis(diagnostics)
    if diagnostics.has_errors:
        return output.refuse(options, diagnostics)
    from clientsmith.conform.run.shard import ShardError, merged

    try:
        report = merged([Path(folder) for folder in options.merge])
    except ShardError as error:
        diagnostics.error("shards-do-not-fit", str(error))
        return output.refuse(options, diagnostics)
    _write_reports(options, report)
    live = _live(options)
    live.opened(report)
    for unit in report.units:
        live.ended(unit)
    for part, units in groupby(report.units, attrgetter("part")):
        live.part_ended(part, list(units), 1)
    return _closed(options, live, report)


def _closed(options: argparse.Namespace, live: LiveText, report: Report) -> int:
    """Print the rest, and return the exit code."""
    from clientsmith.conform.report.machine import render_json

    if options.format == "json":
        sys.stdout.write(render_json(report))
    live.closed(report)
    return output.OK if report.is_clean else output.FINDINGS


def _live(options: argparse.Namespace) -> LiveText:
    """What prints the run."""
    from clientsmith.conform.report.live import LiveAnnotations, LiveProgress, LiveText

    terminal = sys.stderr if sys.stderr.isatty() else None
    if options.format == "github":
        return LiveAnnotations(sys.stdout, terminal, sys.stderr)
    return LiveProgress(sys.stderr, terminal) if options.format == "json" else LiveText(sys.stdout, terminal)


def _saver(options: argparse.Namespace) -> Callable[[Run], None]:
    """What writes the reports now and then, so that a run that is killed leaves them; a 20th of its time at most."""
    due = time.monotonic() + _SAVE_SECONDS

    def save(run: Run) -> None:
        nonlocal due
        began = time.monotonic()
        if began >= due:
            _write_run(options, run)
            ended = time.monotonic()
            due = ended + max(_SAVE_SECONDS, 20 * (ended - began))

    return save


def _write_run(options: argparse.Namespace, run: Run) -> None:
    """Write the reports of a run, and `shard.json` if it is a share."""
    from clientsmith.conform.run.shard import FILE

    shard = run.written_shard()
    if shard is not None:
        _write(Path(options.report_dir), FILE, shard.render())
    _write_reports(options, run.report())


def _suite(options: argparse.Namespace, diagnostics: Diagnostics) -> Suite | None:
    from clientsmith.config.request import read_package_request
    from clientsmith.pipeline.conformance import import_schemathesis, open_suite

    request = read_package_request(options, diagnostics)
    conform_flags.check_flags(options, diagnostics)
    if request is None or diagnostics.has_errors:
        return None
    folder = import_schemathesis(diagnostics)
    return None if diagnostics.has_errors else open_suite(request, _settings(options), folder, diagnostics)


def _settings(options: argparse.Namespace) -> Settings:
    from clientsmith.conform.model import PARTS
    from clientsmith.conform.run.shard import Shard
    from clientsmith.conform.suite import Settings

    return Settings(
        examples=options.examples or Settings().examples,
        seed=options.seed,
        budget=options.budget,
        server=options.server,
        parts=tuple(part for part in PARTS if not options.part or {part, "all"} & {*options.part}),
        shard=None if options.shard is None else Shard(*options.shard),
        skips_proven=not {"package", "all"} & {*(options.part or ())},
    )


def _write_reports(options: argparse.Namespace, report: Report) -> None:
    """Each file as a whole or not at all."""
    from clientsmith.conform.report.har import render_har
    from clientsmith.conform.report.machine import render_json, render_junit
    from clientsmith.conform.report.pages import render_html, render_markdown

    folder = Path(options.report_dir)
    renderers = {
        "html": lambda: render_html(report),
        "json": lambda: render_json(report),
        "junit": lambda: render_junit(report),
        "har": lambda: render_har(report),
        "markdown": lambda: render_markdown(report),
    }
    for kind in options.report:
        _write(folder, conform_flags.FILES[kind], renderers[kind]())


def _write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("wb", dir=folder, delete=False) as file:
        try:
            file.write(text.encode("utf-8", "backslashreplace"))
            file.close()
            os.chmod(file.name, 0o644)  # noqa: PTH101 - a report is for whoever may read the folder
            os.replace(file.name, folder / name)  # noqa: PTH105 - one step, as POSIX has it
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
