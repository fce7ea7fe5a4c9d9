"""What is refused as OpenAPI, and what is only warned of."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from clientsmith.diagnostics.model import Severity
from clientsmith.document.validation import specification
from clientsmith.document.validation.validate import validate

from .conftest import HEAD, LoadText

Finding = tuple[str, str, str | None]


def findings(load_text: LoadText, text: str, *, allow_invalid: bool = False) -> list[Finding]:
    document, diagnostics = load_text(text)
    assert document is not None, list(diagnostics)
    validate(document, diagnostics, allow_invalid=allow_invalid)
    return [(found.id, found.severity.value, found.place.pointer) for found in diagnostics]


@pytest.mark.parametrize(
    ("text", "id", "words"),
    [
        ("swagger: '2.0'\n", "unsupported-version", "Swagger '2.0'"),
        ("openapi: 2.0.0\n", "unsupported-version", "3.0, 3.1 and 3.2"),
        ("openapi: 4.0.0\n", "unsupported-version", "3.0, 3.1 and 3.2"),
        ("openapi: 3.1\n", "unsupported-version", "not a string"),
        ("info: {}\n", "not-openapi", "'openapi' is missing"),
        ("[1]\n", "not-openapi", "an array"),
        ("just a text\n", "not-openapi", "a single value"),
    ],
)
def test_the_version_is_looked_at_first(text: str, id: str, words: str, load_text: LoadText) -> None:
    document, diagnostics = load_text(text)
    assert document is not None
    validate(document, diagnostics, allow_invalid=True)
    (found,) = diagnostics
    assert found.id == id and words in found.message and found.severity is Severity.ERROR


@pytest.mark.parametrize("version", ["3.0.0", "3.0.4", "3.1.0", "3.1.2", "3.2.0"])
def test_supported_versions_are_accepted(version: str, load_text: LoadText) -> None:
    assert findings(load_text, f"openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths: {{}}\n") == []


OPERATION = "  /a/{id}:\n    get:\n      operationId: one\n      responses: {'200': {description: x}}\n"


@pytest.mark.parametrize(
    ("version", "text", "pointer", "words"),
    [
        ("3.1.0", "paths: 3\n", "/paths", "the value is the number 3, not of type object"),
        ("3.0.3", "paths: {a: {}}\n", "/paths/a", "'a' is not a field"),
        ("3.0.3", "{}", "", "'paths' is missing"),
        (
            "3.0.3",
            "paths: {/a: {get: {responses: {'200': {}}}}}\n",
            "/paths/~1a/get/responses/200",
            "'description'",
        ),
        (
            "3.0.3",
            "paths: {}\ncomponents: {schemas: {A: {type: x}}}\n",
            "/components/schemas/A/type",
            "not one of",
        ),
        (
            "3.0.3",
            "paths: {}\ncomponents: {schemas: {A: {properties: {b: {allOf: [{type: array, items: [1]}]}}}}}\n",
            "/components/schemas/A/properties/b/allOf/0/items",
            "an array, not of type object",
        ),
        (
            "3.1.0",
            "paths: {}\ncomponents: {schemas: {A: {properties: {b: {minLength: x}}}}}\n",
            "/components/schemas/A/properties/b/minLength",
            "the string 'x', not of type integer",
        ),
        (
            "3.1.0",
            "paths: {/a: {get: {parameters: [{name: q, in: body, schema: {}}]}}}\n",
            "/paths/~1a/get/parameters/0/in",
            "not one of",
        ),
        (
            "3.0.3",
            "paths: {/a: {get: {responses: {'200': {description: x, content: {$ref: '#/x'}}}}}}\n",
            "/paths/~1a/get/responses/200/content/$ref",
            "a $ref cannot stand in the place of a map",
        ),
    ],
)
def test_the_branch_that_was_meant_is_told_in_one_line(
    version: str, text: str, pointer: str, words: str, load_text: LoadText
) -> None:
    head = f"openapi: {version}\ninfo: {{title: T, version: '1'}}\n"
    document, diagnostics = load_text(head + text.removeprefix("{}"))
    assert document is not None
    validate(document, diagnostics)
    (found,) = diagnostics
    assert found.id == "invalid-openapi" and found.place.pointer == pointer
    assert words in found.message and len(found.message) <= 200 and "\n" not in found.message
    assert found.place.span is not None


@pytest.mark.parametrize(
    "paths",
    [
        "/a: {get: {responses: {'200': {content: {}}}}}",
        "/a: {get: {responses: {}}}",
        "/a: {get: {unknown: 1, responses: {'200': {description: x}}}}",
        "'/a/{id}': {get: {parameters: [{name: id, in: path, schema: {}}], responses: {'200': {description: x}}}}",
    ],
)
def test_what_is_wrong_but_beyond_doubt_is_a_warning(paths: str, load_text: LoadText) -> None:
    text = f"openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{{paths}}}\n"
    assert [found[:2] for found in findings(load_text, text)] == [("invalid-openapi", "warning")]


def test_errors_become_warnings_where_invalid_documents_are_allowed(load_text: LoadText) -> None:
    assert findings(load_text, HEAD + "paths: 3\n") == [("invalid-openapi", "error", "/paths")]
    assert findings(load_text, HEAD + "paths: 3\n", allow_invalid=True) == [
        ("invalid-openapi", "warning", "/paths")
    ]


@pytest.mark.parametrize(("allow_invalid", "severity"), [(False, Severity.ERROR), (True, Severity.WARNING)])
def test_a_duplicate_operation_id_is_an_error_unless_allowed_and_names_the_first(
    load_text: LoadText, allow_invalid: bool, severity: Severity
) -> None:
    operation = "{operationId: same, responses: {'200': {description: x}}}"
    document, diagnostics = load_text(
        f"{HEAD}paths:\n  /b: {{get: {operation}}}\n  /a: {{post: {operation}}}\n"
    )
    assert document is not None
    validate(document, diagnostics, allow_invalid=allow_invalid)
    (found,) = diagnostics
    assert (found.id, found.severity) == ("duplicate-operation-id", severity)
    assert found.place.pointer == "/paths/~1b/get/operationId"
    assert [one.place.pointer for one in found.related] == ["/paths/~1a/post/operationId"]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("[]", [("undeclared-path-parameter", "warning")]),
        ("[{$ref: 'elsewhere.yaml'}]", []),
        ("[{$ref: '#/components/parameters/Id'}]", []),
        ("[{$ref: '#/components/parameters/Other'}]", [("undeclared-path-parameter", "warning"), ("unused-path-parameter", "warning")]),
        ("[{$ref: '#/components/parameters/Id'}, {$ref: '#/components/parameters/Id'}]", [("duplicate-parameter", "error")]),
    ],
)  # fmt: skip
def test_path_templates_and_path_parameters_agree(
    parameters: str, expected: list[tuple[str, str]], load_text: LoadText
) -> None:
    text = (
        f"{HEAD}paths:\n  /a/{{id}}:\n    parameters: {parameters}\n    get: {{responses: {{'200': {{description: x}}}}}}\n"
        "components: {parameters: {Id: {name: id, in: path, required: true, schema: {}}, "
        "Other: {name: no, in: path, required: true, schema: {}}}}\n"
    )
    assert sorted(found[:2] for found in findings(load_text, text)) == expected


def test_equal_paths_unknown_schemes_and_repeated_tags(load_text: LoadText) -> None:
    responses = "responses: {'200': {description: x}}"
    text = (
        f"{HEAD}security: [{{nope: []}}]\ntags: [{{name: t}}, {{name: t}}]\npaths:\n"
        f"  '/a/{{x}}': {{parameters: [{{name: x, in: path, required: true, schema: {{}}}}], get: {{{responses}}}}}\n"
        f"  '/a/{{y}}': {{parameters: [{{name: y, in: path, required: true, schema: {{}}}}], get: {{{responses}}}}}\n"
    )
    assert sorted(findings(load_text, text)) == [
        ("duplicate-tag", "warning", "/tags/1"),
        ("equal-paths", "warning", "/paths/~1a~1{y}"),
        ("unknown-security-scheme", "error", "/security/0/nope"),
    ]


@pytest.mark.parametrize(
    ("where", "extension", "expected"),
    [
        ("operation", "x-clientsmith-bills: true", None),
        ("response", "x-clientsmith-not-processed: false", None),
        ("operation", "x-clientsmith-bill: true", "unknown-extension"),
        ("operation", "x-clientsmith-bills: 'yes'", "invalid-extension"),
        ("operation", "x-clientsmith-not-processed: true", "misplaced-extension"),
        ("response", "x-clientsmith-bills: true", "misplaced-extension"),
        ("operation", "x-clientsmith-idempotent: false", None),
        ("operation", "x-clientsmith-idempotent: 1", "invalid-extension"),
        ("response", "x-clientsmith-idempotent: true", "misplaced-extension"),
        ("operation", "x-clientsmith-partial-success: {}", "misplaced-extension"),
        ("response", "x-clientsmith-partial-succes: {}", "unknown-extension"),
        ("response", "x-clientsmith-partial-success: true", "invalid-extension"),
        ("operation", "x-clientsmith-bills: true, x-clientsmith-idempotent: false", None),
        ("operation", "x-clientsmith-bills: false, x-clientsmith-idempotent: true", None),
        (
            "operation",
            "x-clientsmith-bills: true, x-clientsmith-idempotent: true",
            "contradicting-extensions",
        ),
        ("operation", "x-other: 1", None),
    ],
)
def test_extensions_of_ours_are_known_in_place_and_of_their_type(
    where: str, extension: str, expected: str | None, load_text: LoadText
) -> None:
    mine = {where: f", {extension}"}
    text = (
        f"{HEAD}paths: {{/a: {{get: {{responses: {{'200': {{description: x{mine.get('response', '')}}}}}"
        f"{mine.get('operation', '')}}}}}}}\n"
    )
    found = findings(load_text, text, allow_invalid=True)
    assert [one[0] for one in found] == ([expected] if expected else [])
    assert all(one[1] == "error" for one in found)


def test_patterns_that_are_not_python_are_no_concern_here(load_text: LoadText) -> None:
    text = f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {{pattern: '^\\p{{Lu}}\\d$'}}, B: {{pattern: '('}}}}}}\n"
    assert findings(load_text, text) == []


def test_a_validator_that_gives_up_leaves_a_warning(
    load_text: LoadText, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(version: tuple[int, int]) -> object:
        raise RecursionError("too deep")

    monkeypatch.setattr(specification, "specification", crash)
    assert findings(load_text, HEAD + "paths: {}\n") == [("validator-limit", "warning", "")]


def test_the_order_of_keys_changes_nothing(load_text: LoadText) -> None:
    bad: dict[str, Any] = {
        "openapi": "3.0.3",
        "info": {"title": "T", "extra": 1},
        "paths": {
            f"/{name}": {
                "get": {"operationId": "same", "parameters": [{"name": "q"}], "responses": {"200": {}}}
            }
            for name in "abcdef"
        },
    }
    seen: set[str] = set()
    for seed in range(5):
        document, diagnostics = load_text(json.dumps(_shuffled(bad, random.Random(seed))), "api.json")
        assert document is not None
        validate(document, diagnostics)
        seen.add(repr(sorted((found.id, found.message, found.place.pointer or "") for found in diagnostics)))
    assert len(seen) == 1


def _shuffled(value: Any, order: random.Random) -> Any:
    if isinstance(value, list):
        return [_shuffled(item, order) for item in value]
    if isinstance(value, dict):
        keys = list(value)
        order.shuffle(keys)
        return {key: _shuffled(value[key], order) for key in keys}
    return value


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ("{url: 'https://{a}.x', variables: {a: {default: eu, enum: [eu, us]}}}", []),
        ("{url: 'https://{a}.x', variables: {a: {default: ''}}}", []),
        ("{url: 'https://{a}.x/{b}/{a}'}", [("undefined-server-variable", "url")] * 2),
        ("{url: 'https://{a}.x', variables: {b: {default: x}}}", [("undefined-server-variable", "url"), ("unused-server-variable", "variables/b")]),
        ("{url: 'https://{a}.x', variables: {a: {default: eu, enum: [us]}}}", [("default-not-listed", "variables/a/default")]),
        ("{url: 'https://{a.x/{a}', variables: {a: {default: eu}}}", [("misplaced-braces", "url")]),
        ("{url: 'https://a}.x'}", [("misplaced-braces", "url")]),
        ("{url: '/{}/b'}", [("misplaced-braces", "url")]),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("before", "after", "owner"), [
    ("servers: [", "]\npaths: {}\n", ""),
    ("paths:\n  /a:\n    servers: [", "]\n    get: {responses: {'200': {description: x}}}\n    put: {responses: {'200': {description: x}}}\n", "/paths/~1a"),
    ("paths: {/a: {get: {responses: {'200': {description: x}}, servers: [", "]}}}\n", "/paths/~1a/get"),
])  # fmt: skip
def test_server_urls_and_their_variables_agree(
    server: str, expected: list[tuple[str, str]], before: str, after: str, owner: str, load_text: LoadText
) -> None:
    found = findings(load_text, f"{HEAD}{before}{server}{after}")
    assert found == [(id, "warning", f"{owner}/servers/0/{place}") for id, place in expected]
