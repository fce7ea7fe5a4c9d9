"""A call that bills is not repeated, whatever HTTP or the document say of its method: the mark wins."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.behavior.packages import Package, package_of, spec
from tests.client.answers import USUAL, http
from tests.client.calls import MODES, Mode
from tests.client.fault_server import Wire, serving

DOCUMENT = spec(
    """
    paths:
      /bill:
        put:
          operationId: putBill
          tags: [things]
          x-clientsmith-bills: true
          responses: {'200': {description: ok}, '409': {description: busy, x-clientsmith-not-processed: true}}
        delete:
          operationId: deleteBill
          tags: [things]
          x-clientsmith-bills: true
          responses: {'200': {description: ok}, '409': {description: busy, x-clientsmith-not-processed: true}}
      /plain:
        put:
          operationId: putPlain
          tags: [things]
          responses: {'200': {description: ok}}
        post:
          operationId: postPlain
          tags: [things]
          responses: {'200': {description: ok}, '409': {description: busy, x-clientsmith-not-processed: true}}
    """
)


@pytest.fixture(scope="module")
def package() -> Package:
    return package_of(DOCUMENT)


def _call(package: Package, mode: Mode, url: str, method: str) -> Any:
    """The error of a call that may be tried three times."""
    retries = package.module.Retries(attempts=3, first_delay=0.001, longest_delay=0.002)
    options = {"base_url": url, "retries": retries, "timeout": 10}

    async def over_async() -> None:
        async with package.client_class(asynchronous=True)(**options) as client:
            await getattr(client.things, method)()

    def over_sync() -> None:
        with package.client_class()(**options) as client:
            getattr(client.things, method)()

    with pytest.raises(package.module.ClientError) as caught:
        asyncio.run(over_async()) if mode == "async" else over_sync()
    return caught.value


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("method", "status", "attempts"),
    [
        *(
            (method, status, 1)
            for method in ("put_bill", "delete_bill", "post_plain")
            for status in (500, None)
        ),
        ("put_plain", 500, 3),
        ("put_plain", None, 3),
        ("put_bill", 409, 3),
        ("delete_bill", 429, 3),
        ("post_plain", 409, 3),
        ("put_plain", 409, 1),
    ],
)
def test_only_what_was_not_processed_or_does_not_bill_is_sent_again(
    package: Package, method: str, status: int | None, attempts: int, mode: Mode
) -> None:
    def script(wire: Wire) -> None:
        wire.request()
        wire.reset() if status is None else wire.send(http(status, USUAL))

    with serving(script) as server:
        error = _call(package, mode, server.url, method)
        server.settle()
        assert len(server.requests) == error.attempts == attempts
