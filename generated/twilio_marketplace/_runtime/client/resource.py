# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""The base classes of generated resources, which hand their calls to the client they belong to."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypeVar

from ..messages.operation import Operation
from ..messages.options import CallOptions
from ..values.unset import UNSET
from .async_client import AsyncClient
from .client import SyncClient

T = TypeVar("T")


class Resource:
    """Base of generated resources: a group of operations of one client."""

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def _call(
        self,
        operation: Operation[T],
        arguments: tuple[Any, ...],
        body: Any = UNSET,
        *,
        options: CallOptions | None = None,
    ) -> T:
        return self._client._call(operation, arguments, body, options)  # pyright: ignore[reportPrivateUsage]


class AsyncResource:
    """Base of generated asyncio resources."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def _call(
        self,
        operation: Operation[T],
        arguments: tuple[Any, ...],
        body: Any = UNSET,
        *,
        options: CallOptions | None = None,
    ) -> T:
        return await self._client._call(operation, arguments, body, options)  # pyright: ignore[reportPrivateUsage]
