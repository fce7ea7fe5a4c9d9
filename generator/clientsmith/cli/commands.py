"""What each command does and prints, and the exit code it ends with; parsing and failures are the business of `cli`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from clientsmith import pipeline
from clientsmith.cli import summary
from clientsmith.diagnostics.model import Diagnostics, Severity

if TYPE_CHECKING:
    from clientsmith.config.request import Request
    from clientsmith.emit.models.worker import ModelsWorker

OK, DRIFT, FINDINGS, BAD_INPUT = 0, 1, 1, 2


def run(options: argparse.Namespace, worker: ModelsWorker | None) -> int:
    """Run the command that was parsed and return its exit code; `worker` is there for whatever generates."""
    if options.command == "lint":
        return _lint(options)
    if options.command == "serve":
        from clientsmith.cli import serve as cli_serve

        return cli_serve.run(options)
    if options.command == "record":
        from clientsmith.cli import record as cli_record

        return cli_record.run(options)
    if options.command == "runtime":
        from clientsmith.cli import runtime as cli_runtime

        return cli_runtime.run(options)
    if options.command == "conform":
        from clientsmith.cli import conform

        return conform.run(options)
    return _generate(options, worker) if options.command == "generate" else _check(options, worker)


def _generate(options: argparse.Namespace, worker: ModelsWorker | None) -> int:
    diagnostics = Diagnostics()
    request, generated = _generated(options, worker, diagnostics)
    if request is None or generated is None:
        return _refused(options, diagnostics)
    from clientsmith.package.write import write

    plan = write(generated.tree, Path(request.out), diagnostics, force=options.force)
    if plan is None:
        return _refused(options, diagnostics)
    if options.format == "json":
        _print_json(diagnostics, "generated", summary.generated_facts(request, generated, plan))
    elif not options.quiet:
        sys.stderr.write(summary.generated_text(request, generated, plan))
        _print_warnings(options, diagnostics)
    return OK


def _generated(
    options: argparse.Namespace, worker: ModelsWorker | None, diagnostics: Diagnostics
) -> tuple[Request | None, pipeline.Generated | None]:
    request = _request(options, diagnostics)
    if request is None or worker is None:
        return request, None
    return request, pipeline.generate(request, worker, diagnostics)


def _request(options: argparse.Namespace, diagnostics: Diagnostics) -> Request | None:
    # Imported here: it takes time that the worker can make use of.
    from clientsmith.config.request import read_request

    return read_request(options, diagnostics)


def _check(options: argparse.Namespace, worker: ModelsWorker | None) -> int:
    from clientsmith.package.check import check_manifest, check_tree

    diagnostics, drift = Diagnostics(), Diagnostics()
    if options.regenerate:
        request, generated = _generated(options, worker, diagnostics)
        if request is None or generated is None:
            return _refused(options, diagnostics)
        inputs, how = generated.inputs, "every byte generated anew"
        compared = check_tree(Path(request.out), generated.tree, inputs, drift)
    else:
        request = _request(options, diagnostics)
        found = None if request is None else pipeline.read_inputs(request, diagnostics)
        if request is None or found is None:
            return _refused(options, diagnostics)
        inputs, how = found, "the digests in its manifest"
        compared = check_manifest(Path(request.out), inputs, drift)
    same = not drift.has_errors
    if options.format == "json":
        _print_json(drift, "checked", summary.checked_facts(request.out, compared, inputs, how, same=same))
    else:
        _print_findings(options.format, drift, with_lines=options.regenerate)
        proof = summary.checked_text(request.out, compared, inputs, how, same=same)
        print(proof, end="", file=sys.stderr if options.format == "github" else sys.stdout)
    return OK if same else DRIFT


def _lint(options: argparse.Namespace) -> int:
    from clientsmith.characters import escape
    from clientsmith.config.request import config_of, with_remote

    diagnostics = Diagnostics()
    config = config_of(options.spec, options.config, diagnostics)
    if config is None:
        return _refused(options, diagnostics)
    readable = pipeline.lint(options.spec, with_remote(config, options), diagnostics)
    _print_findings(options.format, diagnostics)
    print(f"clientsmith lint: {escape(options.spec)}: {summary.counts_text(diagnostics)}", file=sys.stderr)
    if not readable:
        return BAD_INPUT
    return FINDINGS if diagnostics.has_errors or diagnostics.count(Severity.WARNING) else OK


def _refused(options: argparse.Namespace, diagnostics: Diagnostics) -> int:
    """Print why nothing was done; for a reader on stderr, for a program on stdout."""
    if options.format != "text":
        _print_findings(options.format, diagnostics)
        return BAD_INPUT
    from clientsmith.diagnostics.render import read_sources, render_text

    errors = [found for found in diagnostics if found.severity is Severity.ERROR]
    sys.stderr.write(render_text(errors, read_sources(errors)))
    _print_warnings(options, diagnostics)
    done = {"generate": "written", "check": "compared", "lint": "examined"}[options.command]
    number = f"{len(errors)} error" if len(errors) == 1 else f"{len(errors)} errors"
    print(f"clientsmith {options.command}: {number}; nothing was {done}", file=sys.stderr)
    return BAD_INPUT


def _print_warnings(options: argparse.Namespace, diagnostics: Diagnostics) -> None:
    others = [found for found in diagnostics if found.severity is not Severity.ERROR]
    if not others or getattr(options, "quiet", False):
        return
    from clientsmith.diagnostics.render import read_sources, render_text

    verbose = getattr(options, "verbose", False)
    sys.stderr.write(render_text(others, read_sources(others)) if verbose else summary.warnings_text(others))


def _print_findings(shape: str, diagnostics: Diagnostics, *, with_lines: bool = True) -> None:
    from clientsmith.diagnostics import render as report

    if shape == "json":
        sys.stdout.write(report.render_json(diagnostics))
    elif shape == "github":
        sys.stdout.write(report.render_github(diagnostics))
    else:
        sources = report.read_sources(diagnostics) if with_lines else None
        sys.stdout.write(report.render_text(diagnostics, sources))


def _print_json(diagnostics: Diagnostics, name: str, facts: summary.Facts) -> None:
    """The same object as for findings alone, with one member more."""
    from clientsmith.diagnostics.render import render_json

    print(json.dumps(json.loads(render_json(diagnostics)) | {name: facts}, indent=2))
