"""One exchange checked against the document in both directions; `check` has the checks themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from clientsmith.document.resolved import ResolvedDocument
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.routing import OperationMatch
from clientsmith.traffic.check import CheckedRequest, MessageChecker
from clientsmith.traffic.message import Finding, HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class CheckedExchange:
    """What an exchange is by the document; without an operation where none is meant. `findings` name their side."""

    operation: DescribedOperation | None
    path_texts: dict[str, str]
    findings: tuple[Finding, ...]


class ExchangeChecker:
    """Checks exchanges against one document."""

    def __init__(self, resolved: ResolvedDocument) -> None:
        self._checker = MessageChecker(resolved)

    @property
    def base_path(self) -> str:
        """The path of the document's first server, which a client puts before the paths of operations."""
        return self._checker.index.base_path

    def check(self, request: HttpRequest, response: HttpResponse) -> CheckedExchange:
        """What is wrong with an exchange, the request first; bodies have no content coding."""
        checked = self._checker.check_request(request, demand_credentials=False)
        findings = _sided("request", self._request(request, checked))
        if checked.operation is not None:
            findings += _sided("response", self._checker.check_response(checked.operation, response))
        match = self._checker.index.match(request.method, request.target)
        texts = match.path_texts if isinstance(match, OperationMatch) else {}
        return CheckedExchange(checked.operation, texts, tuple(findings))

    def _request(self, request: HttpRequest, checked: CheckedRequest) -> list[Finding]:
        if checked.refusal == "path":
            said = "no operation of the document has this path"
            return [Finding("unknown-operation", "path", "", said)]
        if checked.refusal == "method":
            said = f"the document has {', '.join(checked.allowed)} for this path, not {request.method:.40}"
            return [Finding("unknown-operation", "method", "", said)]
        missing: list[Finding] = []
        if self._checker.lacks_credentials(request):
            said = "the credentials that the document demands are not there"
            missing.append(Finding("missing-credentials", "credentials", "", said))
        return [*missing, *checked.findings]


def _sided(side: str, findings: Iterable[Finding]) -> list[Finding]:
    return [replace(finding, part=f"{side} {finding.part}") for finding in findings]
