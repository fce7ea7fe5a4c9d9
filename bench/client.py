"""Calls/s of the generated client beside those of its peers in one run, and what importing it costs."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from client_measure import CORES, OURS, Contestant, Measured, measure

PACKAGE: Final = "import twilio_marketplace"
CLIENT: Final = "from twilio_marketplace import MarketplaceClient"
DEPENDENCIES: Final = "import httpx, pydantic"
STATEMENTS: Final = (PACKAGE, CLIENT, DEPENDENCIES, "pass")
IMPORT_MS: Final = 40.0
OUR_PACKAGES: Final = ("httpx", "httpcore", "h11", "anyio", "sniffio", "pydantic")
PEER_PACKAGES: Final = ("twilio", "requests", "urllib3")
FETCH, REPORT, ASYNC = "fetch", "report", "async fetch, 32 in flight"
ASYNC_REPORT: Final = "async report, 32 in flight"
KEPT, OWN = "kept", "own"
"""A report on a kept connection, which a caller has to choose, or on one of its own, which is the default."""


@dataclass(frozen=True, slots=True)
class Contest:
    """Who is compared with whom, and how many times as many calls the first must make; None if there is no target."""

    ours: str
    against: str
    target: float | None = None

    @property
    def title(self) -> str:
        """How the result calls it: the peer without the words that both begin with."""
        ours, peer = self.ours.split(", "), self.against.split(", ")
        while ours[0] == peer[0]:
            ours, peer = ours[1:], peer[1:]
        return f"{self.ours} / {', '.join(peer)}"


def report_title(title: str, *, tls: bool, connections: str) -> str:
    """The name of one way to report."""
    return f"{title}{', TLS' if tls else ''}, {connections}"


REPORTS: Final = tuple(
    (report_title(title, tls=tls, connections=connections), f"{work}-{connections}", tls)
    for title, work in ((REPORT, "report"), (ASYNC_REPORT, "async-report"))
    for tls in (False, True)
    for connections in (KEPT, OWN)
)
"""Each way to report: its title, its work, and whether it is over TLS."""
PLAIN_REPORT: Final = report_title(REPORT, tls=False, connections=KEPT)
CONTESTS: Final = (
    Contest(f"{FETCH}, ours", f"{FETCH}, httpx", 1.0),
    Contest(f"{FETCH}, ours", f"{FETCH}, twilio"),
    Contest(f"{PLAIN_REPORT}, ours", f"{PLAIN_REPORT}, twilio", 1.5),
    *(Contest(f"{title}, ours", f"{title}, httpx") for title, _, _ in REPORTS),
    *(
        Contest(f"{own}, ours", f"{kept}, ours")
        for (kept, _, _), (own, _, _) in zip(REPORTS[::2], REPORTS[1::2], strict=True)
    ),
    Contest(f"{ASYNC}, ours", f"{ASYNC}, httpx", 3.0),
)


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of what the rounds gave, and between what the middle half of them lies."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Of one figure a round."""
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(median, low, high)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of the result; `met` is None where there is no target."""

    title: str
    unit: str
    value: Spread
    target: float | None
    met: bool | None


def contestants(peers: Path) -> list[Contestant]:
    """Ours and httpx by hand in the interpreter this runs in, so that both have the same httpx; twilio in its own."""
    here, there = Path(sys.executable), (peers / "bin" / "python").absolute()
    reports = [
        Contestant(title, name, here, script, work, tls=tls)
        for title, work, tls in REPORTS
        for name, script in ((OURS, "client_ours.py"), ("httpx", "client_httpx.py"))
    ]
    return [
        Contestant(FETCH, OURS, here, "client_ours.py", "fetch"),
        Contestant(FETCH, "httpx", here, "client_httpx.py", "fetch"),
        Contestant(FETCH, "twilio", there, "client_twilio.py", "fetch"),
        Contestant(PLAIN_REPORT, "twilio", there, "client_twilio.py", "report"),
        *reports,
        Contestant(ASYNC, OURS, here, "client_ours.py", "async-fetch"),
        Contestant(ASYNC, "httpx", here, "client_httpx.py", "async-fetch"),
    ]


def verdicts(measured: Measured) -> list[Verdict]:
    """Ratios and differences of the same round, because the machine is not the same in another; then their median."""
    found: list[Verdict] = []
    for contest in CONTESTS:
        ours, peer = (measured.rates[name] for name in (contest.ours, contest.against))
        ratio = Spread.of([mine / theirs for mine, theirs in zip(ours, peer, strict=True)])
        met = None if contest.target is None else ratio.median >= contest.target
        found.append(Verdict(contest.title, "x", ratio, contest.target, met))
    for statement, target in ((PACKAGE, IMPORT_MS), (CLIENT, None)):
        pairs = zip(measured.imports[statement], measured.imports[DEPENDENCIES], strict=True)
        extra = Spread.of([1000 * (mine - theirs) for mine, theirs in pairs])
        met = None if target is None else extra.median <= target
        subject = "import" if statement == PACKAGE else "import with the client's class"
        found.append(Verdict(f"{subject}, over {DEPENDENCIES}", "ms", extra, target, met))
    return found


def environment(measured: Measured) -> dict[str, Any]:
    """What the figures depend on besides the code."""
    ours, twilio = (measured.versions[f"{PLAIN_REPORT}, {name}"] for name in (OURS, "twilio"))
    return {
        "python": sys.version.split()[0],
        "cores": os.cpu_count(),
        "pinned": len(CORES) > 1,
        "load": round(os.getloadavg()[0], 2),
        "versions": {name: ours[name] for name in OUR_PACKAGES}
        | {name: twilio[name] for name in PEER_PACKAGES},
    }


def show(measured: Measured, found: Sequence[Verdict], rounds: int, seconds: float) -> None:
    """Print the tables."""
    about = environment(measured)
    versions: dict[str, str | None] = about["versions"]
    print(f"{rounds} interleaved rounds of {seconds:g} s each after one warm-up: medians (middle half)")
    pinned = "server and callers on one core each" if about["pinned"] else "cores not assigned"
    print(f"Python {about['python']}, {about['cores']} cores, {pinned}, load {about['load']:.1f} at the end")
    print(", ".join(f"{name} {version}" for name, version in versions.items() if version))
    if versions["sniffio"] is None:
        # It decides how fast httpx is in asyncio: anyio looks for it on every call, and a failed import is slow.
        print("sniffio is not installed, as httpx and anyio leave it: raw httpx pays for that in asyncio")
    print("\n  calls/s" + " " * 70 + "CPU us/call  peak MiB")
    for name, values in measured.rates.items():
        rate = Spread.of(values)
        row = f"  {name:<48}{rate.median:8,.0f}  ({rate.low:,.0f}-{rate.high:,.0f})"
        cost = 1_000_000 * Spread.of(measured.costs[name]).median
        print(f"{row:<80}{cost:8,.0f}{measured.peaks[name]:10.0f}")
    print("\n  whole process, ms")
    for statement, values in measured.imports.items():
        taken = Spread.of([1000 * value for value in values])
        print(f"  {statement:<60}{taken.median:8.1f}  ({taken.low:.1f}-{taken.high:.1f})")
    print()
    for verdict in found:
        print(_line(verdict))


def _line(verdict: Verdict) -> str:
    value, low, high = verdict.value.median, verdict.value.low, verdict.value.high
    digits = 2 if verdict.unit == "x" else 1
    line = f"  {verdict.title:<62}{value:7.{digits}f} {verdict.unit:<3} ({low:.{digits}f}-{high:.{digits}f})"
    if verdict.target is None:
        return line
    sign = ">=" if verdict.unit == "x" else "<="
    target = f"target {sign} {verdict.target:g} {verdict.unit}"
    return f"{line:<94}{target:<19}{'met' if verdict.met else 'MISSED'}"


def as_json(measured: Measured, found: Sequence[Verdict]) -> dict[str, Any]:
    """Every figure of every round, and what came of it."""
    return {
        "environment": environment(measured),
        "calls_per_second": measured.rates,
        "cpu_seconds_per_call": measured.costs,
        "peak_mib": measured.peaks,
        "import_seconds": measured.imports,
        "verdicts": [asdict(verdict) for verdict in found],
    }


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="at least 2")
    parser.add_argument(
        "--seconds", type=float, default=0.4, help="how long each contestant calls in a round"
    )
    parser.add_argument("--generated", type=Path, default=Path("generated"), help="where the package is")
    parser.add_argument(
        "--peers", type=Path, default=Path(".venv-bench"), help="environment with twilio in it"
    )
    parser.add_argument("--json", type=Path, help="write every figure there")
    parser.add_argument("--check", action="store_true", help="exit 1 when a target is missed")
    given = parser.parse_args()
    if given.rounds < 2:
        parser.error("--rounds must be at least 2")
    return given


def main() -> int:
    """Run the benchmark; 1 with --check when a target is missed."""
    given = arguments()
    measured = measure(
        contestants(given.peers),
        STATEMENTS,
        rounds=given.rounds,
        seconds=given.seconds,
        generated=given.generated,
        packages=OUR_PACKAGES + PEER_PACKAGES,
    )
    found = verdicts(measured)
    show(measured, found, given.rounds, given.seconds)
    if given.json:
        given.json.write_text(json.dumps(as_json(measured, found), indent=1) + "\n")
    missed = any(verdict.met is False for verdict in found)
    return 1 if missed and given.check else 0


if __name__ == "__main__":
    sys.exit(main())
