"""What stands in for a network: an answer that is always the same, or a failure."""

from __future__ import annotations

from clientsmith.conform.client.calls import Respond
from clientsmith.traffic.message import HttpRequest, HttpResponse

WORDS = "placed by the conformance suite"
"""What every failure says that is put in the place of an answer."""


def always(answer: HttpResponse) -> Respond:
    """That answer to every request."""

    def respond(_: HttpRequest) -> HttpResponse:
        return answer

    return respond


def failing(kind: type[BaseException], words: str = WORDS) -> Respond:
    """A network, or a program, that fails so in the place of an answer."""

    def respond(_: HttpRequest) -> HttpResponse:
        raise kind(words)

    return respond


not_found = always(HttpResponse(404))
"""An error that is final."""
