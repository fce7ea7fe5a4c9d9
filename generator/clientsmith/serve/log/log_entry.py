"""One exchange in the request log, and what it takes in memory."""

from __future__ import annotations

from dataclasses import dataclass

from clientsmith.traffic.message import Answer, HttpRequest

_USUAL_HEADERS, _HEADER_BYTES = 20, 200
"""What a header takes in memory besides its text counts from the twenty-first on."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One exchange: `number` counts all requests since the start, `time` is in seconds since the epoch,
    `duration` in seconds."""

    number: int
    time: float
    duration: float
    request: HttpRequest
    answer: Answer

    @property
    def size(self) -> int:
        """About how many bytes it keeps in memory."""
        objects = _HEADER_BYTES * max(len(self.request.headers) - _USUAL_HEADERS, 0)
        return self.request.size + objects + len(self.answer.response.body)
