"""Names of a document that collide, are reserved, too long or no names at all: a package comes of it, or one message."""

from __future__ import annotations

import json
import random
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientsmith import pipeline
from clientsmith.api.model.naming import Scope, module_name, pascal_case, snake_case
from clientsmith.characters import file_name_key
from clientsmith.config.model import Config
from clientsmith.config.request import PackageRequest
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.package.file_tree import path_problem
from clientsmith.package.write import write
from tests.behavior.packages import models_worker
from tests.properties.packages import deterministic, imported, tree_of

SAME_FILES = [
    ("ß", "ss"), ("ß", "SS"), ("ẞ", "ss"), ("ﬁ", "fi"), ("ﬃ", "ffi"), ("İ", "i̇"), ("ı", "i"), ("\u212a", "k"), ("ſ", "s"), ("ŉ", "ʼn"), ("ǆ", "dž"),
    ("é", "e\u0301"), ("Å", "\u212b"), ("µ", "μ"), ("ς", "σ"), ("１", "1"), ("①", "1"), ("𝐀", "a"), ("가", "\u1100\u1161"), ("Ꭰ", "ꭰ"), ("ŀ", "l·"),
    ("StraSSe", "Straße"), ("ΐ", "ΐ"),
]  # fmt: skip
LONG = [
    "日" * 85,
    "あ" * 100,
    "é" * 200,
    "ß" * 300,
    "\U00020000" * 70,
    "a" * 255,
    "a" * 4000,
    "日" * 4000,
    "A_b" * 2000,
    "z" * 99 + "日",
]
RESERVED = ["con", "NUL", "aux", "Prn", "com1", "COM¹", "lpt9", "con.py", "nul.tar.gz", "__init__", "__pycache__", "class", "None", "async",
            "self", "options", "models", "_client", "inputs", "resources", "_runtime", "py.typed", "..", ".", "", " ", "/", "\\"]  # fmt: skip
PARTS = [
    *(name for pair in SAME_FILES for name in pair), *RESERVED, *(name[:90] for name in LONG), "\x00", "\x1b[31m", "\n", "\u2028", "\u202e", "\u200d",
    "\u200b", "\u061c", "\ufeff", "\ue000", "\uffff", "\U000e0041", "\u0301", "\u3164", "\u034f", "{", "}", "%2F", "~0", "~1", "#", "$ref", '"""', "'",
    "`", "-", "_", "1", "a", "b", "A", "aB", "a_b", "a-b", "id", "℘", "·", "ª", "ʰ", "\u0e33", "Ⅷ", "²", "٣", "ﷺ", "model_config", "copy", "json",
    "int", "str", "list", "BaseModel", "Any", "Field", "Resource", "Operation", "model_fields", "validate", "\U0001f600", "हिन्दी",
]  # fmt: skip


