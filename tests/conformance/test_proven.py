"""What holds whatever the API is left out only for a package that has all that a release was tested with."""

from __future__ import annotations

import importlib.util
import json
import py_compile
import re
import shutil
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from clientsmith import __version__
from clientsmith.cli.main import main
from clientsmith.conform.client.package import open_package
from clientsmith.conform.run import proof
from clientsmith.conform.run.proof import Record, read_record, release_that_proves
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.emit.templates.template_source import open_templates
from clientsmith.runtime_copy.features import FEATURES
from clientsmith.runtime_copy.files import runtime_release
from tests.conformance.test_shares import DOCUMENT

ROOT = Path(__file__).parents[2]
HERE = {"python": "CPython 3.11.7", "httpx": "1", "httpcore": "2", "h11": "3", "anyio": "4", "pydantic": "5"}
REASON = f"proven by release {__version__}"


def current() -> Record:
    """The record of a release that was tested with what is here."""
    templates = open_templates(None, Diagnostics())
    assert templates is not None
    return Record(__version__, runtime_release(), templates.digest, (HERE,))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("proven")
    (folder / "kiosk.yaml").write_text(DOCUMENT)
    assert main(["generate", str(folder / "kiosk.yaml"), "--out", str(folder / "kiosk"), "--quiet"]) == 0
    return folder


