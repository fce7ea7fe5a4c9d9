# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""A validator for the JSON Schemas (2020-12, reduced by the generator) of a package; nothing of HTTP or models here.

It works on values as `json_codec` parses them. Besides "fits" and "does not" there is "not certain", for what a
schema marks as `unchecked`: that is no violation, and what stands around it (`not`, `oneOf`) takes it into account.
The work is bounded by the size of the value times that of the schemas: what is found out under a `$ref` is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple, TypeAlias

from ..values.shapes import is_array, is_object
from .json_assertions import ASSERTIONS, matches, of_type
from .violations import FITS, UNSURE, Path, Unsure, Verdict, Violation, fits_several, shown

Found: TypeAlias = "Iterator[Violation | Unsure]"
Schemas: TypeAlias = "dict[str, Any]"
_TELLING: Final = ((0, frozenset({"type"})), (1, frozenset({"type", "const", "enum"})))
"""What rules an alternative out: that the value is of another type, or else that a tag in it is another one."""


class Here(NamedTuple):
    """A value in its place. `followed` are the references on the way since the last step into the value; `brief` says
    that a first violation is all that is asked for."""

    value: Any
    path: Path = ()
    followed: frozenset[str] = frozenset()
    brief: bool = False

    def down(self, step: Any) -> Here:
        """A member or an item."""
        return Here(self.value[step], (*self.path, step), frozenset(), self.brief)


class Checker:
    """Checks one value against schemas, which `lookup` gives by key (None for a key that it does not have)."""

    def __init__(self, lookup: Callable[[str], Any]) -> None:
        self.lookup = lookup
        self._verdicts: dict[tuple[str, int], Verdict] = {}
        self._reported: set[tuple[str, int]] = set()

    def violations(self, key: str, value: Any) -> Iterator[Violation]:
        """Everything in which a value breaks the schema of that key. Raises RecursionError."""
        for found in self.check({"$ref": key}, Here(value)):
            if isinstance(found, Violation):
                yield found

    def verdict(self, schema: Any, value: Any, followed: frozenset[str] = frozenset()) -> Verdict:
        """The first violation of a value, else whether it fits."""
        result: Verdict = FITS
        for found in self.check(schema, Here(value, (), followed, True)):
            if isinstance(found, Violation):
                return found
            result = UNSURE
        return result

    def check(self, schema: Any, here: Here, keyword: str = "false") -> Found:
        """What there is to say about a value; one of another type is looked at no further.

        `keyword` holds the schema, and is the one that is broken if the schema allows nothing.
        """
        if schema is False:
            yield Violation(here.path, keyword, "is not described, and nothing else is allowed")
        if not is_object(schema):
            return
        value: object = here.value
        kinds = schema.get("type")
        if kinds is not None:
            listed = [kinds] if isinstance(kinds, str) else kinds
            if not of_type(value, listed):
                yield Violation(here.path, "type", f"is not of type {' or '.join(listed)}")
                return
        for keyword, limit in schema.items():
            assertion = ASSERTIONS.get(keyword)
            if assertion is not None:
                found = assertion.check(value, limit, here.path)
                if found is not None:
                    yield found
            elif keyword in _IN_PLACE:
                yield from _IN_PLACE[keyword](self, limit, schema, here)
            elif keyword in _OF_OBJECTS and is_object(value):
                yield from _OF_OBJECTS[keyword](self, limit, schema, here)
            elif keyword in _OF_ARRAYS and is_array(value):
                yield from _OF_ARRAYS[keyword](self, limit, schema, here)

    def report_once(self, key: str, target: Any, here: Here) -> Found:
        """The violations of a value under a reference, or only whether there are any."""
        value: object = here.value
        if not (is_object(value) or is_array(value)):
            yield from self.check(target, here)
            return
        place = (key, id(value))  # the whole value lives longer than the checker
        result = self._verdicts.get(place)
        if result is None:
            result = self._verdicts[place] = self.verdict(target, value, here.followed)
        if result is UNSURE:
            yield UNSURE
        elif isinstance(result, Violation) and here.brief:
            yield Violation((*here.path, *result.path), result.keyword, result.reason)
        elif isinstance(result, Violation) and place not in self._reported:
            self._reported.add(place)
            yield from self.check(target, here)

    def none_fits(self, keyword: str, schemas: list[Any], results: list[Verdict], here: Here) -> Found:
        """The violations of the one alternative that is meant, if it is certain which."""
        for depth, telling in () if here.brief else _TELLING:
            meant = [
                schema
                for schema, broken in zip(schemas, results, strict=True)
                if isinstance(broken, Violation)
                and not (broken.keyword in telling and len(broken.path) <= depth)
            ]
            if len(meant) == 1:
                yield from self.check(meant[0], here)
                return
        yield Violation(here.path, keyword, f"fits none of {len(schemas)} alternatives")


def _reference(checker: Checker, key: str, schema: Schemas, here: Here) -> Found:
    target = checker.lookup(key)
    if key in here.followed:  # it leads back to itself without a step into the value, and so says nothing
        yield UNSURE
    elif target is None:
        yield Violation(here.path, "$ref", "cannot be checked: the package lacks its schema")
    else:
        yield from checker.report_once(key, target, here._replace(followed=here.followed | {key}))


def _all_of(checker: Checker, schemas: list[Any], schema: Schemas, here: Here) -> Found:
    for one in schemas:
        yield from checker.check(one, here)


def _any_of(checker: Checker, schemas: list[Any], schema: Schemas, here: Here) -> Found:
    results: list[Verdict] = []
    for one in schemas:
        results.append(checker.verdict(one, here.value, here.followed))
        if results[-1] is FITS:
            return
    if UNSURE in results:
        yield UNSURE
    else:
        yield from checker.none_fits("anyOf", schemas, results, here)


