"""The responses to requests that are refused: a status that the document declares, in its own shape of error."""

from __future__ import annotations

from collections.abc import Sequence

from clientsmith.json_values import codec
from clientsmith.json_values.codec import JsonError, Value
from clientsmith.openapi import media_type as media_types
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.serve.answers.document_answers import DocumentAnswers
from clientsmith.traffic.check import CheckedRequest, MessageChecker
from clientsmith.traffic.credentials import challenge
from clientsmith.traffic.message import Finding, Headers, HttpResponse
from clientsmith.traffic.problem import details, places, problem

_STATUSES = {
    "parameters": (400, 422), "media-type": (415, 400, 422), "size": (413,), "body": (400, 422), "schema": (422, 400),
}  # fmt: skip
_SHOWN = 3


class Refusals:
    """Makes those responses for one document."""

    def __init__(self, checker: MessageChecker, answers: DocumentAnswers) -> None:
        self._checker = checker
        self._answers = answers

    def response(self, checked: CheckedRequest, accept: str | None) -> HttpResponse:
        """The response to a request that was refused."""
        operation = checked.operation
        if checked.refusal == "method":
            allow = ", ".join(checked.allowed)
            return problem(405, f"this path has only {allow}", (), (("Allow", allow),))
        if operation is None:
            return problem(404, "no operation of the document has this path")
        if checked.refusal == "credentials":
            wanted = (("WWW-Authenticate", challenge(operation.security)),)
            status = _choose(operation, (401, 403))
            return self._declared(
                operation, status, "the credentials are missing, or not accepted", (), wanted, accept
            )
        status = _choose(operation, _STATUSES[checked.refusal or "schema"])
        wrong = [one for one in checked.findings if one.id != "undeclared-parameter"]
        return self._declared(operation, status, explain(wrong), wrong, (), accept)

    def _declared(
        self, operation: DescribedOperation, status: int, detail: str, wrong: Sequence[Finding],
        headers: Headers, accept: str | None,
    ) -> HttpResponse:  # fmt: skip
        """In the shape that the document declares for the status, where it has one."""
        found = self._answers.by_status(operation, status, accept)
        declaration = operation.response(status)
        if found is None or declaration is None or not found.response.body:
            return problem(status, detail, wrong, headers)
        content_type = found.response.header("content-type") or ""
        if found.response.header("www-authenticate"):
            headers = ()
        body = found.response.body
        media_type = media_types.best(declaration.contents, content_type)
        if media_types.is_json(content_type) and media_type is not None and wrong:
            schema = declaration.contents[media_type].get("schema")
            for candidate in _told(
                body, status, detail, wrong, is_example=found.is_example and declaration.key == str(status)
            ):
                if schema is None or self._checker.schemas.is_valid(schema, candidate, "response"):
                    body = codec.write(candidate).encode()
                    break
        return HttpResponse(status, (*found.response.headers, *headers), body)


def _choose(operation: DescribedOperation, statuses: tuple[int, ...]) -> int:
    """The first status that the document declares as such; the first of all where it declares none of them."""
    if statuses[0] == 415 and operation.response(415) is not None:
        return 415
    return next((one for one in statuses if str(one) in operation.responses), statuses[0])


def _told(
    body: bytes, status: int, detail: str, wrong: Sequence[Finding], *, is_example: bool
) -> list[Value]:
    """The declared error with what is wrong in it, in the order of preference."""
    try:
        value = codec.read(body)
    except JsonError:
        return []
    if not isinstance(value, dict):
        return []
    told = dict(value)
    for key in ("detail", "message"):
        if isinstance(told.get(key), str):
            told[key] = detail
            break
    if "errors" in told and isinstance(told["errors"], list) and _are_places(told["errors"]):
        told["errors"] = places(wrong)
    if isinstance(told.get("status"), int):
        told["status"] = status
    return [told, value] if is_example else [details(status, detail, wrong), told, value]


def _are_places(errors: list[Value]) -> bool:
    return all(isinstance(one, dict) and one.keys() <= {"detail", "pointer"} for one in errors)


def explain(wrong: Sequence[Finding]) -> str:
    """The first findings in one line."""
    shown = [
        f"{one.part}{' at ' + one.pointer if one.pointer else ''}: {one.message}" for one in wrong[:_SHOWN]
    ]
    more = f" (and {len(wrong) - _SHOWN} more)" if len(wrong) > _SHOWN else ""
    return "; ".join(shown) + more
