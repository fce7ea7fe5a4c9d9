"""Forks in a loop while threads make first calls and billing calls; a program of its own, for a fresh interpreter.

Prints how every child ended. Usage: forking_program.py JOURNAL CHILDREN
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from contextlib import suppress

from clientsmith.runtime.sqlite.sqlite_journal import SqliteJournal
from tests.unit.runtime.small_api import ADD_ON, ITEM, SID, Client
from tests.unit.runtime.sockets import serving

_REPORTED = b'{"total_submitted":1,"billable_items":[]}'
_FETCHED = f'{{"sid":"{SID}"}}'.encode()
_HEAD = b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


def answer(request: bytes, connection: socket.socket) -> bool:
    status, body = (202, _REPORTED) if request.startswith(b"POST") else (200, _FETCHED)
    connection.sendall(_HEAD % (status, len(body)) + body)
    return True


def call(client: Client, *, bills: bool) -> None:
    client.listings.fetch(SID)
    if bills:
        client.usages.report(ADD_ON, billable_items=[{"sid": ITEM, "quantity": 1}])


def call_on(client: Client, ended: threading.Event, pause: float) -> None:
    while not ended.wait(pause):
        call(client, bills=pause > 0)


def child(client: Client) -> int:
    signal.alarm(60)
    status = 1
    with suppress(Exception):
        call(client, bills=True)
        client.close()
        status = 0
    return status


def main(path: str, children: int) -> None:
    ended = threading.Event()
    with serving(answer) as seen:
        journal = SqliteJournal(path, lock_timeout=30)
        client = Client("key", "secret", base_url=seen.url, journal=journal, retries=None)
        # One thread bills, with pauses: or the children would mostly wait for their turn at the file.
        pauses = (0.05, 0, 0)
        threads = [threading.Thread(target=call_on, args=(client, ended, pause)) for pause in pauses]
        for thread in threads:
            thread.start()
        codes: list[int] = []
        for _ in range(children):
            pid = os.fork()
            if pid == 0:
                os._exit(child(client))
            codes.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        ended.set()
        for thread in threads:
            thread.join()
    sys.stdout.write(f"{sorted(set(codes))} {len(journal.unresolved())}\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
