# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""How a client reaches its service: over connections of our pool, of a transport of httpx, or over none at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import httpx


@dataclass(frozen=True)
class Link:
    """What an attempt has to know of the transport that carries it.

    `trace` names the method of the attempt's state for transports that only trace. `closes` asks for a connection of
    its own for each call that bills, `closes_always` asks the server with every request to close its connection.
    `in_process` means that no connection is involved.
    """

    trace: str = ""
    closes: bool = True
    closes_always: bool = False
    in_process: bool = False

    def says_close(self, *, bills: bool) -> bool:
        """Whether a request has to say `Connection: close`."""
        return not self.in_process and (self.closes_always or (bills and self.closes))


SHARED: Final = Link(closes=False)
"""A pool that reuses its connections for calls that bill too."""
OWN: Final = Link()
"""A pool that gives a connection of its own to each call that bills."""


def foreign_link(
    carrier: httpx.BaseTransport | httpx.AsyncBaseTransport | httpx.Client | httpx.AsyncClient,
    *,
    trace: str,
    bills: bool,
) -> Link:
    """The link through a transport or client that was passed in; `bills` says whether the API has operations that do.

    Such a transport decides by itself which connection carries what, so every request of a client that bills has its
    connection closed: then there is none that an answer to another call could be waiting on.
    """
    return Link(trace, closes_always=bills, in_process=is_in_process(carrier))


def is_in_process(carrier: object) -> bool:
    """Whether requests never leave the process; a transport may say so with a true attribute `in_process`."""
    if isinstance(carrier, (httpx.Client, httpx.AsyncClient)):
        mounts: dict[object, object] = getattr(carrier, "_mounts", {})
        behind = [getattr(carrier, "_transport", None), *mounts.values()]
        return all(is_in_process(transport) for transport in behind if transport is not None)
    known = (httpx.MockTransport, httpx.ASGITransport, httpx.WSGITransport)
    return isinstance(carrier, known) or getattr(carrier, "in_process", False) is True
