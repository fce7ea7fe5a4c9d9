"""The sending side of a connection: waits for slow readers, carries out plans, resets; decides nothing."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Iterator

from clientsmith.serve.http.outgoing import End, Pause, Step

_NO_LINGER = struct.pack("ii", 1, 0)


class Channel:
    """A transport, and whether the client reads what is sent on it."""

    __slots__ = ("_reading", "_writable", "blocked", "client_ended", "hangs", "transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self.blocked = False
        """Whether so much is on its way that nothing more should be sent."""
        self.client_ended = False
        """Whether the client has said that it sends no more."""
        self.hangs = False
        """Whether nothing more will be sent."""
        self._reading = True
        self._writable = asyncio.Event()

    def block(self) -> None:
        """The client does not read: take nothing more from it either."""
        self.blocked = True
        self._writable.clear()
        self.read(False)

    def unblock(self) -> None:
        """The client reads again."""
        self.blocked = False
        self._writable.set()

    def read(self, on: bool) -> None:
        """Take in what the client sends, or let it wait."""
        if on is self._reading or self.transport.is_closing():
            return
        self._reading = on
        if on:
            self.transport.resume_reading()
        else:
            self.transport.pause_reading()

    async def carry_out(self, plan: Iterator[Step]) -> End:
        """Send a plan as fast as the client reads it; the end is for the caller to bring about."""
        for step in plan:
            if isinstance(step, End):
                if step is End.RESET:
                    await self._flushed()
                return step
            if isinstance(step, Pause):
                self.hangs = step.for_good
                await asyncio.sleep(0 if step.for_good and self.client_ended else step.seconds)
            else:
                if self.blocked:
                    await self._writable.wait()
                self.transport.write(step)
        return End.CLOSE

    async def _flushed(self) -> None:
        """A reset throws away what was not sent yet."""
        while self.transport.get_write_buffer_size():
            await asyncio.sleep(0.005)

    def reset(self) -> None:
        """Break the connection off: with no time to linger, closing sends RST (POSIX, SO_LINGER)."""
        with contextlib.suppress(OSError):
            self.transport.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER
            )
        self.transport.abort()
