"""`clientsmith check`: is the package on disk what its inputs give?"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from clientsmith.cli import arguments, output
from clientsmith.cli.commands.generate import generated

if TYPE_CHECKING:
    from clientsmith.config.request import PackageRequest
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.emit.models.worker import ModelsWorker

PURPOSE = "is the package on disk what its inputs give?"
DESCRIPTION = """\
Is the package on disk exactly what the document, config, templates, runtime and tool versions give? Every missing,
changed and orphaned file and every changed input is named, and the number of files and bytes compared is printed.
Nothing is written. Give it the same arguments as `generate`.
"""
EXAMPLES = """\
examples:
  clientsmith check                        compare digests with the manifest of the package (fast)
  clientsmith check --regenerate           generate anew in memory and compare every byte (the full proof)
  clientsmith check --format github        annotations for a GitHub workflow

exit codes: 0 the same, 1 drift, 2 the document, config or flags are at fault
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Everything after `clientsmith check`."""
    arguments.add_document(command)
    arguments.add_package(command, "--out")
    arguments.add_generation(command)
    command.add_argument(
        "--regenerate", action="store_true", help="generate anew in memory and compare every byte"
    )
    arguments.add_format(command, "json", "github")


def run(options: argparse.Namespace, worker: ModelsWorker | None) -> int:
    """Compare, and print what differs and how much was compared."""
    from clientsmith import pipeline
    from clientsmith.cli import summary
    from clientsmith.config.request import read_package_request
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.package.check import check_manifest, check_tree
    from clientsmith.package.release import is_earlier, released_version

    diagnostics, drift = Diagnostics(), Diagnostics()
    if options.regenerate:
        request, package = generated(options, worker, diagnostics)
        if request is None or package is None:
            return output.refuse(options, diagnostics)
        inputs, tree = package.inputs, package.tree
    else:
        request = read_package_request(options, diagnostics)
        read = None if request is None else pipeline.read_inputs(request, diagnostics)
        if request is None or read is None:
            return output.refuse(options, diagnostics)
        inputs, tree = read, None
    folder = Path(request.out)
    # What a release that the state does not know is to hold cannot be generated.
    if tree is None or is_earlier(inputs.version, released_version(folder)):
        how = "the digests in its manifest"
        compared = check_manifest(folder, inputs, drift)
    else:
        how = "every byte generated anew"
        compared = check_tree(folder, tree, inputs, drift)
    _note_leftovers(request, drift)
    same = not drift.has_errors
    if options.format == "json":
        facts = summary.checked_facts(request.out, compared, inputs, how, same=same)
        output.print_json(drift, "checked", facts)
    else:
        output.print_findings(options.format, drift, with_lines=options.regenerate)
        proof = summary.checked_text(request.out, compared, inputs, how, same=same)
        (sys.stderr if options.format == "github" else sys.stdout).write(proof)
    return output.OK if same else output.FINDINGS


def _note_leftovers(request: PackageRequest, drift: Diagnostics) -> None:
    """Note what an update left that was killed when all was in its place already, or nothing yet."""
    from clientsmith.exchange.mix import leftovers
    from clientsmith.state.file import state_path

    state = state_path(request.config)
    paths = (request.document, request.out, *(() if state is None else (str(state),)))
    for folder in leftovers(paths):
        message = (
            f"an interrupted run left {folder}; delete it, or let an update that replaces its target do so"
        )
        drift.note("update-leftovers", message)
