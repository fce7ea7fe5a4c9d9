"""A fork at any moment leaves a child that works: nothing is imported by a call, and no lock stays taken."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from clientsmith.runtime.client.retry import RetryBudget
from clientsmith.runtime.http.connections import PoolSettings
from clientsmith.runtime.results.errors import Outcome
from clientsmith.runtime.sqlite.sqlite_journal import SqliteJournal
from clientsmith.runtime.values import first_use, forks
from tests.patience import PATIENCE
from tests.security import forking_program
from tests.unit.runtime.billing_intents import ended, intent

ROOT = Path(__file__).parents[2]


def exit_code_of_child(work: Callable[[], object]) -> int:
    """Fork, do the work in the child, and tell how it ended: 0, 1 after an exception, negative if it hung."""
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        status = 1
        with suppress(BaseException):
            work()
            status = 0
        os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@contextmanager
def held_elsewhere(lock: Any) -> Iterator[None]:
    """A lock that another thread holds while the block runs."""
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            taken.set()
            done.wait(PATIENCE)

    thread = threading.Thread(target=hold)
    thread.start()
    taken.wait(PATIENCE)
    try:
        yield
    finally:
        done.set()
        thread.join()


def budget() -> tuple[Any, Callable[[], object]]:
    made = RetryBudget(2)
    made.spend()
    return made._lock, lambda: (made.spend(), made.earn())


def settings() -> tuple[Any, Callable[[], object]]:
    made = PoolSettings(1, None, None, trust_env=False)
    return made._lock, made.context


LOCKS = {"retry budget": budget, "TLS settings": settings}


@pytest.mark.parametrize("kind", LOCKS)
def test_a_lock_that_another_thread_held_is_free_in_a_child(kind: str) -> None:
    lock, use = LOCKS[kind]()
    with held_elsewhere(lock):
        assert exit_code_of_child(use) == 0
    use()


def test_a_fork_waits_for_a_transaction_so_that_the_child_finds_the_file_free(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "journal", lock_timeout=PATIENCE)
    order: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with journal._file.transaction("could not be held"):
            begun.set()
            go_on.wait(PATIENCE)
            order.append("written")

    writer = threading.Thread(target=write)
    writer.start()
    begun.wait(PATIENCE)
    threading.Timer(0.2, go_on.set).start()
    one = intent("child")
    code = exit_code_of_child(
        lambda: (journal.before_send(one), journal.after_outcome(one, ended(Outcome.SUCCEEDED)))
    )
    order.append("forked")
    writer.join()
    assert (code, order) == (0, ["written", "forked"])
    assert [record.outcome for record in journal.records()] == [Outcome.SUCCEEDED]


def test_a_thread_that_forks_in_its_own_work_does_not_wait_for_itself() -> None:
    with forks.whole_at_a_fork(), forks.whole_at_a_fork():
        assert exit_code_of_child(lambda: enter(forks._gate)) == 0
        with forks.whole_at_a_fork():  # the gate is open again
            pass
    assert forks._gate._inside == 0


def enter(gate: Any) -> None:
    gate.enter()
    gate.leave()


def test_a_fork_that_waits_too_long_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forks, "_PATIENCE", 0.1)
    with held_elsewhere(forks.whole_at_a_fork()):
        assert exit_code_of_child(lambda: enter(forks._gate)) == 0
    assert forks._gate._inside == 0


def test_nothing_gets_in_while_a_fork_is_waiting() -> None:
    gate = forks._Gate()
    order: list[str] = []
    gate.enter()

    def fork() -> None:
        gate.before()
        order.append("fork")
        gate.after_in_parent()

    def work() -> None:
        gate.enter()
        order.append("work")
        gate.leave()

    forking = threading.Thread(target=fork)
    forking.start()
    while not gate._forking:
        time.sleep(0.001)
    working = threading.Thread(target=work)
    working.start()
    gate.leave()
    forking.join()
    working.join()
    assert order == ["fork", "work"]


def test_children_of_forks_in_a_loop_all_end_well(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, forking_program.__file__, tmp_path / "journal", "8"],
        capture_output=True, text=True, timeout=300, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("[0] 0\n", "")


IMPORTS = """
import asyncio, logging, socket, sys
from clientsmith.runtime import AsyncPooledTransport, CallOptions, ClientError, PooledTransport
from clientsmith.runtime.sqlite.async_sqlite_journal import AsyncSqliteJournal
from clientsmith.runtime.sqlite.sqlite_journal import SqliteJournal
from tests.security.forking_program import ADD_ON, ITEM, SID, Client, answer
from tests.unit.runtime.small_api import AsyncSmallClient
from tests.unit.runtime.sockets import serving

logging.disable(logging.WARNING)  # a success through a proxy that forwards is one

def report(client):
    return client.usages.report(ADD_ON, billable_items=[{"sid": ITEM, "quantity": 1}])

async def calls(urls, path):
    clients = [AsyncSmallClient("k", "s", base_url=url, transport=AsyncPooledTransport(proxy=proxy), retries=None,
               journal=AsyncSqliteJournal(path)) for url, proxy in urls]
    before = set(sys.modules)
    for client in clients:
        for call in (lambda: client.listings.fetch(SID), lambda: report(client)):
            try:
                await call()
            except ClientError:
                pass
        await client.aclose()
    return sorted(set(sys.modules) - before)

with serving(answer) as seen:
    nobody = "https://localhost:9"
    urls = [(seen.url, None), (seen.url.replace("127.0.0.1", "localhost"), None), (nobody, None), (seen.url, seen.url)]
    path = sys.argv[1]
    clients = [Client("k", "s", base_url=url, transport=PooledTransport(proxy=proxy), retries=None,
               journal=SqliteJournal(path)) for url, proxy in urls]
    before = set(sys.modules)
    for client in clients:
        for call in (lambda: client.listings.fetch(SID), lambda: report(client)):
            try:
                call()
            except ClientError:
                pass
        client.close()
    print(sorted(set(sys.modules) - before), asyncio.run(calls(urls, path)))
"""


def test_a_first_call_imports_nothing(tmp_path: Path) -> None:
    # Coverage would be measured with modules of its own.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS, tmp_path / "journal"],
        capture_output=True, text=True, timeout=300, env={**environment, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("[] []\n", "")


class Holder:
    """An object with a value that is made once."""

    made = 0

    @first_use.once
    def value(self) -> object:
        """Some value."""
        type(self).made += 1
        return object()


def test_what_is_made_once_has_no_lock() -> None:
    holder, other = Holder(), Holder()
    assert holder.value is holder.value and holder.value is not other.value and Holder.made == 2
    assert isinstance(Holder.value, first_use._Once) and Holder.value.__doc__ == "Some value."
    for path in (ROOT / "generator" / "clientsmith" / "runtime").rglob("*.py"):
        assert "import cached_property" not in path.read_text("utf-8"), path.name


def test_a_child_sends_over_connections_of_its_own() -> None:
    with forking_program.serving(forking_program.answer) as seen:
        client = forking_program.Client("k", "s", base_url=seen.url, retries=None)
        client.listings.fetch(forking_program.SID)
        assert exit_code_of_child(lambda: client.listings.fetch(forking_program.SID)) == 0
        assert len(seen.connections) == 2
