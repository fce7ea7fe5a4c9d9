"""The tape of `record --dry-run`: shows what a tape would hold, and writes none."""

from __future__ import annotations

from collections.abc import Iterator

from clientsmith.record.output import RecordLines
from clientsmith.traffic.tapes.exchange_lines import exchange_lines
from clientsmith.traffic.tapes.har_tape import RecordedExchange, tape_entry


class DryTape:
    """Shows each exchange as it would be kept."""

    def __init__(self, printer: RecordLines, base_url: str) -> None:
        """`base_url` is what the targets of requests are put behind in a HAR."""
        self._printer = printer
        self._base_url = base_url

    def append(self, exchange: RecordedExchange) -> None:
        """Show one exchange."""
        self._printer.kept(tape_entry(exchange, self._base_url), _lines(exchange))


def _lines(exchange: RecordedExchange) -> Iterator[str]:
    yield from exchange_lines(exchange.request, exchange.response)
    for place in exchange.redacted:
        yield f"* replaced: {place}"
