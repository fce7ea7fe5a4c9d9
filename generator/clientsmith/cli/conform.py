"""`clientsmith conform`: its arguments, what it prints and writes, and its exit codes; the suite itself is in `suite`.

Only argparse is imported on top: every other command reads these arguments too.
"""

from __future__ import annotations

import argparse
import atexit
import importlib
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from clientsmith.conform.model import Report
    from clientsmith.diagnostics.model import Diagnostics

OK, FINDINGS, BAD_INPUT = 0, 1, 2
_FILES = {
    "html": "report.html", "json": "report.json", "junit": "junit.xml", "har": "traffic.har", "markdown": "summary.md",
}  # fmt: skip
_SECONDS = re.compile(r"(\d+(?:\.\d+)?)(s|m)?")

PURPOSE = "hold a generated package against its document, both ways and from both ends"
DESCRIPTION = """\
Call every method of a generated package with inputs that schemathesis draws from the document, and answer it with every
documented status: what reaches the wire is read back with another decoder, what comes back has to be read without loss,
and what the document forbids must not get past both ends. Sync and asyncio alike. Nothing leaves this machine.
The package folder has to be one of clientsmith's: its manifest says how it is called.
"""
EXAMPLES = """\
examples:
  clientsmith conform                                        document and package of clientsmith.toml
  clientsmith conform openapi.yaml --package acme/petstore
  clientsmith conform --tape spec/recordings                 tapes are replayed through the client as well
  clientsmith conform --budget 60s --seed 7                  other draws, again and again, for a minute
  clientsmith conform --report junit,html,json,har --report-dir conformance

exit codes: 0 clean, 1 something failed or was not looked at, 2 the document, package, tapes or flags are at fault
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Everything after `clientsmith conform`."""
    add = command.add_argument
    add("spec", metavar="SPEC", nargs="?", help="the OpenAPI document (config: document.path)")
    add("--package", metavar="DIR", help="the folder of the generated package (config: package.out)")
    add("--config", metavar="FILE", help="the config file (default: ./clientsmith.toml where there is one)")
    add(
        "--tape",
        metavar="DIR|FILE",
        action="append",
        default=[],
        help="a HAR file, or a folder of them; repeatable",
    )
    add("--server", metavar="URL", help="use this server for the part from both ends, not one of our own")
    add(
        "--allow-remote-server",
        action="store_true",
        help="let --server be on another machine; billing calls are made",
    )
    add(
        "--examples",
        type=_count,
        default=30,
        metavar="N",
        help="draws for each schema and kind (default: 30)",
    )
    add("--seed", type=int, metavar="N", help="draw other inputs (default: the same in every run)")
    add(
        "--budget",
        type=_seconds,
        metavar="TIME",
        help="go on with other draws for that long, such as 60s or 5m",
    )
    add("--part", action="append", metavar="PART", help="run only this part; repeatable")
    add("--report", type=_reports, default=(), metavar="KINDS", help=f"files to write: {','.join(_FILES)}")
    add(
        "--report-dir",
        default="conformance",
        metavar="DIR",
        help="where to write them (default: conformance)",
    )
    add(
        "--allow-invalid",
        action="store_true",
        help="go on with a document that breaks the OpenAPI specification",
    )
    add("--format", choices=("text", "json", "github"), default="text", help="default: text")


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 100000")
    return int(text)


def _seconds(text: str) -> float:
    found = _SECONDS.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 60s or 5m")
    return float(found[1]) * (60 if found[2] == "m" else 1)


def _reports(text: str) -> tuple[str, ...]:
    kinds = tuple(one.strip() for one in text.split(",") if one.strip())
    wrong = [one for one in kinds if one not in _FILES]
    if wrong or not kinds:
        raise argparse.ArgumentTypeError(
            f"{', '.join(wrong) or 'nothing'}: the kinds are {', '.join(_FILES)}"
        )
    return kinds


def run(options: argparse.Namespace) -> int:
    """Run the suite and tell what came of it."""
    from clientsmith.diagnostics.model import Diagnostics

    diagnostics = Diagnostics()
    report = _report(options, diagnostics)
    if report is None:
        from clientsmith.diagnostics import render as rendering

        render = {"json": rendering.render_json, "github": rendering.render_github}.get(options.format)
        (sys.stdout if render else sys.stderr).write((render or rendering.render_text)(diagnostics))
        print("clientsmith conform: nothing was tested", file=sys.stderr)
        return BAD_INPUT
    _write_reports(options, report)
    from clientsmith.conform.report.machine import render_github, render_json
    from clientsmith.conform.report.text import render_text

    if options.format != "text":
        sys.stdout.write(render_json(report) if options.format == "json" else render_github(report))
        sys.stderr.write(render_text(report).splitlines()[-1] + "\n")
    else:
        sys.stdout.write(render_text(report))
    return OK if report.is_clean else FINDINGS


def _report(options: argparse.Namespace, diagnostics: Diagnostics) -> Report | None:
    from clientsmith.config.request import config_of

    config = config_of(options.spec, options.config, diagnostics)
    if config is None:
        return None
    spec, package = options.spec or config.document_path, options.package or config.out
    for value, what, hint in (
        (spec, "document", "name it: clientsmith conform openapi.yaml"),
        (package, "package", "name it: --package DIR"),
    ):
        if not value:
            diagnostics.error("usage", f"no {what} given", hint=hint)
    _check_flags(options, diagnostics)
    if diagnostics.has_errors or spec is None or package is None:
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
    return _run_suite(options, spec, package, config.allow_invalid, diagnostics)


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


def _run_suite(
    options: argparse.Namespace, spec: str, package: str, allow_invalid: bool, diagnostics: Diagnostics
) -> Report | None:  # fmt: skip
    from clientsmith.conform.client.package import PackageError
    from clientsmith.conform.model import PARTS
    from clientsmith.conform.suite import Settings, Suite

    settings = Settings(
        examples=options.examples,
        seed=options.seed,
        budget=options.budget,
        server=options.server,
        parts=tuple(part for part in PARTS if not options.part or part in options.part),
        allow_invalid=options.allow_invalid or allow_invalid,
    )
    try:
        opened = Suite.open(spec, package, options.tape, diagnostics, settings)
        return None if opened is None else opened.run()
    except PackageError as error:
        diagnostics.error("bad-package", str(error), hint="generate it: clientsmith generate")
        return None


def _write_reports(options: argparse.Namespace, report: Report) -> None:
    """Each file as a whole or not at all."""
    if not options.report:
        return
    from clientsmith.conform.report.machine import render_har, render_json, render_junit
    from clientsmith.conform.report.pages import render_html, render_markdown

    folder = Path(options.report_dir)
    folder.mkdir(parents=True, exist_ok=True)
    renderers = {
        "html": lambda: render_html(report, str(folder)),
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
