"""`clientsmith record` as a process: what it prints, how it ends, and what a kill leaves behind."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import trustme

from clientsmith.cli.main import main
from tests.patience import PATIENCE
from tests.record.recorders import SPEC
from tests.unit.record.raw_server import RawServer, answer

LISTING = "/Listing/XBaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
BODY = b'{"sid": "XBaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'
JSON = "Content-Type: application/json"
AUTH = ("SK" + "b" * 32, "canary-secret-do-not-write")


class Command:
    """A running `clientsmith record`; its standard error is read when it has ended."""

    def __init__(self, *arguments: str, limit: int | None = None) -> None:
        command = [sys.executable, "-m", "clientsmith", "record", str(SPEC), *arguments]
        pipe = subprocess.PIPE
        # The limit is one for all files of the process, and what coverage writes is larger.
        is_measured = limit is None
        environment = {
            key: value for key, value in os.environ.items() if is_measured or "COVERAGE" not in key
        }
        self.process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment)
        if limit is not None:
            resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (limit, limit))
        assert self.process.stdout is not None
        self.first_line = self.process.stdout.readline()

    @property
    def url(self) -> str:
        return self.first_line.strip()

    def get(self, path: str = LISTING) -> httpx.Response:
        return httpx.get(self.url + path, auth=AUTH, trust_env=False, timeout=PATIENCE)

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """The exit code, the rest of standard output, and standard error."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> tuple[int, str, str]:
        rest, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, rest, errors


@contextlib.contextmanager
def recording(*arguments: str, limit: int | None = None) -> Iterator[Command]:
    command = Command(*arguments, limit=limit)
    try:
        yield command
    finally:
        if command.process.poll() is None:
            command.process.kill()
            command.process.communicate()


def entries(tape: Path) -> list[object]:
    found = json.loads(tape.read_bytes())["log"]["entries"]
    assert isinstance(found, list)
    return found


@pytest.fixture
def upstream() -> Iterator[RawServer]:
    with RawServer(answer(BODY, JSON)) as server:
        yield server


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_clean_run_ends_with_0(upstream: RawServer, tmp_path: Path, number: int) -> None:
    tape = tmp_path / "t.har"
    with recording("--upstream", upstream.url, "--tape", str(tape)) as command:
        assert command.get().content == BODY
        code, rest, errors = command.end(number)
    assert (code, rest) == (0, "")
    assert "1 exchanges, 1 on tape, 0 findings, 0 failures, 1 values redacted" in errors
    assert len(entries(tape)) == 1
    assert AUTH[1] not in errors + tape.read_text()


def test_findings_are_told_as_they_happen_and_end_the_run_with_1(tmp_path: Path) -> None:
    with (
        RawServer(answer(b'{"sid": 12}', JSON)) as upstream,
        recording("--upstream", upstream.url, "--validate-only") as command,
    ):
        command.get(LISTING + "?token=canary")
        assert command.process.stderr is not None
        first = [command.process.stderr.readline() for _ in range(2)]
        code, _, _ = command.end()
    assert code == 1
    assert first[0].startswith("clientsmith record: to http://127.0.0.1:")
    expected = f"#1 GET {LISTING}?token=REDACTED 200 (fetchListing): response body at /sid: "
    assert expected in first[1] or "undeclared-parameter" in first[1]
    assert not list(tmp_path.iterdir())


def test_json_is_one_event_a_line(upstream: RawServer, tmp_path: Path) -> None:
    tape = tmp_path / "t.har"
    arguments = ("--upstream", upstream.url, "--tape", str(tape), "--format", "json")
    with recording(*arguments) as command:
        started = json.loads(command.first_line)
        httpx.get(started["url"] + "/v2/none", trust_env=False, timeout=PATIENCE)
        code, rest, errors = command.end()
    exchange, stopped = map(json.loads, rest.splitlines())
    assert (started["event"], started["upstream"], started["tape"]) == ("started", upstream.url, str(tape))
    assert (exchange["event"], exchange["operation"], exchange["is_taped"]) == ("exchange", None, True)
    assert [one["id"] for one in exchange["findings"]] == ["unknown-operation"]
    assert (stopped["event"], stopped["exchanges"], stopped["findings"]) == ("stopped", 1, 1)
    assert (code, errors) == (1, "")


