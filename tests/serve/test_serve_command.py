"""`clientsmith serve` as a process: what it prints, how it stops, and what it refuses."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.patience import PATIENCE
from tests.serve.served import FETCH

SPEC = "spec/marketplace.yaml"
COMMAND = [sys.executable, "-m", "clientsmith", "serve"]


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and the first line it prints on stdout."""
    process = subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def refused(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=PATIENCE)


def get(url: str, path: str = FETCH) -> int:
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers={"Authorization": "Basic QTpC"})
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_address_serves_and_stops_on_a_signal(number: signal.Signals) -> None:
    with running(SPEC, "--no-tapes", "--verbose") as (process, line):
        assert line.startswith("http://127.0.0.1:")
        assert line.endswith("/v1") and get(line) == 200
        process.send_signal(number)
        out, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert out == ""
    assert f"page: {line.removesuffix('/v1')}/__clientsmith" in told
    assert f"GET {FETCH} 200 example (fetchListing)" in told
    assert told.endswith("clientsmith serve: stopped after 1 request\n")
    assert "Traceback" not in told


def test_a_program_reads_the_address_as_json() -> None:
    with running(SPEC, "--format", "json", "--fault", "server-error:502#1", "--scenario", "not-found") as (
        process,
        line,
    ):
        facts = json.loads(line)
        assert facts["pid"] == process.pid
        assert facts["control"] == f"{facts['url'].removesuffix('/v1')}/__clientsmith"
        assert [get(facts["url"]), get(facts["url"])] == [502, 404]


def test_a_connection_that_hangs_does_not_keep_it_from_stopping() -> None:
    with running(SPEC, "--fault", "hang-in-body") as (process, line):
        address = urlsplit(line)
        with socket.create_connection(
            (address.hostname or "", address.port or 0), timeout=PATIENCE
        ) as client:
            client.sendall(f"GET {FETCH} HTTP/1.1\r\nHost: a\r\nAuthorization: Basic QTpC\r\n\r\n".encode())
            assert client.recv(100)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=PATIENCE) == 0


def test_a_port_in_use_is_told_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = refused(SPEC, "--port", str(port))
    assert (found.returncode, found.stdout) == (2, "")
    assert (
        found.stderr == f"clientsmith serve: cannot listen on 127.0.0.1 port {port}: Address already in use\n"
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--config", "nowhere.toml"), "nowhere.toml"),
        (("nowhere.yaml",), "nowhere.yaml"),
        ((SPEC, "--fault", "trunkate"), "did you mean truncate?"),
        ((SPEC, "--fault", "delay@fetchListin"), "did you mean fetchListing?"),
        ((SPEC, "--scenario", "not-instaled"), "not-instaled"),
        ((SPEC, "--port", "70000"), "0 to 65535"),
        ((SPEC, "--port", "x"), "--port"),
        ((SPEC, "--host", "256.1.1.1"), "256.1.1.1"),
        ((SPEC, "--tape", "nowhere.har"), "nowhere.har"),
    ],
)
def test_what_it_refuses_is_told_without_a_traceback(arguments: tuple[str, ...], told: str) -> None:
    found = refused(*arguments)
    assert (found.returncode, found.stdout) == (2, "")
    assert told in found.stderr
    assert "Traceback" not in found.stderr


def test_listening_for_other_machines_comes_with_a_warning() -> None:
    with running(SPEC, "--host", "0.0.0.0") as (process, line):
        assert get(line.replace("0.0.0.0", "127.0.0.1")) == 200
        process.send_signal(signal.SIGTERM)
        told = process.communicate(timeout=PATIENCE)[1]
    assert "warning: 0.0.0.0 can be reached from other machines" in told


def test_every_fault_is_listed_with_one_line() -> None:
    found = refused("--list-faults")
    assert found.returncode == 0
    assert "  truncate[:BYTES] " in found.stdout
    assert len(found.stdout.splitlines()) > 35


def test_every_exchange_is_written_to_a_har_file(tmp_path: Path) -> None:
    log = tmp_path / "log.har"
    with running(SPEC, "--log", str(log)) as (process, line):
        assert line.endswith("/v1") and get(line) == 200
        assert len(json.loads(log.read_text())["log"]["entries"]) == 1
        assert get(line, "/nowhere") == 404
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
    text = log.read_text()
    entries = json.loads(text)["log"]["entries"]
    assert [entry["response"]["status"] for entry in entries] == [200, 404]
    assert "QTpC" not in text


def test_a_log_that_cannot_be_written_is_told_before_anything_is_served(tmp_path: Path) -> None:
    (tmp_path / "log.har").write_text("no HAR")
    for path in (tmp_path / "log.har", tmp_path, tmp_path / "no" / "such" / "folder.har"):
        found = refused(SPEC, "--log", str(path))
        assert (found.returncode, found.stdout) == (2, ""), path
        assert str(path) in found.stderr
        assert "Traceback" not in found.stderr
