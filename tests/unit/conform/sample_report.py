"""A small report with one failure, one gap, and text that is hostile to every medium."""

from __future__ import annotations

from clientsmith.conform.client.credentials import SECRET
from clientsmith.conform.client.hidden import hidden_exchange
from clientsmith.conform.model import (
    Accepted,
    Cell,
    Drawn,
    Exchange,
    Failure,
    OperationFacts,
    Report,
    UnitResult,
)
from clientsmith.diagnostics.model import Place, Span
from clientsmith.traffic.message import HttpRequest, HttpResponse

HOSTILE = "</script><img src=x onerror=alert(1)><b>&|`\x1b[31m\x00\u202e\u200b\ud800]]>\nnext"
PLACE = Place("/paths/~1x/get", Span("spec/api.yaml", 12, 5))
FAILURE = Failure(
    "body-differs",
    "request",
    "getX",
    f"the body is {HOSTILE}",
    PLACE,
    "sync",
    "200",
    '{"a":1}',
    "client.x.get()",
    "curl -i x",
)


def report(*, failures: tuple[Failure, ...] = (FAILURE,), covered: int = 3, unfinished: str = "") -> Report:
    """The report; without failures, covered and unfinished it is clean."""
    request = HttpRequest(
        "GET", f"https://x.example/x?key={SECRET}", (("Authorization", f"Bearer {SECRET}"), ("Accept", "a/b"))
    )
    return Report(
        spec="spec/api.yaml",
        title=f"An API {HOSTILE}",
        version="1",
        package="out/api",
        client="ApiClient",
        tool="0.1.0",
        seed=0,
        deterministic=True,
        budget=None,
        seconds=1.5,
        rounds=1,
        unfinished=unfinished,
        has_converted_files=False,
        operations=(
            OperationFacts(
                "getX", "GET", "/x", PLACE, ("200",), {"200": PLACE}, frozenset({("query", "q")}), "x.get"
            ),
        ),
        cells={Cell("getX", "200", "request", "sync"): 7, Cell("getX", "200", "request", "async"): covered},
        parameters={
            ("getX", "query", "q"): Drawn(2, 1, ("1",)),
            ("getX", "body", HOSTILE): Drawn(2, 1, (HOSTILE,)),
        },
        media_types={("getX", "response", "200", "application/json"): 4},
        phases={"examples": 3},
        units=(UnitResult("request", "request:getX", "getX", 10, 0.5, failures),),
        hindrances={},
        accepted=(Accepted("getX", "invalid-body /a", HOSTILE, True, PLACE),),
        left_out=("/paths/~1y/post",),
        exchanges=(
            hidden_exchange(
                Exchange("getX", "request", "sync", 0.0, 0.1, request, HttpResponse(200, (), b"{}"))
            ),
            hidden_exchange(Exchange("getX", "request", "sync", 0.0, 0.1, request, None)),
        ),
        exchanged={("getX", "request", "sync"): 2},
    )
