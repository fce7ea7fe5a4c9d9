"""The service over HTTP stands up to a tester that nobody here wrote, and to documents that it has never seen."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.serve.server import ThreadedServer
from clientsmith.serve.service import Service
from clientsmith.traffic.message import HttpRequest
from tests.unit.serve.answering import MARKETPLACE, RECORDINGS, opened

CASES = Path(__file__).parents[1] / "cases"
DOCUMENTS = sorted(path for kind in ("*.yaml", "*.json") for path in CASES.rglob(kind))


@pytest.fixture
def server() -> Iterator[ThreadedServer]:
    service = opened(MARKETPLACE, RECORDINGS, credentials=["SK1:secret"])
    with ThreadedServer(service) as running:
        yield running


def test_schemathesis_finds_every_check_green_in_all_its_phases(
    server: ThreadedServer, tmp_path: Path
) -> None:
    command = Path(sys.executable).with_name("schemathesis")
    options = ["--auth", "SK1:secret", "--generation-deterministic", "--max-examples", "10", "--no-color"]
    done = subprocess.run(
        [command, "run", MARKETPLACE, "--url", server.url, "--continue-on-failure", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout
    assert "No issues found" in done.stdout
    for phase in ("Examples", "Coverage", "Fuzzing", "Stateful"):
        assert f"✅ {phase}" in done.stdout
    # It did ask, and both sides of the checks were there: accepted and refused requests.
    statuses = {entry.answer.response.status for entry in server.service.log}
    assert server.service.log.total > 100
    assert {200, 202, 400, 401, 405} <= statuses


def test_documents_of_every_shape_answer_every_operation() -> None:
    asked = 0
    for path in DOCUMENTS:
        service = Service.open(path, [], Diagnostics())
        for operation in service.checker.operations if service is not None else ():
            assert service is not None
            for target in (operation.path, operation.path.replace("{", "").replace("}", "")):
                answer = service.respond(HttpRequest(operation.method, target))
                assert 200 <= answer.response.status < 600
                asked += 1
    assert asked > 10