def test_a_dry_run_shows_what_would_be_kept_and_writes_no_tape(tmp_path: Path) -> None:
    body = '{"sid": "abc", "token": "canary-secret-do-not-write", "tagline": "t\u202e"}'
    reply = answer(body.encode(), JSON)
    with RawServer(reply) as upstream, recording("--upstream", upstream.url, "--dry-run") as command:
        command.get(LISTING + "?token=canary-secret-do-not-write")
        code, rest, errors = command.end()
    assert (code, rest) == (1, "")
    assert f"> GET /v1{LISTING}?token=REDACTED\n" in errors
    assert "> Authorization: Basic " in errors
    assert "< 200 OK\n" in errors
    assert '<   {"sid": "abc", "token": "REDACTED", "tagline": "t\\u202e"}\n' in errors
    assert "* replaced: response body /token\n" in errors
    assert "1 exchanges, 1 to be kept" in errors
    assert AUTH[1] not in errors
    assert not list(tmp_path.iterdir())


def test_a_dry_run_as_json_gives_the_entries_of_the_tape(upstream: RawServer, tmp_path: Path) -> None:
    with recording("--upstream", upstream.url, "--dry-run", "--format", "json") as command:
        httpx.get(
            json.loads(command.first_line)["url"] + LISTING, auth=AUTH, trust_env=False, timeout=PATIENCE
        )
        code, rest, errors = command.end()
    kept, exchange, _ = map(json.loads, rest.splitlines())
    assert (code, errors) == (0, "")
    assert (kept["event"], exchange["event"], exchange["is_taped"]) == ("kept", "exchange", True)
    assert kept["entry"]["request"]["url"] == f"{upstream.url}/v1{LISTING}"
    assert kept["entry"]["response"]["content"]["text"] == BODY.decode()
    assert AUTH[1] not in rest


