"""Faults on the wire: plans of bytes, pauses and an end, instead of a response that goes out by the rules of HTTP.

A plan is a sequence of steps, so that what a fault does can be read, and tested, without a socket.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from clientsmith.serve.http.outgoing import End, Outgoing, Pause, Step, plain
from clientsmith.traffic.message import Fault

_PIECE = 64 * 1024
_NOT_HTTP = b"\x16\x03\x01\x02\x00 this is not HTTP \xff\xfe\r\n\r\n"


def steps(out: Outgoing, fault: Fault | None) -> Iterator[Step]:
    """What goes out and when; the last step is an `End`. A fault of content has been carried out before."""
    make = None if fault is None else _FAULTS.get(fault.name)
    if fault is None or make is None:
        yield plain(out)
        yield out.end
        return
    yield from make(out, fault.values)


Values = tuple[float | int | str, ...]


def _cut(data: bytes, values: Values) -> bytes:
    """As many bytes as were asked for, but never all of them; half of them where no number was given."""
    most = max(len(data) - 1, 0)
    return data[: min(int(values[0]), most) if values else most // 2 + most % 2]


def _before_headers(end: End) -> Callable[[Outgoing, Values], Iterator[Step]]:
    def run(out: Outgoing, values: Values) -> Iterator[Step]:
        yield end

    return run


def _in_headers(end: End) -> Callable[[Outgoing, Values], Iterator[Step]]:
    def run(out: Outgoing, values: Values) -> Iterator[Step]:
        yield _cut(out.head(), values)
        yield end

    return run


def _reset_after_headers(out: Outgoing, values: Values) -> Iterator[Step]:
    yield out.head()
    yield End.RESET


def _in_body(end: End) -> Callable[[Outgoing, Values], Iterator[Step]]:
    def run(out: Outgoing, values: Values) -> Iterator[Step]:
        yield out.head() + _cut(out.body, values)
        yield end

    return run


def _after_body(end: End) -> Callable[[Outgoing, Values], Iterator[Step]]:
    def run(out: Outgoing, values: Values) -> Iterator[Step]:
        yield plain(out)
        yield end

    return run


def _hang_before_headers(out: Outgoing, values: Values) -> Iterator[Step]:
    yield Pause(float(values[0]), for_good=True)
    yield End.RESET


def _hang_in_headers(out: Outgoing, values: Values) -> Iterator[Step]:
    yield _cut(out.head(), ())
    yield from _hang_before_headers(out, values)


def _hang_after_headers(out: Outgoing, values: Values) -> Iterator[Step]:
    yield out.head()
    yield from _hang_before_headers(out, values)


def _hang_in_body(out: Outgoing, values: Values) -> Iterator[Step]:
    yield out.head() + _cut(out.body, ())
    yield from _hang_before_headers(out, values)


def _delay(out: Outgoing, values: Values) -> Iterator[Step]:
    yield Pause(float(values[0]))
    yield plain(out)
    yield out.end


def _delay_body(out: Outgoing, values: Values) -> Iterator[Step]:
    yield out.head()
    yield Pause(float(values[0]))
    yield out.body
    yield out.end


def _trickle(data: bytes, values: Values) -> Iterator[Step]:
    seconds, size = float(values[0]), int(values[1])
    for start in range(0, len(data), size):
        yield Pause(seconds)
        yield data[start : start + size]


def _trickle_headers(out: Outgoing, values: Values) -> Iterator[Step]:
    yield from _trickle(out.head(), values)
    yield out.body
    yield out.end


def _trickle_body(out: Outgoing, values: Values) -> Iterator[Step]:
    yield out.head()
    yield from _trickle(out.body, values)
    yield out.end


def _filler(size: int) -> Iterator[bytes]:
    """So many bytes in pieces, so that no more of them is in memory than is on its way."""
    yield b"x" * (size % _PIECE)
    for _ in range(size // _PIECE):
        yield b"x" * _PIECE


def _overlong(out: Outgoing, values: Values) -> Iterator[Step]:
    filler = _filler(int(values[0]))
    yield plain(out) + next(filler)
    yield from filler
    yield End.CLOSE


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


def _bad_chunk(out: Outgoing, values: Values) -> Iterator[Step]:
    half = len(out.body) // 2
    chunked = out.head("Transfer-Encoding: chunked", keep=False)
    yield chunked + _chunk(out.body[:half]) + b"no-number\r\n" + out.body[half:] + b"\r\n0\r\n\r\n"
    yield End.CLOSE


def _unfinished_chunks(out: Outgoing, values: Values) -> Iterator[Step]:
    yield out.head("Transfer-Encoding: chunked", keep=False) + _chunk(out.body)
    yield End.CLOSE


def _garbage(out: Outgoing, values: Values) -> Iterator[Step]:
    yield _NOT_HTTP
    yield End.CLOSE


def _huge_header(out: Outgoing, values: Values) -> Iterator[Step]:
    first, _, rest = out.head().partition(b"\r\n")
    yield first + b"\r\nX-Huge: "
    yield from _filler(int(values[0]))
    yield b"\r\n" + rest + out.body
    yield out.end


_FAULTS: dict[str, Callable[[Outgoing, Values], Iterator[Step]]] = {
    "reset-in-request": _before_headers(End.RESET),
    "hang-in-request": _hang_before_headers,
    "reset-before-headers": _before_headers(End.RESET),
    "reset-in-headers": _in_headers(End.RESET),
    "reset-after-headers": _reset_after_headers,
    "reset-in-body": _in_body(End.RESET),
    "reset-after-body": _after_body(End.RESET),
    "close-before-headers": _before_headers(End.CLOSE),
    "close-in-headers": _in_headers(End.CLOSE),
    "close-after-body": _after_body(End.CLOSE),
    "hang-before-headers": _hang_before_headers,
    "hang-in-headers": _hang_in_headers,
    "hang-after-headers": _hang_after_headers,
    "hang-in-body": _hang_in_body,
    "delay": _delay,
    "delay-body": _delay_body,
    "trickle-headers": _trickle_headers,
    "trickle-body": _trickle_body,
    "truncate": _in_body(End.CLOSE),
    "overlong": _overlong,
    "bad-chunk": _bad_chunk,
    "unfinished-chunks": _unfinished_chunks,
    "garbage": _garbage,
    "huge-header": _huge_header,
}
