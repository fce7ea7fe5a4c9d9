# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""Request bodies: a checked value as bytes. JSON and text are here, each other form is a module of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ..results.errors import RequestValidationError
from ..types.schemas import NOTHING, RequestCheck, RequestSchema
from ..types.taken_apart import TOO_DEEP, CannotBeSentError, Plain
from ..values.first_use import once
from ..values.forks import whole_at_a_fork
from ..values.json_codec import JsonError, key_text, scalar_text, write_bytes
from ..values.media_type import parse_content_type
from ..values.shapes import is_object
from ..values.unset import UNSET

Encoded = tuple[str, bytes]
"""Content-Type and content."""

SUBJECT = "request body"


@dataclass(frozen=True)
class Body(ABC):
    """The request body of an operation: its media type, and the type of the value it is written from.

    `schema_key` names the schema that says more than the annotation.
    """

    media_type: str
    annotation: Any
    required: bool = False
    schema_key: str | None = None
    reads_files: ClassVar[bool] = False
    """Whether encoding reads what it is given, such as an open file, so that it may not be done twice."""

    @once
    def schema(self) -> RequestSchema:
        """The check that a body has to pass."""
        with whole_at_a_fork():
            return RequestSchema(self.annotation)

    def encode(
        self, value: Any, extra: Mapping[str, Any] | None, check: RequestCheck | None = None
    ) -> Encoded | None:
        """The bytes of a body, or None if an optional one was not given. Raises RequestValidationError."""
        if is_object(value):
            fields = value
            given = {key: item for key, item in fields.items() if item is not UNSET}
            # No field given means no body, unless the caller passed the empty object as such.
            value = given if given or not fields or self.required or extra else UNSET
        if value is UNSET:
            if self.required and not extra:
                raise RequestValidationError.because(SUBJECT, "is required")
            if not extra:
                return None
            value = {}
        try:
            return self._written(value, extra, check)
        except (JsonError, CannotBeSentError) as error:
            raise RequestValidationError.because(SUBJECT, str(error)) from None
        except RecursionError:
            raise RequestValidationError.because(SUBJECT, TOO_DEEP.reason) from None
        except UnicodeEncodeError:
            raise RequestValidationError.because(
                SUBJECT, "text with a lone surrogate cannot be sent"
            ) from None

    @abstractmethod
    def _written(self, value: Any, extra: Mapping[str, Any] | None, check: RequestCheck | None) -> Encoded:
        """The value and the extra fields as bytes. May raise what `encode` handles."""

    def _checked(self, value: Any, extra: Mapping[str, Any] | None, check: RequestCheck | None) -> Any:
        """The value in plain form, with the extra fields added to it, which nothing describes or checks."""
        more = {key_text(key): Plain().of(item) for key, item in extra.items()} if extra else NOTHING
        plain = self.schema.checked(value, SUBJECT, check, self.schema_key, more, files=self.reads_files)
        if not more:
            return plain
        fields = object_of(plain)
        taken = sorted(fields.keys() & more.keys())
        if taken:
            raise RequestValidationError.because(
                "extra_body", f"{', '.join(taken)} is already part of the request"
            )
        return {**fields, **more}


class JsonBody(Body):
    """A body of JSON."""

    def _written(self, value: Any, extra: Mapping[str, Any] | None, check: RequestCheck | None) -> Encoded:
        return self.media_type, write_bytes(self._checked(value, extra, check))


class TextBody(Body):
    """A body of text, in the charset of its media type or in UTF-8."""

    def _written(self, value: Any, extra: Mapping[str, Any] | None, check: RequestCheck | None) -> Encoded:
        refuse_extra(extra)
        text, declared = scalar_text(self._checked(value, None, check)), parse_content_type(self.media_type)
        if declared.unknown:
            raise JsonError(f"cannot be written in the charset {declared.unknown!r}, which is not known")
        if declared.charset is None:
            return self.media_type, text.encode()
        try:
            return self.media_type, text.encode(declared.charset)
        except UnicodeEncodeError:
            raise JsonError(f"has characters that the charset {declared.charset} does not have") from None


def encoded_body(
    body: Body | None, value: Any, extra: Mapping[str, Any] | None, check: RequestCheck | None
) -> Encoded | None:
    """The bytes of the body of an operation, or None if it sends none. Raises RequestValidationError."""
    if body is not None:
        return body.encode(value, extra, check)
    if value is not UNSET:
        raise RequestValidationError.because(SUBJECT, "this operation takes none")
    if extra:
        raise RequestValidationError.because("extra_body", "this operation takes no request body")
    return None


def object_of(value: Any) -> dict[str, Any]:
    """The value, if it is an object. Raises RequestValidationError."""
    if not is_object(value):
        raise RequestValidationError.because(SUBJECT, "has to be an object here")
    return value


def refuse_extra(extra: Mapping[str, Any] | None) -> None:
    """Raise RequestValidationError for extra fields of a body that has none."""
    if extra:
        raise RequestValidationError.because("extra_body", "this request body has no fields to add to")
