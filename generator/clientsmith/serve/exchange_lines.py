"""What is told of each exchange while a server runs: a line for people, and an entry of a HAR file."""

from __future__ import annotations

import time
from typing import TextIO

from clientsmith.characters import escape
from clientsmith.serve.log import log_view
from clientsmith.serve.log.log_redaction import LogRedaction
from clientsmith.serve.log.request_log import LogEntry, entry_har
from clientsmith.serve.service import Service
from clientsmith.traffic.message import Answer, HttpRequest
from clientsmith.traffic.tapes.har_tape import HarTape


class ExchangeLines:
    """Writes one line for each exchange: `GET /v1/pets 200 example (listPets) 0.2 ms`, without secrets."""

    def __init__(self, lines: TextIO, service: Service) -> None:
        self._lines = lines
        self._redact = LogRedaction(service.checker)

    def on_exchange(self, request: HttpRequest, answer: Answer, seconds: float) -> None:
        """Write the line, and one more for each finding."""
        entry = LogEntry(0, 0.0, seconds, request, answer)
        shown = self._redact(log_view.without_long_bodies(entry).entry)
        answer = shown.answer
        operation = f" ({answer.operation})" if answer.operation else ""
        fault = f" fault {answer.fault.name}" if answer.fault else ""
        target, _, fragment = shown.request.target.partition("#")
        status = f"{answer.response.status} {answer.source}{operation}{fault}"
        line = f"{request.method} {target}{'#...' if fragment else ''} {status}"
        self._lines.write(f"{escape(line)} {seconds * 1000:.1f} ms\n")
        for finding in answer.findings:
            self._lines.write(f"  {escape(f'{finding.part} {finding.pointer}: {finding.message}')}\n")
        self._lines.flush()


class ExchangeFile:
    """Appends each exchange to a HAR file, redacted; where that fails, it is said once and the serving goes on."""

    def __init__(self, tape: HarTape, service: Service, base_url: str, complaints: TextIO) -> None:
        self._tape: HarTape | None = tape
        self._redact = LogRedaction(service.checker)
        self._base_url = base_url
        self._complaints = complaints
        self._number = 0

    def on_exchange(self, request: HttpRequest, answer: Answer, seconds: float) -> None:
        """Write the entry."""
        if self._tape is None:
            return
        self._number += 1
        entry = LogEntry(self._number, time.time(), seconds, request, answer)
        try:
            self._tape.append_entry(entry_har(self._redact(log_view.whole(entry).entry), self._base_url))
        except OSError as error:
            self._complaints.write(
                f"clientsmith serve: the log ends here: {escape(error.strerror or str(error))}\n"
            )
            self._tape = None
