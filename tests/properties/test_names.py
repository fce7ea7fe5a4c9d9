"""Names: identifiers, no keywords, each its own within its scope; decided by the document's content, never by its order."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from clientsmith.api.model.api import Api, Operation
from clientsmith.api.model.naming import Scope, argument_name, class_name, pascal_case, snake_case
from clientsmith.api.model.types import ModelClass
from tests.properties.documents import documents
from tests.properties.kitchen_sink import DOCUMENT
from tests.properties.packages import deterministic, generated_from

_ANY_TEXT = st.text(max_size=12)


@deterministic(300)
@given(_ANY_TEXT)
def test_any_text_becomes_an_identifier(text: str) -> None:
    names = [snake_case(text, "value"), pascal_case(text, "Model"), argument_name(text), class_name(text)]

    assert all(name.isidentifier() for name in names)
    assert not any(keyword.iskeyword(name) for name in names[2:])


@deterministic(200)
@given(st.lists(st.sampled_from(["a", "a_2", "a2", "A", "A2", "b", "a_2_2"]) | _ANY_TEXT, max_size=12))
def test_a_scope_gives_no_name_twice(wanted: list[str]) -> None:
    scope = Scope({"a"})

    given_names = [scope.claim(name) for name in wanted]

    assert len({"a", *given_names}) == len(given_names) + 1


@deterministic(25)
@given(documents())
def test_every_name_of_a_document_is_its_own(document: dict[str, Any]) -> None:
    check_names(generated_from(document).api)


def test_every_name_of_a_document_of_everything_is_its_own() -> None:
    check_names(generated_from(DOCUMENT).api)


def check_names(api: Api) -> None:
    """Every scope of an API holds proper names, and each once."""
    for names in _scopes(api):
        listed = list(names)
        assert len(set(listed)) == len(listed), listed
        for name in listed:
            assert name.isidentifier() and not keyword.iskeyword(name), name
            assert not (name.startswith("__") and name.endswith("__")), name


def _scopes(api: Api) -> Iterator[Iterable[str]]:
    yield [
        api.client_class,
        api.async_client_class,
        *(r.class_name for r in api.resources),
        *(r.async_class_name for r in api.resources),
    ]
    yield [resource.name for resource in api.resources]
    yield [resource.module.casefold() for resource in api.resources]
    yield [schema.name for schema in api.schemas]
    yield [name for scheme in api.security_schemes for name in scheme.arguments]
    for schema in api.schemas:
        if isinstance(schema, ModelClass):
            yield [field.name for field in schema.fields]
    for resource in api.resources:
        yield [operation.name for operation in resource.operations]
        yield [operation.constant for operation in resource.operations]
        for operation in resource.operations:
            yield ["self", "options", *_arguments(operation)]


def _arguments(operation: Operation) -> list[str]:
    names = [parameter.name for parameter in operation.parameters]
    body = operation.body
    if body is not None and body.fields is not None:
        return names + [field.name for field in body.fields]
    return names + ([body.argument] if body is not None and body.argument is not None else [])
