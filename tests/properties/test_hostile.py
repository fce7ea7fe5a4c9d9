"""Whatever the text of a document holds, the generated modules define what they should and do nothing else."""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from pydantic import BaseModel, TypeAdapter

from clientsmith.config.model import Config
from tests.properties.hostile import FIXED, SENTINEL, hostile_documents
from tests.properties.packages import deterministic, imported, tree_of

_NODES = frozenset(
    {
        "AnnAssign", "Assign", "AsyncFunctionDef", "Attribute", "Await", "BinOp", "BitOr", "Call", "ClassDef", "Constant", "Dict", "Expr",
        "FunctionDef", "Import", "ImportFrom", "List", "Load", "Module", "Name", "Pass", "Return", "Store", "Subscript", "Tuple", "USub",
        "UnaryOp", "alias", "arg", "arguments", "keyword",
    }
)  # fmt: skip
_PROGRAM_NODES = _NODES | {"AsyncWith", "ExceptHandler", "If", "Try", "With", "withitem"}
_IMPORTED = re.compile(r"\.*(_client|_runtime|_runtime\.public|inputs|models|resources|resources\.\w+|\w+)?$")
_MODULES = frozenset(
    {
        "__future__",
        "asyncio",
        "builtins",
        "collections.abc",
        "datetime",
        "decimal",
        "httpx",
        "importlib",
        "pydantic",
        "typing",
        "typing_extensions",
    }
)
_CALLED = frozenset(
    {
        "Annotated", "AsyncResource", "Body", "ConfigDict", "Configuration", "Decimal", "Encoding", "Field", "Media", "Operation",
        "Parameter", "Resource", "Response", "SecurityScheme", "TypeAliasType", "TypedDict", "_call", "__init__", "deprecated",
        "model_rebuild", "super",
    }
)  # fmt: skip
_ROOT = (Path(__file__).parents[2] / "generated" / "twilio_marketplace" / "__init__.py").read_bytes()
_FUNCTIONS = b"\n    def __getattr__(name: str) -> object:\n"
_ALLOW = Config(allow_invalid=True)


@deterministic(16)
@given(hostile_documents())
def test_text_never_becomes_code(document: dict[str, Any]) -> None:
    files = tree_of(document, _ALLOW)
    assert SENTINEL.encode() in files["_client.py"] + files["models.py"] + files["REFERENCE.md"]
    for name, content in files.items():
        if name.endswith(".py") and not name.startswith("_runtime/"):
            check_file(name, content)
    for program in programs(files["REFERENCE.md"].decode()):
        check_names(ast.parse(program), _PROGRAM_NODES)
    with imported(files) as package:
        use_everything(package)
    assert not hasattr(builtins, SENTINEL)


@pytest.mark.parametrize("texts", [FIXED[start : start + 4] for start in range(0, len(FIXED), 4)])
def test_hostile_titles_paths_and_tags(texts: tuple[str, ...]) -> None:
    paths = {
        f"/{number}{text.replace('{', '').replace('}', '')}": {
            "get": {
                "operationId": text,
                "tags": [text],
                "summary": text,
                "responses": {"200": {"description": text}},
            }
        }
        for number, text in enumerate(texts)
    }
    info = {"title": texts[0], "version": texts[-1], "description": "".join(texts)}

    files = tree_of({"openapi": "3.1.0", "info": info, "paths": paths}, _ALLOW)

    for name, content in files.items():
        if name.endswith(".py") and not name.startswith("_runtime/"):
            check_file(name, content)
    with imported(files):
        assert not hasattr(builtins, SENTINEL)


def check_file(name: str, content: bytes) -> None:
    """A module holds definitions only; the package's root ends in the functions that every root ends in."""
    if name != "__init__.py":
        check_module(ast.parse(content), _NODES)
        return
    definitions, _, functions = content.partition(_FUNCTIONS)
    assert functions == _ROOT.partition(_FUNCTIONS)[2] != b""
    tree = ast.parse(definitions)
    [guard] = [node for node in ast.walk(tree) if isinstance(node, ast.If)]
    assert ast.unparse(guard.test) == "TYPE_CHECKING"
    assert [ast.unparse(node).partition(" = ")[0] for node in guard.orelse] == [
        "from importlib import import_module", "_CLIENTS", "_MODULES",
    ]  # fmt: skip
    check_module(tree, _NODES | {"If"})


def check_module(tree: ast.Module, nodes: frozenset[str]) -> None:
    """A module holds definitions only, and calls nothing but what describes them."""
    check_names(tree, nodes)
    classes = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else node.func.id
                if isinstance(node.func, ast.Name)
                else "?"
            )
            assert (
                called.lstrip("_") in {name.lstrip("_") for name in _CALLED} or called in classes | names
            ), called
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= _MODULES
        if isinstance(node, ast.ImportFrom):
            assert node.level > 0 or node.module in _MODULES


def check_names(tree: ast.Module, nodes: frozenset[str]) -> None:
    """Only node kinds that are expected, and no name that only an attack would have."""
    kinds = {type(node).__name__ for node in ast.walk(tree)}
    assert kinds <= nodes, kinds - nodes
    for name in _identifiers(tree):
        assert name not in ("__import__", "eval", "exec", "compile", "getattr", "open", SENTINEL), name


def _identifiers(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        for attribute in ("id", "attr", "name", "arg", "asname"):
            value = getattr(node, attribute, None)
            if isinstance(value, str):
                yield value


def programs(page: str) -> list[str]:
    """The Python blocks of a reference page but for signatures."""
    blocks = re.findall(r"^(`{3,})python\n(.*?)^\1$", page, re.DOTALL | re.MULTILINE)
    return [code for _, code in blocks if not code.startswith(("def ", "async def "))]


def use_everything(package: Any) -> None:
    """Make pydantic evaluate every annotation, which it reads as code."""
    models = __import__(f"{package.__name__}.models", fromlist=["models"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for value in list(vars(models).values()):
            if isinstance(value, type) and issubclass(value, BaseModel):
                value.model_rebuild(force=True)
            elif type(value).__name__ == "TypeAliasType":
                TypeAdapter(value).json_schema()
