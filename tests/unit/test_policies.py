"""What a document is let through with has one meaning in all commands, as a flag and in the config."""

from __future__ import annotations

import asyncio
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from clientsmith.cli.main import main
from clientsmith.cli.registry import parser
from clientsmith.serve import signals

COMMANDS = ("generate", "check", "lint", "serve", "record", "conform")
POLICIES = ("--allow-invalid", "--allow-remote-refs", "--config")
HEAD = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
servers: [{url: https://pets.example}]
security: []
tags: [{name: Pets}]
paths:
  /pets:
    get:
      operationId: listPets
      summary: List the pets.
      tags: [Pets]
"""
INVALID = HEAD + "      licence: 3\n      deprecated: maybe\n      responses: {'204': {description: none}}\n"
DANGLING = HEAD + "      responses: {'204': {$ref: '#/components/responses/Gone'}}\n"
REMOTE = HEAD + "      responses: {'204': {$ref: 'http://127.0.0.1:PORT/none.yaml'}}\n"
UPSTREAM = ("--upstream", "http://127.0.0.1:9", "--validate-only")
ARGUMENTS = {"generate": ("--out", "acme"), "lint": (), "serve": (), "record": UPSTREAM}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, in which servers stop as soon as they are up."""

    def stopped() -> asyncio.Event:
        event = asyncio.Event()
        event.set()
        return event

    monkeypatch.setattr(signals, "stopped_by_signal", stopped)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def port() -> Iterator[int]:
    """A server on this machine that has one response object to refer to."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "20")
            self.end_headers()
            self.wfile.write(b"{description: none}\n")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def test_every_command_takes_the_same_policies_with_the_same_help() -> None:
    (subparsers,) = [action for action in parser()._actions if isinstance(action.choices, dict)]
    assert isinstance(subparsers.choices, dict)
    helps = {
        (action.option_strings[0], action.metavar, action.help)
        for name in COMMANDS
        for action in subparsers.choices[name]._actions
        if action.option_strings and action.option_strings[0] in POLICIES
    }
    assert len(helps) == len(POLICIES)


def test_no_flag_has_two_meanings() -> None:
    (subparsers,) = [action for action in parser()._actions if isinstance(action.choices, dict)]
    assert isinstance(subparsers.choices, dict)
    stored: dict[str, set[object]] = {}
    for command in subparsers.choices.values():
        for action in command._actions:
            for flag in action.option_strings:
                stored.setdefault(flag, set()).add((action.nargs, getattr(action.type, "__name__", None)))
    assert {flag for flag, kinds in stored.items() if len(kinds) > 1} == set()


@pytest.mark.parametrize("command", ARGUMENTS)
@pytest.mark.parametrize("text", [INVALID, DANGLING])
def test_an_invalid_document_is_let_through_by_flag_and_by_config(
    command: str, text: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "openapi.yaml").write_text(text)
    words = [command, "openapi.yaml", *ARGUMENTS[command]]
    refused = main(words)
    assert refused == (1 if command == "lint" else 2)
    assert "error[" in "".join(capsys.readouterr())
    allowed = main([*words, "--allow-invalid"])
    assert "error[invalid" not in "".join(capsys.readouterr())
    (folder / "clientsmith.toml").write_text("[document]\nallow_invalid = true\n")
    assert main(words) == allowed
    if command != "generate":
        assert allowed == (1 if command == "lint" else 0)


@pytest.mark.parametrize("command", ARGUMENTS)
def test_a_remote_reference_is_followed_by_flag_and_by_config(
    command: str, folder: Path, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "openapi.yaml").write_text(REMOTE.replace("PORT", str(port)))
    words = [command, "openapi.yaml", *ARGUMENTS[command]]
    assert main(words) == (1 if command == "lint" else 2)
    assert "error[remote-reference]" in "".join(capsys.readouterr())
    assert main([*words, "--allow-remote-refs=127.0.0.1"]) == 0, capsys.readouterr()
    (folder / "clientsmith.toml").write_text('[document]\nallow_remote_refs = ["127.0.0.1"]\n')
    assert main(words) == 0, capsys.readouterr()


def config(folder: Path, more: str = "") -> None:
    (folder / "openapi.yaml").write_text(HEAD + "      responses: {'204': {description: none}}\n")
    (folder / "clientsmith.toml").write_text(f'[document]\npath = "openapi.yaml"\n{more}')


def test_serve_takes_document_and_tapes_from_the_config(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config(folder, '[tapes]\npaths = ["nowhere.har"]\n')
    assert main(["serve"]) == 2
    assert "nowhere.har" in capsys.readouterr().err
    assert main(["serve", "--no-tapes"]) == 0
    (folder / "empty").mkdir()
    assert main(["serve", "--tape", "empty"]) == 2
    assert "error[no-tape]" in capsys.readouterr().err


def test_record_takes_upstream_and_tape_from_the_config(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config(folder, '[record]\nupstream = "http://127.0.0.1:9"\ntape = "new.har"\n')
    assert main(["record"]) == 0
    assert (folder / "new.har").exists()
    assert main(["record"]) == 0
    assert main(["record", "--dry-run"]) == 0
    assert main(["record", "--tape", "other.har", "--upstream", "http://127.0.0.1:8"]) == 0
    assert (folder / "other.har").exists()
    assert "to http://127.0.0.1:8" in capsys.readouterr().err


def test_a_config_about_another_document_counts_for_no_command(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config(folder, '[tapes]\npaths = ["nowhere.har"]\n')
    (folder / "other.yaml").write_text((folder / "openapi.yaml").read_text())
    assert main(["serve", "other.yaml"]) == 0


@pytest.mark.parametrize(
    ("flag", "wrong", "said"),
    [
        ("--port", "-1", "is not a number from 0 to 65535"),
        ("--port", "٣", "is not a number from 0 to 65535"),
        ("--timeout", "nan", "is not a time such as"),
        ("--timeout", "25m0s", "is not a time such as"),
        ("--timeout", "86401", "of at most a day"),
        ("--ca", "", "is not a path"),
        ("--name", "class", "is a Python keyword"),
        ("--report", "html,pdf", "pdf: known are"),
        ("--seed", "1e3", "is not a number from"),
    ],
)
def test_a_wrong_value_of_a_flag_is_one_line(
    flag: str, wrong: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    commands = {"--name": "generate", "--report": "conform", "--seed": "conform"}
    command = commands.get(flag, "record")
    with pytest.raises(SystemExit) as ended:
        main([command, f"{flag}={wrong}"])
    output = capsys.readouterr()
    assert (ended.value.code, output.out, output.err.count("\n")) == (2, "", 1)
    assert f"argument {flag}: " in output.err
    assert said in output.err
