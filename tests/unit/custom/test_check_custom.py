"""Custom code that no type checker gets to see; what they say of the rest is in tests/typing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from clientsmith.custom import check as custom_check
from tests.typing.test_custom_code import checked, project

__all__ = ["project"]


def test_code_that_is_not_there_is_an_error(project: Path) -> None:
    shutil.rmtree(project / "src/acme/ext")
    assert checked("src/acme/ext", "src/acme/other.py") == (None, ["custom-code-missing there is no custom code at src/acme/ext"])  # fmt: skip


def test_without_a_type_checker_nothing_is_judged(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custom_check, "installed", lambda: ())
    done, found = checked("src/acme/other.py")
    assert done is None
    assert found == ["custom-code-not-checked custom code cannot be checked: neither mypy nor pyright is installed"]  # fmt: skip
