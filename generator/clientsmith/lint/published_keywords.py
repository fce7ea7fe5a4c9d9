"""openapi-spec-validator's walk, bounded: each schema once, patterns in linear time, defaults in a budget.

As published it collects the properties of an `allOf` by every way that leads to them, remembers schemas in lists, and
checks defaults with Python's `re`; a document of a kilobyte can keep it busy for ever. What it finds is the same here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any, cast

from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped]
from jsonschema.validators import extend  # type: ignore[import-untyped]

from clientsmith.document.model import JSON, Pointer
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.jsonschema.keywords import COMBINATORS
from clientsmith.jsonschema.pattern_syntax import searches

if TYPE_CHECKING:
    from jsonschema_path import SchemaPath
    from openapi_spec_validator.validation.keywords import KeywordValidator
    from openapi_spec_validator.validation.validators import SpecValidator

_MOST_STEPS = 50_000
"""How many keywords are applied to the defaults of one document; the most of any real document known is 2,000."""
_SINGLE = ("items", "not")


class OverBudgetError(Exception):
    """The defaults of a document take more steps than any real document needs; `pointer` is the way to the schema."""

    def __init__(self, pointer: Pointer = ()) -> None:
        super().__init__()
        self.pointer = pointer


def bounded(published: type[SpecValidator], resolved: ResolvedDocument) -> type[SpecValidator]:
    """The same validator with bounded walks over schemas and bounded checks of defaults."""
    keywords = dict(published.keyword_validators)
    keywords["schema"] = _schema_keyword(keywords["schema"], _Composition(resolved))
    keywords["default"] = _default_keyword(keywords["default"])
    return type(published.__name__, (published,), {"keyword_validators": keywords})


class _Seen(list[int]):
    """Identities in the order in which they were added, found in constant time."""

    def __init__(self) -> None:
        super().__init__()
        self._members: set[int] = set()

    def append(self, member: int) -> None:
        self._members.add(member)

    def __contains__(self, member: object) -> bool:
        return member in self._members


class _Composition:
    """What schemas are composed of, read from the tree: a path of the published walk is as long as the way to it."""

    def __init__(self, resolved: ResolvedDocument) -> None:
        self._targets = {
            id(_value_at(resolved.documents[uri].tree, pointer)): target.value
            for (uri, pointer), target in resolved.references.items()
        }
        self._parts: dict[int, tuple[list[str], list[JSON]]] = {}

    def properties(self, schema: JSON) -> set[str]:
        """The property names that a schema and those it is composed of have; each schema is read once."""
        names: set[str] = set()
        pending, entered = [schema], set[int]()
        while pending:
            value = pending.pop()
            if id(value) in entered:
                continue
            entered.add(id(value))
            known = self._parts.get(id(value))
            if known is None:
                known = self._parts[id(value)] = self._read(value)
            names.update(known[0])
            pending.extend(known[1])
        return names

    def _read(self, value: JSON) -> tuple[list[str], list[JSON]]:
        if id(value) in self._targets:
            return [], [self._targets[id(value)]]
        if not isinstance(value, dict):
            return [], []
        properties = value.get("properties")
        lists = [listed for keyword in COMBINATORS if isinstance(listed := value.get(keyword), list)]
        single = [value[keyword] for keyword in _SINGLE if keyword in value]
        return list(properties) if isinstance(properties, dict) else [], [
            part for one in (*lists, single) for part in one
        ]


def _value_at(tree: JSON, pointer: Pointer) -> JSON:
    for step in pointer:
        tree = tree[int(step)] if isinstance(tree, list) else tree[step] if isinstance(tree, dict) else None
    return tree


def _schema_keyword(published: type[KeywordValidator], composition: _Composition) -> type[KeywordValidator]:
    def start(self: Any, registry: Any) -> None:
        published.__init__(self, registry)
        self.visited_schema_ids = _Seen()
        self.meta_checked_schema_ids = _Seen()

    def collect(_: Any, schema: SchemaPath) -> set[str]:
        return composition.properties(cast("JSON", schema.read_value()))

    return type(published.__name__, (published,), {"__init__": start, "_collect_properties": collect})


def _default_keyword(published: type[KeywordValidator]) -> type[KeywordValidator]:
    check_default = cast("Any", published).__call__

    def check(self: Any, schema: SchemaPath, value: Any) -> Iterator[ValidationError]:
        try:
            yield from check_default(self, schema, value)
        except (OverBudgetError, RecursionError):
            raise OverBudgetError(tuple(str(step) for step in schema.parts)) from None

    counted = _Counted(cast("Any", published).value_validator_cls)
    return type(published.__name__, (published,), {"value_validator_cls": counted, "__call__": check})


class _Counted:
    """Makes validators of a class that share one count of steps and never meet a pattern with Python's `re`."""

    def __init__(self, published: Any) -> None:
        self._steps = 0
        bounded_keywords = {
            name: partial(self._counted, keyword) for name, keyword in published.VALIDATORS.items()
        }
        self._made = cast("Any", extend(published, bounded_keywords | _linear(published.VALIDATORS)))
        # A `$schema` inside of a schema would otherwise bring back the published keywords.
        self._made.evolve = _evolved

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return self._made(*arguments, **options)

    def _counted(self, keyword: Callable[..., Any], *arguments: Any) -> Iterator[ValidationError]:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise OverBudgetError
        yield from keyword(*arguments) or ()


def _evolved(validator: Any, **changes: Any) -> Any:
    """The same validator with other fields."""
    made = validator.__class__
    for one in made.__attrs_attrs__:
        if one.init:
            changes.setdefault(one.alias, getattr(validator, one.name))
    return made(**changes)


@cache
def _unchecked() -> Callable[..., Iterator[ValidationError]]:
    """In the place of keywords that meet names with patterns; our own check of defaults has them."""

    def nothing(*_: Any) -> Iterator[ValidationError]:
        return iter(())

    return nothing


def _linear(published: Mapping[str, Any]) -> dict[str, Callable[..., Any]]:
    """The keywords that meet patterns with text, for those that the published validator has."""
    bounded_keywords = {
        "pattern": _pattern,
        "patternProperties": _unchecked(),
        "unevaluatedProperties": _unchecked(),
    }
    found = {name: keyword for name, keyword in bounded_keywords.items() if name in published}
    return found | {"additionalProperties": partial(_additional, published["additionalProperties"])}


def _pattern(_: Any, pattern: Any, instance: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and isinstance(pattern, str) and searches(pattern, instance) is False:
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _additional(published: Callable[..., Any], validator: Any, inner: Any, instance: Any, schema: Any) -> Any:
    return () if "patternProperties" in schema else published(validator, inner, instance, schema)
