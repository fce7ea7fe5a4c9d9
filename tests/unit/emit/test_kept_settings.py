"""Arguments of clients that come with what there is to check: they go with it, unless the config keeps them."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clientsmith.api.builder import build
from clientsmith.api.model.api import Api
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diff.changelog.lines import entry_of
from clientsmith.diff.joined import Description, joined
from clientsmith.diff.model import Level
from clientsmith.diff.wire.compare import compare_wire
from clientsmith.emit.client_files import render_client
from clientsmith.emit.templates.template_source import open_templates
from tests.unit.api.apis import resolved
from tests.unit.api.kept_names import Tree, operation

TEXT: Tree = {"type": "string"}


def api(folder: Path, *, bound: bool, features: tuple[str, ...] = ()) -> tuple[Description, Api]:
    """An API that sends an array, whose items are different only if it is `bound`, and answers with nothing."""
    body = {"type": "array", "items": TEXT} | ({"uniqueItems": True} if bound else {})
    tree: Tree = {
        "info": {"title": "Pets", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {
            "/pets": {
                "post": {
                    **operation("addPets", "Pets"),
                    "requestBody": {"content": {"application/json": {"schema": body}}},
                    "responses": {"204": {"description": ""}},
                }
            }
        },
    }
    document = resolved(tree, folder)
    made = build(document, Config(runtime_features=features), Diagnostics()).api
    assert made is not None
    return Description(document, made), made


def taken(made: Api) -> set[str]:
    """The arguments of its clients."""
    templates = open_templates(None, Diagnostics())
    assert templates is not None
    module = ast.parse(render_client(made, templates)["_client.py"])
    methods = [
        node for node in ast.walk(module) if isinstance(node, ast.FunctionDef) and node.name == "__init__"
    ]
    listed = [{one.arg for one in method.args.kwonlyargs} for method in methods]
    assert listed[0] == listed[1]
    return listed[0] & {"validation", "check_requests"}


def changed(old: tuple[Description, Api], new: tuple[Description, Api]) -> list[Any]:
    ids = {one.id: one.id for resource in old[1].resources for one in resource.operations}
    on_wire = replace(compare_wire(old[0].document, new[0].document), changes=[])
    return joined(on_wire, old[0], new[0], ids, has_kept=True)


@pytest.mark.parametrize(
    ("features", "kept"),
    [
        ((), set()),
        (("json_schema",), {"validation"}),
        (("request_checks",), {"check_requests", "validation"}),
        (("journal",), set()),
        (("unknown",), set()),
    ],
)
def test_the_config_keeps_an_argument_with_nothing_to_check(
    features: tuple[str, ...], kept: set[str], tmp_path: Path
) -> None:
    _, made = api(tmp_path, bound=False, features=features)
    assert taken(made) == set(made.settings) == kept
    assert ("InvalidResponseError" in made.exports) == bool(kept)


def test_what_goes_breaks_callers_and_each_is_told_what_to_do(tmp_path: Path) -> None:
    old, new = api(tmp_path, bound=True), api(tmp_path, bound=False)
    assert "check_requests" in taken(old[1]) and not taken(new[1])
    found = [one for one in changed(old, new) if one.rule in ("setting-removed", "export-removed")]
    assert {one.rule for one in found} == {"setting-removed", "export-removed"}
    assert all(one.level is Level.BREAKING for one in found)
    assert all("; [runtime] features in the config keep" in one.hint for one in found)
    lines = [one.text for one in entry_of("2.0.0", found, None).lines]
    assert len(lines) == 2 and not any("config" in line for line in lines)
    assert any(line.endswith("Do not pass `check_requests`.") for line in lines), lines
    assert any(line.endswith("Do not import them.") for line in lines), lines


def test_nothing_breaks_if_the_config_keeps_them(tmp_path: Path) -> None:
    old = api(tmp_path, bound=True)
    assert changed(old, api(tmp_path, bound=False, features=("request_checks",))) == []
