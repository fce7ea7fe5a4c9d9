# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""An answer together with what it is read by, and the words of errors about it; nothing is decoded here."""

from __future__ import annotations

from typing import Any, Final, Protocol

from ..results.api_response import ApiResponse
from ..results.errors import Outcome, ResponseDecodeError
from ..values.plain_text import Secrets, excerpt
from .operation import Media, Operation, Response

# Bytes that a message shows of what a server sent: 1.6 kB altogether, with a reason phrase.
MOST_SHOWN: Final = 1200
_ID: Final = 200


class Answered:
    """An answer with what it is read by."""

    __slots__ = ("declared", "operation", "response", "secrets")

    def __init__(
        self,
        operation: Operation[Any],
        response: ApiResponse,
        declared: Response | None,
        secrets: Secrets,
    ) -> None:
        self.operation = operation
        self.response = response
        self.declared = declared
        self.secrets = secrets

    def excerpt(self, text: str, most: int) -> str:
        """What a message may show of a text of the answer."""
        return excerpt(text, most, self.secrets)

    def where(self, outcome: Outcome) -> str:
        """The request, its id and the outcome."""
        response = self.response
        request_id = self.excerpt(response.request_id or "", _ID)
        named = f"; request id {request_id}" if request_id else ""
        return f"{response.method} {response.url}{named}; outcome: {outcome}"

    def refusal(self, reason: str) -> str:
        """The message about a success that cannot be read."""
        shown = self.excerpt(reason, MOST_SHOWN)
        where = self.where(Outcome.UNKNOWN)
        return f"{self.operation.id}: answered {self.response.status}, but {shown} ({where})"

    def refused(self, reason: str) -> ResponseDecodeError:
        """The error about a success that cannot be read."""
        return ResponseDecodeError(self.refusal(reason), response=self.response, operation=self.operation.id)


class ResponseCheck(Protocol):
    """What a validation mode does with JSON that breaks the description of its media type."""

    @property
    def strict(self) -> bool:
        """Whether a success that breaks the description is refused."""
        ...

    def success(self, answered: Answered, media: Media, value: Any) -> None:
        """Check the body of a success. Raises ResponseDecodeError in mode `strict`."""
        ...

    def error(self, answered: Answered, media: Media, value: Any) -> None:
        """Check the body of an error; raises nothing, because the error itself is what has to be raised."""
        ...


class ResponseChecks(Protocol):
    """The checks of all responses of an API."""

    def check(self, *, strict: bool) -> ResponseCheck:
        """The check of one mode: `strict`, or else `warn`."""
        ...
