"""The generated caller uses every name of a package, each on lines of its own, and nothing that is not there."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from clientsmith.callers.caller import caller_of
from clientsmith.callers.elements import Caller, Element
from clientsmith.package.file_tree import FileTree
from tests.behavior.packages import generate
from tests.unit.callers.documents import DOCUMENTS


@cache
def called(name: str) -> tuple[Caller, FileTree, Any]:
    """The caller of a document's package, the files of the package, and its manifest."""
    generated, diagnostics, _ = generate({"openapi.yaml": DOCUMENTS[name]})
    assert generated is not None, [str(one) for one in diagnostics]
    return caller_of(generated.api, "package"), generated.tree, json.loads(generated.tree["_manifest.json"])


def parsed(tree: FileTree, path: str) -> ast.Module:
    return ast.parse(tree[path])


def classes(module: ast.Module) -> Iterator[str]:
    """Classes and aliases that a module defines."""
    for node in module.body:
        match node:
            case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case _:
                pass


def fields(module: ast.Module) -> Iterator[tuple[str, str]]:
    """What the classes of a module declare."""
    for node in module.body:
        for member in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(member, ast.AnnAssign) and isinstance(member.target, ast.Name):
                yield node.name, member.target.id


def used(caller: Caller, *kinds: str) -> set[tuple[str, str]]:
    return {(one.owner, one.name) for one in caller.elements.values() if one.kind in kinds}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_names_used_are_those_of_the_package(name: str) -> None:
    caller, tree, manifest = called(name)
    surface, models = manifest["surface"], parsed(tree, "models.py")

    methods = {one["id"]: one for one in surface["operations"].values()}
    assert used(caller, "method") == {(id, "") for id in methods}
    assert used(caller, "argument") == {
        (id, argument)
        for id, method in methods.items()
        for place in method["arguments"].values()
        for argument in place.values()
    }
    assert used(caller, "credential") == {
        ("", one) for arguments in surface["credentials"].values() for one in arguments
    }
    assert used(caller, "client") == {("", surface["client"]), ("", surface["async_client"])}
    assert used(caller, "class") == {(one, "") for one in classes(models)}
    assert used(caller, "field") == set(fields(models))
    public = parsed(tree, "_runtime/public.py").body
    exports = {node.names[0].name for node in public if isinstance(node, ast.ImportFrom)}
    assert {export for _, export in used(caller, "export")} == exports - {
        surface["client"],
        surface["async_client"],
    }


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_settings_used_are_those_of_the_client(name: str) -> None:
    caller, tree, manifest = called(name)
    always = {
        "allow_http",
        "timeout",
        "deadline",
        "headers",
        "retries",
        "limits",
        "hooks",
        "http_client",
        "transport",
    }
    client = next(
        node
        for node in parsed(tree, "_client.py").body
        if isinstance(node, ast.ClassDef) and node.name == manifest["surface"]["client"]
    )
    made = next(node for node in client.body if isinstance(node, ast.FunctionDef))
    assert {name for _, name in used(caller, "setting")} == {one.arg for one in made.args.kwonlyargs} - always
    positions = [
        node.body[0]
        for node in ast.parse(caller.text).body
        if isinstance(node, ast.ClassDef) and node.name == "ByPosition"
    ]
    passed = [[one.arg for one in node.args.args] for node in positions if isinstance(node, ast.FunctionDef)]
    assert (
        passed == [[one.arg for one in made.args.args]] if manifest["surface"]["credentials"] else not passed
    )


@pytest.mark.parametrize("name", DOCUMENTS)
def test_dicts_are_used_with_every_key(name: str) -> None:
    caller, tree, _ = called(name)
    imported = {
        alias.name
        for node in ast.walk(ast.parse(caller.text))
        if isinstance(node, ast.ImportFrom) and node.module == "package.inputs"
        for alias in node.names
    }
    inputs = parsed(tree, "inputs.py")
    assert imported == set(classes(inputs))
    keys = {(owner.removesuffix("Dict"), key) for owner, key in fields(inputs)}
    lines = caller.text.splitlines()
    written = {
        (element.owner, ast.literal_eval(lines[number - 1].strip().partition("[")[2].partition("]")[0]))
        for number, element in caller.elements.items()
        if element.kind == "key"
    }
    assert written >= keys


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_line_uses_one_name_and_both_clients_alike(name: str) -> None:
    caller, _, _ = called(name)
    lines = caller.text.splitlines()
    for number, element in caller.elements.items():
        if element.name and element.kind != "key":
            assert element.name in lines[number - 1], (lines[number - 1], element)
    by_element: dict[Element, list[bool]] = {}
    for number, element in caller.elements.items():
        if element.kind in ("method", "argument", "result", "order") or (
            element.kind == "due" and element.owner
        ):
            by_element.setdefault(element, []).append("await " in lines[number - 1])
    methods = {element: uses for element, uses in by_element.items() if any(uses)}
    assert methods
    assert all(2 * sum(uses) == len(uses) for element, uses in methods.items())


def test_the_same_model_makes_the_same_caller() -> None:
    generated, _, _ = generate({"openapi.yaml": DOCUMENTS["nested"]})
    assert generated is not None
    assert caller_of(generated.api, "package") == called("nested")[0]


def test_what_is_not_text_of_python_stays_data() -> None:
    caller, _, _ = called("nested")
    compile(caller.text, "caller.py", "exec")
    assert 'value["my-key"]' in caller.text
