"""kill -9 at any point of a billing call loses no intent and never leads to a second post by itself."""

from __future__ import annotations

import collections
import dataclasses
import http.client
import itertools
import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from clientsmith.runtime.results.errors import Outcome
from clientsmith.runtime.sqlite.sqlite_journal import IntentRefusedError, SqliteJournal
from tests.client.killed_calls import Call, bill, can_trace
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


class Service:
    """Counts the posts that reach it. It serves one connection after the other, so that an answer of its own says that
    it is done with every connection made before."""

    def __init__(self) -> None:
        posts: collections.Counter[str] = collections.Counter()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) == length:
                    posts[self.path.split("/")[3]] += 1
                    self._answer(202, b'{"total_submitted": 12.355, "billable_items": []}')

            def do_GET(self) -> None:
                self._answer(200, str(posts[self.path[1:]]).encode())

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        class Server(HTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                """The other side was killed; what it posted before is counted."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def posts(self, intent_id: str) -> int:
        connection = http.client.HTTPConnection(self.address, timeout=PATIENCE)
        connection.request("GET", f"/{intent_id}")
        number = int(connection.getresponse().read())
        connection.close()
        return number

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    yield service
    service.close()


class Killer:
    """A process that makes calls in children of its own, which start in no time, and kills them."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.client.killed_calls"],
            cwd=ROOT,
            # Measuring coverage makes system calls of its own, far more than the call under test.
            env={name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def kills(self, step: str, number: int, call: Call) -> bool:
        assert self.process.stdin and self.process.stdout
        request = {"step": step, "number": number, "call": dataclasses.asdict(call)}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return bool(json.loads(self.process.stdout.readline()))

    def close(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait(timeout=PATIENCE)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    killer = Killer()
    yield killer
    killer.close()


def post_again(path: Path, service: Service, intent_id: str) -> bool:
    try:
        bill(str(path), service.address, intent_id, lambda: None)
    except IntentRefusedError:
        return False
    return True


def holds_after_a_kill(path: Path, service: Service, intent_id: str) -> str:
    """Prove it for one call; what the kill left behind."""
    posts = service.posts(intent_id)
    journal = SqliteJournal(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    record = journal.get(intent_id)
    if record is None:
        assert posts == 0, "a post without an intent"
        assert post_again(path, service, intent_id)
        assert service.posts(intent_id) == 1
        return "nothing"
    assert record.body is not None and b"12.355" in record.body
    assert not post_again(path, service, intent_id), "the same intent was posted again"
    assert service.posts(intent_id) == posts
    if record.is_resolved:
        assert (record.outcome, posts) == (Outcome.SUCCEEDED, 1)
        return "resolved"
    # What a person does: look up what was billed, say so, send again only what was not.
    assert record.id in [open_one.id for open_one in journal.unresolved()]
    journal.resolve(intent_id, Outcome.SUCCEEDED if posts else Outcome.NOT_PROCESSED, "looked it up")
    assert post_again(path, service, intent_id) is (posts == 0)
    assert service.posts(intent_id) == 1
    return "posted" if posts else "open"


CASES = [("instruction", "one file", 5), ("instruction", "new files", 25), ("instruction", "asyncio", 15)]
if can_trace():
    CASES += [("system call", "one file", 1), ("system call", "new files", 7)]


@pytest.mark.parametrize(("step", "files", "stride"), CASES)
def test_a_kill_loses_no_intent_and_leads_to_no_second_post(
    killer: Killer, service: Service, tmp_path: Path, step: str, files: str, stride: int
) -> None:
    left: collections.Counter[str] = collections.Counter()
    for number in itertools.count(0, stride):
        path = tmp_path / ("journal" if files != "new files" else f"journal-{number}")
        call = Call(str(path), service.address, f"intent-{number}", files == "new files", files == "asyncio")
        killed = killer.kills(step, number, call)
        try:
            left[holds_after_a_kill(path, service, call.intent_id)] += 1
        except Exception as error:
            raise AssertionError(f"killed at {step} {number}") from error
        if not killed:
            break
    # The points were everywhere: before the intent, between it and the post, between that and its end, after it all.
    assert left.keys() == {"nothing", "posted", "resolved"} | ({"open"} if step == "system call" else set())
