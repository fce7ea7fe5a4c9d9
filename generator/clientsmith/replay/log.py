"""The request log: the last exchanges in memory, bounded in number and bytes, without secrets when read."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from clientsmith.replay.exchange import Answer, HttpRequest


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One exchange: `number` counts all requests since the start, `time` is in seconds since the epoch,
    `duration` in seconds."""

    number: int
    time: float
    duration: float
    request: HttpRequest
    answer: Answer


class RequestLog:
    """The last exchanges, oldest first; safe to be read while it is written."""

    def __init__(self, entries: int = 1000, bytes_kept: int = 16 * 1024 * 1024) -> None:
        self._entries: deque[LogEntry] = deque()
        self._limit = entries
        self._bytes_limit = bytes_kept
        self._bytes = 0
        self._lock = threading.Lock()
        self.total = 0
        """How many requests there were, including those that were dropped from the log."""

    def add(self, time: float, request: HttpRequest, answer: Answer, duration: float) -> None:
        """Keep one exchange; the oldest ones go where there is no room."""
        size = len(request.body) + len(answer.response.body) + len(request.target)
        with self._lock:
            self.total += 1
            self._entries.append(LogEntry(self.total, time, duration, request, answer))
            self._bytes += size
            while len(self._entries) > self._limit or (
                self._bytes > self._bytes_limit and len(self._entries) > 1
            ):
                oldest = self._entries.popleft()
                self._bytes -= (
                    len(oldest.request.body) + len(oldest.answer.response.body) + len(oldest.request.target)
                )

    def amend(self, answer: Answer, sent: Answer) -> None:
        """Keep what was sent in place of the answer that was found, if that is still the last one."""
        with self._lock:
            if self._entries and self._entries[-1].answer is answer:
                self._entries[-1] = replace(self._entries[-1], answer=sent)
                self._bytes += len(sent.response.body) - len(answer.response.body)

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

        Only those of a higher number than `after`, and of these the last `limit`.
        """
        entries = [entry for entry in self if entry.number > after]
        return [_entry_json(entry) for entry in (entries if limit is None else entries[-limit:] if limit else [])]

    def as_har(self) -> dict[str, object]:
        """The exchanges as a HAR 1.2 log, redacted."""
        return {"log": {"version": "1.2", "creator": {"name": "clientsmith", "version": ""}, "entries": []}}


def _entry_json(entry: LogEntry) -> dict[str, object]:
    answer = entry.answer
    return {
        "number": entry.number,
        "time": entry.time,
        "duration": entry.duration,
        "method": entry.request.method,
        "target": entry.request.target,
        "status": answer.response.status,
        "source": answer.source,
        "operation": answer.operation,
        "entry": answer.entry,
        "findings": [
            {"id": one.id, "part": one.part, "pointer": one.pointer, "message": one.message}
            for one in answer.findings
        ],
        "fault": None if answer.fault is None else answer.fault.name,
    }
