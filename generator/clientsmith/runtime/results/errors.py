"""Everything a call can raise, and what each error says about the fate of the request.

    ClientError                      base of all; `outcome` says what became of the request
    +- ConfigurationError            not sent: base URL, client options
    |  +- CredentialsError           not sent: no or unusable credentials
    |  +- ClientClosedError          not sent: the client has been closed
    +- AbsentMemberError             unknown: a required member of an answer was read that is not there
    +- RequestValidationError        not sent: an argument was refused (`problems`)
    +- JournalError                  not sent: the journal did not take the intent of a billing call (in `journal`)
    |  +- IntentRefusedError         not sent: that intent may have been sent before (in `sqlite_journal`)
    +- TransportError                no complete answer
    |  +- ConnectError               not sent
    |  +- ConnectTimeoutError        not sent (also a CallTimeoutError)
    |  +- PoolTimeoutError           not sent (also a CallTimeoutError)
    |  +- WriteError                 unknown
    |  +- WriteTimeoutError          unknown (also a CallTimeoutError)
    |  +- ReadError                  unknown
    |  +- ReadTimeoutError           unknown (also a CallTimeoutError)
    |  +- DeadlineExceededError      unknown, or not sent (also a CallTimeoutError)
    |  +- ProtocolError              unknown; not sent where our side refused to send
    +- ResponseError                 an answer arrived (`response`, `status`)
       +- ResponseDecodeError        unknown: a success whose body is missing, undecodable or of the wrong shape
       |  +- InvalidResponseError    unknown: one that breaks its description, in strict mode (in `validation`)
       +- StatusError                see `status_errors`: one class for each status worth naming

Mapping from httpx lives in `transport`, mapping from statuses in `status_errors`.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from typing_extensions import Self

from ..values.plain_text import printable
from .api_response import ApiResponse

_KEYWORDS: Final = {
    "extra_forbidden": "additionalProperties", "greater_than": "exclusiveMinimum", "greater_than_equal": "minimum",
    "less_than": "exclusiveMaximum", "less_than_equal": "maximum", "literal_error": "enum", "missing": "required",
    "multiple_of": "multipleOf", "null_not_allowed": "type", "string_pattern_mismatch": "pattern",
    "string_too_long": "maxLength", "string_too_short": "minLength", "too_long": "maxItems", "too_short": "minItems",
}  # fmt: skip
"""By the kind of a problem."""
_SHOWN: Final = 100
"""Problems of one argument that a message lists; `problems` has all of them."""


class Outcome(str, enum.Enum):
    """What is known about a request. Errors never say `succeeded`; journals and hooks may."""

    SUCCEEDED = "succeeded"
    """The service says that it did it."""
    NOT_SENT = "not_sent"
    """Not one byte left: it can be repeated."""
    NOT_PROCESSED = "not_processed"
    """The service says that it did nothing: it can be repeated."""
    REJECTED = "rejected"
    """The service refused it: repeating it changes nothing."""
    UNKNOWN = "unknown"
    """It may or may not have taken effect: find out before repeating it."""

    def __str__(self) -> str:
        return self.value


def _restore(cls: type[ClientError], args: tuple[Any, ...], state: dict[str, Any]) -> ClientError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class ClientError(Exception):
    """Base of everything this client raises by design.

    Its text holds no control characters, at most 2 kB of what a server said, and no credential that was repeated.
    `operation`, `method` and `url` name the call, where there was one; secrets in the URL are replaced. `attempts` is
    how often it was tried, `earlier` the errors of all attempts but the last one; the outcome speaks of all of them.
    """

    outcome: Outcome = Outcome.UNKNOWN

    def __init__(self, message: str, *, operation: str = "", method: str = "", url: str = "") -> None:
        super().__init__(printable(message))
        self.operation = operation
        self.method = method
        self.url = url
        self.attempts = 0
        self.earlier: tuple[ClientError, ...] = ()

    @property
    def message(self) -> str:
        """What happened, for people."""
        return str(self.args[0]) if self.args else ""

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__.copy())


class ConfigurationError(ClientError):
    """The client is set up in a way that cannot work; nothing was sent."""

    outcome = Outcome.NOT_SENT


class CredentialsError(ConfigurationError):
    """Credentials are missing or cannot be sent; nothing was sent."""


class ClientClosedError(ConfigurationError):
    """The client has been closed; nothing was sent."""


@dataclass(frozen=True)
class Invalid:
    """One reason why a value was refused: where in it, why, and the kind of problem.

    The kind is pydantic's, or the JSON Schema keyword if the value breaks what models do not check. In a union,
    pydantic puts the name of a member into the location; `path` has only steps into the value. `argument` is what the
    value was given for, such as "query parameter 'limit'".
    """

    location: tuple[str | int, ...]
    reason: str
    kind: str = "value_error"
    path: tuple[str | int, ...] | None = None
    argument: str = ""

    @property
    def pointer(self) -> str:
        """The place as a JSON pointer (RFC 6901) into the argument."""
        steps = self.location if self.path is None else self.path
        return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)

    @property
    def keyword(self) -> str:
        """The JSON Schema keyword that is broken; the kind if no keyword says it."""
        return _KEYWORDS.get(self.kind) or ("type" if self.kind.endswith("_type") else self.kind)

    def __str__(self) -> str:
        steps = self.location if self.path is None else self.path
        where = ".".join(map(str, steps))
        types = self._types()
        reason = f"{self.reason} (as {'.'.join(types)})" if types else self.reason
        return printable(f"{where}: {reason}" if where else reason)

    def _types(self) -> list[str]:
        """The steps of the location that are not steps into the value: the members of unions it was checked as."""
        left = list(self.location if self.path is None else self.path)
        types: list[str] = []
        for step in self.location:
            if left and step == left[0]:
                del left[0]
            else:
                types.append(str(step))
        return types


class RequestValidationError(ClientError):
    """An argument does not fit the API; nothing was sent. `problems` lists every reason."""

    outcome = Outcome.NOT_SENT

    def __init__(self, message: str, *, problems: Sequence[Invalid] = (), operation: str = "") -> None:
        super().__init__(message, operation=operation)
        self.problems = tuple(problems)

    @classmethod
    def of(cls, subject: str, problems: Sequence[Invalid]) -> Self:
        """The error for an argument called `subject` and everything wrong with it."""
        shown = "; ".join(map(str, problems[:_SHOWN]))
        rest = f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        named = [one if one.argument else replace(one, argument=subject) for one in problems]
        return cls(f"{subject} was refused: {shown}{rest}", problems=named)

    @classmethod
    def together(cls, refusals: Sequence[Self]) -> Self:
        """One error for all arguments that were refused."""
        if len(refusals) == 1:
            return refusals[0]
        shown = "; ".join(one.message for one in refusals[:_SHOWN])
        rest = f"; and {len(refusals) - _SHOWN} more arguments" if len(refusals) > _SHOWN else ""
        return cls(f"{shown}{rest}", problems=[problem for one in refusals for problem in one.problems])

    @classmethod
    def because(cls, subject: str, reason: str) -> Self:
        """The error for an argument called `subject` with a single problem."""
        return cls.of(subject, (Invalid((), reason),))


class AbsentMemberError(ClientError, AttributeError):
    """The required member that was read is missing in the answer, or null against its schema; `member` is its name.

    `getattr(answer, name, None)` and `hasattr` work as for any attribute that is not there.
    """

    member: str = ""

    @classmethod
    def of(cls, model: str, member: str) -> Self:
        """The error for a member of a model, by its name on the wire."""
        error = cls(f"the answer has no {member!r}, which {model} must have")
        error.member = member
        return error


class TransportError(ClientError):
    """The exchange broke: no complete answer arrived."""

    def __init__(
        self,
        message: str,
        *,
        outcome: Outcome = Outcome.UNKNOWN,
        operation: str = "",
        method: str = "",
        url: str = "",
    ) -> None:
        super().__init__(message, operation=operation, method=method, url=url)
        self.outcome = outcome


class CallTimeoutError(TransportError):
    """Something took longer than the timeout allows."""


class ConnectError(TransportError):
    """No connection could be made."""


class ConnectTimeoutError(CallTimeoutError):
    """No connection could be made in time."""


class PoolTimeoutError(CallTimeoutError):
    """No connection of the pool came free in time."""


class WriteError(TransportError):
    """The connection broke while the request was being sent."""


class WriteTimeoutError(CallTimeoutError):
    """The request could not be sent in time."""


class ReadError(TransportError):
    """The connection broke before the whole answer had arrived."""


class ReadTimeoutError(CallTimeoutError):
    """The answer did not arrive in time."""


class DeadlineExceededError(CallTimeoutError):
    """The call as a whole took longer than its deadline allows."""


class ProtocolError(TransportError):
    """What was exchanged is not HTTP."""


class ResponseError(ClientError):
    """An answer arrived that is no success; `response` holds all of it."""

    def __init__(self, message: str, *, response: ApiResponse, operation: str = "") -> None:
        super().__init__(message, operation=operation, method=response.method, url=response.url)
        self.response = response

    @property
    def status(self) -> int:
        """The HTTP status code."""
        return self.response.status

    @property
    def headers(self) -> Any:
        """The response headers (`httpx.Headers`: case-insensitive)."""
        return self.response.headers

    @property
    def content(self) -> bytes:
        """The raw body."""
        return self.response.content

    @property
    def request_id(self) -> str | None:
        """The id the service gave the request, if it gave one."""
        return self.response.request_id


class ResponseDecodeError(ResponseError):
    """The service reported success, but its answer cannot be read; the request was likely applied."""

    outcome = Outcome.UNKNOWN
