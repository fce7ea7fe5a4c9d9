# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""What services say in the body of an error, in its two usual forms; nothing here ever fails on a body.

Which exception is raised is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..values.shapes import is_object


@dataclass(frozen=True)
class ServiceError:
    """The usual body: `code`, `message`, `more_info`, `status`; `data` is the whole object, unknown keys included."""

    code: int | str | None
    message: str | None
    more_info: str | None
    status: int | None
    data: Mapping[str, Any]

    @property
    def summary(self) -> str:
        """Code and message in one line."""
        return _join(self.code, self.message)


@dataclass(frozen=True)
class Problem:
    """A problem document (RFC 9457); `data` is the whole object, extension members included."""

    type: str | None
    title: str | None
    status: int | None
    detail: str | None
    instance: str | None
    code: int | str | None
    data: Mapping[str, Any]

    @property
    def summary(self) -> str:
        """Code, title and detail in one line."""
        return _join(self.code, " - ".join(part for part in (self.title, self.detail) if part))


ErrorBody = ServiceError | Problem


def read_error_body(value: Any) -> ErrorBody | None:
    """Tell the two forms apart by their keys, never by content type; None for anything else."""
    if not is_object(value):
        return None
    data = value
    if "title" in data or (
        "message" not in data and not data.keys().isdisjoint({"type", "detail", "instance"})
    ):
        return Problem(
            type=_text(data.get("type")),
            title=_text(data.get("title")),
            status=_integer(data.get("status")),
            detail=_text(data.get("detail")),
            instance=_text(data.get("instance")),
            code=_code(data.get("code")),
            data=data,
        )
    if data.keys().isdisjoint({"message", "code", "more_info"}):
        return None
    return ServiceError(
        code=_code(data.get("code")),
        message=_text(data.get("message")),
        more_info=_text(data.get("more_info")),
        status=_integer(data.get("status")),
        data=data,
    )


def _join(code: int | str | None, text: str | None) -> str:
    return ": ".join(str(part) for part in (code, text) if part is not None and part != "")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _integer(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _code(value: object) -> int | str | None:
    return value if isinstance(value, str) else _integer(value)
