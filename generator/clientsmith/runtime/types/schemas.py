"""Validation of what goes out and what comes in, through pydantic adapters that are built once, on first use.

Turning values into bytes lives in the codecs; which errors a caller sees for bad arguments is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Final, Protocol, get_origin

from pydantic import BaseModel, GetCoreSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, SchemaValidator, core_schema

from ..results.errors import Invalid, RequestValidationError
from ..values.shapes import is_array, is_object
from .absent import with_gaps
from .models import WireModel, building, fields_of, is_closed
from .request_types import tighten
from .response_types import FLOATS, keep_values
from .taken_apart import SCALARS, TOO_DEEP, CannotBeSentError, Path, Plain, sendable

NOTHING: Final[Mapping[str, Any]] = {}
ANY_MEMBER: Final = -1
"""What a union is given as the choice of all its members. No error shows a negative number, as it is not a step."""


class _ExactNumbers:
    """Annotation that applies the number rules of requests to types outside any request model."""

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return tighten(handler(source), handler, WireModel)


class _KeptValues:
    """Annotation that applies the rules for received values to types outside any response model."""

    @staticmethod
    def __get_pydantic_core_schema__(source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return keep_values(handler(source), handler, WireModel)


class RequestSchema:
    """Checks a value that is to be sent and returns it as plain dicts, lists and scalars under wire names."""

    __slots__ = ("_dump", "_validate")

    def __init__(self, annotation: Any) -> None:
        exact: Any = Annotated[annotation, _ExactNumbers()]  # pyright: ignore[reportInvalidTypeForm]
        with building():
            adapter: TypeAdapter[Any] = TypeAdapter(exact)
        self._validate = adapter.validator.validate_python
        self._dump = adapter.serializer.to_python

    def encode(self, value: Any, subject: str) -> Any:
        """The plain form of `value`; only what was set is in it. Raises RequestValidationError naming `subject`.

        Model instances of any class are accepted where their data fits, and keep the keys that the target class
        does not know; the same keys in a plain dict are refused, because there they are typing mistakes.
        """
        plain = Plain()
        try:
            if type(value) not in SCALARS:
                value = plain.of(value)
            return self._encoded(value, plain.kept)
        except ValidationError as error:
            problems = [_placed(one, value) for one in _problems(error)]
        except CannotBeSentError as error:
            problems = [error.problem]
        except RecursionError:
            problems = [TOO_DEEP]
        raise RequestValidationError.of(subject, problems) from None

    def checked(
        self,
        value: Any,
        subject: str,
        check: RequestCheck | None,
        key: str | None,
        beside: Mapping[str, Any] = NOTHING,
        *,
        files: bool = False,
    ) -> Any:
        """As `encode`, checked against a schema too. Raises RequestValidationError, which names all problems.

        Members that are sent `beside` the value count as there and are not checked themselves. `files` says whether
        bytes may be sent as they are.
        """
        if check is None or key is None:
            return self.encode(value, subject)
        try:
            plain = self.encode(value, subject)
        except RequestValidationError as error:
            problems = [*error.problems, *check.more_problems(key, value, error.problems)]
            raise RequestValidationError.of(subject, problems) from None
        whole = {**plain, **beside} if beside and is_object(plain) else plain
        settled, found = check.settled(key, whole, files=files)
        problems = [one for one in found if not (one.location and one.location[0] in beside)]
        if problems:
            raise RequestValidationError.of(subject, problems)
        return settled if whole is plain else {name: settled[name] for name in plain}

    def _encoded(self, value: Any, kept: list[Path]) -> Any:
        """The checked form of a plain value. Raises ValidationError or CannotBeSentError."""
        try:
            valid = self._validate(value)
        except ValidationError as error:
            unknown = [one for one in _problems(error) if one.kind == "extra_forbidden"]
            if not kept or not all(_is_kept(problem, kept) for problem in unknown):
                raise
            valid = self._validate(value, extra="allow")
            return _with_extras(valid, self._dumped(valid))
        return valid if type(valid) in SCALARS else self._dumped(valid)

    def restore(self, value: Any) -> Any:
        """The typed form of what `encode` gave, keys of no field included. Raises pydantic's ValidationError."""
        return self._validate(value, extra="allow", by_alias=True, by_name=False)

    def _dumped(self, valid: Any) -> Any:
        with sendable():
            return self._dump(valid, by_alias=True, exclude_unset=True, warnings=False)


def hinted(
    error: RequestValidationError, subject: str, value: Any, hints: Iterable[tuple[str, str]]
) -> RequestValidationError:
    """The refusal of a value, with the texts of the hints whose patterns are found in it."""
    found = [words for pattern, words in hints if isinstance(value, str) and _finds(pattern, value)]
    problems = [Invalid((), words, "hint") for words in found]
    return RequestValidationError.of(subject, [*error.problems, *problems]) if problems else error


