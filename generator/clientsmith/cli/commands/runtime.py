"""`clientsmith runtime`: its arguments and what it prints; the comparison is in `package.runtime`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from clientsmith import __version__
from clientsmith.characters import escape
from clientsmith.cli import arguments
from clientsmith.cli.output import BAD_INPUT, FINDINGS, OK

if TYPE_CHECKING:
    from clientsmith.emit.models.worker import ModelsWorker

PURPOSE = "prove that the runtime in a package is that of this clientsmith"
DESCRIPTION = """\
Print the digest of the runtime that generated packages carry, and compare that of a package with it. The files are the
whole proof: neither the document nor the config is needed. The README.md beside them says how to compute the digest
without clientsmith.
"""
EXAMPLES = """\
examples:
  clientsmith runtime --digest src/acme/petstore                 compare, with the features that its manifest names
  clientsmith runtime --digest                                   the digest of the runtime with every feature
  clientsmith runtime --digest src/acme/petstore --format json

exit codes: 0 identical (or nothing to compare), 1 it differs, 2 the folder holds no package
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    help = "the folder of a generated package"
    command.add_argument("package", metavar="PACKAGE_DIR", nargs="?", type=arguments.path, help=help)
    command.add_argument("--digest", action="store_true", required=True, help="print the SHA-256 and compare")
    arguments.add_format(command, "json")


def run(options: argparse.Namespace, _: ModelsWorker | None) -> int:
    """Print and compare; return the exit code."""
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.diagnostics.render import render_text
    from clientsmith.exchange.mix import report_mix
    from clientsmith.package.check import check_runtime, read_package
    from clientsmith.package.line_ends import report_converted
    from clientsmith.package.runtime import expected_digest, runtime_facts

    if options.package is None:
        facts: dict[str, object] = {"clientsmith": __version__, "sha256": expected_digest()}
        print(json.dumps(facts, indent=2) if options.format == "json" else facts["sha256"])
        return OK
    folder, diagnostics = Path(options.package), Diagnostics()
    mixed = report_mix([options.package], diagnostics)
    manifest = None if mixed else read_package(folder, diagnostics)
    compared = None if manifest is None else check_runtime(folder, manifest, diagnostics)
    if compared is None:
        sys.stderr.write(render_text(diagnostics, None))
        return BAD_INPUT
    if compared.converted:
        report_converted(Path(compared.place), compared.converted, diagnostics.error)
    same = not diagnostics.has_errors
    if options.format == "json":
        print(json.dumps({"clientsmith": __version__, **runtime_facts(compared), "same": same}, indent=2))
    else:
        others = [found for found in diagnostics if found.id != "runtime-differs"]
        sys.stderr.write(render_text(others, None))
        print(escape(f"{compared.place}: {compared.text}"))
    return OK if same else FINDINGS
