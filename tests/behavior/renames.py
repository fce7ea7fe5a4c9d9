"""Packages whose names were changed on purpose, and what calls under their old names warn of."""

from __future__ import annotations

import asyncio
import itertools
import json
import warnings
from pathlib import Path
from typing import Any

import httpx

from tests.behavior.calls import json_answer
from tests.behavior.packages import Package, load
from tests.behavior.releases import DOCUMENT, Project
from tests.deprecations import deprecations

_NUMBERS = itertools.count(1)
PET = json_answer({"name": "Rex"})
SECURED = DOCUMENT.replace("paths:\n", "security: [{key: []}, {two: []}]\npaths:\n", 1).replace(
    "  schemas:\n",
    "  securitySchemes:\n"
    "    key: {type: apiKey, in: header, name: X-Key}\n"
    "    two: {type: apiKey, in: query, name: k}\n"
    "  schemas:\n",
    1,
)


def package(project: Project) -> Package:
    folder = project.folder / "pets"
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return Package(load(folder, f"renamed_pets_{next(_NUMBERS)}"), folder, files, ())


def renamed(project: Project, *renames: str) -> Package:
    words = [word for one in renames for word in ("--rename", one)]
    project.facts("generate", *words)
    return package(project)


def aliases(project: Project) -> list[tuple[str, str | None]]:
    return [(one["name"], one["since"]) for one in json.loads(project.state.read_text())["aliases"]]


def warned(caught: list[warnings.WarningMessage]) -> list[str]:
    return [str(one.message) for one in caught if one.category is DeprecationWarning]


def warnings_of(
    made: Package, method: str, *arguments: Any, **keywords: Any
) -> list[warnings.WarningMessage]:
    """What a call warns of, through the blocking client and through that of asyncio."""
    resource, _, name = method.partition(".")
    settings = {"transport": httpx.MockTransport(lambda _: httpx.Response(200, json={"name": "Rex"}))}

    async def awaited() -> None:
        async with made.client_class(asynchronous=True)(**settings) as client:
            await getattr(getattr(client, resource), name)(*arguments, **keywords)

    with deprecations() as caught:
        with made.client_class()(**settings) as client:
            getattr(getattr(client, resource), name)(*arguments, **keywords)
        asyncio.run(awaited())
    assert {Path(one.filename).name for one in caught} <= {Path(__file__).name}, (
        "it is about the line of the caller"
    )
    return caught
