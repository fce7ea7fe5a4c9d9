"""Several generated packages of one code base that share one runtime: they work together, or say why they cannot."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from clientsmith.cli.main import main

ONE = """
openapi: 3.1.0
info: {title: One, version: '1'}
servers: [{url: https://one.example}]
paths:
  /things/{id}:
    get:
      operationId: getThing
      tags: [things]
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
components: {schemas: {Thing: {type: object, properties: {name: {type: string}}}}}
"""
OTHER = """
openapi: 3.1.0
info: {title: Other, version: '1'}
servers: [{url: https://other.example}]
paths:
  /reports:
    post:
      operationId: sendReport
      tags: [reports]
      x-clientsmith-bills: true
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Report'}}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Report'}}}}
components: {schemas: {Report: {type: object, properties: {amount: {type: number}}}}}
"""
PROGRAM = """
import httpx
import {prefix}one as one
import {prefix}other as other

gone = httpx.MockTransport(lambda request: httpx.Response(404))
fine = httpx.MockTransport(lambda request: httpx.Response(200, json={{"amount": 1, "name": "a"}}))
assert one.OneClient(transport=fine).things.get("1").name == "a"
assert other.OtherClient(transport=fine, validation="strict").reports.send(amount=1).amount == 1
try:
    other.OtherClient(transport=gone).reports.send(amount=1)
except one.NotFound as error:
    print(error.outcome)
