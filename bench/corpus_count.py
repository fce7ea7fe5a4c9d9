"""Counts the operations of one OpenAPI document from its `paths` alone; shares no code with the tool on purpose.

Run as a process of its own, so that a big document never counts towards the memory of the run that measures.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote

import yaml

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
MAX_HOPS = 20


def read(path: Path) -> Json:
    """The document as plain data. Scalars stay text: only keys and references matter here."""
    text = path.read_text(encoding="utf-8-sig")
    tree: Json = json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=yaml.CBaseLoader)
    return tree


def operations(path: Path) -> list[tuple[str, str]]:
    """Every (method, path template) below `paths`, path items behind a `$ref` included."""
    tree = read(path)
    paths = tree.get("paths") if isinstance(tree, dict) else None
    if not isinstance(paths, dict):
        return []
    return [
        (method.upper(), template)
        for template, item in paths.items()
        if template.startswith("/")
        for method in METHODS
        if method in _path_item(item, path, tree)
    ]


def _path_item(item: Json, path: Path, tree: Json, hops: int = 0) -> dict[str, Json]:
    if not isinstance(item, dict):
        return {}
    reference = item.get("$ref")
    if not isinstance(reference, str) or hops == MAX_HOPS:
        return item
    file, _, fragment = reference.partition("#")
    if file:
        path = path.parent / unquote(file)
        if not path.is_file():
            return item
        tree = read(path)
    return _path_item(_at(tree, fragment), path, tree, hops + 1) | item


def _at(tree: Json, fragment: str) -> Json:
    for token in unquote(fragment).split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if not isinstance(tree, dict):
            return None
        tree = tree.get(key)
    return tree


if __name__ == "__main__":
    json.dump(operations(Path(sys.argv[1])), sys.stdout)
