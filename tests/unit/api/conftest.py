from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clientsmith.config.model import Config
from tests.unit.api.apis import Built, built, receiving, ref, sending, spelled

Build = Callable[..., Built]
TypeOf = Callable[..., str]


@pytest.fixture
def api(tmp_path: Path) -> Build:
    """Builds the model of a document, given as text or tree."""

    def run(text: str | dict[str, Any], config: Config | None = None, **files: str) -> Built:
        return built(text, tmp_path, config, **files)

    return run


@pytest.fixture
def sent(tmp_path: Path) -> TypeOf:
    """The type of a schema in requests; as part of a list, so that nothing of it is spread over the method."""

    def run(schema: Any, openapi: str = "3.1.0", **schemas: Any) -> str:
        made = built(sending(schemas, {"type": "array", "items": schema}, openapi), tmp_path)
        body = made.only.body
        assert body is not None
        return spelled(body.type).removeprefix("list[").removesuffix("]")

    return run


@pytest.fixture
def received(tmp_path: Path) -> TypeOf:
    """The type of a schema in responses."""

    def run(schema: Any, openapi: str = "3.1.0", **schemas: Any) -> str:
        return spelled(built(receiving(schemas, schema, openapi), tmp_path).only.result)

    return run


__all__ = ["Build", "TypeOf", "ref"]
