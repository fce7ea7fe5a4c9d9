"""Finds the exchange for a request whose secrets are not on the tape: what was redacted may have any value."""

from __future__ import annotations

from clientsmith.traffic.check import CheckedRequest
from clientsmith.traffic.tapes.nearest import Difference, Steps, differences
from clientsmith.traffic.tapes.taped_exchanges import TapedExchange, Tapes


def same_but_for_secrets(checked: CheckedRequest, tapes: Tapes) -> list[TapedExchange]:
    """The exchanges, in the order of the tape, that differ from the request in nothing but what was redacted."""
    operation = checked.operation
    steps = Steps()
    return [
        exchange
        for exchange in tapes.redacted
        if operation is not None
        and exchange.operation.id == operation.id
        and all(
            _is_redacted(difference, exchange) for difference in differences(exchange.request, checked, steps)
        )
        and not steps.are_through
    ]


def _is_redacted(difference: Difference, exchange: TapedExchange) -> bool:
    place = f"request {difference.part} {difference.pointer}".rstrip()
    return difference.taped is not None and difference.received is not None and place in exchange.redacted
