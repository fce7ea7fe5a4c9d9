"""`clientsmith conform`: what it prints and writes; the suite itself is in `conform/suite`."""

from __future__ import annotations

import argparse
import atexit
import importlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from clientsmith.cli import arguments, output

if TYPE_CHECKING:
    from clientsmith.config.request import PackageRequest
    from clientsmith.conform.model import Report
    from clientsmith.conform.report.live import LiveText
    from clientsmith.conform.suite import Suite
    from clientsmith.conform.suite_run import Run
    from clientsmith.diagnostics.model import Diagnostics

_FILES = {
    "html": "report.html", "json": "report.json", "junit": "junit.xml", "har": "traffic.har", "markdown": "summary.md",
}  # fmt: skip

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

exit codes: 0 clean, 1 something failed or was not looked at, 2 the document, package, tapes or flags are at fault
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Everything after `clientsmith conform`."""
    arguments.add_document(command)
    arguments.add_package(command, "--package")
    arguments.add_tapes(command)
    _add_run(command)
    _add_reports(command)
    arguments.add_format(command, "json", "github")


def _add_run(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--server", metavar="URL", help="use this server for the part from both ends, not one of our own")
    add(
        "--allow-remote-server",
        action="store_true",
        help="let --server be on another machine; billing calls are made",
    )
    add(
        "--examples",
        type=arguments.integer(1, 100_000),
        default=30,
        metavar="N",
        help="draws for each schema and kind (default: 30)",
    )
    add(
        "--seed",
        type=arguments.integer(-(2**63), 2**63 - 1),
        metavar="N",
        help="draw other inputs (default: the same in every run)",
    )
    add(
        "--budget",
        type=arguments.duration,
        metavar="TIME",
        help="go on with other draws for that long, such as 60s or 5m",
    )
    add("--part", action="append", metavar="PART", help="run only this part; repeatable")


def _add_reports(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add(
        "--report",
        type=arguments.listed(_FILES),
        default=(),
        metavar="KINDS",
        help=f"files to write: {','.join(_FILES)}",
    )
    add(
        "--report-dir",
        default="conformance",
        type=arguments.path,
        metavar="DIR",
        help="where to write them (default: conformance)",
    )


def run(options: argparse.Namespace, _worker: object = None) -> int:
    """Run the suite, print its results, and write the reports, also if the run is stopped."""
    from clientsmith.diagnostics.model import Diagnostics

    diagnostics = Diagnostics()
    suite = _suite(options, diagnostics)
    if suite is None:
        return output.refuse(options, diagnostics)
    from clientsmith.conform.report.machine import render_json
    from clientsmith.conform.run.stop import StopSignals
    from clientsmith.conform.suite_run import Run

    live = _live(options)
    suite_run = Run(suite, live, _saver(options))
    try:
        live.opened(suite_run.report())
        with StopSignals() as signals:
            report = suite_run.go(signals)
    except OSError:
        # Whoever reads along is gone, and must not take the reports with them.
        _write_reports(options, suite_run.report())
        raise
    _write_reports(options, report)
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
            _write_reports(options, run.report())
            ended = time.monotonic()
            due = ended + max(_SAVE_SECONDS, 20 * (ended - began))

    return save


def _suite(options: argparse.Namespace, diagnostics: Diagnostics) -> Suite | None:
    from clientsmith.config.request import read_package_request

    request = read_package_request(options, diagnostics)
    _check_flags(options, diagnostics)
    if request is None or diagnostics.has_errors:
        return None
    _keep_out_of_the_way()
    try:
        importlib.import_module("schemathesis")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("schemathesis", "hypothesis"):
            raise
        hint = "pip install 'clientsmith[conform]'"
        diagnostics.error("conform-not-installed", f"{error.name} is not installed", hint=hint)
        return None
    return _open(options, request, diagnostics)


def _keep_out_of_the_way() -> None:
    """hypothesis keeps files of its own in the working directory, which is not ours to fill."""
    if "HYPOTHESIS_STORAGE_DIRECTORY" not in os.environ:
        folder = tempfile.mkdtemp(prefix="clientsmith-conform-")
        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = folder
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


def _check_flags(options: argparse.Namespace, diagnostics: Diagnostics) -> None:
    from clientsmith.conform.model import PARTS

    for part in options.part or ():
        if part not in PARTS:
            diagnostics.error(
                "usage", f"--part: there is no part {part!r:.40}", hint=f"the parts are {', '.join(PARTS)}"
            )
    if options.report and Path(options.report_dir).is_symlink():
        message = f"--report-dir: {options.report_dir} is a symbolic link"
        diagnostics.error("usage", message, hint="name the folder that it leads to")
    if options.server is None:
        return
    server: str = options.server
    try:
        host, scheme = urlsplit(server).hostname, urlsplit(server).scheme
    except ValueError:
        host, scheme = None, ""
    if host is None or scheme not in ("http", "https"):
        diagnostics.error(
            "usage", "--server: this is not the URL of a server", hint="such as http://127.0.0.1:4010"
        )
    elif host not in ("127.0.0.1", "localhost", "::1") and not options.allow_remote_server:
        diagnostics.error(
            "usage", "--server is on another machine, and every call of the document would be made there for real",
            hint="if that is what you want: --allow-remote-server",
        )  # fmt: skip


def _open(options: argparse.Namespace, request: PackageRequest, diagnostics: Diagnostics) -> Suite | None:
    from clientsmith.conform.client.package import OtherDocumentError, PackageError
    from clientsmith.conform.model import PARTS
    from clientsmith.conform.suite import Settings, Suite
    from clientsmith.pipeline import policies_of

    settings = Settings(
        examples=options.examples,
        seed=options.seed,
        budget=options.budget,
        server=options.server,
        parts=tuple(part for part in PARTS if not options.part or part in options.part),
        policies=policies_of(request.config),
    )
    try:
        return Suite.open(request.document, request.out, request.config.tapes, diagnostics, settings)
    except OtherDocumentError as error:
        diagnostics.error("package-of-another-document", str(error), hint=error.hint)
        return None
    except PackageError as error:
        diagnostics.error("bad-package", str(error), hint=error.hint)
        return None


def _write_reports(options: argparse.Namespace, report: Report) -> None:
    """Each file as a whole or not at all."""
    if not options.report:
        return
    from clientsmith.conform.report.har import render_har
    from clientsmith.conform.report.machine import render_json, render_junit
    from clientsmith.conform.report.pages import render_html, render_markdown

    folder = Path(options.report_dir)
    folder.mkdir(parents=True, exist_ok=True)
    renderers = {
        "html": lambda: render_html(report),
        "json": lambda: render_json(report),
        "junit": lambda: render_junit(report),
        "har": lambda: render_har(report),
        "markdown": lambda: render_markdown(report),
    }
    for kind in options.report:
        text = renderers[kind]()
        with tempfile.NamedTemporaryFile("wb", dir=folder, delete=False) as file:
            try:
                file.write(text.encode("utf-8", "backslashreplace"))
                file.close()
                os.chmod(file.name, 0o644)  # noqa: PTH101 - a report is for whoever may read the folder
                os.replace(file.name, folder / _FILES[kind])  # noqa: PTH105 - one step, as POSIX has it
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
