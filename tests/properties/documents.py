"""Small random OpenAPI documents: components that refer to each other, and one operation of each kind per component."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any]

KEYS = ("Pet", "pet", "Pet_Input", "list", "Any", "field", "None", "a.b", "2nd", "Error", "bytes")
PROPERTIES = (
    "id",
    "name",
    "class",
    "self",
    "schema",
    "json",
    "model_config",
    "a-b",
    "a_b",
    "aB",
    "é",
    "list",
    "type",
    "$x",
    "1",
)
_TEXTS = st.sampled_from(["", "a", "Two words", "with 'quotes\"", "back\\slash", "é", "None", "1"])
_SMALL = st.integers(min_value=-5, max_value=5)


def _maybe(keyword: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Schema]:
    return st.one_of(st.just({}), values.map(lambda value: {keyword: value}))


def _joined(*parts: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    return st.tuples(*parts).map(lambda found: {key: value for part in found for key, value in part.items()})


def _scalars() -> st.SearchStrategy[Schema]:
    return st.one_of(
        _joined(
            st.just({"type": "string"}),
            st.one_of(
                _maybe("format", st.sampled_from(["date", "date-time", "uuid", "byte", "uri", "odd"])),
                _joined(_maybe("minLength", st.integers(0, 2)), _maybe("maxLength", st.integers(2, 4))),
                _maybe("pattern", st.sampled_from(["^a", "^[a-c]*$", "\\d"])),
            ),
        ),
        _joined(
            st.just({"type": "integer"}),
            _maybe("minimum", st.integers(-5, 0)),
            _maybe("maximum", st.integers(1, 9)),
        ),
        _joined(
            st.just({"type": "number"}),
            _maybe("format", st.just("decimal")),
            _maybe("exclusiveMinimum", st.just(0)),
        ),
        st.just({"type": "boolean"}),
        st.sampled_from(
            [{"type": ["string", "null"]}, {"type": ["integer", "string"]}, {"type": "null"}, {}]
        ),
        st.lists(
            st.one_of(_TEXTS, _SMALL, st.booleans(), st.none()), min_size=1, max_size=4, unique_by=repr
        ).map(lambda values: {"enum": values}),
        st.one_of(_TEXTS, _SMALL, st.booleans(), st.just({"a": [1, None]})).map(
            lambda value: {"const": value}
        ),
    )


class _Grower:
    """Grows schemas. References that no property or item stands before lead to later components only, so that every
    schema has an end; all others lead anywhere.
    """

    def __init__(self, draw: st.DrawFn, keys: list[str]) -> None:
        self._draw = draw
        self._keys = keys

    def schema(self, later: list[str], depth: int) -> Schema:
        kinds = ["scalar", "scalar", "reference"]
        if depth < 3:
            kinds += ["object", "object", "array", "union", "conjunction"]
        kind = self._draw(st.sampled_from(kinds))
        if kind == "scalar" or (kind == "reference" and not later):
            return self._draw(_scalars())
        made: Schema = getattr(self, f"_{kind}")(later, depth)
        return made

    def _reference(self, later: list[str], depth: int) -> Schema:
        beside = st.sampled_from([{}, {}, {"description": "beside"}, {"title": "x", "default": None}])
        return {"$ref": f"#/components/schemas/{self._draw(st.sampled_from(later))}"} | self._draw(beside)

    def _inner(self, depth: int) -> Schema:
        """A schema of a property or an item."""
        return self.schema(self._keys, depth + 1)

    def _object(self, later: list[str], depth: int) -> Schema:
        names = self._draw(st.lists(st.sampled_from(PROPERTIES), max_size=4, unique=True))
        made: Schema = {"type": "object", "properties": {name: self._inner(depth) for name in names}}
        required = self._draw(st.lists(st.sampled_from(names), unique=True, max_size=2)) if names else []
        if required:
            made["required"] = required
        additional = self._draw(st.sampled_from(["unsaid", "unsaid", "schema", True, False]))
        if self._draw(st.integers(0, 5)) == 0:
            made["patternProperties"] = {"^x-": self._inner(depth)}
        if additional != "unsaid":
            made["additionalProperties"] = self._inner(depth) if additional == "schema" else additional
        return made

    def _array(self, later: list[str], depth: int) -> Schema:
        return {"type": "array", "items": self._inner(depth)} | self._draw(
            _maybe("maxItems", st.integers(1, 3))
        )

    def _union(self, later: list[str], depth: int) -> Schema:
        keyword = self._draw(st.sampled_from(["oneOf", "anyOf"]))
        members = [self.schema(later, depth + 1) for _ in range(self._draw(st.integers(1, 3)))]
        if self._draw(st.integers(0, 3)) == 0:
            members.append({"type": "null"})
        return {keyword: members} | self._draw(st.sampled_from([{}, {}, {"description": "one of them"}]))

    def _conjunction(self, later: list[str], depth: int) -> Schema:
        parts = [
            (self._reference if later and self._draw(st.booleans()) else self._object)(later, depth + 1)
            for _ in range(self._draw(st.integers(1, 3)))
        ]
        beside = st.sampled_from(
            [{}, {"description": "both"}, {"type": "object", "properties": {"own": {"type": "string"}}}]
        )
        return {"allOf": parts} | self._draw(beside)


PARAMETERS: tuple[tuple[str, str, Schema], ...] = (
    ("id", "query", {"type": "string"}),
    ("id", "header", {"type": "string"}),
    ("Id", "query", {"type": "integer"}),
    ("options", "query", {"type": "array", "items": {"type": "string"}}),
    ("self", "cookie", {"type": "string"}),
    ("body", "query", {"type": "boolean"}),
    ("filter[x]", "query", {"type": "object", "additionalProperties": {"type": "string"}}),
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A valid document: for each component one operation that returns it and one that sends a list of it."""
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True))
    grower = _Grower(draw, keys)
    components = {key: grower.schema(keys[index + 1 :], 0) for index, key in enumerate(keys)}
    tags = draw(
        st.lists(st.sampled_from(["Things", "things", "Parameter", "list", "a b"]), min_size=1, max_size=3)
    )
    parameters = draw(st.lists(st.sampled_from(PARAMETERS), max_size=4, unique_by=lambda item: item[:2]))
    return document(components, tags, parameters)


def document(
    components: dict[str, Schema], tags: list[str], parameters: list[tuple[str, str, Schema]]
) -> dict[str, Any]:
    """The document around some components; operations are called `get<n>` and `send<n>`."""
    paths: dict[str, Any] = {}
    for number, key in enumerate(components):
        media = {"application/json": {"schema": {"$ref": f"#/components/schemas/{key}"}}}
        listed = {
            "application/json": {
                "schema": {"type": "array", "items": {"$ref": f"#/components/schemas/{key}"}}
            }
        }
        tagged = {"tags": [tags[number % len(tags)]]}
        paths[f"/things/{number}"] = {
            "get": {
                "operationId": f"get{number}",
                "parameters": [
                    {"name": name, "in": place, "schema": schema} for name, place, schema in parameters
                ],
                "responses": {"200": {"description": "ok", "content": media}},
                **tagged,
            },
            "post": {
                "operationId": f"send{number}",
                "requestBody": {"required": True, "content": listed},
                "responses": {"204": {"description": "done"}},
                **tagged,
            },
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Random", "version": "1"},
        "servers": [{"url": "https://random.example.com"}],
        "paths": paths,
        "components": {"schemas": components},
    }
