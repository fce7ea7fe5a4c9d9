"""A law of typed surfaces, over drawn documents: compared with another package, a surface is as good as its model."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from clientsmith.api.builder import build
from clientsmith.api.model.api import Api
from clientsmith.api.surface.surface import parse_surface, surface_bytes, surface_json
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diff.python.compare import compare
from clientsmith.diff.python.methods import methods_of
from tests.cases.diff.descriptions import opened
from tests.properties.documents import documents

DRAWN = settings(
    max_examples=40, suppress_health_check=list(HealthCheck), derandomize=True, database=None,
    phases=[Phase.explicit, Phase.generate],
)  # fmt: skip


def model(document: dict[str, Any]) -> Api | None:
    return build(opened(json.loads(json.dumps(document))), Config(), Diagnostics()).api


@given(documents(), documents())
@DRAWN
def test_a_surface_is_compared_as_its_model(one: dict[str, Any], other: dict[str, Any]) -> None:
    old, new = model(one), model(other)
    if old is None or new is None:
        return
    surface = parse_surface(surface_bytes(surface_json(old)))
    ids = {id: id for id in methods_of(old).keys() & methods_of(new).keys()}

    assert surface.lacking == ()
    assert compare(surface.api, old, {id: id for id in methods_of(old)}) == []
    assert compare(surface.api, new, ids) == compare(old, new, ids)
    assert compare(new, surface.api, ids) == compare(new, old, ids)
