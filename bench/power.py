"""The power of the conformance suite: faults put in one at a time, and how many of them it finds.

General operators over every file of the package (`power_operators`), faults of the domain and of the peers
(`power_seeds`), a server that answers wrongly, stale tapes and documents that have moved on (`power_server`). A list of
known survivors says of each whether it is equivalent, and why. Exit codes: 0 target met and every survivor explained,
1 not, 2 bad input.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from functools import partial
from pathlib import Path
from typing import TextIO

from clientsmith.conform.suite import Settings, Suite
from clientsmith.diagnostics.model import Diagnostics
from power_also import other_suites
from power_operators import Mutant, mutants
from power_reach import reached_lines
from power_run import Trial, Verdict, package_with, run
from power_seeds import domain, peers, thinned
from power_trials import document_trials, server_trials, tape_trials

TARGET = 0.95
EXAMPLES = 4
"""Draws for each schema: what a mutant is to be found with has to be quick."""
GROUPS = ("package", "runtime", "domain", "peers", "server", "tapes", "document")
KNOWN = Path(__file__).with_name("power_survivors.toml")


def main() -> int:
    """Parse, run, tell."""
    options = _parsed()
    diagnostics = Diagnostics()
    settings = Settings(examples=EXAMPLES)
    base = Suite.open(options.spec, options.package, [options.tape], diagnostics, settings)
    if base is None:
        print(*(one.message for one in diagnostics), sep="\n", file=sys.stderr)
        return 2
    base.prepare()
    others = other_suites(options.also, settings)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        copies = package_with(base, options.package, "py.typed", "", others)(Path(folder))
        wants_lines = not options.only or not {"package", "runtime"}.isdisjoint(options.only)
        reached, failed = reached_lines(copies, measure=wants_lines)
    if failed:
        print(f"the package itself fails: {failed}", file=sys.stderr)
        return 2
    folders = [options.package, *(other.package.folder for other in others)]
    every = [one for path, text in _texts(folders).items() for one in mutants(path, text)]
    general = [one for one in every if one.line in reached.get(one.path, set())]
    apart = Counter(one.path for one in every if one.line not in reached.get(one.path, set()))
    chosen = general if options.all else _sampled(general, options.sample)
    trials = [_general(base, options.package, one, others) for one in chosen]
    trials += _seeds(base, options.package, others, complete=options.all)
    trials += server_trials(base)
    trials += tape_trials(base, options.tape)
    trials += document_trials(options.spec, options.package, options.config, settings, complete=options.all)
    trials = [one for one in trials if not options.only or one.group in options.only]
    if options.again:
        told = map(json.loads, Path(options.again).read_text(encoding="utf-8").splitlines())
        left = {one["id"] for one in told if one["state"] == "survived"}
        trials = [one for one in trials if one.id in left]
    if reached:
        print(
            f"{len(every)} general mutants, {len(general)} in lines that the suite runs, {len(chosen)} drawn"
        )
    with Path(options.json or os.devnull).open("w", encoding="utf-8") as lines:
        verdicts = run(trials, options.jobs, partial(_watch, lines))
    code = _told(verdicts, complete=options.all and not options.only and not options.again)
    if reached:
        print(f"not run by the suite, so not counted: {sum(apart.values())} mutants in {len(apart)} files")
    for path, number in apart.most_common() if reached else ():
        print(f"    {number:5} {path}")
    print(f"{time.monotonic() - began:.0f} s, {options.jobs} at a time")
    return code


def _general(base: Suite, package: str, one: Mutant, others: list[Suite]) -> Trial:
    return Trial(
        one.id, _group(one.path), package_with(base, package, one.path, one.source, others), one.line
    )


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spec", default="spec/marketplace.yaml")
    parser.add_argument("--package", default="generated/twilio_marketplace")
    parser.add_argument("--config", default="clientsmith.toml", help="what the package was generated with")
    parser.add_argument("--tape", default="spec/recordings")
    parser.add_argument("--also", metavar="DIR", default="tests/conformance/documents")
    parser.add_argument("--sample", type=int, default=400, help="general mutants to draw (default: 400)")
    parser.add_argument("--all", action="store_true", help="every general mutant, not a sample")
    parser.add_argument(
        "--only", choices=GROUPS, action="append", help="a group of mutants, any number of times"
    )
    parser.add_argument(
        "--again", metavar="FILE", help="only what survived in the run that wrote FILE with --json"
    )
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--json", metavar="FILE", help="a line of JSON for each mutant, as soon as it is done"
    )
    return parser.parse_args()


def _texts(folders: list[str]) -> dict[str, str]:
    """The modules of the package, which comes first, and those that only the runtimes of the others have."""
    found: dict[str, str] = {}
    for folder in map(Path, folders):
        for file in sorted(folder.rglob("*.py")):
            path = file.relative_to(folder).as_posix()
            if path not in found and (path.startswith("_runtime/") or folder == Path(folders[0])):
                found[path] = file.read_text(encoding="utf-8")
    return found


def _group(path: str) -> str:
    return "runtime" if path.startswith("_runtime/") else "package"


def _sampled(every: list[Mutant], number: int) -> list[Mutant]:
    """The same ones each time, spread over files and operators: round by round one of each pair, by hash."""
    piles: dict[tuple[str, str], list[Mutant]] = defaultdict(list)
    for one in sorted(every, key=lambda one: hashlib.sha256(one.id.encode()).digest()):
        piles[one.path, one.operator].append(one)
    ordered = sorted(piles.values(), key=lambda pile: hashlib.sha256(pile[0].id.encode()).digest())
    rounds = max(map(len, ordered), default=0)
    spread = [pile[turn] for turn in range(rounds) for pile in ordered if turn < len(pile)]
    return spread[:number]


def _seeds(base: Suite, package: str, others: list[Suite], *, complete: bool) -> list[Trial]:
    """Faults of the domain and of the peers; in a sample those that repeat per field are thinned out."""
    every = list(domain(Path(package)))
    chosen = every if complete else thinned(iter(every))
    return [
        Trial(
            f"{one.group}::{one.id}",
            one.group,
            package_with(base, package, one.path, one.source, others),
            one.line,
        )
        for one in (*chosen, *peers(Path(package)))
    ]


def _watch(lines: TextIO, verdict: Verdict) -> None:
    trial = verdict.trial
    told = {"id": trial.id, "group": trial.group, "state": verdict.state, "by": verdict.by}
    print(json.dumps({**told, "seconds": round(verdict.seconds, 2)}), file=lines, flush=True)
    if sys.stderr.isatty():
        print(f"\r{verdict.state:9} {trial.id:.90}\033[K", end="", file=sys.stderr, flush=True)


def _told(verdicts: list[Verdict], *, complete: bool) -> int:
    """Print the score by group and every survivor; whether the target is met and each survivor explained."""
    known: dict[str, dict[str, str]] = (
        tomllib.loads(KNOWN.read_text(encoding="utf-8")) if KNOWN.exists() else {}
    )
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    unexplained: list[str] = []
    for one in verdicts:
        state = one.state
        note = known.get(one.trial.id)
        if state == "survived" and note is not None and note["verdict"] == "equivalent":
            state = "equivalent"
        counts[one.trial.group][state] += 1
        counts["all"][state] += 1
        if one.state == "survived":
            print(
                f"{state}: {one.trial.id} (line {one.trial.line}){'' if note is None else ': ' + note['reason']}"
            )
            unexplained += [one.trial.id] if note is None else []
        if one.state == "error":
            print(f"harness error: {one.trial.id}: {one.by}")
    for group, counted in counts.items():
        killed, survived = counted["killed"], counted["survived"]
        score = killed / max(killed + survived, 1)
        print(
            f"{group:10} killed {killed:4}  survived {survived:3}  equivalent {counted['equivalent']:3}  {score:7.2%}"
        )
    total = counts["all"]
    ran = {one.trial.id: one.state for one in verdicts}
    stale = [id for id in known if ran.get(id, "survived" if not complete else "gone") not in ("survived",)]
    for id in stale:
        print(f"stale: {id} is in {KNOWN.name} and was killed, or is gone")
    met = total["killed"] >= TARGET * (total["killed"] + total["survived"]) and not total["error"]
    return 0 if met and not unexplained and not stale else 1


if __name__ == "__main__":
    sys.exit(main())
