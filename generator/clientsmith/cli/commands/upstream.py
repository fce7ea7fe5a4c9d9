"""`clientsmith upstream`: whether what differs from the vendor's own document is still what we decided."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from clientsmith.cli import arguments, output

if TYPE_CHECKING:
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.diff.upstream.deviations import DeviationsFile
    from clientsmith.diff.upstream.report import UpstreamReport
    from clientsmith.pipeline import Compared

PURPOSE = "what of the vendor's own document has changed under a curated one"
DESCRIPTION = """\
Compare the vendor's own document (OFFICIAL) with a curated one on the wire level, and every difference with the file of
deviations, which gives each a reason. Findings are a difference without a deviation, a deviation whose difference is
gone, one under which the vendor's part has changed, and one without a reason. Documents are named as in diff: a file, -
for standard input, or REV:PATH. Files are read and nothing is fetched.
"""
EXAMPLES = """\
examples:
  clientsmith upstream official.yaml                        against document.path of the config
  clientsmith upstream official.yaml --against spec/ours.yaml --deviations spec/deviations.yaml
  clientsmith upstream official.yaml --write                propose a deviation for each difference without one
  curl -fsSL https://vendor.example/openapi.yaml | clientsmith upstream - --format github

A deviation, of which --write adds all but the reason:

  deviations:
    - rule: operation-removed
      place: "/paths/~1v1~1Listings/**"
      reason: "Not described for publishers, so our package leaves it out."
      digest: wire1-0123456789abcdef0123

exit codes: 0 every difference is accounted for, 1 findings, 2 bad input
"""
_AGAINST = "the curated document (config: document.path)"
_DEVIATIONS = "the file of deviations (default: ./deviations.yaml; config: upstream.deviations)"
_WRITE = "add an entry without a reason for each difference that has none, and digests that are missing"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Everything after `clientsmith upstream`."""
    add = command.add_argument
    help = "the vendor's document (config: upstream.document)"
    add("official", metavar="OFFICIAL", nargs="?", type=arguments.path, help=help)
    add("--against", metavar="FILE", type=arguments.path, help=_AGAINST)
    add("--deviations", metavar="FILE", type=arguments.path, help=_DEVIATIONS)
    arguments.add_reading(command)
    add("--write", action="store_true", help=_WRITE)
    arguments.add_format(command, "json", "markdown", "github")


def run(options: argparse.Namespace, _worker: object = None) -> int:
    """Compare, write if asked to, and print what was found."""
    from clientsmith import pipeline
    from clientsmith.config.request import read_upstream_request
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.diff.upstream.deviations import open_deviations

    diagnostics = Diagnostics()
    request = read_upstream_request(options, diagnostics)
    file = None if request is None else open_deviations(request.deviations, diagnostics)
    compared = None if request is None else pipeline.compare(request.documents, diagnostics)
    if compared is None or file is None or diagnostics.has_errors:
        return output.refuse(options, diagnostics)
    report = _report(options, file, compared, diagnostics)
    if report is None:
        return output.refuse(options, diagnostics)
    _print(options.format, report)
    return output.FINDINGS if report.findings else output.OK


def _report(
    options: argparse.Namespace, file: DeviationsFile, compared: Compared, diagnostics: Diagnostics
) -> UpstreamReport | None:
    """What was found, after adding what is missing to the file; None if that cannot be added to."""
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.diff.sides import note_different
    from clientsmith.diff.upstream.judge import judge
    from clientsmith.diff.upstream.report import UpstreamReport

    notes = Diagnostics()
    judged = judge(compared.changes, compared.sides, file)
    if options.write and (judged.proposed or judged.digests):
        extended = file.extended(judged.proposed, judged.digests)
        if extended is None:
            message = "entries cannot be added to a list of which an entry is not written with one key a line"
            diagnostics.error(
                "deviations-wrong", message, file.braced, hint="write each entry as --help shows"
            )
            return None
        extended.write()
        done = f"{len(judged.proposed)} proposed, {len(judged.digests)} digests added"
        output.say("upstream", f"{extended.file}: {done}")
        file, judged = extended, judge(compared.changes, compared.sides, extended)
    elif file.is_missing:
        message = f"there is no file of deviations {file.file} yet"
        notes.note("deviations-missing", message, hint="--write makes it, with an entry for each difference")
    official, ours = compared.sides
    note_different(official.document, ours.document, notes)
    for side in compared.sides:
        for found in side.left_out:
            notes.add(found)
    return UpstreamReport(*compared.sides, file, judged, notes)


def _print(shape: str, report: UpstreamReport) -> None:
    """The report on stdout; the verdict on stderr if a program reads it; all of it in the job summary of GitHub."""
    from clientsmith.diff.upstream import report as reports

    renderers: Mapping[str, Callable[[UpstreamReport], str]] = {
        "text": reports.render_text,
        "json": reports.render_json,
        "markdown": reports.render_markdown,
        "github": reports.render_annotations,
    }
    sys.stdout.write(renderers[shape](report))
    if shape != "text":
        output.say("upstream", report.verdict)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary and shape == "github":
        with Path(summary).open("a", encoding="utf-8") as stream:
            stream.write(reports.render_markdown(report))
