"""No range and no lock lets in a dependency below the lowest version that is known to be safe."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.packaging.conftest import ROOT

TABLE = tomllib.loads((ROOT / "locks" / "lowest-safe.toml").read_text("utf-8"))
LOWEST = {name: row for group in TABLE.values() for name, row in group.items()}
LOCKS = sorted((ROOT / "locks").glob("*.lock"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def requirements(*groups: list[Any]) -> list[Requirement]:
    return [Requirement(text) for group in groups for text in group if isinstance(text, str)]


NEEDED = requirements(
    PROJECT["project"]["dependencies"],
    *PROJECT["project"]["optional-dependencies"].values(),
    PROJECT["dependency-groups"]["package"],
)
"""What the tool and a generated package need; what only develops them is in the locks alone."""


def beginning(requirement: Requirement) -> Version | None:
    """The lowest version that a range takes, None if it has no beginning."""
    bounds = [one for one in requirement.specifier if one.operator in (">=", "==", "~=")]
    return max((Version(one.version.removesuffix(".*")) for one in bounds), default=None)


def locked(text: str) -> dict[str, Version]:
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", text, flags=re.MULTILINE)
    return {canonicalize_name(name): Version(version) for name, version in found}


def too_low(versions: dict[str, Version]) -> list[str]:
    return [
        f"{name} {version} is below {LOWEST[name]['lowest']}: {LOWEST[name]['reason']}"
        for name, version in versions.items()
        if name in LOWEST and version < Version(LOWEST[name]["lowest"])
    ]


@pytest.mark.parametrize("requirement", NEEDED, ids=str)
def test_a_range_begins_at_a_safe_version(requirement: Requirement) -> None:
    name = canonicalize_name(requirement.name)
    assert name in LOWEST, f"{name} has no row in locks/lowest-safe.toml"
    begins = beginning(requirement)
    assert begins is not None and not too_low({name: begins})


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_has_safe_versions_with_hashes(lock: Any) -> None:
    text = lock.read_text("utf-8")
    versions = locked(text)
    assert versions and not too_low(versions)
    assert text.count("--hash=sha256:") >= len(versions)


def test_every_row_is_about_something_that_is_locked_and_says_why() -> None:
    everything = set().union(*(locked(lock.read_text("utf-8")) for lock in LOCKS))
    assert not set(LOWEST) - everything
    for name, row in LOWEST.items():
        assert set(row) == {"lowest", "advisory", "reason", "source"}, name
        assert row["reason"] and (row["source"].startswith("https://") or row["source"] == "pyproject.toml")
        assert re.fullmatch(r"|CVE-\d{4}-\d{4,}|GHSA(-\w{4}){3}", row["advisory"]), name
        assert row["advisory"] == "" or row["source"] != "pyproject.toml"


@pytest.mark.parametrize("text", ["h11==0.14.0 \\", "idna==3.6", "jinja2[x]==3.1.5 ; python_version > '3'"])
def test_a_version_below_is_found(text: str) -> None:
    assert len(too_low(locked(text + "\n    --hash=sha256:0\n"))) == 1


@pytest.mark.parametrize(
    ("text", "begins"), [("x", None), ("x<2", None), ("x>=1,<2", "1"), ("x==1.4.*", "1.4")]
)
def test_where_a_range_begins(text: str, begins: str | None) -> None:
    assert beginning(Requirement(text)) == (begins and Version(begins))
