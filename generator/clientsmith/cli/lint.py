"""`clientsmith lint`: findings in a document."""

from __future__ import annotations

import argparse
import sys

from clientsmith.cli import arguments, output

PURPOSE = "findings in a document, with file:line:column"
DESCRIPTION = """\
Find what is wrong, ambiguous or not portable in an OpenAPI document, with file:line:column and what to do about it,
and what generating a client from it would find. Notes are for the reader and never change the exit code.
`clientsmith --explain ID` says what a finding means.
"""
_ACCOUNT = """after the findings, print what became of each member of the document: how many are carried out, only
documentation, noted or refused, and every place that is not carried out"""
EXAMPLES = """\
examples:
  clientsmith lint openapi.yaml
  clientsmith lint openapi.yaml --format json | jq '.diagnostics[].id'
  clientsmith lint openapi.yaml --format github
  clientsmith lint openapi.yaml --account                 every key that is not carried out, with its place

exit codes: 0 nothing found, 1 findings, 2 the file cannot be read or is neither YAML nor JSON
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Everything after `clientsmith lint`."""
    arguments.add_document(command)
    command.add_argument("--account", action="store_true", help=_ACCOUNT)
    arguments.add_format(command, "json", "github")


def run(options: argparse.Namespace, _worker: object = None) -> int:
    """Print every finding, and how many there are."""
    from clientsmith import pipeline
    from clientsmith.cli.summary import account_text, counts_text
    from clientsmith.config.request import read_request
    from clientsmith.diagnostics.model import Diagnostics, Severity

    diagnostics = Diagnostics()
    request = read_request(options, diagnostics)
    if request is None:
        return output.refuse(options, diagnostics)
    linted = pipeline.lint(request.document, request.config, diagnostics)
    account = linted.account if options.account else None
    if account is not None and options.format == "json":
        output.print_json(diagnostics, "account", account.to_json())
    else:
        output.print_findings(options.format, diagnostics)
    if account is not None and options.format != "json":
        sys.stdout.write(account_text(account))
    output.say("lint", f"{request.document}: {counts_text(diagnostics)}")
    if not linted.is_readable:
        return output.BAD_INPUT
    found = diagnostics.has_errors or diagnostics.count(Severity.WARNING)
    return output.FINDINGS if found else output.OK
