"""The request log: the last exchanges in memory, bounded in number and bytes, without secrets when read."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace

from clientsmith.serve.log import log_view
from clientsmith.serve.log.log_entry import LogEntry
from clientsmith.traffic.message import Answer, HttpRequest
from clientsmith.traffic.tapes import har_write

__all__ = ["LogEntry", "RequestLog", "entry_har", "unchanged"]


def unchanged(entry: LogEntry) -> LogEntry:
    """The redaction of exchanges that hold no secrets."""
    return entry


class RequestLog:
    """The last exchanges, oldest first; safe to be read while it is written.

    Iteration gives them as they were, for tests of what arrived; everything that is rendered goes through `redact`.
    """

    def __init__(
        self,
        entries: int = 1000,
        bytes_kept: int = 16 * 1024 * 1024,
        redact: Callable[[LogEntry], LogEntry] = unchanged,
    ) -> None:
        self._entries: deque[LogEntry] = deque()
        self._limit = entries
        self._bytes_limit = bytes_kept
        self._bytes = 0
        self._lock = threading.Lock()
        self._redact = redact
        self.total = 0
        """How many requests there were, including those that were dropped from the log."""

    def add(self, time: float, request: HttpRequest, answer: Answer, duration: float) -> None:
        """Keep one exchange; the oldest ones go where there is no room."""
        with self._lock:
            self.total += 1
            entry = LogEntry(self.total, time, duration, request, answer)
            self._entries.append(entry)
            self._bytes += entry.size
            while len(self._entries) > self._limit or (
                self._bytes > self._bytes_limit and len(self._entries) > 1
            ):
                self._bytes -= self._entries.popleft().size

    def amend(self, answer: Answer, sent: Answer) -> None:
        """Keep what was sent in place of the answer that was found, if that is still there."""
        with self._lock:
            for index in range(len(self._entries) - 1, -1, -1):
                if self._entries[index].answer is answer:
                    self._entries[index] = replace(self._entries[index], answer=sent)
                    self._bytes += len(sent.response.body) - len(answer.response.body)
                    return

    def clear(self) -> None:
        """Forget every exchange; the count goes on."""
        with self._lock:
            self._entries.clear()
            self._bytes = 0

    def __iter__(self) -> Iterator[LogEntry]:
        with self._lock:
            return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def as_json(self, after: int = 0, limit: int | None = None) -> list[dict[str, object]]:
        """Every exchange as JSON values, redacted: request, response, source, operation, entry, findings, fault.

        Only those of a higher number than `after`, of these the last `limit`, and no more than fit into 2 MiB. A body
        of more than 64 KiB is left out: `omitted` is its length then.
        """
        entries = [entry for entry in self if entry.number > after]
        shown = entries if limit is None else entries[-limit:] if limit > 0 else []
        kept = log_view.last_that_fit([log_view.without_long_bodies(entry) for entry in shown])
        return [log_view.entry_json(self._redact(view.entry), view) for view in kept]

    def as_har(self, base_url: str = "http://127.0.0.1") -> dict[str, har_write.Json]:
        """The exchanges as a HAR 1.2 log, redacted; `base_url` is what the targets of requests are put behind.

        No more than the last that fit into 2 MiB: a file for all of them is what `clientsmith serve --log` writes.
        """
        kept = log_view.last_that_fit([log_view.whole(entry) for entry in self])
        return har_write.log([entry_har(self._redact(view.entry), base_url) for view in kept])


def entry_har(entry: LogEntry, base_url: str) -> dict[str, har_write.Json]:
    """One exchange as a HAR entry, as it is: whoever calls this redacts."""
    answer = entry.answer
    custom: dict[str, har_write.Json] = {"source": f"answered by clientsmith: {answer.source}"}
    if answer.operation is not None:
        custom["operation"] = answer.operation
    if answer.entry is not None:
        custom["entry"] = answer.entry
    if answer.fault is not None:
        custom["fault"] = answer.fault.name
    if answer.findings:
        custom["findings"] = [
            f"{finding.part} {finding.pointer}: {finding.message}" for finding in answer.findings
        ]
    return har_write.entry(
        entry.request,
        answer.response,
        base_url=base_url,
        started=entry.time,
        duration=entry.duration,
        custom=custom,
    )
