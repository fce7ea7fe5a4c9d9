"""openapi-spec-validator as the measure: what it accepts is accepted, what it refuses is at least a finding."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import pytest

from clientsmith.diagnostics.model import Diagnostics, Severity
from clientsmith.document.references.resolve import resolve
from clientsmith.document.text.parse import load
from clientsmith.document.validation.validate import validate
from clientsmith.lint.lint import lint
from clientsmith.lint.published_validator import second_opinion

from .conftest import LoadText

REFUSED = {
    "parameter twice": "paths: {/a: {get: {parameters: [{name: q, in: query, schema: {}}, {name: q, in: query, "
    "schema: {}}], responses: {'200': {description: x}}}}}",
    "undeclared": "paths: {'/a/{id}': {get: {responses: {'200': {description: x}}}}}",
    "unused": "paths: {/a: {get: {parameters: [{name: id, in: path, required: true, schema: {}}], "
    "responses: {'200': {description: x}}}}}",
    "operation id": "paths: {/a: {get: {operationId: x, responses: {'200': {description: x}}}, "
    "put: {operationId: x, responses: {'200': {description: x}}}}}",
    "default": "paths: {}\ncomponents: {schemas: {A: {type: string, default: 3}}}",
    "default in array": "paths: {}\ncomponents: {schemas: {A: {type: array, items: {type: integer, default: x}}}}",
    "tag": "paths: {}\ntags: [{name: a}, {name: a}]",
    "schema": "paths: {}\ncomponents: {schemas: {A: {type: nonsense}}}",
    "dangling": "paths: {}\ncomponents: {schemas: {A: {$ref: '#/components/schemas/B'}}}",
    "pattern": "paths: {}\ncomponents: {schemas: {A: {type: string, pattern: '[a'}}}",
    "response": "paths: {/a: {get: {responses: {'999x': {description: x}}}}}",
    "unknown": "paths: {}\nnope: 1",
}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
@pytest.mark.parametrize("name", sorted(REFUSED))
def test_whatever_the_published_validator_refuses_is_a_finding_of_ours(
    name: str, version: str, load_text: LoadText
) -> None:
    text = f"openapi: {version}\ninfo: {{title: T, version: '1'}}\n{REFUSED[name]}\n"
    document, _ = load_text(text)
    assert document is not None
    if _published_refuses(document.tree):
        assert _all_findings(Path(document.file)), "openapi-spec-validator refuses it and we say nothing"


@pytest.mark.parametrize("pattern", [r"^\p{L}+$", r"\p{Lu}\p{Nd}?", r"^[\p{L}\-]+$"])
def test_patterns_that_only_the_published_validator_cannot_read_are_no_findings(
    pattern: str, tmp_path: Path
) -> None:
    path = tmp_path / "openapi.yaml"
    text = f"openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents: {{schemas: {{A: {{pattern: '{pattern}'}}}}}}\n"
    path.write_text(text, encoding="utf-8")

    diagnostics = Diagnostics()
    document = load(path, diagnostics)
    resolved = resolve(document, diagnostics) if document is not None else None
    assert resolved is not None
    lint(resolved, diagnostics)
    second_opinion(resolved, diagnostics)

    assert not {one.id for one in diagnostics} & {"refused-by-validator", "invalid-pattern"}


def _published_refuses(tree: Any) -> bool:
    import openapi_spec_validator

    try:
        openapi_spec_validator.validate(tree)
    except Exception:
        return True
    return False


def _all_findings(path: Path) -> list[str]:
    diagnostics = Diagnostics()
    document = load(path, diagnostics)
    if document is not None:
        validate(document, diagnostics, allow_invalid=True)
        resolved = resolve(document, diagnostics)
        if resolved is not None:
            lint(resolved, diagnostics)
    return [found.id for found in diagnostics if found.severity is not Severity.NOTE]


CORPUS = Path(os.environ.get("CLIENTSMITH_CORPUS", Path(__file__).parents[4] / "shared" / "corpus"))


def corpus_rows() -> list[dict[str, str]]:
    """The documents of a corpus beside the project, small ones; none where there is no corpus, which nothing needs."""
    manifest = CORPUS / "manifest.csv"
    if not manifest.is_file():
        return []
    with manifest.open(encoding="utf-8") as stream:
        return [
            row
            for row in csv.DictReader(stream)
            if int(row["bytes"]) < (40_000 if row["valid"] == "valid" else 1_000_000)
        ]


def test_documents_beside_the_project_are_refused_only_where_the_published_validator_refuses_them() -> None:
    for row in corpus_rows():
        diagnostics = Diagnostics()
        document = load(CORPUS / row["file"], diagnostics)
        assert document is not None, row["file"]
        validate(document, diagnostics)
        resolve(document, diagnostics)
        if row["valid"] == "valid":
            assert not diagnostics.has_errors, (row["file"], list(diagnostics)[:3])
        elif "recursion" not in row["valid"]:
            assert _all_findings(CORPUS / row["file"]), row["file"]
