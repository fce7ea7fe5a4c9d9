# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""application/x-www-form-urlencoded request bodies (OpenAPI Encoding Object)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, unquote_to_bytes

from ..types.schemas import RequestCheck
from ..values.json_codec import scalar_text, write
from ..values.media_type import is_json
from ..values.shapes import is_array
from .body import Encoded, object_of
from .encoding import DEFAULT, EncodedBody, Encoding
from .parameters import not_null, percent_reserved


@dataclass(frozen=True)
class FormBody(EncodedBody):
    """A body of form fields."""

    def _written(self, value: Any, extra: Mapping[str, Any] | None, check: RequestCheck | None) -> Encoded:
        pairs: list[str] = []
        fields = object_of(self._checked(value, extra, check))
        for name, item in fields.items():
            encoding = self.encoding.get(name, DEFAULT)
            if item is None and not is_json(encoding.one_type or ""):
                self.refuse_null(fields, name)
            self.refuse_others(encoding, name, item)
            written = _pairs(name, item, encoding)
            self.demand(name, written)
            if encoding.warn_above is not None:
                self._sized(encoding, sum(len(unquote_to_bytes(text)) for _, text in written))
            pairs += [f"{key}={text}" for key, text in written]
        return self.media_type, "&".join(pairs).encode()


def _pairs(name: str, value: Any, encoding: Encoding) -> list[tuple[str, str]]:
    """As the Encoding Object says: by style if one is given, else by content type, else by the kind of value.

    Without either an object is one field of JSON text and an array repeats its field (OpenAPI 3.1, Encoding Object).
    """
    if encoding.style is not None or encoding.explode is not None or encoding.allow_reserved:
        encode = percent_reserved if encoding.allow_reserved else quote_plus
        return encoding.pairs(name, value, encode, quote_plus)
    if is_json(encoding.one_type or ""):
        return [(quote_plus(name), quote_plus(write(value)))]
    values = not_null(value) if is_array(value) else [value]
    return [(quote_plus(name), quote_plus(_field_text(item))) for item in values]


def _field_text(value: Any) -> str:
    return write(value) if isinstance(value, (dict, list)) else scalar_text(value)
