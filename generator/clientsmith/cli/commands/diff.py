"""`clientsmith diff`: what changes between two descriptions, and for whom."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from clientsmith.cli import arguments, output

if TYPE_CHECKING:
    from clientsmith.accepted.file import AcceptedFile
    from clientsmith.config.model import Config
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.diff.report.model import Report
    from clientsmith.pipeline import Compared

PURPOSE = "what changes between two versions of a document"
DESCRIPTION = """\
Compare two OpenAPI documents by what they allow and mean: what breaks deployed clients, what may, and what is new.
A side is a file, - for standard input, or REV:PATH for a file of a git revision, with everything that it refers to from
that same revision; PATH starts at the root of the repository, or with ./ in this folder. A file of that very name wins.
REV: alone is the file of NEW in that revision. Without NEW the document of the config is meant, without OLD its HEAD;
so it is for REV: beside -, which names no file.
"""
EXAMPLES = """\
examples:
  clientsmith diff                                          the last commit of document.path against the file
  clientsmith diff origin/main:                             the same against what main has
  clientsmith diff v1.2:openapi.yaml openapi.yaml
  clientsmith diff v1.yaml v2.yaml --fail-on warning
  clientsmith diff v1.2: --package ../v1.2/petstore         the package of that release against what NEW makes
  clientsmith diff --format html > changes.html             also: json, markdown, github, junit
  clientsmith diff --accept FINGERPRINT --reason "announced in March"
  clientsmith diff --rules                                  every kind of change, and what it weighs

exit codes: 0 nothing at or above --fail-on, 1 findings, 2 bad input
"""
_FAIL_ON = "the lowest level that makes the exit code 1 (default: breaking; config: diff.fail_on)"
_LEVEL = "compare what is sent and read, what callers of the generated package see, or both (default: both)"
_PACKAGE = "the package that callers have: what they see is compared with it, and not with what OLD makes now"
_IGNORE = "the file of ignored changes (default: ./diff-ignore.toml, if it is there; config: diff.ignore)"
_ACCEPT = (
    "add an entry for the change of that fingerprint, or for places such as /paths/~1pets/**; repeatable"
)
_REASON = "the reason of the entries that --accept adds"
_PRUNE = "remove the entries that match nothing from that file"
_RULES = "print every rule with its levels and stop (--format text, json or markdown)"
_RULE_FORMATS = ("text", "json", "markdown")


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Everything after `clientsmith diff`."""
    add = command.add_argument
    add(
        "old",
        metavar="OLD",
        nargs="?",
        type=arguments.path,
        help="the description that clients were made from",
    )
    add("new", metavar="NEW", nargs="?", type=arguments.path, help="the description to come")
    arguments.add_reading(command)
    add("--level", choices=("wire", "python", "both"), default="both", help=_LEVEL)
    add("--package", metavar="DIR", type=arguments.path, help=_PACKAGE)
    add("--fail-on", choices=("breaking", "warning", "info", "never"), help=_FAIL_ON)
    arguments.add_accepted(command, "--ignore", _IGNORE)
    add("--accept", metavar="FINGERPRINT", action="append", default=[], help=_ACCEPT)
    add("--reason", metavar="TEXT", default="", help=_REASON)
    add("--prune", action="store_true", help=_PRUNE)
    add("--rules", action="store_true", help=_RULES)
    arguments.add_format(command, "json", "markdown", "html", "github", "junit")


def run(options: argparse.Namespace, _worker: object = None) -> int:
    """Compare, and print what was found."""
    if options.rules:
        return _print_rules(options.format)
    if bool(options.accept) != bool(options.reason.strip()):
        return output.fail(
            "diff", "--accept and --reason belong together: an entry without a reason has no effect"
        )
    if options.accept and options.prune:
        return output.fail("diff", "--accept and --prune both change the file; give one of them at a time")
    if options.package is not None and options.level == "wire":
        return output.fail("diff", "--package is about what callers see, which --level wire leaves out")
    from clientsmith import pipeline
    from clientsmith.config.request import read_diff_request
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.diff.judged import check_levels

    diagnostics = Diagnostics()
    request = read_diff_request(options, diagnostics)
    file = None if request is None else _ignore_file(options, request.config, diagnostics)
    if request is not None:
        check_levels(request.config.changed_levels, diagnostics)
    if request is None or file is None or diagnostics.has_errors:
        return output.refuse(options, diagnostics)
    compared = pipeline.compare(request, diagnostics)
    if compared is None:
        return output.refuse(options, diagnostics)
    if options.accept:
        return _accept(options, file, compared)
    report = _report(options, request.config, file, compared)
    _print(options.format, report)
    return output.FINDINGS if report.fails else output.OK


