"""Times `clientsmith generate` and `clientsmith check` as whole processes beside a peer and a bare interpreter."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

GENERATE_RATIO = 0.8
CHECK_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Contender:
    """One command to time; `command` builds its argument list for a fresh output folder."""

    name: str
    command: Callable[[Path], list[str]]
    environment: Mapping[str, str]


def run_once(contender: Contender, scratch: Path, number: int) -> float:
    """Wall seconds of one run from start to exit; a run that fails ends the benchmark."""
    out = scratch / f"{contender.name.replace(' ', '-')}-{number}"
    command = contender.command(out)
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, env=contender.environment, check=False)
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        sys.exit(f"{contender.name}: exit {done.returncode}\n{' '.join(command)}\n{done.stdout}{done.stderr}")
    return seconds


def medians(contenders: Sequence[Contender], runs: int) -> dict[str, float]:
    """Median wall seconds of each; runs are interleaved so that a slow moment of the machine hits all alike."""
    seconds: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(runs + 1):
            for contender in contenders:
                taken = run_once(contender, Path(scratch), number)
                if number:  # The first round only warms the caches of the file system.
                    seconds[contender.name].append(taken)
    return {name: statistics.median(values) for name, values in seconds.items()}


def contenders(spec: Path, peers: Path) -> list[Contender]:
    """Ours and the peer on one document, then `check` and the interpreter that it is measured against."""
    ours = Path(sys.executable).with_name("clientsmith")
    peer_bin = (peers / "bin").absolute()
    # Every contender runs as it does where it is installed: from bytecode, which the first round writes.
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    # The peer formats with the ruff it finds on PATH; its environment holds one.
    with_peers = plain | {"PATH": f"{peer_bin}{os.pathsep}{plain.get('PATH', '')}"}
    peer = str(peer_bin / "openapi-python-client")
    return [
        Contender(
            "clientsmith generate", lambda out: [str(ours), "generate", str(spec), "--out", str(out)], plain
        ),
        Contender(
            "openapi-python-client generate",
            lambda out: [peer, "generate", "--path", str(spec), "--output-path", str(out), "--meta", "none"],
            with_peers,
        ),
        Contender("clientsmith check", lambda _: [str(ours), "check"], plain),
        Contender("python -c pass", lambda _: [sys.executable, "-c", "pass"], plain),
    ]


def report(spec: Path, runs: int, times: Mapping[str, float]) -> bool:
    """Print the table; whether both targets are met."""
    ours, peer, check, bare = times.values()
    ratio, extra = ours / peer, check - bare
    print(
        f"{spec}: {spec.stat().st_size / 1000:.0f} kB, medians of {runs} interleaved runs after one warm-up"
    )
    # With more running than there are cores, whatever works in parallel loses most: such a run proves nothing.
    print(
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end\n"
    )
    for name, seconds in times.items():
        print(f"  {name:<32}{seconds:8.3f} s")
    met = ratio <= GENERATE_RATIO, extra <= CHECK_SECONDS
    print(
        f"\n  generate, ours / peer           {ratio:8.2f}    target <= {GENERATE_RATIO}    {_verdict(met[0])}"
    )
    print(f"  check over a bare interpreter   {extra:8.3f} s  target <= {CHECK_SECONDS} s {_verdict(met[1])}")
    return all(met)


def _verdict(met: bool) -> str:
    return "met" if met else "MISSED"


def main() -> int:
    """Run the benchmark; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spec", type=Path, default=Path("spec/marketplace.yaml"))
    parser.add_argument(
        "--peers", type=Path, default=Path(".venv-bench"), help="environment with the peer in it"
    )
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    times = medians(contenders(arguments.spec, arguments.peers), arguments.runs)
    return 0 if report(arguments.spec, arguments.runs, times) else 1


if __name__ == "__main__":
    sys.exit(main())
