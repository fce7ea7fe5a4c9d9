"""What `diff` says of names by rule depends on whether a release keeps others."""

from __future__ import annotations

from pathlib import Path

import pytest

from clientsmith.api.builder import build
from clientsmith.api.names.kept import NONE, Names
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diff.levels import compare_levels
from clientsmith.diff.model import Level
from tests.unit.api.apis import resolved
from tests.unit.api.kept_names import document
from tests.unit.api.test_kept_names import with_other_ids
from tests.unit.api.test_kept_schemas import renamed_component

UNRELEASED = "once there is a release, its state file keeps the old name"
RELEASED = "the package keeps its name from the last release, with which --package compares"


@pytest.mark.parametrize("is_released", [False, True])
def test_the_hint_of_a_new_name_says_what_keeps_the_old_one(is_released: bool, tmp_path: Path) -> None:
    before, after = document(), document()
    with_other_ids(after)
    renamed_component(after)
    old, new = resolved(before, tmp_path), resolved(after, tmp_path)
    kept: Names = build(old, Config(), Diagnostics()).names if is_released else NONE
    changes = compare_levels(old, new, Config(), "both", Diagnostics(), kept=kept)
    hints = {one.rule: one.hint for one in changes if one.python is Level.BREAKING}
    assert {"method-renamed", "class-renamed"} <= hints.keys()
    wanted, other = (RELEASED, UNRELEASED) if is_released else (UNRELEASED, RELEASED)
    assert all(hint.endswith(f"; {wanted}") and other not in hint for hint in hints.values()), hints


def test_a_rename_that_no_release_has_yet_is_no_release(tmp_path: Path) -> None:
    before, after = document(), document()
    with_other_ids(after)
    chosen = Names(chosen={"methods": {"GET /v1/pets": {"": "pets.all"}}})
    sides = (resolved(one, tmp_path) for one in (before, after))
    changes = compare_levels(*sides, Config(), "both", Diagnostics(), kept=chosen)
    assert {one.hint.rpartition("; ")[2] for one in changes} == {UNRELEASED}
