"""How the properties of a form or multipart body are written (OpenAPI Encoding Object)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from ..observe import log
from ..results.errors import RequestValidationError
from ..types.models import fields_of
from ..values.first_use import once
from ..values.json_codec import JsonError
from ..values.shapes import is_object
from .body import SUBJECT, Body
from .operation import Members, Style, refuse_names
from .parameters import Quote, query_pairs


@dataclass(frozen=True)
class Encoding:
    """How one property is written."""

    wire: str
    content_type: str | None = None
    style: Style | None = None
    explode: bool | None = None
    allow_reserved: bool = False
    warn_above: int | None = None
    members: Members | None = None

    @property
    def one_type(self) -> str | None:
        """The content type, if one is named; for a list or a range the type of the value decides."""
        declared = self.content_type
        return None if declared is None or "*" in declared or "," in declared else declared

    @property
    def explodes(self) -> bool:
        """Whether the style writes each item and each member by itself."""
        return self.style in (None, "form") if self.explode is None else self.explode

    @property
    def is_exploded(self) -> bool:
        """Whether the members of an object become fields of their own."""
        is_styled = self.style is not None or self.explode is not None or self.allow_reserved
        return is_styled and self.style in (None, "form") and self.explode is not False

    def pairs(self, name: str, value: Any, encode: Quote, quote_name: Quote) -> list[tuple[str, str]]:
        """The pairs of a value in the style. Raises JsonError, which names the property."""
        try:
            return query_pairs(name, value, self.style or "form", self.explodes, encode, quote_name)
        except JsonError as error:
            raise JsonError(f"{name}: {error}") from None


DEFAULT: Final = Encoding("")


@dataclass(frozen=True)
class EncodedBody(Body):
    """A body whose properties are written one by one."""

    encodings: tuple[Encoding, ...] = ()

    def _sized(self, encoding: Encoding, size: int) -> None:
        """Log a warning for a value that has more bytes than its encoding allows without one."""
        if encoding.warn_above is not None and size > encoding.warn_above:
            log.large_field(encoding.wire, size, encoding.warn_above)

    @once
    def encoding(self) -> dict[str, Encoding]:
        """The encodings by property name."""
        return {encoding.wire: encoding for encoding in self.encodings}

    @once
    def fields(self) -> dict[str, bool]:
        """The declared properties, and of each whether every body has it."""
        model = self.annotation
        fields = fields_of(model) if isinstance(model, type) and issubclass(model, BaseModel) else {}
        return {field.serialization_alias or name: field.is_required() for name, field in fields.items()}

    def refuse_others(self, encoding: Encoding, name: str, value: Any) -> None:
        """Raise JsonError if a member of an object that is written member by member would be read as another field."""
        if is_object(value) and encoding.is_exploded:
            refuse_names(value, self.fields.keys() - {name}, "field", encoding.members)

    def refuse_null(self, fields: Mapping[str, Any], name: str) -> None:
        """Raise JsonError for a null that is read as the empty string, because the field takes that too."""
        try:
            self.schema.encode({**fields, name: ""}, SUBJECT)
        except RequestValidationError:
            return
        raise JsonError(f"{name}: null cannot be told from the empty string in a form; leave the field out")

    def demand(self, name: str, written: Sequence[object]) -> None:
        """Raise RequestValidationError if nothing is written of a property that every body has."""
        if not written and self.fields.get(name):
            reason = f"{name}: is required, and what is empty sends nothing"
            raise RequestValidationError.because(SUBJECT, reason)