assert other.NotFound is one.NotFound and other.Conflict is one.Conflict
assert "SqliteJournal" in dir(other) and "OtherClient" in other.__all__
"""
JOURNALED = '[runtime]\nfeatures = ["journal"]\n'


def generate(folder: Path, name: str, document: str, runtime: str, out: str) -> int:
    (folder / f"{name}.yaml").write_text(document)
    config = f'[document]\npath = "{name}.yaml"\n[package]\nname = "{name}"\nout = "{out}"\n{runtime}'
    (folder / f"{name}.toml").write_text(config)
    return main(["generate", "--quiet", "--config", str(folder / f"{name}.toml")])


def check(folder: Path, name: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, set[str]]:
    capsys.readouterr()
    code = main(["check", "--config", str(folder / f"{name}.toml"), "--format", "json"])
    return code, {found["id"] for found in json.loads(capsys.readouterr().out)["diagnostics"]}


def run(folder: Path, program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-B", "-c", program], cwd=folder, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("shared", "prefix"), [("one", ""), ("acme.api.one", "acme.api."), ("..one", "acme.api.")]
)
def test_two_packages_share_one_runtime(
    shared: str, prefix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = prefix.replace(".", "/")
    assert generate(tmp_path, "one", ONE, JOURNALED, f"{place}one") == 0
    assert generate(tmp_path, "other", OTHER, f'[runtime]\nfrom = "{shared}"\n', f"{place}other") == 0
    assert not (tmp_path / place / "other/_runtime").exists()
    done = run(tmp_path, PROGRAM.format(prefix=prefix))
    assert (done.returncode, done.stdout) == (0, "rejected\n"), done.stderr
    for name in ("one", "other"):
        assert check(tmp_path, name, capsys) == (0, set())
        assert main(["check", "--regenerate", "--config", str(tmp_path / f"{name}.toml")]) == 0
    assert main(["runtime", "--digest", str(tmp_path / place / "other")]) == 0
    needs = json.loads((tmp_path / place / "other/_manifest.json").read_text())["needs"]
    assert needs["runtime"] == shared
    assert needs["features"] == ["core", "journal", "json_schema"]


def test_a_feature_that_the_shared_runtime_lacks_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(tmp_path, "one", ONE, "", "one")
    generate(tmp_path, "other", OTHER, '[runtime]\nfrom = "one"\n', "other")
    assert check(tmp_path, "other", capsys) == (1, {"shared-runtime-lacks-features"})
    assert main(["runtime", "--digest", str(tmp_path / "other")]) == 1
    done = run(tmp_path, "import other\nother.NotFound\nother.OtherClient()")
    assert done.stderr.splitlines()[-1] == (
        "one._runtime.results.errors.ConfigurationError: other needs features that the runtime in one lacks: journal; "
        "add them to [runtime] features in the config of one, and generate it again"
    )


def test_another_release_of_the_runtime_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(tmp_path, "one", ONE, JOURNALED, "one")
    generate(tmp_path, "other", OTHER, '[runtime]\nfrom = "one"\n', "other")
    identity = tmp_path / "one/_runtime/identity.py"
    text = identity.read_text()
    release = text.partition('RELEASE: Final = "')[2][:64]
    identity.write_text(text.replace(release, "0" * 64))
    assert check(tmp_path, "other", capsys) == (1, {"runtime-differs"})
    done = run(tmp_path, "import other\nother.OtherClient()")
    assert (
        f"other was generated for another release of the runtime than the one in one ({release[:12]}, not 000000000000)"
        in done.stderr
    )
    assert "generate both with the same clientsmith" in done.stderr


def test_a_shared_runtime_that_is_not_there_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(tmp_path, "other", OTHER, '[runtime]\nfrom = "elsewhere.one"\n', "other")
    assert check(tmp_path, "other", capsys) == (1, {"shared-runtime-missing"})
    assert main(["runtime", "--digest", str(tmp_path / "other")]) == 2
    assert "No module named 'elsewhere'" in run(tmp_path, "import other\nother.OtherClient()").stderr


def test_a_package_that_shares_a_runtime_cannot_lend_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(tmp_path, "one", ONE, JOURNALED, "one")
    generate(tmp_path, "other", OTHER, '[runtime]\nfrom = "one"\n', "other")
    for name, shared in (("third", "other"), ("third", "third")):
        generate(tmp_path, name, ONE, f'[runtime]\nfrom = "{shared}"\n', name)
        assert check(tmp_path, name, capsys) == (1, {"shared-runtime-missing"})
        assert main(["runtime", "--digest", str(tmp_path / name)]) == 2
        assert f"{shared} has no runtime that could be shared" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("runtime", "id"),
    [
        ('from = "."', "config-bad-value"),
        ('from = ".one"', "config-bad-value"),
        ('from = ".."', "config-bad-value"),
        ('from = "a..b"', "config-bad-value"),
        ('from = "one._runtime import x"', "config-bad-value"),
        ('from = "acme.class"', "config-bad-value"),
        ('from = ""', "config-bad-value"),
        ("from = 1", "config-wrong-type"),
        ('from = "one"\nfeatures = ["journal"]', "config-bad-value"),
        ('features = "journal"', "config-wrong-type"),
        ('features = ["journals"]', "config-unknown-name"),
        ('form = "one"', "config-unknown-key"),
    ],
)
def test_what_names_no_package_or_feature_is_refused(
    runtime: str, id: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate(tmp_path, "one", ONE, f"[runtime]\n{runtime}\n", "one") == 2
    assert f"error[{id}]" in capsys.readouterr().err


def test_conform_says_how_to_test_a_package_that_shares_a_runtime(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate(tmp_path, "one", ONE, JOURNALED, "one")
    generate(tmp_path, "other", OTHER, '[runtime]\nfrom = "one"\n', "other")
    capsys.readouterr()
    assert main(["conform", "--config", str(tmp_path / "other.toml")]) == 2
    said = capsys.readouterr().err
    assert "it shares the runtime of one, and only a package with one of its own can be tested" in said
    assert "a config that has no [runtime] from" in said and "generate it: clientsmith generate" not in said
    generate(tmp_path, "copy", OTHER, JOURNALED, "copy")
    alone = [
        "conform",
        str(tmp_path / "other.yaml"),
        "--package",
        str(tmp_path / "copy"),
        "--part",
        "surface",
    ]
    assert main([*alone, "--examples", "1"]) == 0


def test_conform_still_says_to_generate_what_is_no_package(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.yaml").write_text(ONE)
    assert main(["conform", str(tmp_path / "one.yaml"), "--package", str(tmp_path)]) == 2
    assert "generate it: clientsmith generate" in capsys.readouterr().err
