"""Objects that only Python has, in every typed place of a request: refused, or sent as the values they stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from pydantic import ValidationError

from clientsmith.conform.client.call_inputs import Absent, CallInputs, NoSuchArgumentError
from clientsmith.conform.client.calls import Called
from clientsmith.conform.client.scripted import not_found
from clientsmith.conform.contract.requests.request_case import RequestCase, shown_error
from clientsmith.conform.inputs.model_arguments import with_models
from clientsmith.conform.inputs.places import Path, TypedPlace, at, put, typed_places
from clientsmith.conform.inputs.python_only import (
    ITERATOR,
    NO_VALUES,
    STAND_INS,
    TRUE,
    TYPED,
    NoValue,
    StandIn,
)
from clientsmith.conform.inputs.sayable import sayable, travels
from clientsmith.conform.inputs.values import is_fractional, with_amount
from clientsmith.conform.model import MODES, Mode
from clientsmith.document.model import Node, render_pointer
from clientsmith.json_values.codec import Value
from clientsmith.openapi import media_type
from clientsmith.openapi.parameter import Location
from clientsmith.traffic.message import HttpRequest, HttpResponse

_MOST_PLACES = 80
"""Places of one operation that are tried."""
_MOST_TRIED = 50
"""Inputs that are tried until some are sent."""
_FRACTIONS = (Decimal("0.5"), Decimal("10.5"))
_NOT_FOUND = HttpResponse(404)
_OTHER_OUTCOME = "a call that was refused before it was sent has another outcome"
_BASE64 = "Nw=="
_OTHERS: tuple[Value, ...] = (True, Decimal("0.5"), {"key": "value"})
"""A place that takes all of these takes anything."""
_Key = tuple[Location, str] | None
"""A parameter; None for the body."""


def check_python_only(case: RequestCase) -> None:
    """Give an operation objects that only Python has, one place at a time, in both clients."""
    sent = _sent(case)
    if sent is not None:
        part = _PythonOnlyPart(case, sent)
        part.no_values()
        part.stand_ins()
        part.typed()


class _SentInputs(NamedTuple):
    """Inputs as JSON and as a caller writes them, and what each client sends for them."""

    drawn: CallInputs
    given: CallInputs
    requests: dict[Mode, HttpRequest]


class _Ended(NamedTuple):
    """How a call with some kind of arguments ended."""

    mode: Mode
    kind: str
    called: Called

    def __str__(self) -> str:
        shown = (f"{one.target} {one.headers} {one.body!r}"[:500] for one in self.called.requests)
        return f"{self.kind} end in {shown_error(self.called.error)}, sent: {'; '.join(shown) or 'nothing'}"


def _sent(case: RequestCase) -> _SentInputs | None:
    """The first inputs that both clients send; None if they send none of those that were drawn."""
    for drawn in islice(_candidates(case), _MOST_TRIED):
        given = case.arguments(drawn)
        requests: dict[Mode, HttpRequest] = {}
        for mode in MODES:
            try:
                called = case.call(mode, given, _NOT_FOUND)
            except NoSuchArgumentError:
                break
            requests |= {mode: called.requests[0]} if called.requests else {}
        if len(requests) == len(MODES):
            return _SentInputs(drawn, given, requests)
    return None


def _candidates(case: RequestCase) -> Iterator[CallInputs]:
    """Every parameter with each of the bodies; then what a usual call has."""
    members, draws = case.context.members(case.operation), case.context.draws
    parameters: dict[tuple[Location, str], Value] = {}
    for one in case.operation.parameters:
        for value in draws.valid(one.schema, "request"):
            if travels(one.location, one.media_type, value) and sayable(one, value, members):
                parameters[one.location, one.name] = _with_fractions(case, one.schema, value)
                break
    for body in case.context.valid_bodies(case.operation):
        yield CallInputs(parameters, _with_fractions(case, case.schema, body))
    if case.media is None:
        yield CallInputs(parameters)
    usual = case.context.usual_inputs(case.operation)
    if usual is not None:
        yield usual


def _with_fractions(case: RequestCase, schema: Node | None, value: Value) -> Value:
    """A value whose numbers have a fraction wherever one may be, so that not all of them are int; or the value."""
    checker = case.context.checker
    for amount in _FRACTIONS:
        changed = with_amount(checker, schema, value, amount, is_fractional)
        if schema is not None and checker.schemas.is_valid(schema, changed, "request"):
            return changed
    return value


@dataclass(frozen=True)
class _PythonOnlyPart:
    case: RequestCase
    sent: _SentInputs

    def no_values(self) -> None:
        """What no message can hold, and True for a number: nothing is sent, and the error is the client's own."""
        for key, place in islice(self._places(), _MOST_PLACES):
            types = self.case.context.checker.branches.types(place.schema)
            takes_bytes = self._takes_bytes(key, place)
            for row in NO_VALUES:
                if (not types or types & row.types) and not (row.is_bytes and takes_bytes):
                    self._refused(key, place, row)
            if "number" in types and "boolean" not in types and self._must_refuse(key, place.path, True):
                self._refused(key, place, TRUE)
            if isinstance(place.value, list) and place.value:
                self._refused(key, place, ITERATOR, may_be_sent=True)

    def stand_ins(self) -> None:
        """Instances of subclasses, and members of enumerations, in all places at once: sent as what they stand for."""
        given = self.sent.given
        for row in STAND_INS:
            parameters: dict[tuple[Location, str], Any] = {
                key: row.instead_of(value) for key, value in given.parameters.items()
            }
            body = given.body if isinstance(given.body, Absent) else _named(row, given.body)
            for ended in self._ended(partial(CallInputs, parameters, body)):
                said = partial(_of, row.name, "everywhere", ended)
                passed = self._is_same(ended)
                self.case.check(passed, "stand-in-changed", said, mode=ended.mode, drawn=row.name)

    def typed(self) -> None:
        """An object for text of its format or for a listed text, one place at a time: sent as its text would be."""
        branches = self.case.context.checker.branches
        for key, place in islice(self._places(), _MOST_PLACES):
            formats = branches.formats(place.schema)
            lists_values = any(
                "enum" in part.mapping or "const" in part.mapping for part in branches.of(place.schema)
            )
            for row in TYPED if formats or lists_values else ():
                texts = [row.text] if row.format in formats else []
                texts += [row.listed] if lists_values else []
                for text in dict.fromkeys(texts):
                    if self._is_valid(key, place.path, text):
                        self._typed(key, place, row.value, text)

    def _typed(self, key: _Key, place: TypedPlace, value: object, text: str) -> None:
        made = partial(self._put, key, place.path)
        as_text = {(one.mode, one.kind): one.called.requests for one in self._ended(partial(made, text))}
        where = "/".join(map(str, (*(key or ("body",)), *place.path)))
        for ended in self._ended(partial(made, value)):
            expected = as_text.get((ended.mode, ended.kind))
            passed = not expected or ended.called.requests == expected
            said = partial(_of, f"{value!r}", where, ended)
            what: dict[str, Any] = {"drawn": f"{value!r} at {where}", "node": place.schema}
            self.case.check(passed, "object-not-sent", said, mode=ended.mode, **what)

    def _refused(self, key: _Key, place: TypedPlace, row: NoValue, *, may_be_sent: bool = False) -> None:
        """Nothing is sent; `may_be_sent` if the object stands for what it takes the place of."""
        where = "/".join(map(str, (*(key or ("body",)), *place.path)))
        make = partial(self._with, key, place.path, row)
        for ended in self._ended(make):
            error = ended.called.error
            is_refused = not ended.called.requests and self.case.is_refusal(error)
            passed = is_refused or (may_be_sent and self._is_same(ended))
            drawn = f"{row.name} at {where}"
            what: dict[str, Any] = {"mode": ended.mode, "drawn": drawn, "node": place.schema}
            inputs = None if passed else make()
            said = partial(_of, row.name, where, ended)
            self.case.check(passed, "no-value-sent", said, inputs=inputs, **what)
            passed = not is_refused or str(getattr(error, "outcome", "")) == "not_sent"
            self.case.check(passed, "wrong-outcome", _OTHER_OUTCOME, **what)

    def _ended(self, make: Callable[[], CallInputs]) -> Iterator[_Ended]:
        """A call by each client; and one with models for objects, unless making the models fails."""
        for mode in MODES:
            try:
                yield _Ended(mode, "arguments", self.case.call(mode, make(), _NOT_FOUND))
            except NoSuchArgumentError:
                return  # no caller can say it
        caller, operation = self.case.context.caller("sync", retries=None), self.case.operation.id
        change = partial(with_models, caller.method(operation))
        try:
            called = caller.call_changed(operation, make(), not_found, change)
        except ValidationError:
            return  # pydantic's own, of a class that a caller makes before there is a call
        except Exception as error:
            called = Called(None, error, (), (), 0.0)
        yield _Ended("sync", "models", called)

    def _is_same(self, ended: _Ended) -> bool:
        return list(ended.called.requests) == [self.sent.requests[ended.mode]]

    def _with(self, key: _Key, path: Path, row: NoValue) -> CallInputs:
        """The inputs with an object, made anew, at one place."""
        given = self.sent.given
        whole = given.body if key is None else given.parameters[key]
        return self._put(key, path, row.make(at(whole, path)))

    def _put(self, key: _Key, path: Path, value: object) -> CallInputs:
        """The inputs with something else at one place."""
        given = self.sent.given
        if key is None:
            return CallInputs(given.parameters, put(given.body, path, value))
        return CallInputs({**given.parameters, key: put(given.parameters[key], path, value)}, given.body)

    def _drawn_with(self, key: _Key, path: Path, value: Value) -> Any:
        drawn = self.sent.drawn
        return put(drawn.body if key is None else drawn.parameters[key], path, value)

    def _is_valid(self, key: _Key, path: Path, value: Value) -> bool:
        schema, whole = self._schema(key), self._drawn_with(key, path, value)
        return schema is not None and self.case.context.checker.schemas.is_valid(schema, whole, "request")

    def _must_refuse(self, key: _Key, path: Path, value: Value) -> bool:
        """Whether the client promises to refuse a value of JSON at a place."""
        whole = self._drawn_with(key, path, value)
        return self.case.context.promised.refuses(self._schema(key), whole, "request")

    def _schema(self, key: _Key) -> Node | None:
        if key is None:
            return self.case.schema
        return next(one.schema for one in self.case.operation.parameters if (one.location, one.name) == key)

    def _places(self) -> Iterator[tuple[_Key, TypedPlace]]:
        checker, drawn = self.case.context.checker, self.sent.drawn
        for key, value in drawn.parameters.items():
            yield from ((key, place) for place in typed_places(checker, self._schema(key), value))
        if isinstance(drawn.body, Absent):
            return
        names = self.case.body_arguments
        for place in typed_places(checker, self.case.schema, drawn.body):
            if place.path or "" in names:
                yield None, place

    def _takes_bytes(self, key: _Key, place: TypedPlace) -> bool:
        """Whether bytes are a file, or the content of base64, in a place, as far as the other values decide that."""
        if self.case.context.body_codec(self.case.operation) == "binary":
            return True
        checker, schema = self.case.context.checker, self._schema(key)
        whole = self.sent.drawn.body if key is None else self.sent.drawn.parameters[key]
        if schema is None or isinstance(whole, Absent):
            return not self._is_text(key)
        encodings = checker.schemas.encodings(schema, put(whole, place.path, _BASE64), "request")
        if encodings is None:  # other values than these would decide
            return bool(checker.branches.formats(place.schema) & {"byte", "binary"})
        others = (checker.schemas.is_valid(schema, put(whole, place.path, one), "request") for one in _OTHERS)
        said = encodings.get(render_pointer(tuple(map(str, place.path))))
        return bool(said) or (not self._is_text(key) and all(others))

    def _is_text(self, key: _Key) -> bool:
        """Whether everything that has no encoding is written as text."""
        sends = self.case.context.package.operations[self.case.operation.id].media_type or "application/json"
        declared = media_type.best(self.case.operation.body_contents, sends) or ""
        is_text = media_type.is_json(sends) or media_type.codec(sends) == "form"
        return key is not None or ("*" not in declared and is_text)


def _named(row: StandIn, body: Value) -> Any:
    """A body of other objects; its members may be arguments, whose names are nothing but str."""
    changed: Any = row.instead_of(body)
    return {key: changed[key] for key in body} if isinstance(body, dict) else changed


def _of(name: str, where: str, ended: _Ended) -> str:
    return f"{name} at {where}: {ended}"
