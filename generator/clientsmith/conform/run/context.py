"""What every part of the suite shares: document, package, draws and clients, and what an operation sends and gets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from clientsmith.conform.client.call_inputs import ABSENT, Absent, CallInputs, NoSuchArgumentError
from clientsmith.conform.client.calls import Caller
from clientsmith.conform.client.credentials import credential_of
from clientsmith.conform.client.package import ClientPackage
from clientsmith.conform.inputs.arguments import argument
from clientsmith.conform.inputs.drawing.draws import Draws
from clientsmith.conform.inputs.sayable import Members, are_own, keeps_items, sayable, travels
from clientsmith.conform.inputs.values import is_meant
from clientsmith.conform.model import Mode
from clientsmith.conform.run.promised import Promised
from clientsmith.conform.run.status_meaning import concrete_status
from clientsmith.conform.run.tally import Tally
from clientsmith.document.model import Node
from clientsmith.json_values import codec
from clientsmith.json_values.codec import Value
from clientsmith.openapi import media_type as media_types
from clientsmith.openapi.charsets import is_text
from clientsmith.openapi.encoding import Encodings, lacks_fields
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.own_members import (
    SPREADING,
    members_of_fields,
    members_of_parameters,
    spread_fields,
)
from clientsmith.openapi.parameter import Location, Parameter
from clientsmith.serve.answers.document_answers import DocumentAnswers
from clientsmith.traffic import writing
from clientsmith.traffic.check import CheckedRequest, MessageChecker
from clientsmith.traffic.message import HttpResponse

_MOST_TRIED = 50
"""Bodies that are tried until one is sent."""
_FORMS = ("form", "multipart")
_OPAQUE = ("text", "binary")


@dataclass(slots=True)
class Context:
    """Document, package and draws of one run, and the clients that are made as they are needed."""

    checker: MessageChecker
    package: ClientPackage
    draws: Draws
    tally: Tally
    answers: DocumentAnswers
    promised: Promised
    base_url: str | None = None
    """Given to clients of documents that name no host; None for all others, whose own address is tested too."""
    _callers: dict[tuple[object, ...], Caller] = field(default_factory=dict[tuple[object, ...], Caller])
    _usual: dict[str, CallInputs | None] = field(default_factory=dict[str, "CallInputs | None"])

    def caller(self, mode: Mode, *, unlimited: bool = False, **settings: Any) -> Caller:
        """A client with those settings, kept for the next who asks; `unlimited` has a retry budget without an end."""
        key = (mode, unlimited, *sorted((name, repr(value)) for name, value in settings.items()))
        if key not in self._callers:
            if unlimited:
                settings["retries"] = self.package.get("Retries")(budget=1_000_000)
            if self.base_url is not None:
                settings["base_url"] = self.base_url
            self._callers[key] = Caller(self.package, mode, **settings)
        return self._callers[key]

    def close(self) -> None:
        """Close every client."""
        for caller in self._callers.values():
            caller.close()
        self._callers.clear()

    def operations(self) -> Iterator[DescribedOperation]:
        """The operations that the package has methods for."""
        for operation in self.checker.operations:
            if operation.id in self.package.operations:
                yield operation

    def body_media(self, operation: DescribedOperation) -> Node | None:
        """The Media Type Object of the request body that the client sends; None if it sends none."""
        sent = self.package.operations[operation.id].media_type
        declared = None if sent is None else media_types.best(operation.body_contents, sent)
        return None if declared is None else operation.body_contents[declared]

    def body_encodings(self, operation: DescribedOperation) -> Encodings | None:
        """How the properties of that body are written; None if it has none."""
        media, sent = self.body_media(operation), self.package.operations[operation.id].media_type
        return None if media is None else Encodings(media, sent or "", self.checker.resolved.version)

    def body_schema(self, operation: DescribedOperation) -> Node | None:
        """The schema of the request body that the client sends; None if that body is any value."""
        media, sent = self.body_media(operation), self.package.operations[operation.id].media_type or ""
        schema = media.get("schema") if media is not None else None
        kinds = self.checker.branches.types(schema)
        # Text or bytes in a format of their own, such as XML, may stand for a value of any type.
        is_opaque = self.body_codec(operation) in _OPAQUE and bool(kinds) and "string" not in kinds
        return None if is_opaque or lacks_fields(sent, kinds) else schema

    def body_codec(self, operation: DescribedOperation) -> media_types.Codec:
        """How the client writes the request body."""
        media, sent = self.body_media(operation), self.package.operations[operation.id].media_type
        schema = media.get("schema") if media is not None else None
        return media_types.codec(sent or "text/plain", self.checker.branches.formats(schema))

    def valid_bodies(self, operation: DescribedOperation) -> tuple[Value, ...]:
        """Values that the schema of the request body accepts, if the client sends one."""
        if self.body_media(operation) is None:
            return ()
        drawn = self.draws.valid(self.body_schema(operation), "request")
        codec = self.body_codec(operation)
        if codec in _FORMS:
            return tuple(
                value
                for value in drawn
                if isinstance(value, dict)
                and self._is_apart(operation, value)
                and self._says_its_nulls(operation, value)
                and self._keeps_its_items(operation, value)
            )
        sent = self.package.operations[operation.id].media_type or ""
        charset = None if codec == "json" else media_types.parameter(sent, "charset")
        opaque = codec in _OPAQUE
        return tuple(
            value for value in drawn if (is_text(value, charset) if isinstance(value, str) else not opaque)
        )

    def _is_apart(self, operation: DescribedOperation, body: dict[str, Value]) -> bool:
        """Whether no field of a form has members that are fields of their own under the names of others."""
        encodings, branches = self.body_encodings(operation), self.checker.branches
        if encodings is None:
            return True
        fields = branches.properties(self.body_schema(operation))
        spread = spread_fields(encodings, fields, branches)
        own = members_of_fields(encodings, fields, branches)
        return all(are_own(value, own[name]) for name, value in body.items() if name in spread)

    def _says_its_nulls(self, operation: DescribedOperation, body: dict[str, Value]) -> bool:
        """Whether no field of a form has a null that is read as the empty string, or one among its items."""
        encodings, schema = self.body_encodings(operation), self.body_schema(operation)
        if encodings is None or schema is None:
            return True
        plain = {name: value for name, value in body.items() if not encodings.of(name).is_json}
        return not any(
            (isinstance(value, list) and None in value)
            or (value is None and self.checker.schemas.is_valid(schema, {**body, name: ""}, "request"))
            for name, value in plain.items()
        )

    def _keeps_its_items(self, operation: DescribedOperation, body: dict[str, Value]) -> bool:
        """Whether no field of a form has a delimiter of its style inside an item."""
        encodings = self.body_encodings(operation)
        is_plain = self.body_codec(operation) == "multipart"
        return encodings is None or all(
            keeps_items(encodings.of(name), value, is_plain=is_plain) for name, value in body.items()
        )

    def parameter_values(self, operation: DescribedOperation, parameter: Parameter) -> tuple[Value, ...]:
        """Values that a parameter accepts: if it is a credential of the operation as well, no other than that one."""
        own = credential_of(self.package, operation, parameter)
        return self.draws.valid(parameter.schema, "request") if own is None else (own,)

    def members(self, operation: DescribedOperation) -> Members:
        """Which members its objects have to themselves that are written member by member."""
        return {
            (location, name): one
            for location in SPREADING
            for name, one in members_of_parameters(operation, location, self.checker.branches).items()
        }

    def takes_files(self, operation: DescribedOperation) -> bool:
        """Whether the client writes the body as bytes or as parts, in which files may be."""
        return self.body_codec(operation) in ("binary", "multipart")

    def answer(self, operation: DescribedOperation, key: str) -> HttpResponse:
        """A response of a documented status that conforms: an example of the document, else a generated one."""
        status = concrete_status(operation, key)
        found = self.answers.by_status(operation, status, None)
        response = HttpResponse(status) if found is None else replace(found.response, status=status)
        if found is None or not self.is_exemplary(operation, response):
            return self.drawn_answer(operation, key, status) or response
        return response

    def is_exemplary(self, operation: DescribedOperation, response: HttpResponse) -> bool:
        """Whether a response conforms and is of the types that are meant; an example of a document need not be."""
        declared = operation.response(response.status)
        if declared is None or self.checker.check_response(operation, response):
            return False
        content_type = response.header("content-type") or ""
        media_type = media_types.best(declared.contents, content_type) if content_type else None
        if media_type is None or not media_types.is_json(media_type) or not response.body:
            return True
        schema = declared.contents[media_type].get("schema")
        return is_meant(self.checker, schema, codec.read(response.body))

    def drawn_answer(self, operation: DescribedOperation, key: str, status: int) -> HttpResponse | None:
        """An answer for documents whose own example breaks its schema; None if none can be drawn."""
        for media_type, media in operation.responses[key].contents.items():
            drawn = self.draws.valid(media.get("schema"), "response")
            if media_types.is_json(media_type) and drawn:
                concrete = writing.concrete(media_type, drawn[0])
                return HttpResponse(status, (("Content-Type", concrete),), codec.write(drawn[0]).encode())
        return None

    def usual_inputs(self, operation: DescribedOperation) -> CallInputs | None:
        """Inputs of a valid call, the first that were drawn and sent; None if none can be drawn."""
        if operation.id not in self._usual:
            self._usual[operation.id] = self._usual_inputs(operation)
        return self._usual[operation.id]

    def _usual_inputs(self, operation: DescribedOperation) -> CallInputs | None:
        parameters: dict[tuple[Location, str], Value] = {}
        members = self.members(operation)
        for parameter in operation.parameters:
            if parameter.required:
                drawn = [
                    value
                    for value in self.parameter_values(operation, parameter)
                    if travels(parameter.location, parameter.media_type, value)
                    and sayable(parameter, value, members)
                ]
                if not drawn:
                    self.tally.hindrances[operation.id] = (
                        f"no value that was drawn for the {parameter.label}, which is required, can be sent"
                    )
                    return None
                parameters[parameter.location, parameter.name] = drawn[0]
        media = self.body_media(operation)
        if media is None or operation.body is None or operation.body.mapping.get("required") is not True:
            return CallInputs(parameters)
        bodies = self.valid_bodies(operation)
        candidates = [CallInputs(parameters, body) for body in bodies[:_MOST_TRIED]]
        if not candidates:
            self.tally.hindrances[operation.id] = (
                "no value could be drawn for the request body, which is required"
            )
        # In a union a key may be known to one branch alone, and is a typing mistake in the others.
        usable = (one for one in candidates if len(candidates) == 1 or self._is_sent(operation, one))
        return next(usable, candidates[0] if candidates else None)

    def arguments(self, operation: DescribedOperation, inputs: CallInputs) -> CallInputs:
        """The same values as a caller passes them: amounts as Decimal, files as bytes."""
        schemas = {(one.location, one.name): one.schema for one in operation.parameters}
        parameters = {
            key: argument(self.checker, schemas.get(key), value) for key, value in inputs.parameters.items()
        }
        if isinstance(inputs.body, Absent):
            return replace(inputs, parameters=parameters)
        schema, files = self.body_schema(operation), self.takes_files(operation)
        return replace(
            inputs, parameters=parameters, body=argument(self.checker, schema, inputs.body, files=files)
        )

    def arguments_of(
        self, operation: DescribedOperation, read: CheckedRequest, *, has_body: bool
    ) -> CallInputs:
        """What a caller passes to make a request that has been read."""
        given: dict[tuple[Location, str], Value] = {}
        for one in operation.parameters:
            values = read.parameters.values(one.location)
            if one.name in values:
                given[one.location, one.name] = values[one.name]
        return self.arguments(operation, CallInputs(given, read.body if has_body else ABSENT))

    def _is_sent(self, operation: DescribedOperation, inputs: CallInputs) -> bool:
        """Whether a client sends inputs that were drawn; the part for requests looks at each that it refuses."""
        given = self.arguments(operation, inputs)
        try:
            called = self.caller("sync", retries=None).call(operation.id, given, lambda _: HttpResponse(404))
        except NoSuchArgumentError:
            return False
        return bool(called.requests)
