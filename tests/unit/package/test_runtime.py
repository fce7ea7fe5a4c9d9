"""The proof that a package carries the runtime of this clientsmith, from its files alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from clientsmith import __version__
from clientsmith.cli.main import main
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.package.check import read_package
from clientsmith.package.runtime import compare_runtime, expected_digest

PACKAGE = Path(__file__).parents[3] / "generated" / "twilio_marketplace"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACKAGE, tmp_path / "copy"))


def told(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    code = main(["runtime", "--digest", str(folder), "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_runtime_of_a_package_is_that_of_the_tool(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = read_package(copy, Diagnostics())
    assert manifest is not None
    compared = compare_runtime(copy, manifest.needs)
    assert compared.same
    assert compared.digest == expected_digest(manifest.needs.features)
    assert main(["runtime", "--digest", str(copy)]) == 0
    line = f"{copy}: identical to clientsmith {__version__} (sha256 {compared.digest})\n"
    assert capsys.readouterr().out == line


def test_every_difference_is_named(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runtime = copy / "_runtime"
    (runtime / "values/unset.py").write_text("UNSET = 1\n")
    (runtime / "values/forks.py").unlink()
    (runtime / "values/more.py").write_text("")
    (runtime / "values/link.py").symlink_to("unset.py")
    code, facts = told(copy, capsys)
    assert code == 1
    assert facts["same"] is False
    assert facts["sha256"] != facts["expected"]
    assert facts["differences"] == [
        "values/forks.py (missing)", "values/link.py (not ours)", "values/more.py (not ours)",
        "values/unset.py (changed)",
    ]  # fmt: skip
    assert main(["runtime", "--digest", str(copy)]) == 1
    assert "values/more.py (not ours) and 1 more" in capsys.readouterr().out


def test_a_package_without_its_runtime_differs(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(copy / "_runtime")
    assert told(copy, capsys)[0] == 1


def test_what_python_compiles_is_no_difference(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = copy / "_runtime" / "__pycache__"
    folder.mkdir(exist_ok=True)
    (folder / "public.cpython-311.pyc").write_bytes(b"x")
    assert told(copy, capsys)[0] == 0


def test_without_a_package_the_digest_of_every_feature_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runtime", "--digest"]) == 0
    assert capsys.readouterr().out == expected_digest() + "\n"
    assert main(["runtime", "--digest", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"clientsmith": __version__, "sha256": expected_digest()}


def test_a_folder_that_holds_no_package_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["runtime", "--digest", str(tmp_path)]) == 2
    assert "_manifest.json is missing" in capsys.readouterr().err


def test_check_says_whose_runtime_it_is(
    copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(PACKAGE.parents[1])
    assert main(["check", "--out", str(copy)]) == 0
    assert f"runtime     identical to clientsmith {__version__} (sha256 " in capsys.readouterr().out
    (copy / "_runtime/values/unset.py").write_text("UNSET = 1\n")
    assert main(["check", "--out", str(copy)]) == 1
    shown = capsys.readouterr().out
    assert "error[runtime-differs]: the runtime differs from clientsmith" in shown
    assert "values/unset.py (changed)" in shown
