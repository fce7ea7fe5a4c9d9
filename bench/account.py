"""Accounts for every key of the documents of a corpus, and proves it by taking keys away; the entry point.

A key that nothing used and nobody named would be missing from the sum of the classes, and is counted as such. Needs the
repository on the path, for what the tests know of ablation.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from clientsmith.api.builder import build
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.load import Policies, open_document
from clientsmith.lint.account.model import FATES
from clientsmith.lint.account.reader import read_account
from corpus import entries
from corpus_run import Entry
from tests.account.ablation import Subject

WORKERS = 2
SAMPLE = 1
"""How many keys of each kind and keyword are taken away from one document."""
LARGEST = 400_000
"""Bytes of the largest document that keys are taken away from: each of them is read anew for every key."""


@dataclass(frozen=True, slots=True)
class Accounted:
    """What became of one document; `keys` were found in it, of which `lost` were proven to be lost."""

    name: str
    fates: dict[str, int]
    unnamed: int
    groups: dict[str, int]
    taken: int = 0
    lost: tuple[str, ...] = ()
    problem: str = ""


def accounted(entry: Entry, *, ablate: bool) -> Accounted:
    """The account of one document, read as with --allow-invalid and --skip-unsupported."""
    diagnostics = Diagnostics()
    resolved = open_document(entry.path, diagnostics, Policies(allow_invalid=True))
    if resolved is None:
        first = next((found.id for found in diagnostics), "")
        return Accounted(entry.name, {}, 0, {}, problem=f"cannot be read: {first}")
    config = Config(unsupported="skip")
    account = read_account(resolved, build(resolved, config, diagnostics).uses, diagnostics)
    groups = Counter[str]()
    for places in account.groups():
        groups[f"{places[0].id} {places[0].keyword}"] += len(places)
    taken, lost, unnamed, problem = 0, list[str](), 0, "has other files: its keys are not compared"
    if len(resolved.documents) == 1:
        problem = ""
        subject = Subject(resolved.root.tree, config)
        counted = sum(account.by_fate().values())
        unnamed = sum(1 for _ in subject.members()) - counted
        if ablate and entry.size <= LARGEST:
            keys = list(subject.sample(SAMPLE))
            taken, lost = len(keys), subject.lost(iter(keys))
    return Accounted(entry.name, account.by_fate(), unnamed, dict(groups), taken, tuple(lost), problem)


def main() -> int:
    """Print the account of each document and of all; 1 if a key is unnamed or lost, 2 if there is nothing to read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--only", default="", help="documents whose name contains this")
    parser.add_argument(
        "--ablate", action="store_true", help="take keys away, and report those that are lost"
    )
    parser.add_argument("--json", type=Path, help="write everything there")
    arguments = parser.parse_args()
    if not arguments.corpus.is_dir():
        print(f"{arguments.corpus}: no such folder", file=sys.stderr)
        return 2
    chosen = [one for one in entries(arguments.corpus.resolve()) if arguments.only in one.name]
    with ProcessPoolExecutor(WORKERS) as pool:
        done = list(map(_shown, pool.map(partial(accounted, ablate=arguments.ablate), chosen)))
    _print_sum(done)
    if arguments.json:
        found = [{name: getattr(one, name) for name in Accounted.__slots__} for one in done]
        arguments.json.write_text(json.dumps(found, indent=1) + "\n")
    return 1 if any(one.unnamed or one.lost for one in done) else 0


def _shown(one: Accounted) -> Accounted:
    counts = "".join(f"{one.fates.get(fate, 0):>20}" for fate in FATES)
    print(f"{one.name:<64.64}{counts}{one.unnamed:>10}{one.taken:>8}  {one.problem}", flush=True)
    for line in one.lost:
        print(f"    lost: {line}")
    return one


def _print_sum(done: list[Accounted]) -> None:
    fates, groups = Counter[str](), Counter[str]()
    for one in done:
        fates.update(one.fates)
        groups.update(one.groups)
    print(f"\n{'':<64}" + "".join(f"{fate:>20}" for fate in FATES) + f"{'unnamed':>10}{'taken':>8}")
    unnamed, taken = sum(one.unnamed for one in done), sum(one.taken for one in done)
    print(
        f"{len(done)} documents".ljust(64)
        + "".join(f"{fates[fate]:>20}" for fate in FATES)
        + f"{unnamed:>10}{taken:>8}"
    )
    print("\nplaces that are not carried out, by finding and keyword:")
    for group, count in groups.most_common():
        print(f"{count:>8}  {group}")
    print(f"\nlost when taken away: {sum(len(one.lost) for one in done)}")


if __name__ == "__main__":
    sys.exit(main())
