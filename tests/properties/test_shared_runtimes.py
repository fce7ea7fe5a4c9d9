"""The runtime that imported packages share lasts longer than each of them, with all that it imports later."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

from tests.properties.packages import imported, tree_of

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "security": [],
    "paths": {"/a": {"get": {"operationId": "a", "responses": {"204": {"description": "ok"}}}}},
}


@pytest.mark.parametrize("asynchronous", [False, True])
def test_a_runtime_can_be_used_after_the_first_package_that_has_it_is_gone(asynchronous: bool) -> None:
    files = dict(tree_of(DOCUMENT))
    files["_runtime/identity.py"] += f"\n# {asynchronous}\n".encode()  # a runtime that no other test has
    with imported(files):
        pass
    with imported(files) as package:
        kind = package.AsyncTClient if asynchronous else package.TClient
        assert kind(base_url="https://x.example")


def test_every_module_can_be_imported_after_that() -> None:
    files = dict(tree_of(DOCUMENT))
    files["_runtime/identity.py"] += b"\n# every\n"
    with imported(files):
        pass
    with imported(files) as package:
        runtime = importlib.import_module(f"{package.__name__}._runtime")
        names = [one.name for one in pkgutil.walk_packages(runtime.__path__, f"{runtime.__name__}.")]
        assert len(names) > 50
        for name in names:
            importlib.import_module(name)
