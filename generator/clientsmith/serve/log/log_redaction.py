"""The entries of the request log without secrets: what a recorder redacts on disk is not shown by a server either."""

from __future__ import annotations

import threading
from dataclasses import replace

from clientsmith.openapi.routing import OperationMatch
from clientsmith.serve.log.request_log import LogEntry
from clientsmith.traffic.check import MessageChecker
from clientsmith.traffic.message import HttpRequest, HttpResponse
from clientsmith.traffic.redaction.exchanges import Redactor
from clientsmith.traffic.redaction.known_secrets import TooManySecretsError
from clientsmith.traffic.redaction.secret_names import secret_names


class LogRedaction:
    """Redacts entries one at a time; what the document calls secret is gathered when the first one is read."""

    def __init__(self, checker: MessageChecker) -> None:
        self._checker = checker
        self._lock = threading.Lock()
        self._redactor: Redactor | None = None
        self._is_full = False

    def __call__(self, entry: LogEntry) -> LogEntry:
        """The entry as it may be shown: once there are more secrets than can be looked for, no more than a status."""
        with self._lock:
            if self._redactor is None:
                resolved = self._checker.resolved
                self._redactor = Redactor(resolved, secret_names(resolved))
            if not self._is_full:
                try:
                    return self._redacted(entry, self._redactor)
                except TooManySecretsError:
                    self._is_full = True
            return _withheld(entry)

    def _redacted(self, entry: LogEntry, redactor: Redactor) -> LogEntry:
        request, answer = entry.request, entry.answer
        match = self._checker.index.match(request.method, request.target)
        operation, texts = None, {}
        if isinstance(match, OperationMatch):
            operation, texts = self._checker.described(match.operation), match.path_texts
        shown = redactor.redact(request, answer.response, operation, texts)
        findings = tuple(
            replace(finding, message=redactor.text(finding.message)) for finding in answer.findings
        )
        told = replace(answer, response=shown.response, findings=findings)
        return replace(entry, request=shown.request, answer=told)


def _withheld(entry: LogEntry) -> LogEntry:
    answer = replace(entry.answer, response=HttpResponse(entry.answer.response.status), findings=())
    return replace(entry, request=HttpRequest("-", "/"), answer=answer)