def _finds(pattern: str, text: str) -> bool:
    """In linear time."""
    return SchemaValidator(core_schema.str_schema(pattern=pattern)).isinstance_python(text)


def _problems(error: ValidationError) -> list[Invalid]:
    """Where and why, never the input: it may hold what must not be shown."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    problems = (
        Invalid(tuple(step for step in item["loc"] if _is_step(step)), item["msg"], item["type"])
        for item in found
    )
    return list(dict.fromkeys(problems))


def _is_step(step: str | int) -> bool:
    return isinstance(step, str) or step >= 0


def _placed(problem: Invalid, value: Any) -> Invalid:
    """The problem with its path in the plain value that was refused."""
    path: list[str | int] = []
    for step in problem.location:
        inner: Any = value if is_object(value) else dict(enumerate(value)) if is_array(value) else {}
        if step in inner:
            value = inner[step]
            path.append(step)
    if problem.kind == "missing":
        path += problem.location[-1:]
    return replace(problem, path=tuple(path))


def _is_kept(problem: Invalid, kept: list[Path]) -> bool:
    return any(_leads_to(path, problem.location) for path in kept)


def _leads_to(path: Path, location: Path) -> bool:
    """Whether `location` lies below `path`, not counting the union members that pydantic names in between."""
    steps = iter(location)
    return all(step in steps for step in path)


def _with_extras(valid: Any, dumped: Any, path: Path = ()) -> Any:
    """Add to a dump the keys that only validation kept: pydantic writes none for a class that refuses them.

    Raises CannotBeSentError for one that the schema refuses.
    """
    if isinstance(valid, BaseModel) and is_object(dumped):
        if valid.model_extra and is_closed(type(valid)):
            reason = "is not described, and nothing else is allowed"
            raise CannotBeSentError(Invalid((*path, min(valid.model_extra)), reason, "additionalProperties"))
        for name, field in fields_of(type(valid)).items():
            key = field.serialization_alias or name
            if key in dumped:
                dumped[key] = _with_extras(getattr(valid, name), dumped[key], (*path, key))
        dumped.update(valid.model_extra or {})
        return dumped
    if is_array(valid) and is_array(dumped):
        pairs = enumerate(zip(valid, dumped, strict=True))
        return [_with_extras(*pair, (*path, index)) for index, pair in pairs]
    if is_object(valid) and is_object(dumped):
        return {key: _with_extras(valid[key], item, (*path, key)) for key, item in dumped.items()}
    return dumped


class RequestCheck(Protocol):
    """The check against what schemas say beyond the models; each schema has a key."""

    def settled(self, key: str, value: Any, *, files: bool) -> tuple[Any, list[Invalid]]:
        """A plain value with bytes in the form that they are sent in, and everything in which it breaks a schema."""
        ...

    def more_problems(self, key: str, value: Any, found: Sequence[Invalid]) -> list[Invalid]:
        """What else is wrong with a value that a model refuses for the problems `found`."""
        ...


class ResponseSchema:
    """Turns received JSON values into typed results."""

    __slots__ = ("_adapter", "_validate", "_with_gaps")

    def __init__(self, annotation: Any) -> None:
        if not _is_model(annotation):  # a model has the rules in it, and a validator that can be shared
            annotation = Annotated[annotation, _KeptValues()]  # pyright: ignore[reportInvalidTypeForm]
        with building():
            adapter: TypeAdapter[Any] = TypeAdapter(annotation)
        # By wire names alone: an unknown key that is called like a field of another wire name is not that field.
        self._validate = partial(adapter.validator.validate_python, by_alias=True, by_name=False)
        self._adapter = adapter
        self._with_gaps: SchemaValidator | None = None

    def decode(self, value: Any, *, decimals: bool = False) -> Any:
        """The typed form; numbers without a type are floats or, with `decimals`, as they are.

        Raises pydantic's ValidationError.
        """
        return self._validate(value, context=None if decimals else FLOATS)

    def decode_with_gaps(self, value: Any, *, decimals: bool = False) -> Any:
        """As `decode`; required members that are missing, or null against their schema, are absent in the result."""
        if self._with_gaps is None:
            self._with_gaps = with_gaps(self._adapter.core_schema)
        context = None if decimals else FLOATS
        return self._with_gaps.validate_python(value, by_alias=True, by_name=False, context=context)


def _is_model(annotation: Any) -> bool:
    return (
        isinstance(annotation, type) and get_origin(annotation) is None and issubclass(annotation, WireModel)
    )


def describe(error: ValidationError, value: Any, limit: int = 3) -> str:
    """Where and why `value` has the wrong shape, in one line and without the value."""
    problems = [_placed(problem, value) for problem in _problems(error)]
    shown = "; ".join(str(problem) for problem in problems[:limit])
    rest = len(problems) - limit
    return f"{shown}; and {rest} more" if rest > 0 else shown