def document(names: Iterator[str]) -> dict[str, Any]:
    """A small document with a name from elsewhere in every place that takes one."""
    schemas: dict[str, Any] = {
        next(names): {"type": "object", "title": next(names), "required": [next(names)],
                      "properties": {next(names): {"type": "string"}, next(names): {"enum": [next(names), next(names)]}}},
        next(names): {"type": "string", "enum": [next(names), next(names), next(names)]},
        next(names): {"oneOf": [{"type": "object", "title": next(names), "properties": {next(names): {}}},
                                {"type": "object", "title": next(names)}]},
    }  # fmt: skip

    def used() -> dict[str, str]:
        key = sorted(schemas)[len(next(names)) % len(schemas)]
        return {"$ref": f"#/components/schemas/{quote(key.replace('~', '~0').replace('/', '~1'))}"}

    def operation() -> dict[str, Any]:
        parameters = [
            {"name": next(names) or "x", "in": place, "schema": {"type": "string", "default": next(names)}}
            for place in ("query", "query", "header", "cookie")
        ]
        body = {
            media: {"schema": used()} for media in ("application/json", "application/x-www-form-urlencoded")
        }
        inner = {
            "type": "object",
            "properties": {
                next(names): used(),
                next(names): {"type": "object", "properties": {next(names): {}}},
            },
        }
        answer = {"description": next(names), "content": {"application/json": {"schema": inner}}}
        return {
            "operationId": next(names), "tags": [next(names)], "summary": next(names), "parameters": parameters,
            "requestBody": {"content": body}, "responses": {"200": answer, "400": {"description": next(names)}},
            "security": [{"key": []}],
        }  # fmt: skip

    def path() -> str:
        return "".join(sign for sign in next(names) if sign not in "{}")

    paths = {f"/{number}{path()}/{{{path() or 'x'}}}": {"post": operation()} for number in range(3)}
    return {
        "openapi": "3.1.0",
        "info": {"title": next(names), "version": next(names)},
        "tags": [{"name": next(names), "description": next(names)}],
        "servers": [{"url": f"https://x.example/{quote(next(names))}"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": next(names)}},
        },
    }


def tagged(*tags: str) -> dict[str, Any]:
    paths = {f"/{number}": {"get": {"operationId": f"get{number}", "tags": [tag], "responses": {"204": {"description": "d"}}}}
             for number, tag in enumerate(tags)}  # fmt: skip
    return {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}


def supplied(seed: int) -> Iterator[str]:
    chosen = random.Random(seed)
    pool = ["".join(chosen.choices(PARTS, k=chosen.choice((1, 1, 1, 2, 3)))) for _ in range(12)]
    while True:
        yield chosen.choice(pool)


@deterministic(8)
@given(st.integers(0, 2**32))
def test_any_names_give_a_package(seed: int) -> None:
    files = tree_of(document(supplied(seed)), Config(allow_invalid=True))

    assert not [path for path in files if path_problem(path)]
    assert max(len(part.encode()) for path in files for part in path.split("/")) <= 200


def test_tags_whose_files_are_one_for_some_system_get_files_of_their_own() -> None:
    tags = sorted({tag for pair in SAME_FILES for tag in pair})
    files = tree_of(tagged(*tags))

    keys = [file_name_key(path) for path in files]
    assert len(set(keys)) == len(keys)
    with imported(files) as package:
        client = package.TClient(base_url="https://x.example")
        resources = [getattr(client, name) for name in dir(client) if not name.startswith("_")]
        methods = [name for resource in resources for name in dir(resource) if name.startswith("get")]
        assert len(methods) == len(set(methods)) == len(tags)


@pytest.mark.parametrize(
    "tags", [("ß", "ss"), ("ﬁ", "fi", "ﬁ2"), ("日" * 85,), ("日" * 100, "日" * 99 + "本")]
)
def test_few_tags_of_a_kind(tags: tuple[str, ...], tmp_path: Path) -> None:
    assert write(tree_of(tagged(*tags)), tmp_path / "package", Diagnostics()) is not None


def test_long_and_reserved_names_become_files(tmp_path: Path) -> None:
    tags = [tag for name in (*LONG, *RESERVED) for tag in (name, f"{name}x", name.upper())]
    files = tree_of(tagged(*dict.fromkeys(tags)))

    assert write(files, tmp_path / "package", Diagnostics()) is not None
    assert not [path for path in files if path_problem(path)]


@pytest.mark.parametrize("name", [name for pair in SAME_FILES for name in pair] + LONG)
def test_identifiers_are_spelled_as_python_reads_them(name: str) -> None:
    for spelled in (
        snake_case(name, "value"),
        pascal_case(name, "Model"),
        module_name(snake_case(name, "value")),
    ):
        assert spelled.isidentifier() and unicodedata.normalize("NFKC", spelled) == spelled
    assert len(module_name(snake_case(name, "value")).encode()) <= 180


def test_a_name_is_claimed_once_for_each_key() -> None:
    scope = Scope({file_name_key("con")}, file_name_key)

    assert [scope.claim(name) for name in ("ß", "ss", "SS", "ss", "CON", "a")] == [
        "ß",
        "ss_2",
        "SS3",
        "ss_4",
        "CON2",
        "a",
    ]


@pytest.mark.parametrize("length", [200, 2000])
def test_a_long_name_of_every_kind_is_no_internal_error(length: int, tmp_path: Path) -> None:
    def names() -> Iterator[str]:
        number = 0
        while True:
            number += 1
            yield f"{'日本' if number % 2 else 'Ab'}{number}" * (length // 4)

    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document(names())))
    diagnostics = Diagnostics()
    request = PackageRequest(str(path), Config(allow_invalid=True), str(tmp_path / "out"))

    assert pipeline.generate(request, models_worker(), diagnostics) is not None, [
        one.message[:200] for one in diagnostics
    ]
