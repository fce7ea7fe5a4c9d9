"""Tests what holds whatever the API, and records the runtime, the templates and the libraries that it was tested with.

It tests our own package and those of the documents of the conformance tests, which have every feature of the runtime.
`clientsmith conform` leaves that part out for packages with the same. Another Python adds an environment to the record;
another runtime or other templates begin it anew. Exit codes: 0 written, 1 something failed, 2 bad input.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from clientsmith import __version__
from clientsmith.conform.report.live import LiveText
from clientsmith.conform.run.processes.machine import default_jobs
from clientsmith.conform.run.processes.stop import StopSignals
from clientsmith.conform.run.proof import RECORD, Record, environment, files_of, read_record
from clientsmith.conform.suite import Settings, Suite
from clientsmith.conform.suite_run import Run
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.emit.templates.template_source import open_templates
from clientsmith.runtime_copy.features import FEATURES
from clientsmith.runtime_copy.files import runtime_files, runtime_release
from power_also import opened_suites

SETTINGS = Settings(examples=4, parts=("package",))
HEAD = """\
# What the promises that hold whatever the API were tested with; `make proven` tests them and writes this file.
"""


def main() -> int:
    """Test, and write the record if everything held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spec", required=True)
    parser.add_argument("--package", required=True)
    parser.add_argument("--also", default="tests/conformance/documents")
    options = parser.parse_args()
    own = Suite.open(options.spec, options.package, [], Diagnostics(), SETTINGS)
    if own is None:
        print(f"{options.spec} cannot be tested; see clientsmith conform", file=sys.stderr)
        return 2
    if files_of(Path(options.package) / "_runtime") != runtime_files(own.package.features):
        print(f"{options.package} has another runtime; run `make generate` first", file=sys.stderr)
        return 2
    suites = [own, *opened_suites(options.also, SETTINGS)]
    missing = FEATURES.keys() - {name for one in suites for name in one.package.features}
    if missing:
        print(f"no package has these features of the runtime: {', '.join(sorted(missing))}", file=sys.stderr)
        return 2
    if all(map(is_clean, suites)):
        write(with_this_environment(read_record()))
        return 0
    return 1


def is_clean(suite: Suite) -> bool:
    """Whether the part for the package passes."""
    live = LiveText(sys.stdout, None)
    run = Run(suite, live, lambda _: None, default_jobs())
    live.opened(run.report())
    with StopSignals() as signals:
        report = run.go(signals)
    live.closed(report)
    return report.is_clean


def with_this_environment(record: Record) -> Record:
    """The record with the environment of this process; begun anew if runtime or templates differ."""
    templates = open_templates(None, Diagnostics())
    assert templates is not None
    new = Record(__version__, runtime_release(), templates.digest, ())
    known = record.environments if replace(record, environments=()) == new else ()
    here = environment()
    return replace(new, environments=tuple(sorted([here, *(one for one in known if one != here)], key=str)))


def write(record: Record) -> None:
    """Write the record as TOML; none of its values needs escaping."""
    facts = {"release": record.release, "runtime": record.runtime, "templates": record.templates}
    tables = [facts, *record.environments]
    blocks = ["".join(f'{name} = "{value}"\n' for name, value in table.items()) for table in tables]
    Path(RECORD).write_text(HEAD + "\n[[environments]]\n".join(blocks), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