def _one_of(checker: Checker, schemas: list[Any], schema: Schemas, here: Here) -> Found:
    results = [checker.verdict(one, here.value, here.followed) for one in schemas]
    fitting = [number for number, result in enumerate(results) if result is FITS]
    if len(fitting) > 1:
        yield Violation(here.path, "oneOf", fits_several(schema, fitting))
    elif UNSURE in results:
        yield UNSURE
    elif not fitting:
        yield from checker.none_fits("oneOf", schemas, results, here)


def _not(checker: Checker, inner: Any, schema: Schemas, here: Here) -> Found:
    result = checker.verdict(inner, here.value, here.followed)
    if result is FITS:
        yield Violation(here.path, "not", "is what it must not be")
    elif result is UNSURE:
        yield UNSURE


def _if(checker: Checker, condition: Any, schema: Schemas, here: Here) -> Found:
    result = checker.verdict(condition, here.value, here.followed)
    if result is UNSURE:
        yield UNSURE
    else:
        yield from checker.check(schema.get("then" if result is FITS else "else"), here)


def _properties(checker: Checker, schemas: Schemas, schema: Schemas, here: Here) -> Found:
    for name, one in schemas.items():
        if name in here.value:
            yield from checker.check(one, here.down(name))


def _pattern_properties(checker: Checker, schemas: Schemas, schema: Schemas, here: Here) -> Found:
    for pattern, one in schemas.items():
        for name in here.value:
            result = matches(name, pattern)
            if result is None:
                yield UNSURE
            elif result:
                yield from checker.check(one, here.down(name))


def _additional_properties(checker: Checker, inner: Any, schema: Schemas, here: Here) -> Found:
    listed, patterns = schema.get("properties", ()), schema.get("patternProperties", ())
    for name in here.value:
        results = [name in listed, *(matches(name, pattern) for pattern in patterns)]
        if True in results:
            continue
        if None in results:
            yield UNSURE
        else:
            yield from checker.check(inner, here.down(name), "additionalProperties")


def _property_names(checker: Checker, inner: Any, schema: Schemas, here: Here) -> Found:
    for name in here.value:
        result = checker.verdict(inner, name)
        if isinstance(result, Violation):
            yield Violation((*here.path, name), "propertyNames", f"has a name that {result.reason}")
        elif result is UNSURE:
            yield UNSURE


def _dependent_schemas(checker: Checker, schemas: Schemas, schema: Schemas, here: Here) -> Found:
    for name, one in schemas.items():
        if name in here.value:
            yield from checker.check(one, here)


def _required(checker: Checker, names: list[str], schema: Schemas, here: Here) -> Found:
    for name in names:
        if name not in here.value:
            yield Violation(here.path, "required", f"lacks {shown(name)!r}")


def _dependent_required(checker: Checker, needs: dict[str, list[str]], schema: Schemas, here: Here) -> Found:
    for name, needed in needs.items():
        for other in needed if name in here.value else ():
            if other not in here.value:
                reason = f"has {shown(name)!r} but lacks {shown(other)!r}"
                yield Violation(here.path, "dependentRequired", reason)


def _counted(checker: Checker, limits: list[Any], schema: Schemas, here: Here) -> Found:
    """Limits with the names of members that do not count, which the generator writes."""
    least, most, *names = limits
    count = len(here.value.keys() - names)
    if count < least <= len(here.value):
        yield Violation(here.path, "minProperties", f"has fewer than {least} members")
    elif most is not None and count > most:
        yield Violation(here.path, "maxProperties", f"has more than {most} members")


def _prefix_items(checker: Checker, schemas: list[Any], schema: Schemas, here: Here) -> Found:
    for index, one in enumerate(schemas[: len(here.value)]):
        yield from checker.check(one, here.down(index))


def _items(checker: Checker, inner: Any, schema: Schemas, here: Here) -> Found:
    for index in range(len(schema.get("prefixItems", ())), len(here.value)):
        yield from checker.check(inner, here.down(index), "items")


def _contains(checker: Checker, inner: Any, schema: Schemas, here: Here) -> Found:
    results = [checker.verdict(inner, item) for item in here.value]
    least, most = schema.get("minContains", 1), schema.get("maxContains", len(results))
    sure, possible = results.count(FITS), results.count(FITS) + results.count(UNSURE)
    if possible < least:
        yield Violation(here.path, "contains", f"has fewer than {least} items of a kind that it needs")
    elif sure > most:
        yield Violation(here.path, "contains", f"has more than {most} items of a kind that it limits")
    elif sure < least or possible > most:
        yield UNSURE


def _unevaluated(checker: Checker, inner: Any, schema: Schemas, here: Here) -> Found:
    from .json_evaluated import evaluated  # few schemas need it

    known = evaluated(checker, schema, here.value, here.followed)
    keyword = "unevaluatedProperties" if is_object(here.value) else "unevaluatedItems"
    for step in here.value if is_object(here.value) else range(len(here.value)):
        if step not in known:
            yield from checker.check(inner, here.down(step), keyword)


_Rule: TypeAlias = "Callable[[Checker, Any, Schemas, Here], Found]"
_IN_PLACE: Final[dict[str, _Rule]] = {
    "$ref": _reference,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "if": _if,
}
_OF_OBJECTS: Final[dict[str, _Rule]] = {
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "propertyNames": _property_names,
    "dependentSchemas": _dependent_schemas,
    "required": _required,
    "dependentRequired": _dependent_required,
    "counted": _counted,
    "unevaluatedProperties": _unevaluated,
}
_OF_ARRAYS: Final[dict[str, _Rule]] = {
    "prefixItems": _prefix_items,
    "items": _items,
    "contains": _contains,
    "unevaluatedItems": _unevaluated,
}
