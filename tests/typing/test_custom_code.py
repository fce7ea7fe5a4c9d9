"""Lines of custom code that a new package breaks are named; errors that were there before are not."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from clientsmith.custom import check as custom_check
from clientsmith.custom.check import CheckedCode, check_custom
from clientsmith.diagnostics.model import Diagnostics

OLD = """
class Listing:
    status: str = ""
    price: int = 0

class Client:
    def fetch(self, *, sid: str) -> Listing: return Listing()
"""
NEW = OLD.replace("status", "state").replace("price: int", "price: str | None")
CODE = {
    "acme/ext/client.py": """\
    import acme.petstore
    from ..petstore import Client, Listing
    from .prices import total

    class Ours(Client):
        def status(self, sid: str) -> str:
            return self.fetch(sid=sid).status

    def untyped(listing):
        return Listing().status + acme.petstore.Listing().state

    print(total(Listing()), 1 + "")
    """,
    "acme/ext/prices.py": """\
    from acme.petstore import Listing

    def total(listing: Listing) -> int:
        return listing.price
    """,
    "acme/other.py": """\
    from acme.petstore import Listing
    Listing().status
    """,
    "tools/report.py": """\
    from acme.ext.client import Ours
    import nowhere_to_be_found
    Ours().fetch(sid="1").status
    """,
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {path: textwrap.dedent(text) for path, text in CODE.items()}
    files |= {"acme/__init__.py": "", "acme/ext/__init__.py": "", "acme/petstore/__init__.py": OLD}
    for path, text in files.items():
        file = tmp_path / "src" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (tmp_path / "scratch" / "made").mkdir(parents=True)
    (tmp_path / "scratch" / "made" / "__init__.py").write_text(NEW)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def checked(
    *paths: str, old: str | None = "src/acme/petstore", new: str = "scratch/made", root: str | None = None
) -> tuple[CheckedCode | None, list[str]]:
    """What is found, as `id file:line:column`."""
    found = Diagnostics()
    place = Path("src/acme/petstore")
    done = check_custom(paths, place, None if old is None else Path(old), Path(new), found, root)
    return done, [f"{one.id} {one.place.span or one.message}" for one in found]


def test_each_line_that_broke_is_named_once_and_no_other(project: Path) -> None:
    done, found = checked("src/acme/ext", "src/tools/report.py")
    assert found == [
        "custom-code-broken src/acme/ext/client.py:7:16",
        "custom-code-broken src/acme/ext/client.py:10:12",
        "custom-code-broken src/acme/ext/prices.py:4:12",
        "custom-import-not-found src/tools/report.py:2:1",
        "custom-code-broken src/tools/report.py:3:1",
    ]
    assert done is not None and done.checkers == ("mypy", "pyright")
    first = done.broken[0]
    assert (first.checker, first.code) == ("mypy", "attr-defined") and "status" in first.message
    assert (project / "src/acme/petstore/__init__.py").read_text() == OLD
    assert not [path for path in project.rglob("*") if "mypy_cache" in path.name or path.is_symlink()]


@pytest.fixture
def mypy_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custom_check, "installed", lambda: ("mypy",))


@pytest.mark.usefixtures("mypy_alone", "project")
def test_the_same_package_breaks_nothing() -> None:
    assert checked("src/acme/ext", new="src/acme/petstore")[1] == []


@pytest.mark.usefixtures("mypy_alone", "project")
def test_without_an_old_package_every_error_counts() -> None:
    done, found = checked("src/tools/report.py", old=None)
    assert found == [
        "custom-code-broken src/tools/report.py:2:1",
        "custom-code-broken src/tools/report.py:3:1",
    ]
    assert done is not None


@pytest.mark.usefixtures("mypy_alone")
def test_imports_start_at_the_root_of_the_config_if_folders_are_no_packages(project: Path) -> None:
    (project / "src/acme/__init__.py").unlink()
    assert [line.split()[0] for line in checked("src/acme/other.py")[1]] == ["custom-import-not-found"]
    assert checked("src/acme/other.py", root="src")[1] == ["custom-code-broken src/acme/other.py:2:1"]


def test_code_that_cannot_be_judged_is_an_error(project: Path) -> None:
    (project / "src/acme/other.py").write_text("def broken(:\n")
    done, found = checked("src/acme/other.py")
    assert done is None and len(found) == 1
    assert found[0].startswith("custom-code-not-checked src/acme/other.py:1:")
