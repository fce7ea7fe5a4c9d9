"""Sends the answers of one connection, whole or by a plan, and refusals; closes it after the last one, lingering."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

from clientsmith.serve.http.channel import Channel
from clientsmith.serve.http.client_timeout import ClientTimeout
from clientsmith.serve.http.heads import Head
from clientsmith.serve.http.hosting import Host
from clientsmith.serve.http.outgoing import End, Outgoing, Step, plain
from clientsmith.traffic.message import Answer, HttpRequest


class ResponseSender:
    """Sends one answer at a time, and closes the connection after the last one."""

    __slots__ = (
        "_channel",
        "_go_on",
        "_host",
        "_loop",
        "_task",
        "_timeout",
        "is_busy",
        "is_closing",
        "is_last",
    )

    def __init__(
        self,
        host: Host,
        loop: asyncio.AbstractEventLoop,
        channel: Channel,
        timeout: ClientTimeout,
        go_on: Callable[[], None],
    ) -> None:
        """`go_on` is called when a plan has been carried out and the connection can be used again."""
        self._host = host
        self._loop = loop
        self._channel = channel
        self._timeout = timeout
        self._go_on: Callable[[], None] | None = go_on
        self._task: asyncio.Task[None] | None = None
        self.is_busy = False
        """Whether an answer is awaited or goes out by a plan: no other request is answered meanwhile."""
        self.is_closing = False
        """Whether nothing more is answered on this connection."""
        self.is_last = False
        """Whether the connection is closed after the answer in progress, or the next one."""

    def wait_busily(self) -> None:
        """Something of our own takes its time; the client cannot be late meanwhile."""
        self.is_busy = True
        self._timeout.stop()

    def send(self, head: Head, request: HttpRequest, answer: Answer) -> None:
        """Send the answer to a request."""
        keep = head.keep and not self.is_last
        modern = request.http_version == "1.1"
        out = Outgoing(answer.response, request.method, keep, modern, self._host.date())
        try:
            data = plain(out)
        except ValueError as error:
            self.refuse(None, 500, str(error))
            return
        if answer.fault is not None:
            self.deliver(self._host.plan(out, answer.fault))
            return
        self._channel.transport.write(data)
        if not keep:
            self._close()

    def refuse(self, request: HttpRequest | None, status: int, reason: str) -> None:
        """Say what is wrong and close: what follows cannot be understood any more."""
        request = request or HttpRequest("", "")
        response = self._host.refused(request, status, reason).response
        out = Outgoing(response, request.method, keep=False, date=self._host.date())
        self._channel.transport.write(plain(out))
        self._close()

    def deliver(self, plan: Iterator[Step]) -> None:
        """Send a plan, which may take its time; what the client sends meanwhile waits."""
        self.wait_busily()
        self._task = self._loop.create_task(self._carry_out(plan))

    def abandon(self) -> None:
        """The connection is lost: send nothing more."""
        self.is_closing = True
        self._go_on = None  # It holds the connection, which holds this.
        if self._task is not None:
            self._task.cancel()

    def _close(self) -> None:
        """Close once the client has, or after a moment: closing on unread bytes would tear up what was sent."""
        if self._channel.transport.is_closing():
            return
        self.is_closing = True
        self._channel.read(True)
        self._timeout.start(self._host.limits.linger_seconds)
        self._channel.transport.write_eof()

    async def _carry_out(self, plan: Iterator[Step]) -> None:
        end = await self._channel.carry_out(plan)
        self.is_busy = False
        self._task = None
        if end is End.RESET:
            self._channel.reset()
        elif end is End.CLOSE or self.is_last:
            self._close()
        elif self._go_on is not None:
            self._go_on()
