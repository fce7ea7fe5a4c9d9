# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""httpcore's HTTP/1.1 parser, found through what is public and what is not: it alone knows the bytes it holds back."""

from __future__ import annotations

from typing import Final, Protocol, cast


class Parser(Protocol):
    """The part of h11's connection that is asked."""

    @property
    def trailing_data(self) -> tuple[bytes, bool]:
        """What was received and not parsed, and whether the end of the stream was."""
        ...


_WAYS: Final = ("_connection", "answer", "stream", "_stream", "_httpcore_stream")
"""Attributes that lead from a connection of httpcore, or from the stream of a response, to the parser, in httpx 0.28
and in this package; a stream that something else has wrapped leads nowhere."""
_STEPS: Final = 8


def parser_of(start: object) -> Parser | None:
    """The parser behind a connection or the stream of a response; None if it is not to be found."""
    place = start
    for _ in range(_STEPS):
        parser: object = getattr(place, "_h11_state", None)
        if parser is not None:
            return cast("Parser", parser) if hasattr(parser, "trailing_data") else None
        place = next((found for way in _WAYS if (found := getattr(place, way, None)) is not None), None)
        if place is None:
            return None
    return None
