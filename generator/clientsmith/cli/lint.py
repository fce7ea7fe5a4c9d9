"""`clientsmith lint`: findings in a document."""

from __future__ import annotations

import argparse

from clientsmith.cli import arguments, output

PURPOSE = "findings in a document, with file:line:column"
DESCRIPTION = """\
Find what is wrong, ambiguous or not portable in an OpenAPI document, with file:line:column and what to do about it,
and what generating a client from it would find. Notes are for the reader and never change the exit code.
`clientsmith --explain ID` says what a finding means.
"""
EXAMPLES = """\
examples:
  clientsmith lint openapi.yaml
  clientsmith lint openapi.yaml --format json | jq '.diagnostics[].id'
  clientsmith lint openapi.yaml --format github

exit codes: 0 nothing found, 1 findings, 2 the file cannot be read or is neither YAML nor JSON
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Everything after `clientsmith lint`."""
    arguments.add_document(command)
    arguments.add_format(command, "json", "github")


def run(options: argparse.Namespace, _worker: object = None) -> int:
    """Print every finding, and how many there are."""
    from clientsmith import pipeline
    from clientsmith.cli.summary import counts_text
    from clientsmith.config.request import read_request
    from clientsmith.diagnostics.model import Diagnostics, Severity

    diagnostics = Diagnostics()
    request = read_request(options, diagnostics)
    if request is None:
        return output.refuse(options, diagnostics)
    is_readable = pipeline.lint(request.document, request.config, diagnostics)
    output.print_findings(options.format, diagnostics)
    output.say("lint", f"{request.document}: {counts_text(diagnostics)}")
    if not is_readable:
        return output.BAD_INPUT
    found = diagnostics.has_errors or diagnostics.count(Severity.WARNING)
    return output.FINDINGS if found else output.OK
