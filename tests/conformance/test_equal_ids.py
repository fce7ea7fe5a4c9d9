"""Operations that share an id: each is a method of its own, and the manifest, conform and serve tell them apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clientsmith.cli.main import main
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.load import Policies
from clientsmith.serve.service import Service
from clientsmith.traffic.message import HttpRequest
from tests.behavior.calls import call, json_answer
from tests.behavior.packages import Package, package_from, spec


def _operation(kind: str) -> str:
    schema = f"{{type: object, required: [{kind}], properties: {{{kind}: {{type: string}}}}}}"
    return (
        "{operationId: list, tags: [things], responses: {'200': {description: ok, content: "
        f"{{application/json: {{schema: {schema}, example: {{{kind}: x}}}}}}}}}}}}"
    )


TEXT = spec(
    f"paths:\n  /a: {{get: {_operation('one')}, put: {_operation('two')}}}\n  /b: {{get: {_operation('three')}}}\n"
    f"  /c: {{get: {{operationId: other, tags: [things], responses: {{'204': {{description: ok}}}}}}}}\n"
)
LABELS = ["GET /a", "GET /b", "GET /c", "PUT /a"]


@pytest.fixture(scope="module")
def package() -> Package:
    return package_from({"openapi.yaml": TEXT}, Config(allow_invalid=True))


def test_the_manifest_has_an_entry_for_each_method_and_path(package: Package) -> None:
    operations = json.loads(package.files["_manifest.json"])["surface"]["operations"]

    assert sorted(operations) == LABELS
    assert sorted(one["id"] for one in operations.values()) == ["GET /b", "PUT /a", "list", "other"]
    assert len({one["method"] for one in operations.values()}) == 4


def test_each_method_reaches_its_own_operation(package: Package) -> None:
    operations = json.loads(package.files["_manifest.json"])["surface"]["operations"]

    for label, kind in (("GET /a", "one"), ("PUT /a", "two"), ("GET /b", "three")):
        exchange = call(package, operations[label]["method"], answer=json_answer({kind: "y"}))
        assert f"{exchange.request.method} {exchange.raw_path}" == label
        assert getattr(exchange.result, kind) == "y"


def test_conform_tests_every_one_of_them(
    package: Package, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "openapi.yaml").write_text(TEXT)
    parts = [f"--part={part}" for part in ("surface", "request", "response")]
    where = ["--package", str(package.folder), "--report", "json", "--report-dir", str(tmp_path)]

    code = main(
        ["conform", str(tmp_path / "openapi.yaml"), "--allow-invalid", *where, "--examples", "1", *parts]
    )

    assert code == 0, capsys.readouterr().out
    units = json.loads((tmp_path / "report.json").read_text())["units"]
    surface = {unit["name"]: unit["checks"] for unit in units if unit["part"] == "surface"}
    assert set(surface) == {f"surface:{id}" for id in ("list", "PUT /a", "GET /b", "other")}
    assert len({*surface.values()}) == 1


def test_a_missing_method_of_one_of_them_is_found(package: Package, tmp_path: Path) -> None:
    manifest = package.folder / "_manifest.json"
    whole = manifest.read_bytes()
    tree = json.loads(whole)
    del tree["surface"]["operations"]["PUT /a"]
    (tmp_path / "openapi.yaml").write_text(TEXT)
    manifest.write_text(json.dumps(tree))
    try:
        where = ["--package", str(package.folder), "--part", "surface"]
        assert main(["conform", str(tmp_path / "openapi.yaml"), "--allow-invalid", *where]) == 1
    finally:
        manifest.write_bytes(whole)


def test_the_server_answers_for_each_and_takes_scenarios_and_faults_for_one(tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text(TEXT)
    diagnostics = Diagnostics()
    service = Service.open(
        str(tmp_path / "openapi.yaml"), (), diagnostics, policies=Policies(allow_invalid=True)
    )
    assert service is not None, [str(one) for one in diagnostics]

    answers = [
        service.respond(HttpRequest(method, path))
        for method, path in (("GET", "/a"), ("PUT", "/a"), ("GET", "/b"))
    ]

    assert [json.loads(one.response.body) for one in answers] == [{"one": "x"}, {"two": "x"}, {"three": "x"}]
    assert [one.operation for one in answers] == ["list", "PUT /a", "GET /b"]


def test_the_config_names_the_methods_of_all_of_them() -> None:
    names = {"list": "first", "PUT /a": "second", "GET /b": "third"}
    package = package_from({"openapi.yaml": TEXT}, Config(allow_invalid=True, method_names=names))

    assert call(package, "things.third", answer=json_answer({"three": "z"})).raw_path == "/b"
    assert call(package, "things.second", answer=json_answer({"two": "z"})).request.method == "PUT"
