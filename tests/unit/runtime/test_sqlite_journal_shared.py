"""One journal used from many sides at once: threads, processes, forks; and in any order, as a state machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from clientsmith.runtime.observe.journal import Intent, JournalError
from clientsmith.runtime.results.errors import Outcome
from clientsmith.runtime.sqlite.sqlite_journal import IntentRefusedError, SqliteJournal
from tests.patience import PATIENCE
from tests.unit.runtime.billing_intents import MAY_BE_REPEATED, ended, intent, refusal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def journal(path: Path) -> SqliteJournal:
    return SqliteJournal(path)


def test_of_many_threads_that_begin_an_intent_one_wins(path: Path) -> None:
    journals = [SqliteJournal(path), SqliteJournal(path)]
    start = threading.Barrier(8)

    def begin(number: int) -> bool:
        start.wait()
        with suppress(IntentRefusedError):
            journals[number % 2].before_send(intent())
            return True
        return False

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(begin, range(8))) == 1
    assert len(journals[0].history("a")) == 1


RACE = """
import sys
from clientsmith.runtime.observe.journal import Intent
from clientsmith.runtime.sqlite.sqlite_journal import IntentRefusedError, SqliteJournal
print("ready", flush=True)
sys.stdin.readline()
journal = SqliteJournal(sys.argv[1])  # nobody has made the file yet
for number in range(20):
    try:
        journal.before_send(Intent.of("o", "POST", "u", b"", str(number)))
        print(number)
    except IntentRefusedError:
        pass
"""


def test_of_many_processes_that_begin_an_intent_one_wins(path: Path) -> None:
    command = [sys.executable, "-c", RACE, str(path)]
    racers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    for racer in racers:
        assert racer.stdout is not None and racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    won = [int(line) for racer in racers for line in racer.communicate(timeout=PATIENCE)[0].split()]
    assert sorted(won) == list(range(20))
    assert [racer.returncode for racer in racers] == [0, 0, 0]
    assert list(path.parent.iterdir()) == [path]


def test_it_goes_on_in_a_forked_process_even_where_another_thread_had_its_turn(
    journal: SqliteJournal,
) -> None:
    begun = intent()
    journal.before_send(begun)
    busy, done = threading.Event(), threading.Event()

    def take_a_turn() -> None:
        with journal._file._own_turn():
            busy.set()
            done.wait(PATIENCE)

    thread = threading.Thread(target=take_a_turn)
    thread.start()
    busy.wait(PATIENCE)
    child = os.fork()
    if child == 0:
        signal.alarm(10)
        status = 1
        with suppress(BaseException):
            journal.after_outcome(begun, ended(Outcome.SUCCEEDED))
            journal.before_send(intent("child"))
            status = 0
        os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    done.set()
    thread.join()
    assert [record.outcome for record in journal.records()] == [Outcome.SUCCEEDED, None]


class JournalMachine(RuleBasedStateMachine):
    """Any order of beginnings, endings and findings, against what the rules say of the last run."""

    ids = st.sampled_from("ab")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.journal = SqliteJournal(Path(self.folder.name) / "journal")
        self.runs: dict[str, list[Outcome | None]] = {"a": [], "b": []}
        self.open: dict[str, Intent] = {}

    def may_begin(self, intent_id: str) -> bool:
        return not self.runs[intent_id] or self.runs[intent_id][-1] in MAY_BE_REPEATED

    @rule(intent_id=ids, body=st.binary(max_size=2))
    def begin(self, intent_id: str, body: bytes) -> None:
        begun = intent(intent_id, body)
        if self.may_begin(intent_id):
            self.journal.before_send(begun)
            self.runs[intent_id].append(None)
            self.open[intent_id] = begun
        else:
            error = refusal(self.journal, begun)
            self.journal.after_outcome(begun, ended(Outcome.NOT_SENT, error=error))

    @precondition(lambda self: self.open)
    @rule(data=st.data(), outcome=st.sampled_from(Outcome))
    def end(self, data: st.DataObject, outcome: Outcome) -> None:
        intent_id = data.draw(st.sampled_from(sorted(self.open)))
        self.journal.after_outcome(self.open.pop(intent_id), ended(outcome))
        self.runs[intent_id][-1] = outcome

    @rule()
    def crash(self) -> None:
        self.journal = SqliteJournal(Path(self.folder.name) / "journal")
        self.open = {}

    @rule(intent_id=ids, outcome=st.sampled_from([Outcome.SUCCEEDED, *MAY_BE_REPEATED]))
    def resolve(self, intent_id: str, outcome: Outcome) -> None:
        runs = self.runs[intent_id]
        if intent_id in self.open:
            return  # in flight: a person leaves it alone
        if runs and runs[-1] in (None, Outcome.UNKNOWN):
            self.journal.resolve(intent_id, outcome)
            runs[-1] = outcome
        else:
            with pytest.raises(JournalError):
                self.journal.resolve(intent_id, outcome)

    @invariant()
    def everything_is_on_file(self) -> None:
        for intent_id, runs in self.runs.items():
            assert [record.outcome for record in self.journal.history(intent_id)] == runs
        unresolved = {
            name for name, runs in self.runs.items() if runs and runs[-1] in (None, Outcome.UNKNOWN)
        }
        assert {record.id for record in self.journal.unresolved()} == unresolved

    def teardown(self) -> None:
        self.folder.cleanup()


TestJournalMachine = JournalMachine.TestCase
TestJournalMachine.settings = settings(
    max_examples=15, stateful_step_count=20, deadline=None, derandomize=True, database=None
)
