"""Problem details (RFC 9457): what the server and the recorder answer themselves if no declared error fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http import HTTPStatus

from clientsmith.json_values import codec
from clientsmith.json_values.codec import Value
from clientsmith.traffic.message import Finding, Headers, HttpResponse

_TITLES = {
    400: "Bad request", 401: "Unauthorized", 404: "Not found", 405: "Method not allowed",
    413: "Content too large", 415: "Unsupported media type", 422: "Unprocessable content", 501: "Not implemented",
}  # fmt: skip


def details(status: int, detail: str, wrong: Sequence[Finding] = ()) -> dict[str, Value]:
    """The members of a problem; `errors` lists what is wrong with the request."""
    value: dict[str, Value] = {
        "type": "about:blank", "title": _title(status), "status": status, "detail": detail,
    }  # fmt: skip
    return {**value, "errors": places(wrong)} if wrong else value


def places(wrong: Iterable[Finding]) -> list[Value]:
    """Findings as the `errors` of a problem, each with a JSON pointer in a URI fragment."""
    return [{"detail": f"{one.part}: {one.message}", "pointer": f"#{one.pointer}"} for one in wrong]


def problem(
    status: int,
    detail: str,
    wrong: Sequence[Finding] = (),
    headers: Headers = (),
    extra: dict[str, Value] | None = None,
) -> HttpResponse:
    """A response with problem details."""
    body = codec.write({**details(status, detail, wrong), **(extra or {})}).encode("utf-8", "replace")
    return HttpResponse(status, (("Content-Type", "application/problem+json"), *headers), body)


def _title(status: int) -> str:
    try:
        return _TITLES.get(status) or HTTPStatus(status).phrase
    except ValueError:
        return "Error"
