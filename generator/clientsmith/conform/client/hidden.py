"""Takes secrets out of everything that reports show: the credentials of a run, and whatever looks like a token."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeVar

from clientsmith.conform.client.credentials import SECRET
from clientsmith.conform.model import Exchange, Failure
from clientsmith.traffic.message import HttpRequest, HttpResponse
from clientsmith.traffic.redaction.known_secrets import replaced
from clientsmith.traffic.redaction.spellings import spellings
from clientsmith.traffic.redaction.substitutes import REDACTED
from clientsmith.traffic.redaction.token_search import shape_spans

Message = TypeVar("Message", HttpRequest, HttpResponse)

_SPELLED = re.compile("|".join(map(re.escape, sorted(spellings(SECRET)))), re.IGNORECASE)
"""The credentials as they are, in hexadecimal, and in base64 at any offset; a pattern finds these in megabytes."""
_CREDENTIALS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})


def hidden(text: str) -> str:
    """The text without secrets; variables of a command, such as `$TOKEN`, are left."""
    text = _SPELLED.sub(REDACTED, text)
    return replaced(text, [(start, end) for start, end in shape_spans(text) if text[start] != "$"])


def hidden_failure(failure: Failure) -> Failure:
    """The failure without secrets."""
    return replace(
        failure,
        message=hidden(failure.message),
        drawn=hidden(failure.drawn),
        python=hidden(failure.python),
        curl=hidden(failure.curl),
    )


def hidden_exchange(exchange: Exchange) -> Exchange:
    """The exchange without secrets."""
    response = None if exchange.response is None else hidden_message(exchange.response)
    return replace(exchange, request=hidden_message(exchange.request), response=response)


def hidden_message(message: Message) -> Message:
    """The request or response without secrets."""
    headers = tuple(
        (name, REDACTED if name.lower() in _CREDENTIALS else hidden(value)) for name, value in message.headers
    )
    # Each byte is a character of Latin-1, so that bodies in any character set stay as they are.
    body = hidden(message.body.decode("latin-1")).encode("latin-1")
    shown = replace(message, headers=headers, body=body)
    return replace(shown, target=hidden(shown.target)) if isinstance(shown, HttpRequest) else shown
