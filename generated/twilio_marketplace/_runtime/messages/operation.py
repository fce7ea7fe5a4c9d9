# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""The frozen description of one API call, as generated code writes it down; cheap to construct, no I/O.

Adapters and tables are built on first use and kept with the description they belong to.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, Generic, Literal, Protocol

from typing_extensions import TypeVar

from ..types.schemas import RequestSchema, ResponseSchema
from ..values.first_use import once
from ..values.forks import whole_at_a_fork
from ..values.json_codec import JsonError
from ..values.media_type import Range
from .body import Body

T = TypeVar("T")

Location = Literal["path", "query", "header", "cookie"]
Style = Literal[
    "simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject", "cookie"
]
_REDIRECTS: Final = frozenset({300, 301, 302, 303, 307, 308})
_IDEMPOTENT: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})


class Members(Protocol):
    """What knows which members of an object are its own, if others are written member by member beside it."""

    def refuse_others(self, members: dict[str, Any]) -> None:
        """Raise JsonError for a member that would be read as part of something else."""
        ...


def refuse_names(members: dict[str, Any], names: Collection[str], kind: str, own: Members | None) -> None:
    """Raise JsonError if a member of an object that is written member by member has a name that is taken."""
    for key, item in members.items():
        if item is not None and (key in names or key.partition("[")[0] in names):
            raise JsonError(
                f"has the member {key!r}, which this style cannot tell from the {kind} of that name"
            )
    if own is not None:
        own.refuse_others(members)


@dataclass(frozen=True)
class Parameter:
    """One parameter (OpenAPI Parameter Object); `annotation` is anything pydantic's TypeAdapter takes.

    `schema_key` names the schema that says more than the annotation.
    """

    wire: str
    location: Location
    annotation: Any
    required: bool = False
    style: Style = "form"
    explode: bool = True
    allow_reserved: bool = False
    allow_empty: bool = False
    media_type: str | None = None
    hints: tuple[tuple[str, str], ...] = ()
    """Hints on a refused value: a pattern, and the text to add if it is found."""
    schema_key: str | None = None
    members: Members | None = None

    @once
    def schema(self) -> RequestSchema:
        """The check that an argument has to pass."""
        with whole_at_a_fork():
            return RequestSchema(self.annotation)


@dataclass(frozen=True)
class Media:
    """One media type of a response and what it decodes to.

    `schema_key` names the schema that stricter validation modes check the body against. One that is not `requested` is
    described, so that the service may choose it, but the client never asks for it.
    """

    media_type: str
    codec: Literal["json", "text", "binary"]
    annotation: Any
    schema_key: str | None = None
    requested: bool = True

    @once
    def schema(self) -> ResponseSchema:
        """The decoder of JSON values."""
        with whole_at_a_fork():
            return ResponseSchema(self.annotation)

    @once
    def range(self) -> Range:
        """The media type as a range that content types can be matched against."""
        return Range.parse(self.media_type)


class ItemJudge(Protocol):
    """What reads off an answer what became of each item that was sent."""

    def judge(self, result: Any, answer: Any, body: Any) -> Any:
        """What the call returns: `result` is `answer` after decoding, `body` the request in JSON."""
        ...


@dataclass(frozen=True)
class Response:
    """One declared response: `status` is "200", "4XX" or "default"; without media no body is due.

    `not_processed` says that a request answered like this had no effect, `partial` how the answer says what became
    of each item that was sent.
    """

    status: str
    media: tuple[Media, ...] = ()
    not_processed: bool = False
    partial: ItemJudge | None = None


@dataclass(frozen=True)
class Operation(Generic[T]):
    """One API call; `T` is what it returns. `security` lists alternatives, an empty one means anonymous.

    `bills` marks a call that must not be made twice by itself; `idempotent` overrides what the method says about
    making it twice (RFC 9110 section 9.2.2). `server` overrides the base URL of the package.
    """

    id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    responses: tuple[Response, ...] = ()
    security: tuple[tuple[str, ...], ...] = ()
    bills: bool = False
    idempotent: bool | None = None
    server: str | None = None

    @once
    def repeatable(self) -> bool:
        """Whether an attempt with an unknown outcome may be followed by another one."""
        if self.bills:
            return False
        return self.method in _IDEMPOTENT if self.idempotent is None else self.idempotent

    @once
    def accept(self) -> bytes:
        """The Accept header: every media type of every response, success first."""
        ordered = sorted(self.responses, key=lambda response: not response.status.startswith("2"))
        types = dict.fromkeys(
            media.media_type for response in ordered for media in response.media if media.requested
        )
        safe = [name for name in types if name.isascii() and name.isprintable()]
        return ", ".join(safe).encode() or b"*/*"

    @once
    def by_status(self) -> dict[str, Response]:
        """The responses by status key, ranges in capitals."""
        return {_status_key(response.status): response for response in self.responses}

    @once
    def declares_success(self) -> bool:
        """Whether a 2xx is declared by number, so that `default` speaks of errors only."""
        return any(response.status.startswith("2") for response in self.responses)

    @once
    def takes_any_success(self) -> bool:
        """Whether every 2xx is a result: none is described, and a call that bills needs a description to be sure."""
        return not self.bills and not self.declares_success

    def redirects(self, status: int) -> bool:
        """Whether a redirect is a result: if it is described and no 2xx is, a 303 or an answer to GET or HEAD."""
        if not self.takes_any_success or status not in _REDIRECTS:
            return False
        declared = self.response_for(status)
        is_safe = status == 303 or self.method in ("GET", "HEAD")
        return is_safe and declared is not None and declared.status != "default"

    @once
    def gives_nothing(self) -> bool:
        """Whether a success is declared and none has a body, so that a caller expects none."""
        successes = [response for response in self.responses if response.status.startswith("2")]
        return bool(successes) and not any(response.media for response in successes)

    def response_for(self, status: int) -> Response | None:
        """The response declared for a status: by number, else by range, else `default` (OpenAPI Responses Object)."""
        declared = self.by_status
        found = declared.get(str(status)) or declared.get(f"{status // 100}XX")
        if found is None and not (200 <= status < 300 and self.declares_success):
            found = declared.get("default")
        return found


def _status_key(status: str) -> str:
    return status if status == "default" else status.upper()
