"""Responses made from a document: its examples by name and by status, and generated ones where it has none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import cast

from clientsmith.document.model import JSON, Node
from clientsmith.json_values import codec
from clientsmith.json_values.codec import Value
from clientsmith.jsonschema.instances import Instances, NoInstanceError
from clientsmith.jsonschema.keywords import exact_value
from clientsmith.openapi import media_type as media_types
from clientsmith.openapi.example import examples, schema_examples
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.response import ResponseDeclaration, headers
from clientsmith.serve.answers.prefer import Preference
from clientsmith.traffic import writing
from clientsmith.traffic.check import MessageChecker
from clientsmith.traffic.message import HttpResponse

_NO_BODY = (204, 205, 304)
_ERROR = 3
_MOST_OF_SCHEMA = 10
_OWN_HEADERS = frozenset(
    {"content-type", "content-length", "content-encoding", "transfer-encoding", "connection"}
)


@dataclass(frozen=True, slots=True)
class NamedExample:
    """An example of a response under `examples`; `name` is its key in kebab case, unique within the operation."""

    name: str
    key: str
    status: int
    declaration: ResponseDeclaration
    media_type: str
    value: Node
    summary: str


@dataclass(frozen=True, slots=True)
class DocumentAnswer:
    """A response and whether an example of the document gave it or it was generated."""

    response: HttpResponse
    is_example: bool


class DocumentAnswers:
    """What a document has to say to each request; every response is made once."""

    def __init__(self, checker: MessageChecker) -> None:
        self._checker = checker
        self._instances = Instances(checker.resolved, checker.schemas)
        self._named: dict[int, tuple[NamedExample, ...]] = {}
        self._made: dict[tuple[object, ...], DocumentAnswer | None] = {}

    def named(self, operation: DescribedOperation) -> tuple[NamedExample, ...]:
        """The named response examples of an operation in the order of the document."""
        if id(operation) not in self._named:
            self._named[id(operation)] = tuple(self._find_named(operation))
        return self._named[id(operation)]

    def scenario(self, operation: DescribedOperation, name: str, accept: str | None) -> DocumentAnswer | None:
        """The response of a scenario, or of an example by its key."""
        found = [one for one in self.named(operation) if name in (one.name, one.key)]
        if not found:
            return None
        chosen = media_types.accepted([one.media_type for one in found], accept)
        example = next(one for one in found if one.media_type == chosen)
        key = (id(operation), example.name, example.media_type)
        if key not in self._made:
            value = cast("Value", exact_value(example.value.value))
            response = self._response(example.declaration, example.status, example.media_type, value)
            self._made[key] = DocumentAnswer(response, True)
        return self._made[key]

    def preferred(
        self, operation: DescribedOperation, wish: Preference, accept: str | None
    ) -> DocumentAnswer | None:
        """What a client wishes for; None if the document has no such thing."""
        if wish.example is not None:
            found = self.scenario(operation, wish.example, accept)
            if found is None or wish.code in (None, found.response.status):
                return found
            return None
        return None if wish.code is None else self.by_status(operation, wish.code, accept)

    def by_status(
        self, operation: DescribedOperation, status: int, accept: str | None
    ) -> DocumentAnswer | None:
        """The response of a status: its first example that is valid, else a generated one."""
        declaration = operation.response(status)
        if declaration is None:
            return None
        return self._of(operation, declaration, status, accept, only_examples=True) or self._of(
            operation, declaration, status, accept, only_examples=False
        )

    def usual(self, operation: DescribedOperation, accept: str | None) -> DocumentAnswer | None:
        """The response where all went well: an example of the lowest success, else a generated one of it."""
        if not any(_rank(key) < _ERROR for key in operation.responses):
            return DocumentAnswer(HttpResponse(200), False)
        ranked = sorted(
            ((_rank(key), status_of(one), one) for key, one in operation.responses.items()),
            key=lambda item: item[:2],
        )
        wanted = [item for item in ranked if item[0] == ranked[0][0]]
        for only_examples in (True, False):
            for _, status, declaration in wanted if only_examples else ranked:
                found = self._of(operation, declaration, status, accept, only_examples=only_examples)
                if found is not None:
                    return found
        return None

    def _of(
        self, operation: DescribedOperation, declaration: ResponseDeclaration, status: int, accept: str | None,
        *, only_examples: bool,
    ) -> DocumentAnswer | None:  # fmt: skip
        first = media_types.accepted(list(declaration.contents), accept)
        key = (id(operation), declaration.key, status, first, only_examples)
        if key not in self._made:
            self._made[key] = self._make(declaration, status, first, only_examples)
        return self._made[key]

    def _make(
        self, declaration: ResponseDeclaration, status: int, first: str | None, only_examples: bool
    ) -> DocumentAnswer | None:
        if first is None or status in _NO_BODY:
            return (
                None
                if only_examples
                else DocumentAnswer(self._response(declaration, status, None, None), True)
            )
        for media_type in (first, *(one for one in declaration.contents if one != first)):
            media = declaration.contents[media_type]
            try:
                value = (
                    self._example(media, media_type) if only_examples else self._generated(media, media_type)
                )
            except NoInstanceError:
                continue
            return DocumentAnswer(self._response(declaration, status, media_type, value), only_examples)
        return None

    def _example(self, media: Node, media_type: str) -> Value:
        """The first valid example, else the first; raises NoInstanceError if there is none."""
        listed = [cast("Value", exact_value(one)) for one in _examples(self._checker, media)]
        schema = media.get("schema")
        if not listed:
            raise NoInstanceError
        if schema is None or not media_types.is_json(media_type):
            return listed[0]
        # Not a few documents give an example of JSON as one string.
        candidates = [*listed, *_written_out(listed)]
        valid = (one for one in candidates if self._checker.schemas.is_valid(schema, one, "response"))
        return next(valid, listed[0])

    def _generated(self, media: Node, media_type: str) -> Value:
        schema = media.get("schema")
        essence = media_types.essence(media_type)
        if essence.endswith(("/xml", "+xml")):
            return writing.minimal_xml(None if schema is None else self._checker.resolved.deref(schema))
        if schema is None:
            return {} if media_types.is_json(essence) else ""
        is_composed = essence == media_types.FORM or essence.startswith("multipart/")
        if media_types.is_json(essence) or is_composed or "*" in essence:
            return self._instances.make(schema, "response")
        if "string" in self._checker.branches.types(schema):
            return self._instances.make(schema, "response")
        return ""

    def _response(
        self, declaration: ResponseDeclaration, status: int, media_type: str | None, value: Value
    ) -> HttpResponse:
        headers = list(self._headers(declaration.node))
        if media_type is None:
            return HttpResponse(status, tuple(headers))
        schema = declaration.contents[media_type].get("schema")
        concrete = writing.concrete(media_type, value, self._checker.branches.formats(schema))
        return HttpResponse(status, (("Content-Type", concrete), *headers), writing.body(value, concrete))

    def _headers(self, declaration: Node) -> Iterator[tuple[str, str]]:
        """The declared headers that are required or have an example."""
        for name, header in headers(declaration, self._checker.resolved).items():
            if name.lower() in _OWN_HEADERS or header.owner is None:
                continue
            listed = list(_examples(self._checker, header.owner))
            value: Value = cast("Value", exact_value(listed[0])) if listed else None
            if not listed:
                if not header.required:
                    continue
                try:
                    value = (
                        "string" if header.schema is None else self._instances.make(header.schema, "response")
                    )
                except NoInstanceError:
                    continue
            shown = writing.header(header, value)
            if shown is not None:
                yield name, shown

    def _find_named(self, operation: DescribedOperation) -> Iterator[NamedExample]:
        taken: dict[str, str] = {}
        for declaration in operation.responses.values():
            for media_type, media in declaration.contents.items():
                for example in examples(media, self._checker.resolved):
                    key = example.key
                    if not key:
                        continue
                    name = scenario_name(key)
                    if taken.setdefault(name, declaration.key) != declaration.key:
                        name = f"{name}-{declaration.key.lower()}"
                        taken[name] = declaration.key
                    status = status_of(declaration, example.value.value)
                    yield NamedExample(
                        name, key, status, declaration, media_type, example.value, example.summary
                    )


def _written_out(values: list[Value]) -> Iterator[Value]:
    """Those that are texts with JSON in them, read."""
    for value in values:
        if isinstance(value, str):
            try:
                yield codec.read(value)
            except codec.JsonError:
                continue


def scenario_name(key: str) -> str:
    """The key of an example in kebab case: `notInstalled` becomes `not-installed`."""
    spaced = re.sub(r"([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])", r"\1\3-\2", key)
    return re.sub(r"[^A-Za-z0-9]+", "-", spaced).strip("-").lower() or key


def status_of(declaration: ResponseDeclaration, value: JSON = None) -> int:
    """The status to answer with; for a range or `default` the one that an example states as its `status`."""
    key = declaration.key
    if key.isdecimal():
        return int(key)
    lowest, highest = (int(key[0]) * 100, int(key[0]) * 100 + 99) if key[:1].isdecimal() else (200, 599)
    stated = value.get("status") if isinstance(value, dict) else None
    if isinstance(stated, int) and not isinstance(stated, bool) and lowest <= stated <= highest:
        return stated
    return lowest


def _rank(key: str) -> int:
    """Successes first, then `default`, then redirects and errors."""
    if key.startswith("2"):
        return 0
    return 1 if key == "default" else 2 if key.startswith("3") else _ERROR


def _examples(checker: MessageChecker, owner: Node) -> Iterator[JSON]:
    """The examples of a media type or header, its own ones before those of its schema."""
    for example in examples(owner, checker.resolved):
        yield example.value.value
    of_schema = schema_examples(owner.get("schema"), checker.resolved)
    yield from (one.value for one in islice(of_schema, _MOST_OF_SCHEMA))
