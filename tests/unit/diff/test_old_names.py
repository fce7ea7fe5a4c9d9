"""A rename whose old name works on is no breaking change; that the old name goes is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from clientsmith.api.builder import build
from clientsmith.api.model.api import Api
from clientsmith.api.names.kept import NONE, Names
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diff.changelog.lines import entry_of
from clientsmith.diff.joined import Description, joined
from clientsmith.diff.python.compare import compare
from clientsmith.diff.rules import rules
from clientsmith.diff.wire.compare import compare_wire
from tests.unit.api.apis import resolved
from tests.unit.api.kept_names import document

RENAMES = {
    "method-renamed": Config(method_names={"listPets": "all"}),
    "argument-renamed": Config(parameter_names={"listPets.page-size": "limit"}),
    "class-renamed": Config(schema_names={"Pet": "Animal"}),
    "client-renamed": Config(client_class="ZooClient"),
}


def made(folder: Path, config: Config | None = None, kept: Names = NONE) -> tuple[Api, Names]:
    found = Diagnostics()
    built = build(resolved(document(), folder), config or Config(), found, kept)
    assert built.api is not None, list(found)
    return built.api, built.names


def said(old: Api, new: Api) -> list[tuple[str, str]]:
    ids = {one.id: one.id for resource in old.resources for one in resource.operations}
    return sorted({(one.rule, one.level.word) for one in compare(old, new, ids)})


@pytest.mark.parametrize("rule", RENAMES)
def test_a_rename_is_an_info_while_the_old_name_works(rule: str, tmp_path: Path) -> None:
    old, names = made(tmp_path)
    new, _ = made(tmp_path, RENAMES[rule], names)
    assert said(old, new) == [(rule, "info")]
    assert {"info", "breaking"} == {*rules()[rule].python}


@pytest.mark.parametrize("rule", RENAMES)
def test_a_rename_without_an_old_name_is_breaking(rule: str, tmp_path: Path) -> None:
    old, _ = made(tmp_path)
    new, _ = made(tmp_path, RENAMES[rule])
    assert said(old, new) == [(rule, "breaking")]


@pytest.mark.parametrize("rule", RENAMES)
def test_that_an_old_name_goes_is_breaking(rule: str, tmp_path: Path) -> None:
    _, names = made(tmp_path)
    with_old, after = made(tmp_path, RENAMES[rule], names)
    without, _ = made(
        tmp_path, RENAMES[rule], Names(after.tables, after.operations, after.meanings, after.unions)
    )
    assert said(with_old, without) == [("old-name-removed", "breaking")]
    assert said(with_old, with_old) == []


def test_that_everything_goes_is_told_as_that(tmp_path: Path) -> None:
    """A method that is gone under all of its names is one change."""
    _, names = made(tmp_path)
    old, _ = made(tmp_path, RENAMES["method-renamed"], names)
    found = compare(old, made(tmp_path)[0], {})
    assert "old-name-removed" not in {one.rule for one in found}


LINES = {
    "method-renamed": "`client.pets.all()` cannot be called as `client.pets.list()` any more. Call `client.pets.all()`.",
    "argument-renamed": "Argument `limit` of `client.pets.list()` cannot be passed as `page_size` any more. Pass it as `limit`.",
    "class-renamed": "Class `Animal` cannot be imported as `Pet` any more. Import `Animal`.",
    "client-renamed": "`ZooClient` cannot be imported as `AsyncPetStoreClient` any more; `ZooClient` cannot be imported as `PetStoreClient` any more. Import `ZooClient`.",
}  # fmt: skip


@pytest.mark.parametrize("rule", RENAMES)
def test_the_changelog_has_names_in_code_marks(rule: str, tmp_path: Path) -> None:
    side = resolved(document(), tmp_path)
    _, names = made(tmp_path)
    old, after = made(tmp_path, RENAMES[rule], names)
    new, _ = made(
        tmp_path, RENAMES[rule], Names(after.tables, after.operations, after.meanings, after.unions)
    )
    ids = {one.id: one.id for resource in old.resources for one in resource.operations}

    found = joined(
        compare_wire(side, side), Description(side, old), Description(side, new), ids, has_kept=True
    )

    assert [one.text for one in entry_of("1.0.0", found).lines] == [LINES[rule]]


def test_the_changelog_has_both_names_of_a_package(tmp_path: Path) -> None:
    side = resolved(document(), tmp_path)
    old, names = made(tmp_path)
    new, _ = made(tmp_path, Config(package_name="zoo"), names)

    found = joined(
        compare_wire(side, side), Description(side, old), Description(side, new), {}, has_kept=True
    )

    texts = [one.text for one in entry_of("1.0.0", found).lines]
    assert "Package `pet_store` is now `zoo`. Import `zoo` instead of `pet_store`." in texts
