"""What every command prints the same way: findings, results as JSON, refusals; and the exit codes.

What was asked for goes to stdout, what is said about it to stderr. What not every command needs is imported late.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from clientsmith.characters import escape

if TYPE_CHECKING:
    import argparse

    from clientsmith.cli.summary import Facts
    from clientsmith.diagnostics.model import Diagnostic, Diagnostics

OK = 0
"""Done, and nothing was found."""
FINDINGS = 1
"""Done, and something was found: drift, findings, failures."""
BAD_INPUT = 2
"""Not done, or not to the end: the document, the config, the flags or what is on disk is at fault."""

_NOT_DONE = {
    "generate": "written", "check": "compared", "lint": "examined", "serve": "served", "record": "recorded",
    "conform": "tested", "diff": "compared", "upstream": "compared", "update": "exchanged",
}  # fmt: skip


def refuse(
    options: argparse.Namespace,
    diagnostics: Diagnostics,
    facts: Facts | None = None,
    nothing: str = "nothing",
) -> int:
    """Print why nothing was done, for a reader on stderr and for a program on stdout; returns the exit code.

    `facts` are for the JSON of a command that did something before; its `nothing` says that there was nothing more.
    """
    if facts is not None and options.format == "json":
        print_json(diagnostics, options.command, facts)
        return BAD_INPUT
    if options.format in ("json", "github"):
        print_findings(options.format, diagnostics)
        return BAD_INPUT
    errors, others = print_errors(diagnostics), warnings_of(diagnostics)
    print_warnings(options, others)
    number = f"{len(errors)} error" if len(errors) == 1 else f"{len(errors)} errors"
    say(options.command, f"{number}; {nothing} was {_NOT_DONE[options.command]}")
    return BAD_INPUT


def print_errors(diagnostics: Diagnostics) -> list[Diagnostic]:
    """Print the errors for a reader on stderr; returns them."""
    errors, _ = _parted(diagnostics)
    sys.stderr.write(_text(errors))
    return errors


def fail(command: str, message: str) -> int:
    """Print why a command cannot go on, if that has no place in any file; returns the exit code."""
    say(command, " ".join(message.split()))
    return BAD_INPUT


def say(command: str, message: str) -> None:
    """One line on stderr, for people."""
    sys.stderr.write(f"clientsmith {command}: {escape(message)}\n")


def print_warnings(options: argparse.Namespace, found: list[Diagnostic]) -> None:
    """What does not stop a command: summed up on stderr, in full with --verbose, not at all with --quiet."""
    if not found or getattr(options, "quiet", False):
        return
    from clientsmith.cli.summary import warnings_text

    sys.stderr.write(_text(found) if getattr(options, "verbose", False) else warnings_text(found))


def warnings_of(diagnostics: Diagnostics) -> list[Diagnostic]:
    """The findings that are not errors."""
    return _parted(diagnostics)[1]


def print_findings(shape: str, diagnostics: Diagnostics, *, with_lines: bool = True) -> None:
    """Every finding on stdout, as text with the lines of the files, as JSON or as GitHub annotations."""
    from clientsmith.diagnostics import render

    if shape == "json":
        sys.stdout.write(render.render_json(diagnostics))
    elif shape == "github":
        sys.stdout.write(render.render_github(diagnostics))
    else:
        sources = render.read_sources(diagnostics) if with_lines else None
        sys.stdout.write(render.render_text(diagnostics, sources))


def print_json(diagnostics: Diagnostics, name: str, facts: Facts) -> None:
    """The same object as for findings alone, with one member more."""
    from clientsmith.diagnostics.render import render_json

    sys.stdout.write(json.dumps(json.loads(render_json(diagnostics)) | {name: facts}, indent=2) + "\n")


def reason(error: OSError) -> str:
    """Why the system refused, in its own words."""
    return error.strerror or str(error) or type(error).__name__


def _parted(diagnostics: Diagnostics) -> tuple[list[Diagnostic], list[Diagnostic]]:
    from clientsmith.diagnostics.model import Severity

    errors = [found for found in diagnostics if found.severity is Severity.ERROR]
    return errors, [found for found in diagnostics if found.severity is not Severity.ERROR]


def _text(found: list[Diagnostic]) -> str:
    from clientsmith.diagnostics.render import read_sources, render_text

    return render_text(found, read_sources(found))
