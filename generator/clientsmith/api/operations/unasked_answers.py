"""Notes on arguments that can lead to an answer in a media type that the client does not ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from clientsmith.api.model.api import Parameter, RequestBody, Response, ResponseMedia
from clientsmith.api.model.naming import snake_case
from clientsmith.document.model import Node
from clientsmith.jsonschema.branches import Branches
from clientsmith.jsonschema.keywords import listed_values
from clientsmith.openapi.media_type import preferred
from clientsmith.openapi.operation import DescribedOperation

_CHOOSING = frozenset(
    {
        "accept", "alt", "export_format", "file_format", "format", "media_type", "mime_type", "output", "output_format",
        "response_format", "result_format", "return_format",
    }
)  # fmt: skip
"""Names of arguments that choose the form of an answer, if the document lists no values for them."""
_STREAMS = re.compile(r"event-stream|ndjson|jsonl|json-lines|json-seq|stream\+json")
_SYNONYMS = {
    "plain": ("text", "txt"),
    "event-stream": ("sse", "stream"),
    "markdown": ("md",),
    "jpeg": ("jpg",),
}


@dataclass(frozen=True, slots=True)
class UnaskedAnswers:
    """The media types in which one operation may answer without being asked."""

    media: Sequence[ResponseMedia]
    branches: Branches

    def noted(
        self, operation: DescribedOperation, parameters: Sequence[Parameter], body: RequestBody | None
    ) -> tuple[list[Parameter], RequestBody | None]:
        """The arguments, those that lead to such an answer with a note."""
        if not self.media:
            return list(parameters), body
        schemas = {(one.location, one.name): one.schema for one in operation.parameters}
        marked = [
            replace(
                one,
                description=self._with_note(one.description, one.wire, schemas.get((one.location, one.wire))),
            )
            for one in parameters
        ]
        return marked, None if body is None else self._body(operation, body)

    def _body(self, operation: DescribedOperation, body: RequestBody) -> RequestBody:
        media = operation.body_contents.get(preferred(operation.body_contents) or "")
        properties = self.branches.properties(media.get("schema") if media is not None else None)
        if body.fields is not None:
            fields = (
                replace(one, description=self._with_note(one.description, one.wire, properties.get(one.wire)))
                for one in body.fields
            )
            return replace(body, fields=tuple(fields))
        notes = [
            f"`{name}` {note[0].lower()}{note[1:]}"
            for name, schema in properties.items()
            if (note := self._note(name, schema))
        ]
        return replace(body, description=_joined(body.description, *notes))

    def _with_note(self, description: str, wire: str, schema: Node | None) -> str:
        return _joined(description, self._note(wire, schema))

    def _note(self, wire: str, schema: Node | None) -> str:
        found = [media for media in self.media if self._leads_to(wire, schema, media.media_type)]
        forms = " or ".join(
            f"`{media.media_type}`, returned as {'text' if media.codec == 'text' else 'bytes'}"
            for media in found
        )
        return f"May lead to an answer in {forms}." if forms else ""

    def _leads_to(self, wire: str, schema: Node | None, media_type: str) -> bool:
        listed = [value for part in self.branches.of(schema) for value in listed_values(part) or ()]
        values = {value.lower() for value in listed if isinstance(value, str)}
        if values:
            return not values.isdisjoint(_names(media_type))
        name = snake_case(wire, "")
        if "stream" in name.split("_") and _STREAMS.search(media_type):
            return True
        return name in _CHOOSING and self.branches.types(schema) <= {"string"}


def unasked_media(responses: Sequence[Response]) -> list[ResponseMedia]:
    """The media types that are described and not asked for."""
    listed = {
        media.media_type: media for response in responses for media in response.media if not media.requested
    }
    return list(listed.values())


def _names(media_type: str) -> Iterator[str]:
    """What a value is called that chooses a media type: the type, its subtype, and the last part of that."""
    subtype = media_type.partition("/")[2]
    short = re.split(r"[.+]", subtype.removeprefix("x-"))
    yield from (media_type, subtype, *short)
    for one in short:
        yield from _SYNONYMS.get(one, ())


def _joined(*texts: str) -> str:
    return " ".join(text.strip() for text in texts if text.strip())
