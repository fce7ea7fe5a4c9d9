# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""The validation modes: what becomes of a readable response that breaks the API's description.

The schemas come with the package and are parsed one by one, when a mode other than `lenient` first asks for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..json_schema.schema_texts import SchemaTexts
from ..json_schema.violations import Violation
from ..observe.log import LOGGER
from ..results.api_response import ApiResponse
from ..results.errors import ResponseDecodeError
from .answered import Answered
from .operation import Media

_LOGGED: Final = 20
_EACH: Final = 1000
"""Bytes of one violation in the log."""


class InvalidResponseError(ResponseDecodeError):
    """The service reported success, but its answer breaks the API's description (validation mode `strict`).

    `violations` has every place, up to 1,000; none of them holds a value of the answer.
    """

    def __init__(
        self,
        message: str,
        *,
        response: ApiResponse,
        operation: str = "",
        violations: Sequence[Violation] = (),
    ) -> None:
        super().__init__(message, response=response, operation=operation)
        self.violations = tuple(violations)


class ResponseSchemas(SchemaTexts):
    """The JSON Schemas of the responses of an API; `load` gives them as texts by key, when they are first needed."""

    def check(self, *, strict: bool) -> _Check:
        """The check of one validation mode."""
        return _Check(self, strict)

    def violations(self, media: Media, value: Any) -> tuple[Violation, ...]:
        """Every place, up to 1,000, in which a JSON value breaks the schema of its media type."""
        return () if media.schema_key is None else self.broken(media.schema_key, value)


@dataclass(frozen=True)
class _Check:
    """What a mode other than `lenient` does: `strict` refuses a success, everything else is logged."""

    schemas: ResponseSchemas
    strict: bool

    def success(self, answered: Answered, media: Media, value: Any) -> None:
        violations = self.schemas.violations(media, value)
        if violations and self.strict:
            raise InvalidResponseError(
                answered.refusal(f"the body breaks its description: {summary(violations)}"),
                response=answered.response,
                operation=answered.operation.id,
                violations=violations,
            )
        warn(answered, violations)

    def error(self, answered: Answered, media: Media, value: Any) -> None:
        warn(answered, self.schemas.violations(media, value))


def summary(violations: Sequence[Violation], limit: int = 3) -> str:
    """The first violations in one line."""
    shown = "; ".join(map(str, violations[:limit]))
    rest = len(violations) - limit
    return f"{shown}; and {rest} more" if rest > 0 else shown


def warn(answered: Answered, violations: Sequence[Violation]) -> None:
    """Log each violation as a warning of its own, up to 20, then how many more there are."""
    if not violations:
        return
    operation, response = answered.operation, answered.response
    extra = {
        "operation": operation.id,
        "method": operation.method,
        "path": operation.path,
        "status": response.status,
        "request_id": response.request_id and answered.excerpt(response.request_id, 200),
    }
    for found in violations[:_LOGGED]:
        text = "%s: the answer %d breaks the API's description: %s"
        LOGGER.warning(text, operation.id, response.status, answered.excerpt(str(found), _EACH), extra=extra)
    rest = len(violations) - _LOGGED
    if rest > 0:
        text = "%s: the answer %d breaks the API's description in %d more places"
        LOGGER.warning(text, operation.id, response.status, rest, extra=extra)
