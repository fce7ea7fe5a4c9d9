"""The rows of the grid of stray answers: what the server does. What is right then is in `stray_right`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from tests.client.stray_server import Exchange, Script, pause
from tests.client.stray_wires import Answer

Kind = Literal["after", "first", "early", "limited", "refused"]
Ends = Literal["properly", "by reset", "never"]
STRAY_TOTAL: Final = 999_999
"""What a stray success says was billed; no call of the grid bills that."""

_ERROR: Final = b'{"code":20001,"message":"of another call","status":1,"more":1}'
STRAYS: Final[dict[str, Answer]] = {
    "429": Answer(429, _ERROR, {"retry-after": "0"}),
    "404": Answer(404, _ERROR),
    "202": Answer(202, b'{"total_submitted":%d,"billable_items":[]}' % STRAY_TOTAL),
    "500": Answer(500, _ERROR),
    "103": Answer(103, headers={"link": "</style.css>; rel=preload"}),
    "half": Answer(429, _ERROR, sent=len(_ERROR) // 2),
    "unsized": Answer(429, _ERROR, {"retry-after": "0"}, sized=False),
}
"""`half` promises less than any answer after it is long, so that a reader who goes on finds the rest;
`unsized` takes all that follows for its body."""
_ALWAYS: Final = 10**6
_ARRIVES: Final = 0.4
"""Seconds after which an answer has been read, in less than a client waits for the end of the connection."""


@dataclass(frozen=True)
class Row:
    """One kind of fault. `stray` is the kind of the stray answer; `late` says whether the row is run with delays."""

    name: str
    kind: Kind
    script: Script
    stray: str = ""
    greets: int = 0
    ends: Ends = "properly"
    tries: int = 4

    @property
    def late(self) -> bool:
        return bool(self.stray)

    @property
    def greeting(self) -> Answer | None:
        return STRAYS[self.stray] if self.greets else None

    @property
    def always(self) -> bool:
        """Whether no connection is spared."""
        return self.greets == _ALWAYS

    @property
    def posts(self) -> int:
        """How many calls follow each other; the last one is the one that a stray answer can hit."""
        return 2 if self.kind == "after" else 1

    @property
    def accepts(self) -> bool:
        """Whether the server carries out whatever arrives."""
        return self.kind in ("after", "first", "early")


def _end(exchange: Exchange, stray: str = "") -> None:
    if exchange.asked.last or stray == "unsized":
        exchange.wire.close()


async def _plain(exchange: Exchange) -> None:
    exchange.send(exchange.accept())
    _end(exchange)


def _after(name: str, *, apart: bool = False) -> Script:
    """The answer, and later a stray one; with `doubled` the same once more."""

    async def script(exchange: Exchange) -> None:
        answer = exchange.accept()
        stray = answer if name == "doubled" else STRAYS[name]
        if exchange.site.late:
            exchange.send(answer)
            await exchange.late()
            exchange.wire.write([(stray, "over")], exchange.asked)
        else:
            exchange.wire.write([(answer, "own"), (stray, "over")], exchange.asked, apart=apart)
        _end(exchange)

    return script


def _first(name: str) -> Script:
    """A stray answer, and later the right one."""

    async def script(exchange: Exchange) -> None:
        if exchange.asked.method != "POST":
            return await _plain(exchange)
        answer = exchange.accept()
        if exchange.site.late:
            exchange.wire.write([(STRAYS[name], "next")], exchange.asked)
            await exchange.late()
            exchange.send(answer)
        else:
            exchange.wire.write([(STRAYS[name], "next"), (answer, "own")], exchange.asked)
        return _end(exchange, name)

    return script


def _declines(answer: Answer, ends: Ends, *, once: bool) -> Script:
    """Declines posts, each or the first of each call, and ends the connection, if it has been asked to."""

    async def script(exchange: Exchange) -> None:
        if exchange.asked.method != "POST" or (once and exchange.attempt > 1):
            return await _plain(exchange)
        exchange.send(answer)
        if not exchange.asked.last or ends == "never":
            return None
        if ends == "by reset":
            await pause(_ARRIVES)  # a reset may take what was sent before it along
            return exchange.wire.reset()
        return exchange.wire.close()

    return script


def _limited(ends: Ends) -> Row:
    return Row(f"429 then 202, ends {ends}", "limited", _declines(STRAYS["429"], ends, once=True), ends=ends)


def _refused(ends: Ends) -> Row:
    return Row(f"404, ends {ends}", "refused", _declines(STRAYS["404"], ends, once=False), ends=ends)


ROWS: Final = (
    *(Row(f"{name} after", "after", _after(name), name) for name in STRAYS if name != "unsized"),
    Row("doubled after", "after", _after("doubled"), "doubled"),
    Row("429 after, own record", "after", _after("429", apart=True), "429"),
    *(Row(f"{name} first", "first", _first(name), name) for name in STRAYS),
    Row("429 first, tried once", "first", _first("429"), "429", tries=1),
    Row("429 before the request, once", "early", _plain, "429", greets=1),
    Row("404 before the request, once", "early", _plain, "404", greets=1),
    Row("429 before the request, always", "early", _plain, "429", greets=_ALWAYS),
    _limited("properly"),
    _limited("by reset"),
    _limited("never"),
    _refused("properly"),
    _refused("never"),
)
"""`after`: behind the answer of call N; `first`: ahead of that of call N+1, which has been posted; `before the request`:
on a connection on which nothing has been asked. The last five are honest, so that never trying again is not right."""
