"""What is told of each exchange while a server runs: a line for people."""

from __future__ import annotations

from typing import TextIO

from clientsmith.replay.exchange import Answer, HttpRequest
from clientsmith.report import escape


class ExchangeLines:
    """Writes one line for each exchange: `GET /v1/pets 200 example (listPets) 0.2 ms`."""

    def __init__(self, lines: TextIO) -> None:
        self._lines = lines

    def on_exchange(self, request: HttpRequest, answer: Answer, seconds: float) -> None:
        """Write the line, and one more for each finding."""
        operation = f" ({answer.operation})" if answer.operation else ""
        fault = f" fault {answer.fault.name}" if answer.fault else ""
        line = f"{request.method} {request.target} {answer.response.status} {answer.source}{operation}{fault}"
        self._lines.write(f"{escape(line)} {seconds * 1000:.1f} ms\n")
        for finding in answer.findings:
            self._lines.write(f"  {escape(f'{finding.part} {finding.pointer}: {finding.message}')}\n")
        self._lines.flush()
