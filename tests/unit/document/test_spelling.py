"""Keys of schemas that are near misses of a keyword, which no schema of OpenAPI 3.1 refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from clientsmith import pipeline
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostic, Diagnostics, Severity
from tests.behavior.packages import both_ways


def _found(tmp_path: Path, schema: str, version: str = "3.1.0", **files: str) -> list[Diagnostic]:
    path = tmp_path / "openapi.yaml"
    path.write_text(both_ways(f"    Root: {schema}\n", version=version))
    for name, text in files.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    diagnostics = Diagnostics()
    assert pipeline.lint(str(path), Config(), diagnostics), [str(one) for one in diagnostics]
    return [one for one in diagnostics if one.id == "misspelt-keyword"]


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("requred", "required"),
        ("minLenght", "minLength"),
        ("tpye", "type"),
        ("additionalproperties", "additionalProperties"),
        ("min_length", "minLength"),
        ("pattern_", "pattern"),
        ("ref", "$ref"),
        ("desciption", "description"),
        ("externalDoc", "externalDocs"),
        ("minContain", "minContains"),
    ],
)
@pytest.mark.parametrize("version", ["3.1.0", "3.2.0"])
def test_a_near_miss_is_a_warning_with_the_keyword(
    tmp_path: Path, key: str, meant: str, version: str
) -> None:
    (found,) = _found(tmp_path, f"{{type: object, properties: {{a: {{{key}: 1}}}}}}", version)

    assert found.severity is Severity.WARNING
    assert found.place.pointer == f"/components/schemas/Root/properties/a/{key}"
    assert found.hint is not None and repr(meant) in found.hint


@pytest.mark.parametrize(
    "schema",
    [
        "{type: object, properties: {requred: {type: string}, minLenght: {type: integer}}}",
        "{type: object, x-requred: [a], properties: {}}",
        "{type: object, example: {requred: 1}, default: {tpye: 1}, examples: [{minLenght: 1}]}",
        "{enum: [{requred: 1}], const: {requred: 1}}",
        "{type: string, ourOwnWord: 1, nullable: true}",
        "{$defs: {requred: {}}, if: {}, then: {}, else: {}, contentEncoding: base64, unevaluatedItems: false}",
    ],
)
def test_names_data_extensions_keywords_and_other_words_are_none(tmp_path: Path, schema: str) -> None:
    assert _found(tmp_path, schema) == []


def test_schemas_of_other_files_are_read_too(tmp_path: Path) -> None:
    (found,) = _found(tmp_path, "{$ref: 'more.yaml'}", more="{type: object, propertes: {a: {}}}\n")

    assert found.place.span is not None and found.place.span.file.endswith("more.yaml")


def test_before_3_1_the_published_schema_refuses_them(tmp_path: Path) -> None:
    assert _found(tmp_path, "{type: object, requred: [a]}", "3.0.3") == []


def test_our_own_document_has_none() -> None:
    diagnostics = Diagnostics()
    root = Path(__file__).parents[3]

    assert pipeline.lint(str(root / "spec/marketplace.yaml"), Config(), diagnostics)
    assert [one for one in diagnostics if one.id == "misspelt-keyword"] == []
