"""Dialects of JSON Schema: the one that is carried out is not reported, others are."""

from __future__ import annotations

from typing import Any

import pytest

from tests.account.test_account import document, left_out, sent

BASE = "https://spec.openapis.org/oas/3.1/dialect"
CARRIED_OUT = [
    f"{BASE}/base",
    f"{BASE}/base#",
    f"{BASE}/2024-11-10",
    "https://json-schema.org/draft/2020-12/schema",
]
OTHERS = [
    "http://json-schema.org/draft-07/schema#", f"{BASE}/other", "https://json-schema.org/draft/2019-09/schema",
    "https://example.com/?https://json-schema.org/draft/2020-12/schema", 1,
]  # fmt: skip


def _in_dialect(uri: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A document that states a dialect as a whole, and one that states it in a schema."""
    return (
        document(sent({"type": "string"}), jsonSchemaDialect=uri),
        document(sent({"$schema": uri, "type": "string"})),
    )


@pytest.mark.parametrize("uri", CARRIED_OUT)
def test_a_dialect_that_is_the_one_carried_out_is_documentation(uri: str) -> None:
    for tree in _in_dialect(uri):
        assert left_out(tree) == set()


@pytest.mark.parametrize("uri", OTHERS)
def test_another_dialect_is_not_carried_out(uri: Any) -> None:
    whole, schema = _in_dialect(uri)

    assert ("not-carried-out", "jsonSchemaDialect", None, "jsonSchemaDialect") in left_out(whole)
    assert ("not-carried-out", "$schema", "request", "schema/$schema") in left_out(schema)
