"""The validation modes: what becomes of a readable response that breaks the API's description.

The schemas come with the package and are loaded one by one, when a mode other than `lenient` first asks for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from itertools import islice
from typing import Any, Final

from ..json_schema.violations import Violation
from ..observe.log import LOGGER
from ..results.api_response import ApiResponse
from ..results.errors import ResponseDecodeError
from ..values.forks import whole_at_a_fork
from ..values.json_codec import parse
from ..values.plain_text import NO_SECRETS, Secrets, excerpt
from .operation import Media, Operation

_MOST: Final = 1000
"""Violations that are collected of one response: it could be made to have as many as it has bytes."""
_LOGGED: Final = 20
_EACH: Final = 1000
"""Bytes of one violation in the log."""
_PACKAGE: Final = __name__.rsplit(".", 3)[0]


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


def violations_of(media: Media, value: Any) -> tuple[Violation, ...]:
    """Every place, up to 1,000, in which a JSON value breaks the schema of its media type."""
    if media.schema_key is None:
        return ()
    with whole_at_a_fork():
        from ..json_schema.json_schema import Checker
    try:
        return tuple(islice(Checker(_schema).violations(media.schema_key, value), _MOST))
    except RecursionError:
        return (Violation((), "depth", "is nested too deeply to be checked"),)


def summary(violations: Sequence[Violation], limit: int = 3) -> str:
    """The first violations in one line."""
    shown = "; ".join(map(str, violations[:limit]))
    rest = len(violations) - limit
    return f"{shown}; and {rest} more" if rest > 0 else shown


def warn(
    operation: Operation[Any],
    response: ApiResponse,
    violations: Sequence[Violation],
    secrets: Secrets = NO_SECRETS,
) -> None:
    """Log each violation as a warning of its own, up to 20, then how many more there are."""
    if not violations:
        return
    extra = {
        "operation": operation.id,
        "method": operation.method,
        "path": operation.path,
        "status": response.status,
        "request_id": response.request_id and excerpt(response.request_id, 200, secrets),
    }
    for found in violations[:_LOGGED]:
        text = "%s: the answer %d breaks the API's description: %s"
        LOGGER.warning(text, operation.id, response.status, excerpt(str(found), _EACH, secrets), extra=extra)
    rest = len(violations) - _LOGGED
    if rest > 0:
        text = "%s: the answer %d breaks the API's description in %d more places"
        LOGGER.warning(text, operation.id, response.status, rest, extra=extra)


@cache
def _texts() -> Mapping[str, str]:
    """The schemas of the package around this runtime, as JSON texts by key."""
    name = f"{_PACKAGE}._response_schemas"
    try:
        with whole_at_a_fork():
            texts: Mapping[str, str] = import_module(name).SCHEMAS
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return {}
    return texts


@cache
def _schema(key: str) -> Any:
    """A schema by its key, None where the package has none of that key."""
    text = _texts().get(key)
    return None if text is None else parse(text.encode())
