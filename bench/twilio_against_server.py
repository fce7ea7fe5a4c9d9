"""The official `twilio` package against `clientsmith serve`: a client that nobody here wrote fetches and reports.

Exit code 1 where a call does not come out as the document says. What the package is known to do wrong is shown as well.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path
from typing import Any

from clientsmith.serve.fixture import ClientsmithServer, ReceivedRequest, Servers

HERE = Path(__file__).parent
LISTING = "XB" + "a" * 32


def main() -> int:
    """Run every call, print what came back and what arrived, and say whether that is right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spec", type=Path, default=HERE.parent / "spec" / "marketplace.yaml")
    parser.add_argument("--tape", type=Path, default=HERE.parent / "spec" / "recordings")
    parser.add_argument(
        "--peers", type=Path, default=HERE.parent / ".venv-bench", help="where twilio is installed"
    )
    options = parser.parse_args()
    servers = Servers()
    try:
        server = servers.get(options.spec, (options.tape,), strict=False)
        return _run(server, options.peers / "bin" / "python")
    finally:
        servers.close()


def _run(server: ClientsmithServer, python: Path) -> int:
    right: list[bool] = []
    outcome, arrived = _call(server, python, "fetch")
    right.append(outcome.get("returned", {}).get("sid") == LISTING and _conforms(arrived))
    outcome, arrived = _call(server, python, "report")
    items = outcome.get("returned", {}).get("billable_items", [])
    right.append([item["submitted"] for item in items] == [False, True] and _conforms(arrived))
    server.use("not-installed")
    outcome, arrived = _call(server, python, "report")
    right.append(
        (outcome.get("raised"), outcome.get("status")) == ("TwilioRestException", 404) and _conforms(arrived)
    )
    server.use(None)
    server.fault("too-many-requests@reportUsage")
    outcome, arrived = _call(server, python, "report")
    right.append(
        (outcome.get("raised"), outcome.get("status")) == ("TwilioRestException", 429) and len(arrived) == 1
    )
    server.clear()
    outcome, arrived = _call(server, python, "update_with_text")
    right.append("returned" in outcome and _conforms(arrived))
    outcome, arrived = _call(server, python, "update_with_dict")
    right.append(outcome.get("status") == 400 and bool(arrived[0].findings))
    print(f"{sum(right)} of {len(right)} calls came out as expected")
    return 0 if all(right) else 1


def _call(server: ClientsmithServer, python: Path, name: str) -> tuple[dict[str, Any], list[ReceivedRequest]]:
    """One call of the package: what it returned or raised, and what arrived at the server."""
    before = len(server.requests)
    command = [str(python), str(HERE / "twilio_calls.py"), server.url.removesuffix("/v1"), name]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    outcome: dict[str, Any] = json.loads(done.stdout)[name]
    arrived = server.requests[before:]
    print(f"{name}: {json.dumps(outcome)}")
    for request in arrived:
        print(f"  arrived: {request.method} {request.path} {request.status} {request.raw.body.decode()}")
        for finding in request.findings:
            print(f"    {finding.part} {finding.pointer}: {finding.message}")
    return outcome, arrived


def _conforms(arrived: list[ReceivedRequest]) -> bool:
    return len(arrived) == 1 and arrived[0].operation is not None and not arrived[0].findings


if __name__ == "__main__":
    raise SystemExit(main())
