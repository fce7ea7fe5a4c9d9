"""The exchanges of a run as HAR 1.2; the entries are written as the server and the recorder write theirs."""

from __future__ import annotations

from clientsmith.conform.model import Exchange, Report
from clientsmith.conform.report.text import kept_exchanges
from clientsmith.traffic.tapes import har_write


def render_har(report: Report) -> str:
    """The HAR without credentials; the comment of an entry names part, operation and mode."""
    entries: list[har_write.Json] = [_entry(one) for one in report.exchanges]
    comment = kept_exchanges(report)
    return har_write.render(har_write.log(entries, "clientsmith conform", report.tool, comment)).decode()


def _entry(exchange: Exchange) -> dict[str, har_write.Json]:
    return har_write.entry(
        exchange.request,
        exchange.response,
        base_url="",
        started=exchange.began,
        duration=exchange.seconds,
        comment=f"{exchange.part} {exchange.operation} {exchange.mode}",
    )
