"""`clientsmith update`: a new document with everything that follows from it, tried first and then exchanged as one."""

from __future__ import annotations

import argparse
import datetime
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from clientsmith.cli import arguments, output
from clientsmith.cli.commands.generate import has_state

if TYPE_CHECKING:
    from clientsmith.config.request import PackageRequest
    from clientsmith.conform.model import Part, UnitResult
    from clientsmith.conform.suite import Unit
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.emit.models.worker import ModelsWorker
    from clientsmith.exchange.recovery import Settled
    from clientsmith.pipeline.update import Stage, Updated

PURPOSE = "take a new document: lint, diff, version, package, tests, changelog, all or nothing"
DESCRIPTION = """\
Take over a new version of the document. It is linted and compared, the version that it makes is counted from the last
release, its package is generated and tested, and its changelog written, all in a scratch folder beside the package.
Then document, package, changelog and state are exchanged as one. Killed at any moment, each of them is old or new; if
that leaves some old and some new, every command says so, and the next `clientsmith update` completes or undoes it.
NEW is a file, - for standard input, or REV:PATH for a file of a git revision. Its files, with those that its $refs lead
to, take the places of the configured document and of what is beside it. Without NEW the configured document is taken
as it is on disk, and compared with that of the last release, or with its last commit before the first release.
"""
EXAMPLES = """\
examples:
  clientsmith update downloads/openapi.yaml              the vendor's new document
  clientsmith update vendor/main:openapi.yaml --dry-run  everything but the exchange: what would happen
  clientsmith update                                     document.path was edited
  clientsmith update new.yaml --allow breaking --date 2030-12-31
  clientsmith update new.yaml --format json | jq .update.version

exit codes: 0 done, or nothing to do; 1 findings, and nothing was exchanged: lint errors, breaking changes or another
            API without --allow, failures of the conformance test, callers that broke although nothing breaking was
            found;
            2 the document, config, state, flags or output folder are at fault
"""
_NEW = "the document to come: FILE, - or REV:PATH (default: the configured document, which was edited)"
_DRY = "stop before the exchange, and say all that would happen"
_ALLOW = "go on although something breaks clients or callers, or although no operation is in both documents; repeatable"
_BUMP = "the step of the version (default: auto, the smallest that the changes since the last release allow)"
_DATE = "the day on which the release is published, for its heading in the changelog (default: unreleased)"
_QUIET = "print only errors, findings and what was made of an interrupted update"
_DRAWS = "draws for each schema and kind in the conformance test (default: 30)"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Everything after `clientsmith update`."""
    add = command.add_argument
    add("new", metavar="NEW", nargs="?", type=arguments.path, help=_NEW)
    arguments.add_accepting(command)
    arguments.add_package(command, "--out")
    arguments.add_generation(command)
    add("--dry-run", action="store_true", help=_DRY)
    add("--allow", action="append", default=[], choices=("breaking", "different-apis"), help=_ALLOW)
    add("--bump", choices=("auto", "major", "minor", "patch"), default="auto", help=_BUMP)
    add("--date", metavar="DATE", type=arguments.date, help=_DATE)
    arguments.add_today(command)
    add("--examples", metavar="N", type=arguments.integer(1, 100_000), default=30, help=_DRAWS)
    arguments.add_tapes(command)
    volume = command.add_mutually_exclusive_group()
    volume.add_argument("-q", "--quiet", action="store_true", help=_QUIET)
    volume.add_argument("-v", "--verbose", action="store_true", help="print every warning, not a summary")
    arguments.add_format(command, "json")


def run(options: argparse.Namespace, worker: ModelsWorker | None) -> int:
    """Update, say each stage as it ends, and sum up."""
    from clientsmith.config.request import read_update_request
    from clientsmith.diagnostics.model import Diagnostics

    diagnostics = Diagnostics()
    request = read_update_request(options, diagnostics)
    if request is None or worker is None or not has_state(request, "update", diagnostics):
        return output.refuse(options, diagnostics)
    settled: list[Settled] = []
    updated = _updated(options, request, worker, diagnostics, settled)
    if updated is None:
        facts = {"settled": settled[0].value} if settled else None
        return output.refuse(options, diagnostics, facts, "nothing more" if settled else "nothing")
    if options.format == "json":
        output.print_json(diagnostics, "update", _facts(options, updated))
    else:
        output.print_errors(diagnostics)
        output.print_warnings(options, output.warnings_of(diagnostics))
        if not options.quiet:
            output.say("update", _summary(options, updated))
    return output.FINDINGS if updated.has_findings else output.OK


def _updated(
    options: argparse.Namespace,
    request: PackageRequest,
    worker: ModelsWorker,
    diagnostics: Diagnostics,
    settled: list[Settled],
) -> Updated | None:
    """Return the result; `settled` receives how an interrupted update was settled."""
    from clientsmith.pipeline.update import Options, update

    def tell(stage: Stage) -> None:
        if options.quiet and stage.outcome != "findings":
            return
        mark = "" if stage.outcome == "done" else f"{stage.outcome}: "
        output.say("update", f"{stage.name}: {mark}{stage.text}")
        for line in stage.details:
            output.say("update", f"  {line}")

    def tell_settled(made: Settled) -> None:
        settled.append(made)
        # In a quiet run as well: files were exchanged, or put back, that this run may say nothing else about.
        output.say("update", f"the interrupted update was {made.value}")

    today = options.today or datetime.datetime.now().astimezone().date()
    asked = Options(
        options.new,
        "breaking" in options.allow,
        "different-apis" in options.allow,
        options.dry_run,
        options.bump,
        options.date,
        today,
        options.examples,
        tell,
        tell_settled,
        _Progress(),
    )
    return update(request, asked, worker, diagnostics)


class _Progress:
    """On a terminal, which unit of the conformance test is under way."""

    def __init__(self) -> None:
        self._terminal = sys.stderr if sys.stderr.isatty() else None

    def begins(self, unit: Unit, number: int, total: int) -> None:
        """Show it in the place of the one before."""
        self._show(f"  {unit.part}: {number} of {total}")

    def ended(self, result: UnitResult) -> None:
        """Show nothing: the stage reports what failed."""

    def part_ended(self, part: Part, results: list[UnitResult], round_: int) -> None:
        """Remove what was shown."""
        self._show("")

    def _show(self, line: str) -> None:
        if self._terminal is not None:
            self._terminal.write(f"\r\x1b[K{line}")
            self._terminal.flush()


def _facts(options: argparse.Namespace, updated: Updated) -> dict[str, object]:
    bump = updated.bump
    return {
        "settled": None if updated.settled is None else updated.settled.value,
        "stages": [asdict(stage) for stage in updated.stages],
        "step": None if bump is None else bump.step,
        "version": None if bump is None else {"from": bump.old, "to": bump.new},
        "replaced": list(updated.replaced),
        "dry_run": options.dry_run,
        "done": updated.is_done,
    }


def _summary(options: argparse.Namespace, updated: Updated) -> str:
    """What came of it, in a line; what was not tried is said again."""
    nothing = "nothing" if updated.settled is None else "nothing more"
    parts: list[str] = []
    if updated.has_findings:
        parts.append(f"findings; {nothing} was exchanged")
    elif options.dry_run:
        parts.append(f"a dry run; {nothing} was exchanged")
    else:
        parts.append("done" if updated.replaced else "nothing to do")
    parts += [f"{one.name} was not run: {one.text}" for one in updated.stages if one.is_missing]
    return "; ".join(parts)