def _ignore_file(
    options: argparse.Namespace, config: Config, diagnostics: Diagnostics
) -> AcceptedFile | None:
    from clientsmith.accepted.file import open_accepted
    from clientsmith.diff.judged import DEFAULT_IGNORE, list_kind

    named = options.accepted or config.diff_ignore
    return open_accepted(named, DEFAULT_IGNORE, list_kind(), diagnostics, is_written=bool(options.accept))


def _accept(options: argparse.Namespace, file: AcceptedFile, compared: Compared) -> int:
    """Write an entry for each change that is accepted, or none if one of them is not there."""
    from clientsmith.diff.judged import to_accept

    listed = {key: to_accept(key, compared.changes) for key in options.accept}
    unknown = [key for key, found in listed.items() if found is None]
    if unknown:
        return output.fail("diff", f"no change has the fingerprint {unknown[0]!r:.80}; nothing was written")
    written = file.accepting(filter(None, listed.values()), options.reason)
    written.write()
    output.say("diff", f"{written.file}: {_entries(written)}, {len(listed)} written now")
    return output.OK


def _entries(file: AcceptedFile) -> str:
    return "1 entry" if len(file.entries) == 1 else f"{len(file.entries)} entries"


def _report(options: argparse.Namespace, config: Config, file: AcceptedFile, compared: Compared) -> Report:
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.diff.judged import judge, weighed
    from clientsmith.diff.model import Level
    from clientsmith.diff.report.model import Report, has_dates
    from clientsmith.diff.sides import note_sides
    from clientsmith.diff.step import is_unstable, step_of

    today = options.today or datetime.datetime.now().astimezone().date()
    changes = [weighed(change, config.changed_levels) for change in compared.changes]
    notes = Diagnostics()
    judged, stale = judge(changes, file.entries, today, notes, compared.levels)
    if options.prune and stale:
        file = file.without(stale)
        file.write()
        output.say("diff", f"{file.file}: {_entries(file)}, {len(stale)} pruned")
        notes = Diagnostics()
        judged, _ = judge(changes, file.entries, today, notes, compared.levels)
    note_sides(compared.sides, notes)
    for found in compared.notes:
        notes.add(found)
    unstable = compared.version is not None and is_unstable(compared.version[0])
    fail_on = options.fail_on or config.fail_on or "breaking"
    return Report.of(
        compared.sides,
        judged,
        notes,
        config.changed_levels,
        step_of((change.level for change in changes), differs=compared.differs, is_unstable=unstable),
        Level.NONE if fail_on == "never" else Level[fail_on.upper()],
        today if has_dates(file.entries) else None,
        compared.version,
        compared.only_level,
    )


def _print(shape: str, report: Report) -> None:
    """The report on stdout; the verdict on stderr if a program reads it; all of it in the job summary of GitHub."""
    from clientsmith.diff.report import machine, pages, text, values

    renderers: Mapping[str, Callable[[Report], str]] = {
        "text": text.render_text,
        "json": values.render_json,
        "markdown": pages.render_markdown,
        "html": pages.render_html,
        "github": machine.render_annotations,
        "junit": machine.render_junit,
    }
    sys.stdout.write(renderers[shape](report))
    if shape != "text":
        output.say("diff", f"{report.old.file} -> {report.new.file}: {report.verdict}")
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary and shape == "github":
        with Path(summary).open("a", encoding="utf-8") as stream:
            stream.write(pages.render_markdown(report))


def _print_rules(shape: str) -> int:
    from clientsmith.diff.rules import rules
    from clientsmith.diff.rules_page import levels_of, rules_page

    if shape not in _RULE_FORMATS:
        return output.fail("diff", f"--rules is printed as {', '.join(_RULE_FORMATS)}, not as {shape}")
    if shape == "json":
        listed = [asdict(rule) for rule in rules().values()]
        sys.stdout.write(f"{json.dumps(listed, indent=2, ensure_ascii=False)}\n")
    elif shape == "markdown":
        sys.stdout.write(rules_page(rules().values()))
    else:
        for rule in rules().values():
            levels = ", ".join(f"{name} {level}" for name, level in levels_of(rule).items())
            sys.stdout.write(f"{rule.id}: {rule.title} ({levels})\n")
    return output.OK
