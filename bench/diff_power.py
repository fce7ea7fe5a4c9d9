"""The power of `clientsmith diff`: one change at a time in a description, and what the comparison says of it.

Operators that break something have to be reported as breaking where they changed it; what is not has to be on the list
of places where nothing breaks, with the reason. Rewrites that keep the meaning must not be reported at all. Exit codes:
0 all of it is so, 1 not.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from diff_breaking_messages import MESSAGE_OPERATORS
from diff_breaking_objects import OBJECT_OPERATORS
from diff_breaking_operations import OPERATION_OPERATORS
from diff_breaking_values import VALUE_OPERATORS
from diff_openings import OPENINGS
from diff_rewrites import SCHEMA_REWRITES
from diff_rewrites_messages import MESSAGE_REWRITES
from diff_trials import Verdict, breaking_trials, explained, rewrite_trials, samples

OPERATORS = (*VALUE_OPERATORS, *OBJECT_OPERATORS, *OPERATION_OPERATORS, *MESSAGE_OPERATORS)
REWRITES = {**SCHEMA_REWRITES, **MESSAGE_REWRITES}
KNOWN = Path(__file__).with_name("diff_equivalent.toml")
STATES = ("found", "equivalent", "elsewhere", "missed")


def main() -> int:
    """Draw, compare, print."""
    options = _parsed()
    began = time.process_time()
    drawn = samples(options.corpus)
    known = explained(KNOWN)
    operators = [one for one in OPERATORS if options.only in one.name]
    rewrites = {name: one for name, one in REWRITES.items() if options.only in name}
    breaking = list(breaking_trials(operators, drawn, known, options.seed, options.places))
    halfway = time.process_time()
    equal = list(rewrite_trials(rewrites, drawn, options.seed, options.rewrites))
    ended = time.process_time()
    print(f"{len(drawn)} descriptions of one file below 1 MB\n")
    _print_breaking(breaking, [one.name for one in operators])
    _print_equal(equal, [*rewrites, *OPENINGS])
    print(f"\nCPU: {halfway - began:.0f} s for the changes, {ended - halfway:.0f} s for the rewrites")
    if options.json:
        lines = (json.dumps(asdict(one)) + "\n" for one in (*breaking, *equal))
        options.json.write_text("".join(lines), encoding="utf-8")
    failed = [one for one in breaking if one.state in ("elsewhere", "missed")]
    failed += [one for one in equal if one.state == "found"]
    for one in failed:
        print(
            f"\n{one.state}: {one.operator} in {one.document} {one.pointer}", *one.reported[:4], sep="\n    "
        )
    return 1 if failed else 0


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--corpus", type=Path, metavar="DIR", help="draw from the descriptions of a folder too"
    )
    parser.add_argument("--places", type=int, default=700, help="breaking changes to make (default: 700)")
    parser.add_argument("--rewrites", type=int, default=600, help="rewrites to make (default: 600)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", metavar="WORD", help="operators and rewrites whose name has it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="a line of JSON for each change")
    return parser.parse_args()


def _print_breaking(verdicts: Iterable[Verdict], names: Iterable[str]) -> None:
    counts = Counter((one.operator, one.state) for one in verdicts)
    print(
        f"{'breaking change':38}{'drawn':>6}{'found there':>13}{'equivalent':>12}{'elsewhere':>11}{'missed':>8}"
    )
    for name in names:
        row = [counts[name, state] for state in STATES]
        print(f"{name:38}{sum(row):6}{row[0]:13}{row[1]:12}{row[2]:11}{row[3]:8}")
    total = [sum(counts[name, state] for name in names) for state in STATES]
    print(f"{'all':38}{sum(total):6}{total[0]:13}{total[1]:12}{total[2]:11}{total[3]:8}\n")


def _print_equal(verdicts: Iterable[Verdict], names: Iterable[str]) -> None:
    counts = Counter((one.operator, one.state) for one in verdicts)
    print(f"{'rewrite of equal meaning':44}{'drawn':>6}{'nothing found':>15}{'found':>7}")
    total = Counter[str]()
    for name in names:
        equal, found = counts[name, "equal"], counts[name, "found"]
        total.update(equal=equal, found=found)
        print(f"{name:44}{equal + found:6}{equal:15}{found:7}")
    print(f"{'all':44}{total.total():6}{total['equal']:15}{total['found']:7}")


if __name__ == "__main__":
    sys.exit(main())
