"""No key of a document is lost: without it the package does something else, or the account had named its place."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.text.parse import load
from tests.account.ablation import Subject

REPOSITORY = Path(__file__).parents[2]
DOCUMENTS = Path(__file__).parent / "documents"
EVERY_KEYWORD = ("every_keyword_3_0", "every_keyword_3_1")
USED_IN_PART = {
    "every_keyword_3_0": {
        f"/components/schemas/Thing/properties/{name}/format" for name in ("host", "secret")
    },
    "every_keyword_3_1": {
        "/components/schemas/Value/properties/image/contentMediaType",
        "/components/securitySchemes/mutual/type",
    },
}
"""What is named as not carried out, although some part of it decides something: a format that is not checked keeps
objects of other formats out."""


def subject(path: Path) -> Subject:
    document = load(path, Diagnostics())
    assert document is not None
    return Subject(document.tree)


@pytest.mark.parametrize("name", EVERY_KEYWORD)
def test_every_keyword_decides_something_or_is_named(name: str) -> None:
    made = subject(DOCUMENTS / f"{name}.yaml")

    assert made.lost() == []
    assert set(made.named_in_vain()) <= USED_IN_PART[name]


def test_no_key_of_our_own_document_is_lost() -> None:
    made = subject(REPOSITORY / "spec" / "marketplace.yaml")

    assert made.lost(made.sample(1)) == []


@pytest.mark.parametrize("version", ["3.0", "3.1"])
def test_the_documents_hold_every_published_keyword(version: str) -> None:
    used = {key for name in EVERY_KEYWORD for key in _keys(subject(DOCUMENTS / f"{name}.yaml").tree)}

    # Links have a `server`; the published schema of 3.1 calls it `body`.
    assert set(_published(version)) - used - {"body"} == set()


def test_the_documents_hold_every_keyword_of_json_schema() -> None:
    used = set(_keywords_of_schemas(subject(DOCUMENTS / "every_keyword_3_0.yaml")))
    used |= set(_keywords_of_schemas(subject(DOCUMENTS / "every_keyword_3_1.yaml")))
    vocabularies = files("jsonschema_specifications") / "schemas" / "draft202012" / "vocabularies"
    published = {
        key
        for vocabulary in vocabularies.iterdir()
        for key in json.loads(vocabulary.read_text("utf-8"))["properties"]
    }

    assert len(published) > 50
    assert published - used == set()


def _keywords_of_schemas(made: Subject) -> Iterator[str]:
    return (key.name for key in made.members() if key.kind == "schema")


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        yield from (key for member in value.values() for key in _keys(member))
    elif isinstance(value, list):
        yield from (key for member in value for key in _keys(member))


def _published(version: str) -> Iterator[str]:
    """The names of fields in the published schema of OpenAPI."""
    package = importlib.util.find_spec("openapi_spec_validator")
    assert package is not None and package.origin is not None
    path = Path(package.origin).parent / "resources" / "schemas" / f"v{version}" / "schema.json"
    return _properties(json.loads(path.read_text("utf-8")))


def _properties(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        named = value.get("properties")
        if isinstance(named, Mapping) and all(isinstance(one, dict | bool) for one in named.values()):
            yield from named
        yield from (key for member in value.values() for key in _properties(member))
    elif isinstance(value, list):
        yield from (key for member in value for key in _properties(member))
