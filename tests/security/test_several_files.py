"""Documents of several files: findings as for one file, at their place in the file that they are in; nothing is fetched."""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from clientsmith import pipeline
from clientsmith.cli.main import main
from clientsmith.config.model import Config
from clientsmith.config.request import PackageRequest
from clientsmith.diagnostics.model import Diagnostics
from tests.behavior.packages import models_worker

PROJECT = Path(__file__).parents[2]
HEAD = "openapi: {}\ninfo: {{title: T, version: '1', description: d}}\nsecurity: []\n"

Finding = dict[str, Any]
Lint = Callable[..., tuple[int, list[Finding]]]


def ref(target: str) -> str:
    return json.dumps({"$ref": target})


def root(schema: str = "{}", version: str = "3.1.0", more: str = "") -> str:
    """A document in order, with a place for a schema and for more lines."""
    content = f"content: {{application/json: {{schema: {schema}}}}}"
    return (
        f"{HEAD.format(version)}paths:\n  /a:\n    get: {{operationId: a, tags: [x], summary: s, "
        f"responses: {{'200': {{description: ok, {content}}}}}}}\n{more}"
    )


@pytest.fixture
def lint(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Lint:
    """Writes files and lints one of them by the command: the exit code, and findings that are more than notes."""

    def run(files: Mapping[str, str], document: str = "root.yaml") -> tuple[int, list[Finding]]:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        code = main(["lint", document, "--format", "json"])
        found = json.loads(capsys.readouterr().out)["diagnostics"]
        return code, [one for one in found if one["severity"] != "note" or one["id"] == "validator-limit"]

    return run


IN_ORDER = {
    "beside": ("b.yaml#/a", {"b.yaml": "a: {type: string}"}),
    "whole": ("b.yaml", {"b.yaml": "type: object\nproperties: {x: {$ref: 'b.yaml'}}"}),
    "below and back": (
        "sub/deep/c.yaml#/x/y",
        {
            "sub/deep/c.yaml": "x: {y: {$ref: '../d.yaml'}}",
            "sub/d.yaml": "{items: {$ref: '../root.yaml#/components/schemas/T'}, not: {$ref: '#/x-n'}, x-n: {type: boolean}}",
        },
    ),
    "cycle": (
        "./b.yaml#/a",
        {"b.yaml": "a: {items: {$ref: 'c.yaml#/e'}}", "c.yaml": "e: {items: {$ref: 'b.yaml#/a'}}"},
    ),
    "through references": (
        "sub/../b.yaml#/a",
        {
            "b.yaml": "a: {$ref: 'c.yaml#/a'}",
            "c.yaml": "a: {$ref: 'd.yaml'}",
            "d.yaml": "properties: {x: {type: string}}",
        },
    ),
    "itself by its name": ("root.yaml#/components/schemas/T", {}),
}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
@pytest.mark.parametrize("name", sorted(IN_ORDER))
def test_files_in_order_have_no_findings(name: str, version: str, lint: Lint) -> None:
    target, files = IN_ORDER[name]
    text = root(ref(target), version, "components: {schemas: {T: {type: string}}}\n")

    assert lint({"root.yaml": text, **files}) == (0, [])


def test_anchors_and_ids_of_schemas_lead_to_other_files_too(lint: Lint) -> None:
    schemas = (
        "components:\n  schemas:\n"
        "    T: {$id: 'https://example.com/t', $defs: {k: {$anchor: k, type: string}}, items: {$ref: '#k'}}\n"
        "    U: {properties: {a: {$ref: 'b.yaml#/a'}}, items: {$ref: 'https://example.com/t#/$defs/k'}}\n"
    )
    files = {"b.yaml": "a: {$id: 'urn:b', $defs: {k: {type: string}}, not: {$ref: '#/$defs/k'}}"}

    assert lint({"root.yaml": root("{}", more=schemas), **files}) == (0, [])


FAULTS = {
    "type": ("schemas", "{type: nonsense}"),
    "schema keyword": ("schemas", "{type: object, properties: {a: {maxLength: x}}}"),
    "default": ("schemas", "{type: string, default: 3}"),
    "example": ("schemas", "{type: array, items: {type: integer}, example: [1, x]}"),
    "pattern": ("schemas", "{type: string, pattern: '(?i)a'}"),
    "required": ("schemas", "{type: object, required: true}"),
    "response": ("responses", "{description: 3}"),
    "response without description": ("responses", "{content: {}, nope: 1}"),
    "header": ("responses", "{description: d, headers: {A: {schema: {type: 3}}}}"),
    "parameter": ("parameters", "{name: q, in: nowhere, schema: {type: string}}"),
    "parameter twice": ("parameters", "{name: known, in: query, schema: {type: string}}"),
    "example of a parameter": ("parameters", "{name: q, in: query, example: 3, schema: {type: string}}"),
    "body": ("requestBodies", "{content: {text/plain: {schema: {type: []}}}}"),
}


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0", "3.2.0"])
@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_fault_is_found_in_another_file_as_in_the_same(name: str, version: str, lint: Lint) -> None:
    section, fault = FAULTS[name]
    components = f"components:\n  {section}:\n    Fault:\n      {fault}\n"
    sections = f"{section}:\n  fault:\n    {fault}\n"

    near = lint({"root.yaml": _using(section, f"#/components/{section}/Fault", version) + components})
    far = lint(
        {"root.yaml": _using(section, f"parts/b.yaml#/{section}/fault", version), "parts/b.yaml": sections}
    )

    assert near[0] == far[0] == 1
    assert [(one["id"], one["severity"], one["message"]) for one in far[1]] == [
        (one["id"], one["severity"], one["message"]) for one in near[1]
    ]
    for there, here in zip(far[1], near[1], strict=True):
        if here["line"] > 7:  # in the fault itself, and not where it is used
            assert (there["file"], there["line"]) == ("parts/b.yaml", here["line"] - 8)
            assert there["column"] == here["column"] - 2
            assert there["pointer"] == here["pointer"].replace(
                f"/components/{section}/Fault", f"parts/b.yaml#/{section}/fault"
            )


def _using(section: str, target: str, version: str) -> str:
    """A document that has what the reference leads to in its place, in seven lines."""
    used = {
        "schemas": "{}",
        "responses": "{description: d}",
        "parameters": "",
        "requestBodies": "{content: {}}",
    }
    used[section] = ref(target)
    parameters = f"{{name: known, in: query, schema: {{type: string}}}}, {used['parameters']}"
    lines = [
        HEAD.format(version) + "paths:\n  /a:",
        "    post: {operationId: a, tags: [x], summary: s, "
        f"parameters: [{parameters}], requestBody: {used['requestBodies']}, responses: {{",
        f"      '200': {{description: ok, content: {{application/json: {{schema: {used['schemas']}}}}}}}, "
        f"'404': {used['responses']}}}}}\n",
    ]
    return "\n".join(lines)


def test_operations_of_several_files_share_their_ids(lint: Lint) -> None:
    more = f"  /b: {ref('b.yaml#/b')}\n  '/c/{{id}}': {ref('b.yaml#/c')}\n"
    operation = "{{operationId: {}, tags: [x], summary: s, responses: {{'200': {{description: d}}}}}}"
    text = f"b:\n  get: {operation.format('a')}\nc:\n  put: {operation.format('c')}\n"

    code, found = lint({"root.yaml": root(more=more), "b.yaml": text})

    assert code == 1
    assert {(one["id"], one["file"], one["line"]) for one in found} == {
        ("duplicate-operation-id", "b.yaml", 2),
        ("undeclared-path-parameter", "b.yaml", 4),
    }


NAMES = [
    "b b.yaml", "b%20.yaml", "a%b.yaml", "100%.yaml", "a#b.yaml", "a?b.yaml", "a?b/c.yaml", "ü.yaml", "日本.yaml", "-x.yaml",
    "--help", "a:b.yaml", "a;b=c&d.yaml", "~.yaml", "[x].yaml", "{x}.yaml", "a\u202eb.yaml", "a\nb.yaml", "a\x1b[31m.yaml",
    "a\\b.yaml", "no extension", "'q\".yaml", "...yaml", "1:2.yaml",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_files_of_every_name_are_found_and_named(name: str, lint: Lint) -> None:
    up = "../" * name.count("/")
    part = f"a: {{items: {ref(up + 'root.yaml#/components/schemas/T')}, not: {ref('#/n')}}}\nn: {{type: string, default: 3}}\n"
    text = root(ref(f"{quote(name)}#/a"), more="components: {schemas: {T: {type: string}}}\n")

    code, found = lint({"root.yaml": text, name: part})

    shown = f"./{name}" if name == "a:b.yaml" else name
    assert code == 1
    assert [(one["id"], one["file"], one["line"], one["column"]) for one in found] == [
        ("example-mismatch", name, 2, 19)
    ]
    assert found[0]["pointer"] == f"{shown}#/n/default"


@pytest.mark.parametrize("name", ["-root.yaml", "a:b.yaml", "100%.yaml", "r #?.yaml"])
def test_the_root_may_have_any_name_too(name: str, lint: Lint) -> None:
    text = root(ref("b.yaml#/a"), more="components: {schemas: {T: {type: string}}}\n")
    part = f"a: {{items: {ref(f'{quote(name)}#/components/schemas/T')}}}\n"

    assert lint({name: text, "b.yaml": part}, f"./{name}") == (0, [])


@pytest.mark.parametrize("length", [254, 255, 300, 5000, 70_000])
@pytest.mark.parametrize("folder", ["", "sub/"])
def test_a_name_that_no_file_can_have_is_a_finding_with_its_place(
    length: int, folder: str, lint: Lint, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = ref(f"{folder}\x1b]0;x\x07{'A' * length}")

    code, found = lint({"root.yaml": root(schema)})

    assert code == 1
    assert [(one["id"], one["line"]) for one in found] == [("dangling-reference", 6)]
    assert main(["lint", "root.yaml"]) == 1
    output = "".join(capsys.readouterr())
    assert "\x1b" not in output and "internal" not in output


@pytest.mark.parametrize("keyword", ["$id: '{}/t', ", ""])
@pytest.mark.parametrize("scheme", ["http", "ftp"])
def test_lint_sends_no_request(
    scheme: str, keyword: str, lint: Lint, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: list[object] = []

    def connect(_: socket.socket, address: object) -> None:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    address = f"{scheme}://127.0.0.1:9"
    own = "#" if keyword else "#/components/schemas/T"
    schema = f"{{{keyword.format(address)}default: {ref(f'{address}/d')}, items: {ref(f'{own}/$defs/k')}, $defs: {{k: {{}}}}}}"

    lint({"root.yaml": root(more=f"components: {{schemas: {{T: {schema}}}}}\n")})

    assert not connected


JUNK = ["3", "[]", "{}", "null", "{in: {}, name: q}", "{in: [], name: 3}", "{in: query, name: {}}", "{$ref: 3}", "{$ref: '#/part'}", "{$ref: ''}",
        "{type: {}, properties: [], enum: 3, allOf: {}, items: 3, required: {a: 1}}", "{content: [], responses: 3, get: []}"]  # fmt: skip


@pytest.mark.parametrize("part", JUNK)
def test_nonsense_in_another_file_is_no_internal_error(part: str, lint: Lint) -> None:
    used = ref("b.yaml#/part")
    text = (
        f"{HEAD.format('3.1.0')}paths:\n  /p: {used}\n  /a:\n    get: {{parameters: [{used}], requestBody: {used}, responses: "
        f"{{'200': {used}, '400': {{description: d, content: {{application/json: {{schema: {used}}}}}}}}}}}\n"
    )

    lint({"root.yaml": text, "b.yaml": f"part: {part}\n"})
    request = PackageRequest("root.yaml", Config(allow_invalid=True, unsupported="skip"), "out")
    generated = pipeline.generate(request, models_worker(), diagnostics := Diagnostics())
    assert generated is not None or diagnostics.has_errors


TWO_FILES = {"root.yaml": root(ref("parts/b.yaml#/a")), "parts/b.yaml": "a: {type: string, default: 3}\n"}
ANNOTATION = "::warning file=parts/b.yaml,line=1,col=19,title=example-mismatch::"


def test_the_hook_names_the_place_in_the_other_file(
    tmp_path: Path, lint: Lint, capsys: pytest.CaptureFixture[str]
) -> None:
    lint(TWO_FILES)
    hooks = yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text())
    [entry] = [hook["entry"] for hook in hooks if hook["id"] == "clientsmith-lint"]

    assert main([*shlex.split(entry)[1:], "root.yaml"]) == 1
    assert "parts/b.yaml:1:19: warning[example-mismatch]" in capsys.readouterr().out


def test_the_action_annotates_the_place_in_the_other_file(tmp_path: Path, lint: Lint) -> None:
    lint(TWO_FILES)
    environment = {
        **os.environ,
        "INPUT_SPEC": "root.yaml",
        "INPUT_CHECKS": "lint",
        "CLIENTSMITH_COMMAND": str(Path(sys.executable).with_name("clientsmith")),
    }
    script = PROJECT / ".github" / "actions" / "clientsmith" / "run.sh"

    done = subprocess.run(["bash", script], cwd=tmp_path, env=environment, capture_output=True, text=True)

    assert done.returncode == 1
    assert ANNOTATION in done.stdout
