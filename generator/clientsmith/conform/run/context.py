"""What every part of the suite shares: document, package, draws, clients; and where it puts what it counted."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, cast
from urllib.parse import unquote

from clientsmith.conform.client.calls import (
    SECRET,
    Absent,
    Called,
    Caller,
    CallInputs,
    NoSuchArgumentError,
    credentials_of,
    exchange_of,
)
from clientsmith.conform.client.package import ClientPackage
from clientsmith.conform.client.snippet import curl_of, python_of
from clientsmith.conform.inputs.arguments import argument
from clientsmith.conform.inputs.draws import Draws, sample
from clientsmith.conform.inputs.values import is_meant
from clientsmith.conform.model import Accepted, Cell, Direction, Drawn, Exchange, Failure, Mode, Part
from clientsmith.conform.run.promised import Promised
from clientsmith.document.model import Node
from clientsmith.json_values import codec
from clientsmith.json_values.codec import Value
from clientsmith.openapi import media_type as media_types
from clientsmith.openapi.charsets import is_text
from clientsmith.openapi.encoding import encoding, lacks_fields
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.own_members import (
    SPREADING,
    OwnMembers,
    members_of_fields,
    members_of_parameters,
    spread_fields,
)
from clientsmith.openapi.parameter import Location, Parameter
from clientsmith.openapi.response import ResponseDeclaration
from clientsmith.serve.answers.document_answers import DocumentAnswers
from clientsmith.traffic import writing
from clientsmith.traffic.check import MessageChecker
from clientsmith.traffic.message import HttpRequest, HttpResponse

_MOST_EXCHANGES = 10
"""Kept of each operation, part and mode; a run makes more than is ever read."""
_MOST_SAMPLES = 3
_MOST_SHRUNK = 3
_MOST_TRIED = 50
"""Bodies that are tried until one is sent."""
_DOT_SEGMENT = re.compile(r"\.\.?(;|$)")
_COOKIE_OCTETS = re.compile(r"[!#-+\--:<-\[\]-~]+")
"""Style `cookie` escapes nothing (OpenAPI 3.2; RFC 6265, section 4.1.1)."""
_TRIPLE = re.compile(r"%[0-9A-Fa-f]{2}")
_FORMS = ("form", "multipart")
_OPAQUE = ("text", "binary")
_DELIMITERS = {"deepObject": "[]", "label": ".", "spaceDelimited": " ", "pipeDelimited": "|", "matrix": ";"}
"""What separates items in a style and is never escaped in it (OpenAPI Parameter Object, style examples)."""

Members: TypeAlias = "Mapping[tuple[Location, str], OwnMembers]"
"""By location and name of a parameter that is written as pairs."""


@dataclass(slots=True)
class Tally:
    """What was counted in a run; the parts add to it as they go."""

    cells: dict[Cell, int] = field(default_factory=dict[Cell, int])
    parameters: dict[tuple[str, str, str], Drawn] = field(default_factory=dict[tuple[str, str, str], Drawn])
    media_types: dict[tuple[str, Direction, str, str], int] = field(
        default_factory=dict[tuple[str, Direction, str, str], int]
    )
    phases: dict[str, int] = field(default_factory=dict[str, int])
    accepted: dict[tuple[str, str], Accepted] = field(default_factory=dict[tuple[str, str], Accepted])
    exchanges: list[Exchange] = field(default_factory=list[Exchange])
    hindrances: dict[str, str] = field(default_factory=dict[str, str])
    """By operation why no call of it can be made."""
    exchanged: Counter[tuple[str, Part, Mode]] = field(default_factory=Counter[tuple[str, Part, Mode]])
    """How many exchanges there were of each operation, part and mode."""

    def cell(self, operation: str, status: str, direction: Direction, mode: Mode) -> None:
        """Count a check in the cell that it belongs to."""
        key = Cell(operation, status, direction, mode)
        self.cells[key] = self.cells.get(key, 0) + 1

    def drew(self, operation: str, place: str, name: str, value: Value, *, valid: bool) -> None:
        """Count a drawn value and keep a few to show."""
        key = (operation, place, name)
        old = self.parameters.get(key, Drawn())
        samples = old.samples if len(old.samples) >= _MOST_SAMPLES else (*old.samples, sample(value)[:120])
        self.parameters[key] = Drawn(old.valid + valid, old.invalid + (not valid), samples)

    def message(self, operation: str, direction: Direction, status: str, media_type: str) -> None:
        """Count a message of a media type."""
        key = (operation, direction, status, media_type)
        self.media_types[key] = self.media_types.get(key, 0) + 1

    def add(self, other: Tally) -> None:
        """Count what another one has counted, as if it had come after what this one has."""
        for cell, checks in other.cells.items():
            self.cells[cell] = self.cells.get(cell, 0) + checks
        for key, drawn in other.parameters.items():
            old = self.parameters.get(key, Drawn())
            samples = (*old.samples, *drawn.samples)[:_MOST_SAMPLES]
            self.parameters[key] = Drawn(old.valid + drawn.valid, old.invalid + drawn.invalid, samples)
        for kind, messages in other.media_types.items():
            self.media_types[kind] = self.media_types.get(kind, 0) + messages
        for phase, cases in other.phases.items():
            self.phases[phase] = self.phases.get(phase, 0) + cases
        for reason, accepted in other.accepted.items():
            self.accepted.setdefault(reason, accepted)
        for operation, why in other.hindrances.items():
            self.hindrances.setdefault(operation, why)
        self.exchanges += other.exchanges
        self.exchanged.update(other.exchanged)

    def keeps(self, exchange: Exchange) -> bool:
        """Count an exchange, and keep it for the reports if it is one of the first of its kind."""
        kind = (exchange.operation, exchange.part, exchange.mode)
        self.exchanged[kind] += 1
        is_kept = self.exchanged[kind] <= _MOST_EXCHANGES
        if is_kept:
            self.exchanges.append(exchange)
        return is_kept


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
            )
        sent = self.package.operations[operation.id].media_type or ""
        charset = None if codec == "json" else media_types.parameter(sent, "charset")
        return tuple(
            value for value in drawn
            if (is_text(value, charset) if isinstance(value, str) else codec not in _OPAQUE)
        )  # fmt: skip

    def _is_apart(self, operation: DescribedOperation, body: dict[str, Value]) -> bool:
        """Whether no field of a form has members that are fields of their own under the names of others."""
        media, branches = self.body_media(operation), self.checker.branches
        if media is None:
            return True
        fields = branches.properties(self.body_schema(operation))
        spread = spread_fields(media, fields, branches)
        own = members_of_fields(media, fields, branches)
        return all(_are_own(value, own[name]) for name, value in body.items() if name in spread)

    def _says_its_nulls(self, operation: DescribedOperation, body: dict[str, Value]) -> bool:
        """Whether no field of a form has a null that is read as the empty string, or one among its items."""
        media, schema = self.body_media(operation), self.body_schema(operation)
        if media is None or schema is None:
            return True
        plain = {name: value for name, value in body.items() if not encoding(media, name).is_json}
        return not any(
            (isinstance(value, list) and None in value)
            or (value is None and self.checker.schemas.is_valid(schema, {**body, name: ""}, "request"))
            for name, value in plain.items()
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
        schema, bodies = self.body_schema(operation), self.valid_bodies(operation)
        candidates = [CallInputs(parameters, body) for body in bodies[:_MOST_TRIED]]
        if not candidates:
            self.tally.hindrances[operation.id] = (
                "no value could be drawn for the request body, which is required"
            )
        # In a union a key may be known to one branch alone, and is a typing mistake in the others.
        usable = (one for one in candidates if len(candidates) == 1 or self._is_sent(operation, schema, one))
        return next(usable, candidates[0] if candidates else None)

    def _is_sent(self, operation: DescribedOperation, schema: Node | None, inputs: CallInputs) -> bool:
        """Whether a client sends a body that was drawn; the part for requests looks at each that it refuses."""
        files = self.takes_files(operation)
        given = replace(inputs, body=argument(self.checker, schema, cast("Value", inputs.body), files=files))
        try:
            called = self.caller("sync", retries=None).call(operation.id, given, lambda _: HttpResponse(404))
        except NoSuchArgumentError:
            return False
        return bool(called.requests)


@dataclass(slots=True)
class Findings:
    """Collects the checks of one unit; equal failures are kept once, with the first input that showed them."""

    context: Context
    part: Part
    operation: DescribedOperation | None
    checks: int = 0
    found: dict[tuple[str, str, str], Failure] = field(default_factory=dict[tuple[str, str, str], Failure])
    _shrunk: set[tuple[str, str, str]] = field(default_factory=set[tuple[str, str, str]])
    _not_kept: Exchange | None = None
    """The last exchange if the reports go without it; one that shows a failure is kept nevertheless."""

    def check(self, passed: bool, id: str, message: str | Callable[[], str], **more: Any) -> bool:
        """Count a comparison, and keep a failure if it does not hold."""
        self.checks += 1
        if not passed:
            self.fail(id, message if isinstance(message, str) else message(), **more)
        return passed

    def fail(
        self, id: str, message: str, *, mode: Mode | None = None, status: str = "", inputs: CallInputs | None = None,
        drawn: Value | None = None, request: HttpRequest | None = None, node: Node | None = None,
        response: HttpResponse | str | None = None, attempts: int = 1,
    ) -> None:  # fmt: skip
        """Keep a failure with what it takes to see it again."""
        operation = self.operation
        name = operation.id if operation is not None else ""
        if (id, mode or "", status) in self.found:
            return
        if self._not_kept is not None:
            self.context.tally.exchanges.append(self._not_kept)
            self._not_kept = None
        python = curl = ""
        if operation is not None and inputs is not None:
            python = python_of(self.context.package, operation.id, inputs, mode or "sync", response, attempts)
        if request is not None:
            curl = curl_of(request, SECRET)
        shown = ""
        if drawn is not None or inputs is not None:
            shown = sample(drawn if drawn is not None else _as_value(inputs))
        place = (
            node or (operation.node if operation is not None else self.context.checker.resolved.node())
        ).place
        self.found[id, mode or "", status] = Failure(
            id, self.part, name, message, place, mode, status, shown, python, curl
        )

    def shrink(
        self, schema: Node | None, direction: Direction, again: Callable[[Value, Findings], None], *, valid: bool
    ) -> None:  # fmt: skip
        """Put the smallest value that still fails in the place of the first one; `again` makes the checks for a value.

        A few failures are enough: the others have mostly the same cause, and each costs a search.
        """
        for key in list(self.found):
            if key in self._shrunk or len(self._shrunk) >= _MOST_SHRUNK:
                continue
            self._shrunk.add(key)

            def fails(value: Value, key: tuple[str, str, str] = key) -> bool:
                return key in self._again(again, value)

            smallest = self.context.draws.smallest(schema, direction, valid=valid, fails=fails)
            if smallest is not None:
                self.found[key] = self._again(again, smallest[0])[key]

    def _again(
        self, again: Callable[[Value, Findings], None], value: Value
    ) -> dict[tuple[str, str, str], Failure]:
        findings = Findings(self.context, self.part, self.operation)
        again(value, findings)
        return findings.found

    def sent(self, mode: Mode, called: Called, response: HttpResponse | None = None) -> None:
        """Count the exchange of a call, and keep it for the reports."""
        name = self.operation.id if self.operation is not None else ""
        exchange = exchange_of(name, self.part, mode, called, response, time.time())
        is_kept = exchange is None or self.context.tally.keeps(exchange)
        self._not_kept = None if is_kept else exchange


def credential_of(package: ClientPackage, operation: DescribedOperation, parameter: Parameter) -> str | None:
    """The API key that a request carries under the name and in the place of a parameter; None if it carries none."""
    wanted = (parameter.location, parameter.name.lower())
    given = credentials_of(package)
    for scheme in (one for alternative in operation.security for one in alternative):
        if scheme.kind == "api-key" and (scheme.location, scheme.name.lower()) == wanted:
            return given[package.credentials[scheme.key][0]]
    return None


def _as_value(inputs: CallInputs | None) -> Value:
    if inputs is None:
        return None
    shown: dict[str, Value] = {f"{place} {name}": value for (place, name), value in inputs.parameters.items()}
    return shown if isinstance(inputs.body, Absent) else shown | {"body": inputs.body}


def concrete_status(operation: DescribedOperation, key: str) -> int:
    """A status that a key of the document speaks of: its own, the first free one of a range, an error for `default`."""
    if key.isdecimal():
        return int(key)
    declared: Mapping[str, ResponseDeclaration] = operation.responses
    if key != "default":
        lowest = int(key[0]) * 100
        return next(status for status in range(lowest, lowest + 100) if str(status) not in declared)
    if not any(one.startswith("2") for one in declared):
        return 200
    free = (
        status for status in (418, 500, 409, 599, 451) if operation.response(status) is declared["default"]
    )
    return next(free, 599)


def travels(location: str, media_type: str | None, value: Value) -> bool:
    """Whether a value can be sent in that place: a bare newline cannot, nor a path segment empty or only of dots.

    JSON content spells whatever a header or a cookie cannot hold with escapes.
    """
    if location in ("header", "cookie") and media_type is not None and media_types.is_json(media_type):
        return True
    if location == "path":
        return value not in ("", [], {}, None) and _leaves(
            value, lambda text: text != "" and not _DOT_SEGMENT.match(unquote(text))
        )
    if location == "header":
        return _leaves(
            value, lambda text: text.isascii() and text.isprintable() and text == text.strip() != ""
        )
    if location == "cookie":
        return _leaves(value, lambda text: text.isascii() and text.isprintable())
    return True


def _are_own(value: Value, own: OwnMembers) -> bool:
    return not isinstance(value, dict) or all(map(own.has, value))


def sayable(parameter: Parameter, value: Value, members: Members) -> bool:
    """Whether the style of a parameter can say a value so that it can be told from others again."""
    if parameter.node is None:
        return isinstance(value, str)
    if parameter.media_type is not None:
        return True
    if parameter.location in ("query", "cookie", "header") and value in ([], {}, None):
        return False
    if parameter.is_spread and not _are_own(value, members[parameter.location, parameter.name]):
        return False
    if parameter.style == "cookie":
        return _leaves(value, lambda text: _COOKIE_OCTETS.fullmatch(text) is not None)
    if parameter.allow_reserved and not _leaves(value, lambda text: not _TRIPLE.search(text)):
        return False  # it is taken for encoded already
    if not _has_no_null_item(value):
        return False
    delimiters = _DELIMITERS.get(parameter.style, "")
    if parameter.location == "header" and isinstance(value, list | dict):
        is_exploded = parameter.explode and isinstance(value, dict)
        delimiters = ",=" if is_exploded else ","
    return not delimiters or _leaves(
        value, lambda text: text != "" and not any(one in text for one in delimiters)
    )


def _has_no_null_item(value: Value) -> bool:
    if isinstance(value, list):
        return None not in value and all(map(_has_no_null_item, value))
    return not isinstance(value, dict) or all(map(_has_no_null_item, value.values()))


def _leaves(value: Value, fits: Callable[[str], bool]) -> bool:
    if isinstance(value, dict):
        return bool(value) and all(fits(key) and _leaves(item, fits) for key, item in value.items())
    if isinstance(value, list):
        return bool(value) and all(_leaves(item, fits) for item in value)
    return fits(value) if isinstance(value, str) else value is not None
