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
        one
        for one in tapes.redacted
        if operation is not None
        and one.operation.id == operation.id
        and all(_is_redacted(found, one) for found in differences(one.request, checked, steps))
        and not steps.are_through
    ]


def _is_redacted(found: Difference, exchange: TapedExchange) -> bool:
    place = f"request {found.part} {found.pointer}".rstrip()
    return found.taped is not None and found.received is not None and place in exchange.redacted
