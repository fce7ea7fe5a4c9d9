"""The licence of the runtime goes along with every copy of it."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from clientsmith.runtime_copy.files import runtime_files
from tests.packaging.conftest import PACKAGE, ROOT

LICENCE = (ROOT / "LICENSE").read_bytes()


def test_the_runtime_has_the_licence_of_the_tool() -> None:
    assert runtime_files()["LICENSE"] == LICENCE
    assert b"The clientsmith authors" in LICENCE and b"Permission is hereby granted" in LICENCE


def test_a_package_has_it_listed_like_every_other_file() -> None:
    listed = json.loads((PACKAGE / "_manifest.json").read_text("utf-8"))["files"]
    assert (PACKAGE / "_runtime" / "LICENSE").read_bytes() == LICENCE
    assert listed["_runtime/LICENSE"] == hashlib.sha256(LICENCE).hexdigest()


def test_a_vendored_copy_keeps_it(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "vendored", ignore=shutil.ignore_patterns("__pycache__"))
    assert (tmp_path / "vendored" / "_runtime" / "LICENSE").read_bytes() == LICENCE
