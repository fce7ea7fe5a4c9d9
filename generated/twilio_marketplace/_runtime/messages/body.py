"""A checked request body as bytes: JSON, form fields, multipart, text and binary. HTTP itself lives elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote_plus

from pydantic import BaseModel

from ..results.errors import RequestValidationError
from ..types.files import File, read_file, take_files
from ..types.taken_apart import TOO_DEEP, CannotBeSentError, Plain
from ..values.json_codec import JsonError, scalar_text, write, write_bytes
from ..values.media_type import is_json
from ..values.shapes import is_array, is_mapping, is_object
from ..values.unset import UNSET
from .multipart import Part, write_multipart
from .operation import Body, Encoding
from .parameters import percent_reserved, query_pairs

Encoded = tuple[str, bytes]
"""Content-Type and content."""

_SUBJECT: Final = "request body"
_BINARY: Final = "application/octet-stream"
_DEFAULT: Final = Encoding("")


def encode_body(body: Body, value: Any, extra: Mapping[str, Any] | None) -> Encoded | None:
    """The bytes of a body, or None where an optional one was not given. Raises RequestValidationError."""
    if is_object(value):
        fields = value
        given = {key: item for key, item in fields.items() if item is not UNSET}
        # No field given means no body, unless the caller passed the empty object as such.
        value = given if given or not fields or body.required or extra else UNSET
    if value is UNSET:
        if body.required and not extra:
            raise RequestValidationError.because(_SUBJECT, "is required")
        if not extra:
            return None
        value = {}
    try:
        return _encode(body, value, extra)
    except (JsonError, CannotBeSentError) as error:
        raise RequestValidationError.because(_SUBJECT, str(error)) from None
    except RecursionError:
        raise RequestValidationError.because(_SUBJECT, TOO_DEEP.reason) from None
    except UnicodeEncodeError:
        raise RequestValidationError.because(_SUBJECT, "text with a lone surrogate cannot be sent") from None


def _encode(body: Body, value: Any, extra: Mapping[str, Any] | None) -> Encoded:
    if body.codec == "json":
        return body.media_type, write_bytes(_checked(body, value, extra))
    if body.codec == "form":
        return body.media_type, _form(body, _object(_checked(body, value, extra)))
    if body.codec == "multipart":
        return _multipart(body, value, extra)
    if extra:
        raise RequestValidationError.because("extra_body", "this request body has no fields to add to")
    if body.codec == "text":
        return body.media_type, scalar_text(body.schema.encode(value, _SUBJECT)).encode()
    file = read_file(value, _SUBJECT)
    content = _bytes(body.schema.encode(file.content if file else value, _SUBJECT))
    declared = _BINARY if "*" in body.media_type else body.media_type
    return (file.content_type if file and file.content_type else declared), content


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else scalar_text(value).encode()


def _checked(body: Body, value: Any, extra: Mapping[str, Any] | None) -> Any:
    plain = body.schema.encode(value, _SUBJECT)
    if not extra:
        return plain
    fields = _object(plain)
    taken = sorted(fields.keys() & extra.keys())
    if taken:
        raise RequestValidationError.because(
            "extra_body", f"{', '.join(taken)} is already part of the request"
        )
    return {**fields, **{str(key): _dumped(item) for key, item in extra.items()}}


def _dumped(value: Any) -> Any:
    return Plain().of(value)


def _object(value: Any) -> dict[str, Any]:
    if not is_object(value):
        raise RequestValidationError.because(_SUBJECT, "has to be an object here")
    return value


def _form(body: Body, fields: dict[str, Any]) -> bytes:
    pairs: list[str] = []
    for name, value in fields.items():
        for key, text in _form_pairs(name, value, body.encoding.get(name, _DEFAULT)):
            pairs.append(f"{key}={text}")
    return "&".join(pairs).encode()


def _form_pairs(name: str, value: Any, encoding: Encoding) -> list[tuple[str, str]]:
    """As the Encoding Object says: style where one is given, else by content type, else by the kind of value.

    Without either an object is one field of JSON text and an array repeats its field (OpenAPI 3.1, Encoding Object).
    """
    if encoding.style is not None or encoding.explode is not None or encoding.allow_reserved:
        style = encoding.style or "form"
        explode = style == "form" if encoding.explode is None else encoding.explode
        encode = percent_reserved if encoding.allow_reserved else quote_plus
        return query_pairs(name, value, style, explode, encode, quote_plus)
    if is_json(_one_type(encoding) or ""):
        return [(quote_plus(name), quote_plus(write(value)))]
    values = value if is_array(value) else [value]
    return [(quote_plus(name), quote_plus(_field_text(item))) for item in values]


def _field_text(value: Any) -> str:
    return write(value) if isinstance(value, (dict, list)) else scalar_text(value)


def _multipart(body: Body, value: Any, extra: Mapping[str, Any] | None) -> Encoded:
    if isinstance(value, BaseModel):
        value = _dumped(value)
    files: dict[str, list[File]] = {}
    fields = take_files(value, files) if is_mapping(value) else value
    more = take_files(extra, files) if extra else None
    parts: list[Part] = []
    for name, item in _object(_checked(body, fields, more)).items():
        parts += _parts(name, item, body.encoding.get(name, _DEFAULT), files.get(name, []))
    return write_multipart(parts, body.media_type)


def _parts(name: str, value: Any, encoding: Encoding, files: list[File]) -> list[Part]:
    declared = _one_type(encoding)
    if declared is not None and is_json(declared) and not files:
        return [Part(name, write_bytes(value), declared)]
    waiting = iter(files)
    values = value if is_array(value) else [value]
    return [
        _part(name, item, declared, next(waiting, None) if type(item) is bytes else None) for item in values
    ]


def _one_type(encoding: Encoding) -> str | None:
    """The content type of an encoding that names one; of a list or a range the type of the value decides."""
    declared = encoding.content_type
    return None if declared is None or "*" in declared or "," in declared else declared


def _part(name: str, value: Any, declared: str | None, file: File | None) -> Part:
    if isinstance(value, bytes):
        # A part counts as a file only if it has a file name (RFC 7578 section 4.2).
        file = file or File(value)
        return Part(name, value, file.content_type or declared or _BINARY, file.name or name)
    if isinstance(value, (dict, list)):
        return Part(name, write_bytes(value), declared or "application/json")
    return Part(name, scalar_text(value).encode(), declared)
