"""`clientsmith lint`: findings in a document, those left that nobody accepted."""

from __future__ import annotations

import argparse
import datetime
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientsmith.cli import arguments, output

if TYPE_CHECKING:
    from clientsmith.accepted.file import AcceptedFile, Listed
    from clientsmith.accepted.judge import Verdict
    from clientsmith.config.model import Config
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.pipeline import Linted

PURPOSE = "findings in a document, with file:line:column"
DESCRIPTION = """\
Find what is wrong, ambiguous or not portable in an OpenAPI document, with file:line:column and what to do about it,
and what generating a client from it would find. Notes are for the reader and never change the exit code.
`clientsmith explain ID` says what a finding means. [[lint.rules]] of the config sets what findings weigh, and a file
of accepted findings (config: lint.baseline) names those to leave out. What makes `generate` refuse always stays.
"""
_ACCOUNT = """after the findings, print what became of each member of the document: how many are carried out, only
documentation, noted or refused, and every place that is not carried out"""
_BASELINE = "the file of accepted findings (default: ./{}, if it is there; config: lint.baseline)"
_WRITE = "add an entry for each warning to that file, which has no effect until it has a reason"
_REASON = "the reason of the entries that --write-baseline adds"
_PRUNE = "remove the entries that match nothing from that file"
EXAMPLES = """\
examples:
  clientsmith lint openapi.yaml
  clientsmith lint openapi.yaml --format json | jq '.diagnostics[].id'
  clientsmith lint openapi.yaml --format github
  clientsmith lint openapi.yaml --account                 every key that is not carried out, with its place
  clientsmith lint openapi.yaml --write-baseline --reason "as the vendor publishes it"
  clientsmith lint openapi.yaml --prune                   forget accepted findings that are gone

exit codes: 0 nothing found, 1 findings, 2 the file cannot be read or is neither YAML nor JSON
"""
DEFAULT_BASELINE = "lint-baseline.toml"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Everything after `clientsmith lint`."""
    arguments.add_document(command)
    command.add_argument("--account", action="store_true", help=_ACCOUNT)
    arguments.add_accepted(command, "--baseline", _BASELINE.format(DEFAULT_BASELINE))
    command.add_argument("--write-baseline", action="store_true", help=_WRITE)
    command.add_argument("--reason", metavar="TEXT", default="", help=_REASON)
    command.add_argument("--prune", action="store_true", help=_PRUNE)
    arguments.add_format(command, "json", "github")


def run(options: argparse.Namespace, _worker: object = None) -> int:
    """Print every finding that is left, and how many there are."""
    from clientsmith import pipeline
    from clientsmith.config.request import read_request
    from clientsmith.diagnostics.model import Diagnostics

    diagnostics = Diagnostics()
    request = read_request(options, diagnostics)
    file = None if request is None else _accepted_file(options, request.config, diagnostics)
    if request is None or file is None:
        return output.refuse(options, diagnostics)
    linted = pipeline.lint(request.document, request.config, diagnostics)
    judged = _judged(options, request.config, file, linted, diagnostics)
    if options.write_baseline:
        return _write(options, judged, linted)
    _print(options, linted, judged.left)
    output.say("lint", f"{request.document}: {judged.summary}")
    if not linted.is_readable:
        return output.BAD_INPUT
    return output.FINDINGS if judged.has_findings else output.OK


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is left of the findings, and the file with the entries that decided so."""

    file: AcceptedFile
    verdict: Verdict
    left: Diagnostics
    today: datetime.date
    pruned: int

    @property
    def has_findings(self) -> bool:
        from clientsmith.diagnostics.model import Severity

        return self.left.has_errors or self.left.count(Severity.WARNING) > 0

    @property
    def summary(self) -> str:
        """How many findings there are; the day only if some entry depends on it."""
        from clientsmith.cli.summary import counts_text

        has_dates = any(entry.until is not None for entry in self.file.entries)
        parts = [
            counts_text(self.left),
            *([f"{self.verdict.accepted} accepted"] if self.verdict.accepted else []),
            *([f"{self.pruned} pruned from {self.file.file}"] if self.pruned else []),
            *([f"dates as of {self.today}"] if has_dates else []),
        ]
        return "; ".join(parts)


def _accepted_file(
    options: argparse.Namespace, config: Config, diagnostics: Diagnostics
) -> AcceptedFile | None:
    from clientsmith.accepted.file import ListKind, open_accepted
    from clientsmith.diagnostics.catalogue import rules

    kind = ListKind(rules(), "`clientsmith lint --write-baseline`")
    named = options.accepted or config.baseline
    return open_accepted(named, DEFAULT_BASELINE, kind, diagnostics, is_written=options.write_baseline)


def _judged(
    options: argparse.Namespace, config: Config, file: AcceptedFile, linted: Linted, found: Diagnostics
) -> _Judged:
    from clientsmith.accepted.judge import judge, weighed

    today = options.today or datetime.datetime.now().astimezone().date()
    verdict = judge(found, file.entries, linted.places, today)
    stale = verdict.stale if options.prune else []
    if stale:
        file = file.without(stale)
        file.write()
        verdict = judge(found, file.entries, linted.places, today)
    return _Judged(file, verdict, weighed(verdict.left, config.lint_rules), today, len(stale))


def _write(options: argparse.Namespace, judged: _Judged, linted: Linted) -> int:
    """Add the findings that are left to the file, if the document could be looked at with every rule."""
    if linted.places is None:
        output.print_findings(options.format, judged.left)
        return output.fail(
            "lint", f"{judged.file.file} was not written: correct the errors of the document first"
        )
    written = judged.file.extended(_listed(judged, linted), options.reason)
    written.write()
    added = len(written.entries) - len(judged.file.entries)
    without = sum(not entry.reason for entry in written.entries)
    reasons = f"; {without} without a reason have no effect" if without else ""
    output.say("lint", f"{written.file}: {len(written.entries)} entries, {added} new{reasons}")
    return output.OK


def _listed(judged: _Judged, linted: Linted) -> list[Listed]:
    from clientsmith.accepted.file import Listed
    from clientsmith.accepted.judge import is_final
    from clientsmith.diagnostics.model import Severity

    places = linted.places
    kept = {
        (found.id, found.place, found.message) for found in judged.left if found.severity is not Severity.NOTE
    }
    return [
        Listed(
            places.fingerprint(found),
            f"{found.id} at {places.effective(found) or 'the config'}: {found.message}",
        )
        for found in (judged.verdict.left if places is not None else ())
        if places is not None
        and (found.id, found.place, found.message) in kept
        and not is_final(found)
        and not found.id.startswith("accepted-")
    ]


def _print(options: argparse.Namespace, linted: Linted, left: Diagnostics) -> None:
    from clientsmith.cli.summary import account_text

    account = linted.account if options.account else None
    if account is not None and options.format == "json":
        output.print_json(left, "account", account.to_json())
        return
    output.print_findings(options.format, left)
    if account is not None:
        sys.stdout.write(account_text(account))
