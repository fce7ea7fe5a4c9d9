"""What `update` says of the type checkers' findings: in old callers and in custom code."""

from __future__ import annotations

import sys

import pytest

from clientsmith.diff.python import compare
from tests.behavior.releases import BREAKING, CONFIG, Project, project, released
from tests.behavior.updates import contents, stage, updated

__all__ = ["project", "released"]


@pytest.fixture
def typed(released: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Release 1.0.0 of the document, with type checkers and without a conformance test."""
    monkeypatch.setitem(sys.modules, "schemathesis", None)
    return released


def test_old_callers_are_checked_against_the_new_package(typed: Project) -> None:
    typed.write(BREAKING, "new.yaml")
    found = updated(typed, "new.yaml", "--allow", "breaking")

    assert stage(found, "old callers")["text"] == "2 errors, each for a breaking change" and found["done"]


def test_callers_that_break_although_nothing_breaking_was_found_stop_the_update(
    typed: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed.write(BREAKING, "new.yaml")
    before = contents(typed)
    monkeypatch.setattr(compare, "compare", lambda *_, **__: [])
    found = updated(typed, "new.yaml", "--allow", "breaking", code=1)
    told = stage(found, "old callers")

    assert told["outcome"] == "findings" and "no breaking change explains mypy" in "".join(told["details"])
    assert contents(typed) == before


def test_custom_code_that_breaks_is_named_line_by_line(typed: Project) -> None:
    typed.write(CONFIG + '[custom]\npaths = ["ours.py"]\nroot = "."\n', "clientsmith.toml")
    typed.write(
        "from pets.models import Pet\n\n\ndef tag_of(pet: Pet) -> str:\n    return pet.tag or ''\n", "ours.py"
    )
    typed.write(BREAKING, "new.yaml")
    told = stage(updated(typed, "new.yaml", "--allow", "breaking"), "custom code")

    assert told["text"].startswith("1 line broke") and told["details"][0].startswith(
        "ours.py:5:12: error[custom-code-broken]: "
    )
    assert told["outcome"] == "done"
