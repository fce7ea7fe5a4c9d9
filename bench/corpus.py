"""Generates from every document of a corpus through the real command and calls what came out; the entry point."""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from corpus_report import call_totals, findings, group_totals, missed_thresholds, row, unexplained
from corpus_run import Entry, Limits, Outcome, run

WORKERS = 2
SUFFIXES = {".json", ".yaml", ".yml"}


def entries(folder: Path) -> list[Entry]:
    """The documents of the folder's manifest.csv, or every YAML and JSON file below it."""
    manifest = folder / "manifest.csv"
    if manifest.is_file():
        with manifest.open(newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        return [_entry(folder, line["file"], line["valid"] == "valid") for line in rows]
    files = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    return [_entry(folder, path.relative_to(folder).as_posix(), None) for path in files]


def _entry(folder: Path, name: str, valid: bool | None) -> Entry:
    path = folder / name
    return Entry(path, name, path.stat().st_size, valid)


def _as_json(outcome: Outcome) -> dict[str, Any]:
    entry = outcome.entry
    return {
        "document": entry.name,
        "bytes": entry.size,
        "valid": entry.valid,
        "operations": len(outcome.operations),
        "methods": outcome.methods,
        "imported": outcome.imported,
        "import_error": outcome.import_error,
        "unexplained": [f"{method} {path}" for method, path in unexplained(outcome)],
        "notes": outcome.notes,
        "calls": outcome.calls,
        "type_errors": outcome.type_errors,
        "attempts": [asdict(attempt) for attempt in outcome.attempts],
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--only", default="", help="documents whose name contains this")
    parser.add_argument("--timeout", type=float, default=180.0, help="seconds per process")
    parser.add_argument("--json", type=Path, help="write everything there, diagnostics included")
    parser.add_argument(
        "--all",
        action="store_true",
        help="call every operation of large documents too, run pyright on each package",
    )
    parser.add_argument(
        "--share",
        type=int,
        default=1,
        help="call and type-check one document of so many, none with 0 (default: each)",
    )
    parser.add_argument("--check", action="store_true", help="exit 1 when a threshold is missed")
    return parser.parse_args()


def _print_all(outcomes: Iterable[Outcome], total: int) -> list[Outcome]:
    columns = f"{'kB':>7}{'ops':>6}{'methods':>8}{'called':>7}  {'imported':<9}{'s':>6}{'MiB':>6}"
    print(f"{'document':<64}{columns}  refused with", flush=True)
    kept: list[Outcome] = []
    for outcome in outcomes:
        kept.append(outcome)
        _progress("")
        for line in row(outcome):
            print(line, flush=True)
        _progress(f"{len(kept)} of {total} documents")
    _progress("")
    return kept


def _progress(text: str) -> None:
    """Show how far it is on a terminal; a pipe has the lines of the documents."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def main() -> int:
    """Run the corpus; 1 after a finding, with --check if a threshold is missed; 2 if there is nothing to run."""
    arguments = _arguments()
    if not arguments.corpus.is_dir():
        print(f"{arguments.corpus}: no such folder", file=sys.stderr)
        return 2
    chosen = [entry for entry in entries(arguments.corpus.resolve()) if arguments.only in entry.name]
    if not chosen:
        print(f"{arguments.corpus}: no document to run", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as caches, ThreadPoolExecutor(WORKERS) as pool:
        limits = Limits(arguments.timeout, arguments.all, arguments.share, Path(caches))
        outcomes = _print_all(pool.map(partial(run, limits=limits), chosen), len(chosen))
    print()
    print("\n".join([*group_totals(outcomes), "", *call_totals(outcomes)]))
    if arguments.json:
        arguments.json.write_text(json.dumps([_as_json(outcome) for outcome in outcomes], indent=1) + "\n")
    missed = missed_thresholds(outcomes)
    print("\nthresholds: " + ("all met" if not missed else "MISSED"))
    for line in missed:
        print(f"  {line}")
    has_findings = any(findings(outcome) or outcome.type_errors for outcome in outcomes)
    return 1 if has_findings or (missed and arguments.check) else 0


if __name__ == "__main__":
    sys.exit(main())
