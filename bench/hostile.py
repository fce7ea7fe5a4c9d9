"""Draws hostile documents, runs the commands on each and prints the worst in CPU (as against the empty one) and memory.

Documents depend on the seed and their number alone. `serve` and `record` are measured until they are ready. With
`--real DIR` it prints instead what each document above 100 kB costs per byte: three times the dearest is the line.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hostile_documents import KINDS, drawn
from hostile_run import COMMANDS, Measured, measure, prepare

EMPTY = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}}
_LARGE = 100_000
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One run: what it was run on, of how many bytes, what it took, and what the same command takes for nothing."""

    name: str
    size: int
    measured: Measured
    empty: Measured

    @property
    def per_byte(self) -> float:
        """CPU microseconds for each byte, beyond those for the empty document."""
        return (self.measured.cpu - self.empty.cpu) / self.size * 1e6

    @property
    def text(self) -> str:
        """The row as a line."""
        code = "killed" if self.measured.code is None else self.measured.code
        more = self.measured.peak - self.empty.peak
        ratio = self.measured.cpu / self.empty.cpu
        cpu = f"{self.measured.cpu:7.2f} s ({ratio:6.1f} x empty, {self.per_byte:8.2f} us/byte)"
        memory = f"{self.measured.peak:6.0f} MiB ({max(more, 0) * 1024 * 1024 / self.size:7.0f} byte/byte)"
        return f"{self.name:30} {self.size:9} bytes  exit {code!s:6} {cpu} {memory}"


def hostile(folder: Path, seed: int, number: int, largest: int) -> Iterator[tuple[str, Path]]:
    """Each document by kind and number, in a file that the next one overwrites."""
    for index in range(number):
        kind, text = drawn(seed, index, largest)
        path = folder / "hostile.json"
        path.write_bytes(text)
        yield f"{kind}/{index}", path


def real(corpus: Path) -> Iterator[tuple[str, Path]]:
    """The documents of a corpus that are large."""
    for path in sorted(corpus.rglob("*")):
        if path.suffix in (".json", ".yaml", ".yml") and path.stat().st_size > _LARGE:
            yield path.name, path


def _report(command: str, rows: list[Row]) -> None:
    failed = [row for row in rows if row.measured.code not in (0, 1, 2)]
    print(f"\n{command}: {len(rows)} documents, {len(failed)} killed or crashed", flush=True)
    for title, ranked in (
        ("dearest", sorted(rows, key=lambda row: -row.measured.cpu)),
        ("dearest per byte", sorted(rows, key=lambda row: -row.per_byte)),
        ("largest", sorted(rows, key=lambda row: -row.measured.peak)),
    ):
        print(f" {title}")
        for row in ranked[:_SHOWN]:
            print(f"  {row.text}")


def main() -> int:
    """Run every command over every document and return 1 where a run was killed or crashed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=500, help="documents for each command")
    parser.add_argument(
        "--largest", type=int, default=400, help="how often what is dear occurs in one, at most"
    )
    parser.add_argument("--only", default="", help="kinds whose name starts with this")
    parser.add_argument("--command", action="append", choices=sorted(COMMANDS), help="repeatable")
    parser.add_argument("--seconds", type=int, default=60, help="CPU seconds after which a run is killed")
    parser.add_argument("--real", type=Path, help="measure the large documents of this folder instead")
    options = parser.parse_args()
    prepare()
    code = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        nothing = folder / "empty.json"
        nothing.write_text(json.dumps(EMPTY), encoding="utf-8")
        for command in options.command or COMMANDS:
            empty = measure(command, nothing, options.seconds)
            found = (
                real(options.real)
                if options.real
                else hostile(folder, options.seed, options.number, options.largest)
            )
            rows = [
                Row(name, path.stat().st_size, measure(command, path, options.seconds), empty)
                for name, path in found
                if options.real or name.startswith(options.only)
            ]
            _report(command, rows)
            code |= any(row.measured.code not in (0, 1, 2) for row in rows)
    return code


if __name__ == "__main__":
    print(f"{len(KINDS)} kinds: {', '.join(sorted(KINDS))}")
    sys.exit(main())