@pytest.fixture
def kiosk(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package, and a release that was tested with all that it has."""
    monkeypatch.setattr(proof, "read_record", current)
    monkeypatch.setattr(proof, "environment", lambda: HERE)
    return shutil.copytree(made / "kiosk", tmp_path / "kiosk")


def proven_by(package: Path) -> str | None:
    features = json.loads((package / "_manifest.json").read_text())["needs"]["features"]
    return release_that_proves(package, features)


def test_the_record_is_of_this_runtime_and_these_templates() -> None:
    """Whoever changes the runtime or a template runs `make proven`, which tests them."""
    record = read_record()
    assert replace(record, environments=()) == replace(current(), environments=()), "run `make proven`"
    assert record.environments and all(one.keys() == HERE.keys() for one in record.environments)


def test_the_record_names_the_locked_versions() -> None:
    lock = (ROOT / "locks/dev.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock, flags=re.MULTILINE))
    assert any(all(one[name] == locked[name] for name in proof.TESTED) for one in read_record().environments)


def test_a_package_as_it_was_generated_is_proven(kiosk: Path) -> None:
    assert proven_by(kiosk) == __version__


def edit(path: str, change: Callable[[str], str]) -> Callable[[Path], None]:
    def edited(package: Path) -> None:
        (package / path).write_text(change((package / path).read_text()))

    return edited


def manifest(name: str, value: object) -> Callable[[Path], None]:
    return edit("_manifest.json", lambda text: json.dumps(json.loads(text) | {name: value}))


def with_files_of_manifest(package: Path) -> None:
    """An edit of the runtime for which the manifest was made to fit."""
    edit("_runtime/client/retry.py", lambda text: text + "# edited\n")(package)
    digest = proof.hashlib.sha256((package / "_runtime/client/retry.py").read_bytes()).hexdigest()
    tree = json.loads((package / "_manifest.json").read_text())
    manifest("files", tree["files"] | {"_runtime/client/retry.py": digest})(package)


def without_its_digest(package: Path) -> None:
    """An edited module that the manifest does not list any more."""
    edit("_client.py", lambda text: text + "# edited\n")(package)
    files = json.loads((package / "_manifest.json").read_text())["files"]
    manifest("files", {path: digest for path, digest in files.items() if path != "_client.py"})(package)


def with_bytecode_of_another(package: Path) -> None:
    """Bytecode that Python takes whatever its module says."""
    other, target = package.parent / "other.py", importlib.util.cache_from_source(str(package / "_client.py"))
    other.write_text("raise SystemExit")
    py_compile.compile(str(other), target, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)


@pytest.mark.parametrize(
    "change",
    [
        edit("_runtime/client/retry.py", lambda text: text + "# edited\n"),
        edit("_runtime/public.py", lambda text: text.replace("Retries as Retries", "Retries as Again")),
        edit("_runtime/identity.py", lambda text: text.replace('"core"', '"heart"')),
        edit("_client.py", lambda text: text + "# edited\n"),
        edit("resources/papers.py", lambda text: text.replace("\n", "\r\n", 1)),
        edit("_manifest.json", lambda text: text.replace("\n", "\r\n")),
        manifest("tool", "0.0.9"),
        manifest("templates", "0" * 64),
        with_files_of_manifest,
        lambda package: (package / "_runtime/client/retry.py").unlink(),
        lambda package: (package / "_runtime/more.py").touch(),
        lambda package: (package / "more.py").touch(),
        lambda package: shutil.copytree(package / "resources", package / "_client"),
        lambda package: (package / "_runtime/http/base_url").symlink_to(package / "resources"),
        lambda package: (package / "models").symlink_to(package / "nowhere"),
        without_its_digest,
        with_bytecode_of_another,
    ],
)
def test_a_package_that_differs_is_not(kiosk: Path, change: Callable[[Path], object]) -> None:
    def state() -> tuple[object, ...]:
        return (kiosk / "_manifest.json").read_bytes(), proof.digest_of_folder(kiosk), {*kiosk.rglob("*")}

    before = state()
    change(kiosk)
    if before == state():
        pytest.fail("nothing was changed")
    assert proven_by(kiosk) is None


@pytest.mark.parametrize("name", HERE)
def test_another_version_of_anything_below_it_is_not(
    kiosk: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "environment", lambda: HERE | {name: "9"})
    assert proven_by(kiosk) is None


def test_versions_are_proven_together(kiosk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = replace(current(), environments=(HERE | {"httpx": "8"}, HERE | {"h11": "9"}))
    monkeypatch.setattr(proof, "read_record", lambda: both)
    monkeypatch.setattr(proof, "environment", lambda: HERE | {"httpx": "8", "h11": "9"})
    assert proven_by(kiosk) is None
    monkeypatch.setattr(proof, "environment", lambda: HERE | {"h11": "9"})
    assert proven_by(kiosk) == __version__


@pytest.mark.parametrize("member", ["release", "runtime", "templates"])
def test_a_stale_record_proves_nothing(kiosk: Path, member: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = replace(current(), **{member: "0"})
    monkeypatch.setattr(proof, "read_record", lambda: stale)
    assert proven_by(kiosk) is None


def test_a_feature_that_nobody_has_heard_of_is_not(kiosk: Path) -> None:
    assert release_that_proves(kiosk, [*open_package(str(kiosk)).features, "magic"]) is None
    assert "magic" not in FEATURES


def conform(made: Path, kiosk: Path, *more: str) -> int:
    where = [
        str(made / "kiosk.yaml"),
        "--package",
        str(kiosk),
        "--examples",
        "1",
        "--report-dir",
        str(kiosk.parent),
    ]
    return main(["conform", *where, "--report", "json,junit,html", *more])


def test_what_is_proven_is_reported_as_not_run(
    made: Path, kiosk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("clientsmith.conform.suite.PARTS", ("surface", "package"))
    assert conform(made, kiosk) == 0
    said = capsys.readouterr().out
    assert f"not run: package:sync: {REASON}\nnot run: package:async: {REASON}\n" in said
    assert said.splitlines()[-1].startswith("clean: ") and f"2 skipped (not run: {REASON})" in said
    tree = json.loads((kiosk.parent / "report.json").read_text())
    assert tree["skipped"] == 2 and [one["reason"] for one in tree["not_run"]] == [REASON, REASON]
    assert not any(unit["part"] == "package" for unit in tree["units"])
    root = ElementTree.parse(kiosk.parent / "junit.xml").getroot()
    assert (root.get("skipped"), root.get("failures"), root.get("errors")) == ("2", "0", "0")
    skipped = root.findall("./testsuite[@name='package']/testcase/skipped")
    assert [one.get("message") for one in skipped] == [f"not run: {REASON}"] * 2
    assert REASON in (kiosk.parent / "report.html").read_text()


@pytest.mark.parametrize("forced", [["--part", "package"], ["--part", "surface", "--part", "package"]])
def test_whoever_asks_for_it_gets_it(
    made: Path, kiosk: Path, forced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run: list[str] = []
    monkeypatch.setattr("clientsmith.conform.suite_run.run_tasks", lambda tasks, *_: _names(tasks, run))
    conform(made, kiosk, *forced)
    assert [name for name in run if name.startswith("package:")] == ["package:sync", "package:async"]


def test_all_is_every_part(made: Path, kiosk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run: list[str] = []
    monkeypatch.setattr("clientsmith.conform.suite_run.run_tasks", lambda tasks, *_: _names(tasks, run))
    conform(made, kiosk, "--part", "all")
    assert {name.partition(":")[0] for name in run} == {
        "surface", "request", "promises", "package", "response", "both-ends",
    }  # fmt: skip


def _names(tasks: Iterable[Sequence[Any]], run: list[str]) -> Generator[Any]:
    """In the place of running them."""
    run += [one.unit.name for task in tasks for one in task]
    yield from ()
