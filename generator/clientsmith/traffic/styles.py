"""Values read from text in every OpenAPI parameter style: candidates by the shape of the schema, the valid one wins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from urllib.parse import unquote

from clientsmith.document.model import Node
from clientsmith.json_values import codec
from clientsmith.json_values.codec import JsonError, Value
from clientsmith.jsonschema.branches import Branches
from clientsmith.jsonschema.validators import Schemas
from clientsmith.openapi.own_members import OwnMembers
from clientsmith.traffic.pairs import Pairs

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,4000})\Z")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,4000})(?:\.[0-9]{1,4000})?(?:[eE][+-]?[0-9]{1,9})?\Z")
_DEEP = re.compile(r"\[([^\[\]]*)\]")
_LABELLED = re.compile(r"\.(?=[^.=]*=)")
_MAX_DEEP = 20
_ONLY_TEXT = frozenset({"string"})
_DELIMITERS = {"spaceDelimited": (" ", ("%20", "+", " ")), "pipeDelimited": ("|", ("|", "%7C", "%7c"))}
"""What separates the items of a style, and the forms in which it may be there."""
_CONTAINERS = frozenset({"array", "object"})
_LITERAL_TYPES = frozenset({"number", "boolean", "null"})
Decode = Callable[[str], str]


def unchanged(text: str) -> str:
    """For texts that carry no percent-encoding."""
    return text


class StyleDecoder:
    """Reads texts by the schema they belong to."""

    def __init__(self, schemas: Schemas, branches: Branches) -> None:
        self.schemas = schemas
        self.branches = branches

    def scalar(self, text: str, schema: Node | None) -> Value:
        """One value, as a number, a boolean or null only where the schema knows such."""
        kinds = self.branches.types(schema)
        if schema is None or not kinds or kinds == _ONLY_TEXT:
            return text
        literals = [*_literals(text, kinds)]
        candidates: list[Value] = [one for one in literals if one is not None]
        if "string" in kinds:
            candidates.append(text)  # before null, which is not sent where it would be read as text
        candidates += [one for one in literals if one is None]
        return self.valid_one(candidates or [text], schema)

    def inner(self, text: str, schema: Node | None) -> Value:
        """An item or a member: no style has room for an array or an object inside, which is JSON text there."""
        plain = self.scalar(text, schema)
        if not self.branches.types(schema) & _CONTAINERS or not text.lstrip().startswith(("{", "[")):
            return plain
        try:
            return self.valid_one([codec.read(text), plain], schema)
        except JsonError:
            return plain

    def valid_one(self, candidates: Sequence[Value], schema: Node | None) -> Value:
        """The first candidate that the schema accepts, else the first."""
        if schema is not None and len(candidates) > 1:
            for candidate in candidates:
                if self.schemas.is_valid(schema, candidate, "request"):
                    return candidate
        return candidates[0]

    def as_listed(self, value: Value, schema: Node | None) -> Value:
        """The array or object that `enum` or `const` lists; without a schema of its own each text in it may be JSON."""
        if schema is None or not isinstance(value, list | dict) or not self.branches.lists_containers(schema):
            return value
        literal = _as_literals(value)
        return literal if self.schemas.is_valid(schema, literal, "request") else value

    def simple(self, text: str, schema: Node | None, explode: bool, decode: Decode) -> Value:
        """Style `simple`, which headers use too: `a,b`, `k,v,k,v` or, exploded, `k=v,k=v`."""
        return self.delimited(text, schema, explode, (",",), decode)

    def delimited(
        self, text: str, schema: Node | None, explode: bool, delimiters: tuple[str, ...], decode: Decode
    ) -> Value:
        """A scalar, or items or members between delimiters; encoded delimiters count where nothing else is valid."""
        kinds = self.branches.types(schema)
        candidates: list[Value] = []
        if "array" in kinds:
            parts = _split(text, delimiters)
            candidates.append(self._items(parts, schema, decode))
            again = _split(decode(text), (",",))
            if len(parts) == 1 and len(again) > 1:
                candidates.append(self._items(again, schema, unchanged))
            if not text:
                candidates.append([])
        if "object" in kinds:
            candidates.append(
                self._members(_split(text, delimiters) if text else [], schema, explode, decode)
            )
        if not candidates or kinds - {"array", "object"}:
            candidates.append(self.scalar(decode(text), schema))
        return self.valid_one(candidates, schema)

    def _items(self, parts: Sequence[str], schema: Node | None, decode: Decode) -> Value:
        return [
            self.inner(decode(part), self.branches.item(schema, index)) for index, part in enumerate(parts)
        ]

    def _members(self, parts: Sequence[str], schema: Node | None, explode: bool, decode: Decode) -> Value:
        if explode:
            pairs = [part.partition("=")[::2] for part in parts]
        elif len(parts) % 2:
            return ",".join(decode(part) for part in parts)
        else:
            pairs = list(zip(parts[::2], parts[1::2], strict=True))
        return {decode(key): self.member(decode(key), decode(text), schema) for key, text in pairs}

    def member(self, key: str, text: str, schema: Node | None) -> Value:
        """The value of a property."""
        return self.inner(text, self.branches.property(schema, key))

    def label(self, text: str, schema: Node | None, explode: bool, decode: Decode) -> Value:
        """Style `label`: `.a`, `.a.b` exploded, `.a,b` else; exploded, a dot without a key is of a value."""
        kinds = self.branches.types(schema)
        if explode and "object" in kinds and "array" not in kinds:
            return self._members(_LABELLED.split(text.removeprefix(".")), schema, explode, decode)
        return self.delimited(text.removeprefix("."), schema, explode, (".",) if explode else (",",), decode)

    def matrix(self, name: str, text: str, schema: Node | None, explode: bool, decode: Decode) -> Value:
        """Style `matrix`: `;name=a`, `;name=a;name=b` or `;k=v;k=v` exploded, `;name=a,b` else."""
        pairs = [part.partition("=")[::2] for part in text.removeprefix(";").split(";")]
        kinds = self.branches.types(schema)
        if explode and "object" in kinds:
            return {decode(key): self.member(decode(key), decode(value), schema) for key, value in pairs}
        if explode and "array" in kinds:
            return self._items([value for _, value in pairs], schema, decode)
        return self.delimited(pairs[0][1], schema, False, (",",), decode)

    def form(
        self,
        name: str,
        pairs: Pairs,
        schema: Node | None,
        style: str,
        explode: bool,
        own_members: OwnMembers,
        decode: Decode,
    ) -> tuple[Value, frozenset[str]] | None:
        """The value of a query or form parameter with the names of the pairs that it is made of; None without any.

        `own_members` says which pairs an exploded object is made of.
        """
        kinds = self.branches.types(schema)
        deep = pairs.below(name) if style in ("deepObject", "form") else []
        deep = [pair for pair in deep if pair[0] not in own_members.beside]
        if deep:
            read = [(key, decode(text)) for key, text in deep]
            return self._deep(name, read, schema), frozenset(key for key, _ in deep)
        own = pairs.of(name)
        is_spread = explode and style != "deepObject" and "object" in kinds
        if is_spread and (not own or own_members.has(name)):
            return self._exploded(pairs, schema, own_members, decode)
        if not own:
            return None
        if explode and "array" in kinds:
            return self._repeated(own, schema, decode), frozenset([name])
        if len(own) > 1:
            return [self.scalar(decode(text), None) for text in own], frozenset([name])
        mark, forms = _DELIMITERS.get(style, (",", (",",)))
        delimiters = tuple(form for form in forms if decode(form) == mark)
        return self.delimited(own[0], schema, False, delimiters, decode), frozenset([name])

    def _repeated(self, own: list[str], schema: Node | None, decode: Decode) -> Value:
        candidates: list[Value] = [self._items(own, schema, decode)]
        if len(own) == 1:
            if self.branches.types(schema) - {"array", "object"}:
                candidates.append(self.scalar(decode(own[0]), schema))
            if not own[0]:
                candidates.append([])
        return self.valid_one(candidates, schema)

    def _exploded(
        self, pairs: Pairs, schema: Node | None, own_members: OwnMembers, decode: Decode
    ) -> tuple[Value, frozenset[str]] | None:
        members = {
            key: self._exploded_member(key, pairs.of(key), schema, decode)
            for key in pairs.names
            if own_members.has(key)
        }
        return (members, frozenset(members)) if members else None

    def _exploded_member(self, key: str, texts: list[str], schema: Node | None, decode: Decode) -> Value:
        own = self.branches.property(schema, key)
        if "array" in self.branches.types(own):
            return self._repeated(texts, own, decode)
        values = [self.inner(decode(text), own) for text in texts]
        return values[0] if len(values) == 1 else values

    def _deep(self, name: str, pairs: list[tuple[str, str]], schema: Node | None) -> Value:
        whole: dict[str, Value] = {}
        for key, text in pairs:
            steps = _DEEP.findall(key[len(name) :])[:_MAX_DEEP] or [""]
            level = whole
            for step in steps[:-1]:
                inner = level.setdefault(step, {})
                level = inner if isinstance(inner, dict) else {}
            known = level.get(steps[-1])
            if isinstance(known, list):
                known.append(text)
            elif known is None:
                level[steps[-1]] = text
            else:
                both: list[Value] = [known, text]
                level[steps[-1]] = both
        return self._typed(whole, schema)

    def _typed(self, value: Value, schema: Node | None) -> Value:
        """StyleDecoder below a value that was put together from brackets, read by the schemas of their places."""
        kinds = self.branches.types(schema)
        if isinstance(value, dict):
            if "array" in kinds and all(key.isdecimal() or not key for key in value):
                flat = [
                    one for item in value.values() for one in (item if isinstance(item, list) else [item])
                ]
                return self._typed_items(flat, schema)
            return {
                key: self._typed(item, self.branches.property(schema, key)) for key, item in value.items()
            }
        if isinstance(value, list):
            return self._typed_items(value, schema)
        if "array" in kinds:
            one = self._typed_items([value], schema)
            return one if value != "" else self.valid_one([one, []], schema)
        return self.scalar(value, schema) if isinstance(value, str) else value

    def _typed_items(self, values: list[Value], schema: Node | None) -> list[Value]:
        return [self._typed(value, self.branches.item(schema, index)) for index, value in enumerate(values)]


def _literals(text: str, kinds: frozenset[str]) -> Iterator[Value]:
    if "number" in kinds and _NUMBER.match(text):
        yield int(text) if _INTEGER.match(text) else Decimal(text)
    if "boolean" in kinds and text in ("true", "false"):
        yield text == "true"
    if "null" in kinds and text in ("null", ""):
        yield None


def _as_literals(value: Value) -> Value:
    if isinstance(value, list):
        return [_as_literals(item) for item in value]
    if isinstance(value, dict):
        return {key: _as_literals(item) for key, item in value.items()}
    return next(_literals(value, _LITERAL_TYPES), value) if isinstance(value, str) else value


def _split(text: str, delimiters: tuple[str, ...]) -> list[str]:
    for delimiter in delimiters:
        if delimiter in text:
            return text.split(delimiter)
    return [text]


def percent_decoded(text: str) -> str:
    """Text of a path: percent-encoding undone."""
    return unquote(text)


def form_decoded(text: str) -> str:
    """Text of a query or a form: `+` is a space."""
    return unquote(text.replace("+", " "))


def query_pairs(query: str) -> Pairs:
    """The pairs of a query string or form body: names decoded, values as they stand."""
    parts = (part.partition("=") for part in query.split("&") if part)
    return Pairs((form_decoded(name), text) for name, _, text in parts)
