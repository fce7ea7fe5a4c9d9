"""`clientsmith update` of a package that shares another one's runtime: everything is tried with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clientsmith.callers.check import _imported  # pyright: ignore[reportPrivateUsage]
from clientsmith.cli.main import main
from clientsmith.package.file_tree import FileTree
from clientsmith.package.manifest import NAME, Inputs, Needs, with_manifest
from clientsmith.package.runtime import owner_of
from clientsmith.pipeline.update import run
from clientsmith.pipeline.update.model import Stage
from clientsmith.pipeline.update.trial import lay_out
from tests.behavior.test_shared_runtime import JOURNALED, ONE, OTHER, generate

INPUTS = Inputs("0.1.0", "d" * 64, "c" * 64, "t" * 64, "r" * 64, {})


def package(shared: str | None) -> FileTree:
    return with_manifest(FileTree({"__init__.py": b""}), INPUTS, Needs((), {}, shared))


@pytest.mark.parametrize(
    ("shared", "other", "name", "found"),
    [
        (None, None, "pets", None),
        ("one", "one", "pets", "one"),
        ("acme.api.one", "acme/api/one", "pets", "acme/api/one"),
        ("..one", "acme/api/one", "api.pets", "scratch/api/one"),
        ("..base.one", "acme/api/base/one", "api.pets", "scratch/api/base/one"),
        ("...base.one", "acme/base/one", "acme.api.pets", "scratch/acme/base/one"),
        ("..gone", "acme/api/one", "api.pets", None),
    ],
)
def test_the_package_finds_the_runtime_that_it_shares(
    shared: str | None, other: str | None, name: str, found: str | None, tmp_path: Path
) -> None:
    if other is not None:
        for path, data in package(None).items():
            (tmp_path / other).mkdir(parents=True, exist_ok=True)
            (tmp_path / other / path).write_bytes(data)
        (tmp_path / other / "__pycache__").mkdir()
    made = lay_out(package(shared), tmp_path / "scratch", tmp_path / "acme/api/pets", shared)
    owner = None if shared is None else owner_of(made, shared)

    assert (made / NAME).is_file()
    assert owner == (None if found is None else tmp_path / found)
    assert owner is None or owner.is_relative_to(tmp_path / "scratch") == (found or "").startswith("scratch")
    assert found is None or "scratch" not in found or not (tmp_path / found / "__pycache__").exists()
    assert _imported(made)[0] == name


def test_nothing_is_left_out_for_such_a_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tried: dict[str, Any] = {}

    def conformance(request: Any, *_: object) -> Stage:
        out = Path(request.out)
        tried["conformance"] = (
            json.loads((out / NAME).read_text())["needs"]["runtime"],
            (out / "_runtime").is_dir(),
        )
        return Stage("conformance", "done", "")

    def callers(request: Any, old: object, new: object, made: Path) -> Stage:
        tried["callers"] = owner_of(made, request.config.runtime_from), made.name
        return Stage("old callers", "done", "")

    monkeypatch.setattr(run, "conformance", conformance)
    monkeypatch.setattr(run, "callers", callers)
    generate(tmp_path, "one", ONE, JOURNALED, "acme/one")
    generate(tmp_path, "other", OTHER, '[runtime]\nfrom = "..one"\n', "acme/other")
    (tmp_path / "new.yaml").write_text(
        OTHER.replace("{type: number}", "{type: number}, note: {type: string}")
    )
    capsys.readouterr()

    assert main(["update", str(tmp_path / "new.yaml"), "--config", str(tmp_path / "other.toml")]) == 0
    assert tried["conformance"] == (None, True)
    assert tried["callers"][1] == "other" and "clientsmith" in str(tried["callers"][0])
    assert not (tmp_path / "acme/other/_runtime").exists()
    assert sorted(path.name for path in (tmp_path / "acme").iterdir()) == ["one", "other"]
    assert main(["check", "--config", str(tmp_path / "other.toml")]) == 0
