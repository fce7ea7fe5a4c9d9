"""The response as it was received, for callers who want status, headers and bytes; decoding lives elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Generic

import httpx
from typing_extensions import TypeVar

from ..values import json_codec
from ..values.first_use import once
from ..values.media_type import parse_content_type
from ..values.plain_text import excerpt

T = TypeVar("T")
_LONGEST_ID: Final = 200


@dataclass(frozen=True, repr=False)
class ApiResponse:
    """Status, headers and body bytes of one answer; `url` has secrets in its query replaced.

    `defect` says what kept the body from being read (compressed beyond repair, larger than the limit); `content` is
    empty then.
    """

    status: int
    headers: httpx.Headers
    content: bytes
    method: str
    url: str
    http_version: str = "HTTP/1.1"
    reason: str = ""
    defect: str = ""
    json_depth: int = json_codec.DEPTH
    decimals: bool = False
    """Whether results keep numbers without a type as Decimals."""

    @property
    def request_id(self) -> str | None:
        """The id the service gave this request: the first header whose name ends in `request-id`, up to 200 bytes."""
        for name, value in self.headers.items():
            if name.lower().endswith("request-id"):
                return excerpt(value, _LONGEST_ID)
        return None

    @property
    def content_type(self) -> str:
        """The Content-Type header, or an empty string."""
        value: str = self.headers.get("content-type", "")
        return value

    @property
    def text(self) -> str:
        """The body as text in its declared charset, UTF-8 where none is declared; never fails."""
        charset = parse_content_type(self.content_type).charset or "utf-8"
        try:
            return self.content.decode(charset, "replace")
        except ValueError:  # some encodings, such as idna, can replace nothing
            return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON, fractions as Decimal. Raises ValueError where it is none, or nested too deeply."""
        charset = parse_content_type(self.content_type).charset or "utf-8"
        return json_codec.parse(self.content, charset, self.json_depth)

    @once
    def value(self) -> Any:
        """As `json()`, parsed once for all who ask; not to be changed."""
        return self.json()

    def __repr__(self) -> str:
        return f"<ApiResponse {self.status} {self.method} {self.url} ({len(self.content)} bytes)>"


@dataclass(frozen=True)
class Reply(Generic[T]):
    """The result of a call together with the response it was decoded from."""

    result: T
    response: ApiResponse


@dataclass(frozen=True)
class Redirect:
    """The call succeeded and points elsewhere: `location` as the service sent it, relative to the URL of the request.

    Nothing was sent there.
    """

    status: int
    location: str


@dataclass(frozen=True)
class NotModified:
    """The call succeeded and changed nothing (HTTP 304)."""
