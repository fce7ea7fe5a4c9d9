"""`clientsmith generate`: write the package."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from clientsmith.cli import arguments, output

if TYPE_CHECKING:
    from clientsmith.config.request import PackageRequest
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.emit.models.worker import ModelsWorker
    from clientsmith.pipeline import Generated

PURPOSE = "write the package"
DESCRIPTION = """\
Write the client package for a document. The folder is replaced as a whole or not at all: nothing is half-written.
Files that clientsmith did not write, or that were edited since, are never lost: it refuses and names them.
What it did is said on stderr; with --format json it goes to stdout instead.
"""
EXAMPLES = """\
examples:
  clientsmith generate                                    everything from clientsmith.toml
  clientsmith generate openapi.yaml --out acme/petstore   no config needed
  clientsmith generate --skip-unsupported                 leave out what is not supported, and say what and where
  clientsmith generate --templates my_templates           a file there replaces our template of the same name
  clientsmith generate --force                            give up edits made to generated files
  clientsmith generate --bump auto                        release it: the version that the changes ask for

exit codes: 0 written (or already up to date), 2 the document, config, state, flags or output folder are at fault,
            or --bump names too small a step
"""
_FORCE = """give up edits made to generated files, and write beside files that clientsmith did not write;
those are never changed or removed"""
_BUMP = """record a release in the state file beside the config, and give the package its version: the smallest step
that the changes since the last release allow (auto), or a larger one; nothing is recorded if nothing changed"""

_RENAME = """give something another name for good: pets.list=pets.all, pets.list.size=pets.list.limit, Pet=Animal,
Pet.tag=Pet.label; old names of methods, arguments and classes go on working, and warn (repeatable)"""
_DROP = "take out the old names that releases have brought; without it they go with the next breaking release"
_DATE = """the day on which the release is published, for the heading in its changelog (default: unreleased); a last
release without a day gets it if nothing changed since"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Everything after `clientsmith generate`."""
    arguments.add_document(command)
    arguments.add_package(command, "--out")
    arguments.add_generation(command)
    command.add_argument("--force", action="store_true", help=_FORCE)
    command.add_argument("--bump", choices=("auto", "major", "minor", "patch"), help=_BUMP)
    command.add_argument(
        "--rename", metavar="OLD=NEW", action="append", default=[], type=arguments.rename, help=_RENAME
    )
    command.add_argument("--drop-aliases", action="store_true", help=_DROP)
    command.add_argument("--date", metavar="DATE", type=arguments.date, help=_DATE)
    volume = command.add_mutually_exclusive_group()
    volume.add_argument("-q", "--quiet", action="store_true", help="print errors only")
    volume.add_argument("-v", "--verbose", action="store_true", help="print every warning, not a summary")
    arguments.add_format(command, "json")


def run(options: argparse.Namespace, worker: ModelsWorker | None) -> int:
    """Generate, write, and say what was written."""
    from clientsmith.diagnostics.model import Diagnostics

    diagnostics = Diagnostics()
    request, package = generated(options, worker, diagnostics, is_written=True)
    if request is None or package is None:
        return output.refuse(options, diagnostics)
    from clientsmith import pipeline
    from clientsmith.cli import summary

    plan = pipeline.write(request, package, diagnostics, force=options.force)
    if plan is None:
        return output.refuse(options, diagnostics)
    if options.format == "json":
        output.print_json(diagnostics, "generated", summary.generated_facts(request, package, plan))
    elif not options.quiet:
        sys.stderr.write(summary.generated_text(request, package, plan))
        output.print_warnings(options, output.warnings_of(diagnostics))
    return output.OK


def generated(
    options: argparse.Namespace,
    worker: ModelsWorker | None,
    diagnostics: Diagnostics,
    *,
    is_written: bool = False,
) -> tuple[PackageRequest | None, Generated | None]:
    """The request that the flags and the config make, and the package in memory; None for what is at fault.

    One that `is_written` replaces that of the folder, whose release must not be forgotten.
    """
    # Imported here: it takes time that the worker can make use of.
    from clientsmith import pipeline
    from clientsmith.config.request import read_package_request

    request, bump = read_package_request(options, diagnostics), getattr(options, "bump", None)
    published = getattr(options, "date", None)
    if published is not None and bump is None:
        diagnostics.error("usage", "--date is that of a release", hint="--bump auto --date YYYY-MM-DD")
        return request, None
    changes = pipeline.NameChanges(
        tuple(getattr(options, "rename", ())), getattr(options, "drop_aliases", False)
    )
    flags = {"--bump": bump, "--rename": changes.renames, "--drop-aliases": changes.drops_aliases}
    flag = next((name for name, value in flags.items() if value), None)
    if request is None or worker is None or (flag and not has_state(request, flag, diagnostics)):
        return request, None
    if is_written and not pipeline.knows_release(request, diagnostics):
        return request, None
    return request, pipeline.generate(request, worker, diagnostics, bump, published, changes)


def has_state(request: PackageRequest, what: str, diagnostics: Diagnostics) -> bool:
    """Whether there is a config that a state can be kept beside, which `what` needs; reports if there is none."""
    from clientsmith.state.file import state_path

    path = state_path(request.config)
    if path is None:
        hint = "write a clientsmith.toml for this document, or name it with --config; the state is kept beside it"
        diagnostics.error("usage", f"{what} needs a config file", hint=hint)
    return path is not None
