"""Values drawn by schemathesis, through a mirror: a document whose one request body is the schema in question.

A mirror gives values of any schema, valid and invalid, request or response, through the public interface alone. What
is drawn depends on document and seed and on nothing else, so that a draw can be repeated and shrunk.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import HypothesisWarning
from schemathesis import GenerationMode

from clientsmith.conform.inputs.compared import same
from clientsmith.conform.inputs.completed import beyond_bounds, completes, most_near, of_conditions
from clientsmith.conform.inputs.drawing.drawn_bodies import DrawnBodies
from clientsmith.conform.inputs.drawing.hypothesis_state import leave_source_alone
from clientsmith.conform.inputs.drawing.mirror import mirror
from clientsmith.conform.inputs.values import (
    is_fractional,
    is_meant,
    with_amount,
    without_read_only,
    without_unknown,
)
from clientsmith.conform.inputs.variants import (
    FEW_WRONG,
    WRONG,
    doubled,
    near_misses,
    with_null,
    with_text,
    with_unknown,
)
from clientsmith.conform.model import Direction as Side
from clientsmith.document.model import Node
from clientsmith.document.resolved import Identity
from clientsmith.json_values import codec
from clientsmith.json_values.codec import JsonError, Value
from clientsmith.traffic.check import MessageChecker
from clientsmith.traffic.writing import text as shown

_ODD_TEXTS = (
    "",
    "a/b",
    "..",
    "a b+c",
    "%2F",
    "ä€😀",
    "?x=1&y#z",
    ",;=",
    "'\"\\",
    "x" * 300,
    "null",
    "0012",
    "+/8=",
)
"""Strings that need quoting somewhere; schemas with a pattern hardly ever give one."""
_EXACT = (
    "12345678901234567.123456789",
    "0.1",
    "44.02",
    "1E-7",
    "0.30000000000000004",
    "1234567890123456789012345",
    "0.1234567890123456789012345678901234567891",
)
"""Decimals that no double holds."""
_VARIED = 3
_UNHEALTHY = (
    HealthCheck.too_slow,
    HealthCheck.filter_too_much,
    HealthCheck.data_too_large,
    HealthCheck.large_base_example,
)
"""A document that is slow to draw from, or hardly gives anything, is what it is."""
_NUMBERS = (0, 1, -1, 2**31 - 1, 2**31, 2**53 + 1)


leave_source_alone()


class Draws:
    """What is drawn for the schemas of one document, each once; `examples` is how much of each kind is asked for."""

    def __init__(
        self, checker: MessageChecker, *, number: int, examples: int, folder: Path | None = None
    ) -> None:
        """Processes that are given the same folder share what each draws."""
        self._checker = checker
        self._seed = number
        self.examples = examples
        self._mirrors: dict[str, Any] = {}
        self._bodies = DrawnBodies(folder)
        self._drawn: dict[tuple[Identity, str, bool], tuple[Value, ...]] = {}

    def valid(self, schema: Node | None, direction: Side) -> tuple[Value, ...]:
        """Values that the schema accepts, examples of the document first; a few of every type without a schema."""
        if schema is None:
            return ("text", 7, True, {"key": ["item"]}, [])
        return self._of(self._named(schema), direction, True)

    def invalid(self, schema: Node | None, direction: Side) -> tuple[Value, ...]:
        """Values that the schema refuses; none if it refuses nothing."""
        return () if schema is None else self._of(self._named(schema), direction, False)

    def _named(self, schema: Node) -> Node:
        """The target of a schema that is only a reference, so that it is drawn from once; else the schema itself."""
        target = self._checker.resolved.ref_target(schema) if [*schema.mapping] == ["$ref"] else None
        return target or schema

    def smallest(
        self, schema: Node | None, direction: Side, *, valid: bool, fails: Callable[[Value], bool]
    ) -> tuple[Value] | None:
        """The smallest value, as hypothesis shrinks it, for which `fails` is true; None if none is found again."""
        if schema is None:
            return None
        found: list[Value] = []

        def examine(drawn: object) -> None:
            value = self._kept(schema, direction, drawn, valid)
            if value is not None and fails(value[0]):
                found.append(value[0])
                raise _FailedError

        try:
            self._run(schema, direction, valid, examine, shrink=True)
        except _FailedError:
            pass
        except Exception:
            return None
        return (found[-1],) if found else None

    def _of(self, schema: Node, direction: Side, valid: bool) -> tuple[Value, ...]:
        key = (schema.identity, direction, valid)
        if key not in self._drawn:
            found: dict[object, Value] = {}

            def keep(drawn: object) -> None:
                value = self._kept(schema, direction, drawn, valid)
                if value is not None:
                    found.setdefault(repr(_ordered(value[0])), value[0])

            wholes = [
                whole
                for made in completes(self._checker, schema, direction)
                for whole in (made, *of_conditions(self._checker, schema, made))
            ]
            for whole in wholes:
                near = [*self._near(whole, direction, valid), *beyond_bounds(self._checker, schema, whole)]
                for one in near[:: 1 + len(near) // most_near(whole, len(wholes))]:
                    keep(one)
            for stated in self._stated(schema, valid):
                keep(stated)
            for body in self._bodies_of(schema, direction, valid):
                keep(body)
            if valid:
                for changed in self._exact(schema, list(found.values())):
                    keep(changed)
            self._drawn[key] = tuple(found.values())
        return self._drawn[key]

    def _bodies_of(self, schema: Node, direction: Side, valid: bool) -> Iterator[Value]:
        """What schemathesis draws, which depends on what a schema says and not on where it is."""
        key = repr((self._seed, self.examples, valid, self._text(schema, direction)))

        def draw() -> Iterator[str]:
            found: list[str] = []
            try:
                self._run(schema, direction, valid, lambda drawn: found.extend(_spelt(drawn)), shrink=False)
            except Exception as error:
                # A schema that no value can be drawn from (none exists, or the strategy gives up) still has its own
                # examples and the plain candidates; a suite without any value for it says so through its cells.
                self._drawn_none(error)
            return iter(found)

        return map(codec.read, self._bodies.of(key, draw))

    def _near(self, whole: Value, direction: Side, valid: bool) -> Iterable[Value]:
        """What is like a complete value: with other texts and without some members, or just not valid."""
        if not valid:
            return near_misses(whole, WRONG if direction == "request" else FEW_WRONG)
        odd = [with_text(whole, text) for text in _ODD_TEXTS]
        more = with_unknown(whole) if direction == "response" else ()
        return [whole, doubled(whole), *odd, *with_null(whole), *more]

    def _exact(self, schema: Node, values: list[Value]) -> list[Value]:
        """A few of the values that hold numbers, with numbers that have more digits than a double."""
        varied: list[Value] = []
        for text in _EXACT:
            changed = [
                with_amount(self._checker, schema, value, Decimal(text), is_fractional) for value in values
            ]
            pairs = [new for old, new in zip(values, changed, strict=True) if not same(old, new)]
            varied += pairs[:_VARIED]
        return varied

    def _drawn_none(self, error: Exception) -> None:
        if isinstance(error, MemoryError):
            raise error

    def _kept(self, schema: Node, direction: Side, drawn: object, valid: bool) -> tuple[Value] | None:
        """The drawn value as JSON has it, if it is what was asked for."""
        texts = _spelt(drawn)
        if not texts:
            return None
        value = codec.read(texts[0])
        if direction == "request":
            taken = without_unknown if valid else without_read_only
            value = taken(self._checker, schema, value)
        if valid and not is_meant(self._checker, schema, value):
            return None
        return (value,) if self._checker.schemas.is_valid(schema, value, direction) is valid else None

    def _stated(self, schema: Node, valid: bool) -> list[object]:
        """Examples and defaults of the schema, and candidates that generators seldom come upon."""
        found: list[object] = []
        for part in self._checker.branches.of(schema):
            listed = part.mapping.get("examples")
            found += listed if isinstance(listed, list) else []
            found += [part.mapping[key] for key in ("example", "default", "const") if key in part.mapping]
            members = part.mapping.get("enum")
            found += members if isinstance(members, list) else []
        found += [*_ODD_TEXTS, *_NUMBERS, *map(Decimal, _EXACT)]
        return found if valid else [*found, None, {}, [], "", True, 1.5, -1, {"no such key": 1}]

    def _run(
        self, schema: Node, direction: Side, valid: bool, keep: Callable[[object], None], *, shrink: bool
    ) -> None:
        mode = GenerationMode.POSITIVE if valid else GenerationMode.NEGATIVE
        strategy = self._mirror(schema, direction).as_strategy(generation_mode=mode)
        phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]

        @seed(self._seed)
        @settings(
            max_examples=self.examples,
            database=None,
            deadline=None,
            phases=phases,
            print_blob=False,
            suppress_health_check=_UNHEALTHY,
            verbosity=Verbosity.quiet,
            report_multiple_bugs=False,
        )
        @given(strategy)
        def run(case: Any) -> None:
            keep(case.body)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", HypothesisWarning)
            run()

    def _mirror(self, schema: Node, direction: Side) -> Any:
        text = self._text(schema, direction)
        if text not in self._mirrors:
            self._mirrors[text] = schemathesis.openapi.from_dict(json.loads(text))["/mirror"]["POST"]
        return self._mirrors[text]

    def _text(self, schema: Node, direction: Side) -> str:
        """The mirror of a schema as JSON text: equal for schemas that say the same."""
        return json.dumps(mirror(self._checker.schemas.document(schema, direction)))


class _FailedError(Exception):
    """What tells hypothesis that a value shows the failure."""


def _spelt(drawn: object) -> tuple[str, ...]:
    """A drawn value as JSON text; none for bytes, NaN, half a surrogate pair, which JSON cannot say."""
    try:
        text = codec.write(drawn)  # type: ignore[arg-type]
        codec.read(text)
    except (JsonError, TypeError, ValueError, UnicodeError, RecursionError):
        return ()
    return (text,)


def _ordered(value: Value) -> Value:
    """A value with the members of its objects by name, so that equal ones are spelt alike."""
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    return [_ordered(item) for item in value] if isinstance(value, list) else value


def sample(value: Value) -> str:
    """A value as a report shows it: JSON text, cut if it is long."""
    try:
        text = codec.write(value)
    except (TypeError, ValueError):
        text = shown(value)
    return text if len(text) <= 2000 else text[:1999] + "…"