def test_an_upstream_that_is_down_is_a_502_and_ends_the_run_with_1(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with recording("--upstream", url, "--tape", str(tmp_path / "t.har")) as command:
        assert command.get().status_code == 502
        code, _, errors = command.end()
    assert code == 1
    assert f"{url} cannot be reached" in errors
    assert "Traceback" not in errors


def test_a_service_behind_tls_is_reached_with_its_own_certificates_and_not_without(tmp_path: Path) -> None:
    authority, trusted = trustme.CA(), tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(trusted)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with RawServer(answer(BODY, JSON), context) as upstream:
        common = ("--upstream", upstream.url, "--validate-only")
        with recording(*common, "--ca", str(trusted)) as command:
            assert command.get().content == BODY
            assert command.end()[0] == 0
        with recording(*common) as command:
            refused_answer = command.get()
            code, _, errors = command.end()
    assert (refused_answer.status_code, code) == (502, 1)
    assert "certificate verify failed" in errors and "Traceback" not in errors


def test_a_kill_at_any_moment_keeps_what_was_answered(upstream: RawServer, tmp_path: Path) -> None:
    tape = tmp_path / "t.har"
    total = 0
    for round_, delay in enumerate((0.02, 0.05, 0.09)):
        with recording("--upstream", upstream.url, "--tape", str(tape), "--append") as command:
            answered = _hammer(command, delay)
        total += answered
        assert answered > 0
        found = entries(tape)
        assert total <= len(found) <= total + 4 * (round_ + 1)
        total = len(found)


def _hammer(command: Command, delay: float) -> int:
    """Call from four threads, kill after the delay from the first answer, and count the answers that came."""
    answered: list[bool] = []

    def call() -> None:
        with (
            contextlib.suppress(httpx.HTTPError),
            httpx.Client(auth=AUTH, trust_env=False, timeout=PATIENCE) as client,
        ):
            while True:
                answered.append(client.get(command.url + LISTING).content == BODY)

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    while not answered:
        time.sleep(0.001)
    time.sleep(delay)
    command.process.kill()
    for thread in threads:
        thread.join()
    assert all(answered)
    return len(answered)


def test_a_full_disk_ends_the_run_with_2_and_keeps_the_tape_whole(
    upstream: RawServer, tmp_path: Path
) -> None:
    tape = tmp_path / "t.har"
    with recording("--upstream", upstream.url, "--tape", str(tape), limit=4000) as command:
        answers = []
        with contextlib.suppress(httpx.HTTPError):
            while len(answers) < 50:
                answers.append(command.get().content)
        code, _, errors = command.ended()
    assert code == 2
    assert set(answers) == {BODY}
    assert errors.count("File too large") == 1 and "recording stopped" in errors
    assert "Traceback" not in errors
    assert len(entries(tape)) == len(answers) - 1


def test_names_can_be_added_and_kept(tmp_path: Path) -> None:
    tape = tmp_path / "t.har"
    reply = answer(b'{"sid": "abc", "token": "page-2", "tagline": "t"}', JSON)
    arguments = ("--tape", str(tape), "--redact", "tagline", "--keep", "token")
    with RawServer(reply) as upstream, recording("--upstream", upstream.url, *arguments) as command:
        command.get()
        command.end()
    assert '\\"token\\": \\"page-2\\", \\"tagline\\": \\"REDACTED\\"' in tape.read_text()


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    try:
        code: object = main(["record", *arguments])
    except SystemExit as error:
        code = error.code
    out, errors = capsys.readouterr()
    assert (code, out) == (2, "")
    assert errors.count("\n") == 1 or "error[" in errors
    return errors


def test_an_existing_tape_is_not_touched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tape = tmp_path / "t.har"
    tape.write_text("mine")
    said = refused(capsys, str(SPEC), "--upstream", "http://127.0.0.1:1", "--tape", str(tape))
    assert said == f"clientsmith record: {tape}: it exists; --append goes on with it, --force replaces it\n"
    assert tape.read_text() == "mine"


@pytest.mark.parametrize(("flags", "kept"), [((), 2), (("--append",), 2), (("--force",), 1)])
def test_a_tape_of_the_config_is_gone_on_with_unless_it_is_to_be_replaced(
    upstream: RawServer, tmp_path: Path, flags: tuple[str, ...], kept: int
) -> None:
    config = tmp_path / "clientsmith.toml"
    config.write_text(f'[record]\nupstream = "{upstream.url}"\ntape = "t.har"\n')
    for more in ((), flags):
        with recording("--config", str(config), *more) as command:
            command.get()
            assert command.end()[0] == 0
    assert len(entries(tmp_path / "t.har")) == kept


def test_a_tape_of_the_config_that_is_no_tape_is_not_touched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, tape = tmp_path / "clientsmith.toml", tmp_path / "t.har"
    config.write_text('[record]\nupstream = "http://127.0.0.1:1"\ntape = "t.har"\n')
    tape.write_text("mine")
    said = refused(capsys, str(SPEC), "--config", str(config), "--port", "0")
    assert said == f"clientsmith record: {tape}: it is no HAR, so nothing can be appended to it\n"
    assert tape.read_text() == "mine"


def test_a_port_in_use_is_told_and_no_tape_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tape = tmp_path / "t.har"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refused(capsys, str(SPEC), "--upstream", "http://h", "--tape", str(tape), "--port", port)
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in said
    assert not tape.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("{spec}", "--upstream", "https://u:p@h", "--validate-only"), "may not hold credentials"),
        (("{spec}", "--upstream", "h", "--validate-only"), "has to start with https://"),
        (("{spec}", "--upstream", "https://h", "--validate-only", "--ca", "/missing.pem"), "does not exist"),
        (("{spec}", "--upstream", "http://h", "--validate-only", "--ca", "x"), "--ca is about TLS"),
        (("{spec}", "--upstream", "http://h", "--validate-only", "--append"), "writes none"),
        (("{spec}", "--upstream", "http://h", "--dry-run", "--force"), "--dry-run writes none"),
        (("{spec}", "--upstream", "http://h", "--dry-run", "--tape", "t.har"), "not allowed with"),
        (("{spec}", "--upstream", "http://h", "--tape", "/missing/t.har"), "No such file"),
        (("{spec}", "--upstream", "http://h", "--tape", "/", "--append"), "Is a directory"),
        (("{spec}", "--upstream", "http://h"), "no tape given to write"),
        (("{spec}", "--validate-only"), "no service given to record"),
        (("{spec}", "--upstream", "http://h", "--validate-only", "--timeout", "0"), "0 is not a duration"),
        (
            ("{spec}", "--upstream", "http://h", "--validate-only", "--port", "70000"),
            "is not a number from 0 to 65535",
        ),
        (("{spec}", "--upstream", "http://h", "--validate-only", "--host", "no such host"), "cannot listen"),
        (("missing.yaml", "--upstream", "http://h", "--validate-only"), "does not exist"),
        ((os.devnull, "--upstream", "http://h", "--validate-only"), "empty"),
    ],
)
def test_bad_input_is_one_message_and_exit_code_2(
    arguments: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spec = str(SPEC.resolve())
    monkeypatch.chdir(tmp_path)
    assert said in refused(capsys, *(argument.replace("{spec}", spec) for argument in arguments))
