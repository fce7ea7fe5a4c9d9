"""Drawn schemas of OpenAPI 3.1 over few names and small values, and drawn values that may fit them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any]

NAMES = ("a", "b")
_SMALL = st.integers(min_value=0, max_value=4)
_TEXTS = st.sampled_from(["", "a", "ab", "abc", "abcd"])
_SCALARS = st.one_of(st.none(), st.booleans(), _SMALL, st.sampled_from([0.5, 1.5, 2.5]), _TEXTS)


def _maybe(keyword: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Schema]:
    return st.one_of(st.just({}), values.map(lambda value: {keyword: value}))


def _joined(*parts: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    return st.tuples(*parts).map(lambda found: {key: value for part in found for key, value in part.items()})


def _scalars() -> st.SearchStrategy[Schema]:
    number = _joined(
        st.sampled_from([{"type": "number"}, {"type": "integer"}]),
        _maybe("minimum", _SMALL),
        _maybe("exclusiveMaximum", _SMALL),
        _maybe("multipleOf", st.sampled_from([0.5, 1, 2, 3])),
    )
    text = _joined(st.just({"type": "string"}), _maybe("minLength", _SMALL), _maybe("maxLength", _SMALL))
    listed = st.lists(_SCALARS, min_size=1, max_size=3).map(lambda values: {"enum": values})
    kinds = st.lists(
        st.sampled_from(["string", "integer", "null", "boolean"]), min_size=1, max_size=3, unique=True
    )
    return st.one_of(
        number,
        text,
        listed,
        st.just({"type": "boolean"}),
        kinds.map(lambda names: {"type": names}),
        st.just({}),
    )


def _containers(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    """Objects that describe every name, so that each name means the same to both sides of a pair; and arrays."""
    closed = st.sampled_from([{}, {"additionalProperties": False}, {"unevaluatedProperties": False}])
    members = _joined(
        _maybe("type", st.just("object")),
        st.fixed_dictionaries(dict.fromkeys(NAMES, inner)).map(lambda found: {"properties": found}),
        _maybe("required", st.lists(st.sampled_from(NAMES), max_size=2, unique=True)),
        _maybe("maxProperties", _SMALL),
        closed,
    )
    items = _joined(
        st.just({"type": "array"}),
        _maybe("items", inner),
        _maybe("prefixItems", st.lists(inner, min_size=1, max_size=2)),
        _maybe("minItems", _SMALL),
        _maybe("uniqueItems", st.booleans()),
    )
    groups = st.tuples(st.sampled_from(["anyOf", "oneOf", "allOf"]), st.lists(inner, min_size=1, max_size=3))
    union = groups.map(lambda found: {found[0]: found[1]})
    beside = _joined(union, _maybe("required", st.just(["a"])), _maybe("minLength", _SMALL))
    negated = inner.map(lambda one: {"not": one})
    return st.one_of(members, items, union, beside, negated)


def schemas() -> st.SearchStrategy[Schema]:
    """Schemas of any kind."""
    return st.recursive(_scalars(), _containers, max_leaves=6)


@st.composite
def edited(draw: st.DrawFn, schema: Schema) -> Schema:
    """The same schema with one place of it drawn anew."""
    if not schema or draw(st.integers(0, 3)) == 0:
        return draw(schemas())
    keyword = draw(st.sampled_from(sorted(schema)))
    inner = schema[keyword]
    if keyword == "properties":
        name = draw(st.sampled_from(NAMES))
        return {**schema, keyword: {**inner, name: draw(edited(inner[name]))}}
    if keyword in ("items", "not"):
        return {**schema, keyword: draw(edited(inner))}
    if keyword in ("anyOf", "oneOf", "allOf", "prefixItems"):
        place = draw(st.integers(0, len(inner) - 1))
        changed = draw(st.sampled_from(["edit", "drop", "add"]))
        if changed == "edit" or len(inner) == 1:
            return {**schema, keyword: [*inner[:place], draw(edited(inner[place])), *inner[place + 1 :]]}
        return {
            **schema,
            keyword: [*inner[:place], *inner[place + 1 :]]
            if changed == "drop"
            else [*inner, draw(schemas())],
        }
    return {key: value for key, value in schema.items() if key != keyword}


def values() -> st.SearchStrategy[Any]:
    """Values of every JSON type, with the names that schemas have and one that none has."""
    return st.recursive(
        _SCALARS,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.dictionaries(st.sampled_from([*NAMES, "other"]), inner, max_size=3),
        ),
        max_leaves=5,
    )
