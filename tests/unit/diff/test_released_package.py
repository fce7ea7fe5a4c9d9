"""`diff --package`: a released package in the place of what OLD makes now, and what is said of one that does not fit."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clientsmith.api.surface.surface import api_of, surface_json
from clientsmith.cli.main import main
from clientsmith.diff.python.compare import compare
from clientsmith.diff.python.methods import methods_of
from clientsmith.package.kept_surface import SURFACE
from tests.properties.kitchen_sink import DOCUMENT
from tests.unit.diff.pets import BASE, Tree, changed, described, get, move_version, pet
from tests.unit.diff.released import Json, release, write
from tests.unit.diff.repositories import SEALED, Repository
from tests.unit.diff.test_python_level import ROWS


def save(name: str, tree: Tree) -> str:
    Path(name).write_text(json.dumps(tree, indent=1))
    return name


@pytest.fixture
def old(folder: Path) -> str:
    return save("old.json", BASE)


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, Json, str]]:
    """The exit code, the report or the findings, and what is said beside it."""

    def run(*words: str) -> tuple[int, Json, str]:
        capsys.readouterr()
        code = main(["diff", *words, "--format", "json"])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else {}, err

    return run


Run = Callable[..., tuple[int, Json, str]]


def rules(report: Json) -> list[str]:
    return [f"{one['rule']} {one['python']}" for one in report["changes"]]


def notes(report: Json) -> dict[str, str]:
    return {one["id"]: one["message"] for one in report["notes"]}


@pytest.mark.parametrize("name", ROWS)
def test_a_surface_is_compared_as_the_model_that_it_is_of(name: str) -> None:
    (_, before), (_, after) = described(BASE), described(changed(ROWS[name][0]))
    ids = dict(zip(methods_of(before), methods_of(after), strict=False))

    kept = api_of(json.loads(json.dumps(surface_json(before))))

    assert compare(kept, after, ids) == compare(before, after, ids)
    assert compare(after, kept, {new: old for old, new in ids.items()}) == compare(
        after, before, {new: old for old, new in ids.items()}
    )


def test_a_surface_of_everything_is_compared_as_its_model() -> None:
    _, api = described(copy.deepcopy(DOCUMENT))
    _, other = described(BASE)
    kept = api_of(json.loads(json.dumps(surface_json(api))))

    assert compare(kept, api, {id: id for id in methods_of(api)}) == []
    assert compare(kept, other, {}) == compare(api, other, {})


def test_a_package_of_the_same_document_shows_nothing(old: str, run: Run) -> None:
    release(old)

    code, report, _ = run(old, old, "--package", "released", "--fail-on", "info")

    assert (code, report["changes"], report["step"]) == (0, [], "none")
    assert "package-of-another-document" not in notes(report)


def test_a_change_of_the_document_is_found_with_both_places(old: str, run: Run) -> None:
    release(old)
    new = save("new.json", changed(lambda tree: pet(tree)["properties"].pop("owner")))

    code, report, _ = run(old, new, "--package", "released")

    (found,) = report["changes"]
    assert code == 1 and found["python"] == "breaking"
    assert (found["rule"], found["old"]["pointer"]) == (
        "property-removed",
        "/components/schemas/Pet/properties/owner",
    )


def test_a_package_and_both_documents_say_the_same_of_every_row(folder: Path, old: str, run: Run) -> None:
    release(old)
    for name, (change, _) in ROWS.items():
        new = save("new.json", changed(change))
        kept, built = run(old, new, "--package", "released"), run(old, new)
        for one in built[1]["changes"]:
            one["hint"] = one["hint"].removesuffix(
                "; once there is a release, its state file keeps the old name"
            )
        assert kept[:2] == built[:2], name


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ('[names.methods]\ngetPet = "fetch"\n', ["method-renamed breaking"]),
        ('[names.schemas]\nOwner = "Human"\n', ["class-renamed breaking"]),
        ('[names.parameters]\n"getPet.limit" = "most"\n', ["argument-renamed breaking"]),
        ('[package]\nclient = "PetShop"\n', ["client-renamed breaking", "client-renamed breaking"]),
        ('[package]\nname = "pet_shop"\n', ["package-renamed breaking"]),
    ],
)
def test_names_that_the_config_changes_show(config: str, expected: list[str], old: str, run: Run) -> None:
    release(old)
    Path("own.toml").write_text(config)

    code, report, _ = run(old, old, "--config", "own.toml", "--package", "released")

    assert (code, sorted(set(rules(report)))) == (1, sorted(set(expected)))
    assert run(old, old, "--config", "own.toml")[1]["changes"] == []


@pytest.mark.parametrize("name", [None, "pets"])
def test_a_title_gives_no_import_name_to_a_package_that_has_one(name: str | None, old: str, run: Run) -> None:
    """Neither a new title alone nor the old name in the config changes what programs import."""
    release(old)
    Path("own.toml").write_text("" if name is None else f'[package]\nname = "{name}"\n')
    new = save("new.json", changed(ROWS["another title"][0]))

    for words in ((old, new, "--package", "released"), (old, new)):
        report = run(*words, "--config", "own.toml")[1]
        assert {one["rule"] for one in report["changes"]} == {"client-renamed"}


def test_a_new_title_and_a_new_name_together_rename_the_package(old: str, run: Run) -> None:
    release(old)
    Path("own.toml").write_text('[package]\nname = "animals"\n')
    new = save("new.json", changed(ROWS["another title"][0]))

    _, report, _ = run(old, new, "--config", "own.toml", "--package", "released")

    (found,) = [one for one in report["changes"] if one["rule"] == "package-renamed"]
    assert found["text"] == "package pets is now animals"
    assert found["hint"] == "import animals instead of pets"


def _rename_method(surface: Json) -> None:
    surface["api"]["resources"][0]["operations"][0]["name"] = "get_one"


def _rename_field(surface: Json) -> None:
    owner = next(one for one in surface["api"]["schemas"] if one["name"] == "Owner")
    owner["fields"][0]["name"] = "mail_address"


def _take_bills(surface: Json) -> None:
    surface["api"]["resources"][0]["operations"][0]["bills"] = True


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (_rename_method, ["method-renamed breaking"]),
        (_rename_field, ["field-renamed breaking"]),
        (_take_bills, ["billing-mark-removed breaking"]),
    ],
)
def test_what_another_generator_made_of_the_document_shows(
    edit: Callable[[Json], object], expected: list[str], old: str, run: Run
) -> None:
    release(old, edit=edit)

    code, report, _ = run(old, old, "--package", "released")

    assert (code, rules(report)) == (1, expected)


def test_a_package_of_another_document_is_a_finding(old: str, run: Run) -> None:
    other = save("other.json", changed(lambda tree: pet(tree)["properties"].pop("owner")))
    release(other)

    code, report, _ = run(old, old, "--package", "released")

    assert code == 0 and {"python info"} == {f"python {one['python']}" for one in report["changes"]}
    message = notes(report)["package-of-another-document"]
    digests = [word for word in message.replace(",", " ").split() if len(word) == 12 and word.isalnum()]
    assert "released was not generated from old.json" in message and len(set(digests)) == 2
    assert run(old, old, "--package", "released", "--fail-on", "warning")[0] == 1


def test_the_operations_of_another_document_are_known_by_their_addresses(old: str, run: Run) -> None:
    other = save("other.json", changed(lambda tree: get(tree).update(operationId="showPet")))
    release(other)
    moved = save("moved.json", changed(move_version))

    assert rules(run(old, old, "--package", "released")[1]) == ["method-renamed breaking"]
    assert rules(run(old, moved, "--package", "released")[1]) == [
        "base-url-moved breaking",
        "method-renamed breaking",
    ]


def test_what_only_the_package_has_has_no_old_place(old: str, run: Run) -> None:
    other = save(
        "other.json",
        changed(
            lambda tree: tree["components"]["schemas"]["Owner"]["properties"].update(at={"type": "string"})
        ),
    )
    release(other)

    _, report, _ = run(old, old, "--package", "released")

    (found,) = (one for one in report["changes"] if one["rule"] == "field-removed")
    assert found["old"] is None and found["python"] == "breaking" and found["operations"] != []


def test_a_package_of_many_files_is_of_the_revision_that_has_them(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SEALED.items():
        monkeypatch.setenv(name, value)
    tree = changed(lambda tree: tree["components"]["schemas"].update(Owner={"$ref": "parts/owner.json"}))
    owner = {"type": "object", "properties": {"mail": {"type": "string"}}}
    repository = Repository(folder)
    repository.commit(
        {
            "api/openapi.json": json.dumps(tree),
            "api/parts/owner.json": json.dumps(owner),
            "api/clientsmith.toml": '[document]\npath = "openapi.json"\n',
        }
    )
    monkeypatch.chdir(folder / "api")
    release("openapi.json")
    Path("parts/owner.json").write_text(json.dumps({"type": "object"}))

    code, report, _ = run("--package", "released")

    assert (code, notes(report)) == (1, {})
    assert "property-removed" in [one["rule"] for one in report["changes"]]
    Path("parts/owner.json").write_text(json.dumps(owner))
    assert run("--package", "released")[:1] == (0,)


def _strip(record: str, name: str) -> Callable[[Json], object]:
    """Makes the surface that of a clientsmith whose model did not have a member."""

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: strip(one) for key, one in value.items() if key != name}
        return [strip(one) for one in value] if isinstance(value, list) else value

    def edit(surface: Json) -> None:
        surface["members"][record].remove(name)
        surface["api"] = strip(surface["api"])

    return edit


def test_what_an_older_surface_does_not_hold_is_not_compared_and_said(folder: Path, run: Run) -> None:
    old = save("old.json", changed(lambda tree: get(tree).update({"x-clientsmith-idempotent": False})))
    new = save("new.json", BASE)
    release(old)
    release(old, "older", _strip("Operation", "idempotent"))

    assert rules(run(old, new, "--package", "released")[1]) == ["retries-changed warning"]
    code, report, _ = run(old, new, "--package", "older")
    assert (code, rules(report)) == (0, [])
    assert notes(report) == {"older-surface": "not compared, as older does not say it: Operation.idempotent"}


def test_callers_of_a_package_without_a_surface_are_not_compared(old: str, run: Run) -> None:
    document = json.loads((release(old) / "_manifest.json").read_text())["document"]
    write("older", document, {})
    new = save("new.json", changed(lambda tree: get(tree).update(operationId="showPet")))

    code, report, _ = run(old, new, "--package", "older")

    assert (code, report["changes"]) == (0, [])
    assert notes(report) == {
        "python-not-compared": "what callers see was not compared: older has no typed surface"
    }
    assert run(old, new, "--package", "older", "--fail-on", "warning")[0] == 1


def _damage(surface: Json) -> None:
    surface["api"]["resources"][0]["operations"][0]["name"] = "x(exec('boom'))"


def _newer(surface: Json) -> None:
    surface["format"] = 99


def _edited(package: Path) -> None:
    (package / SURFACE).write_text("{}")


def _edited_module(package: Path) -> None:
    (package / "__init__.py").write_text("two\n")


def _without_surface(package: Path) -> None:
    (package / SURFACE).unlink()


def _without_manifest(package: Path) -> None:
    (package / "_manifest.json").unlink()


@pytest.mark.parametrize(
    ("edit", "spoil", "id", "message"),
    [
        (_damage, None, "damaged-surface", "(at /api/resources/0/operations/0/name)"),
        (_newer, None, "newer-surface", "its format is 99"),
        (None, _edited, "changed-file", "_surface.json differs from what was generated"),
        (None, _edited_module, "changed-file", "__init__.py differs from what was generated"),
        (None, _without_surface, "changed-file", "_surface.json differs from what was generated"),
        (None, _without_manifest, "missing-manifest", "_manifest.json is missing"),
    ],
)
def test_a_package_that_cannot_be_trusted_is_refused_with_one_message(
    edit: Callable[[Json], object] | None,
    spoil: Callable[[Path], object] | None,
    id: str,
    message: str,
    old: str,
    run: Run,
) -> None:
    package = release(old, edit=edit)
    if spoil is not None:
        spoil(package)

    code, report, _ = run(old, old, "--package", "released")

    (found,) = report["diagnostics"]
    assert (code, found["id"]) == (2, id) and message in found["message"]
    assert found["file"].startswith("released/")


def test_line_ends_of_a_checkout_do_not_count(old: str, run: Run) -> None:
    package = release(old)
    for path in package.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert run(old, old, "--package", "released")[:1] == (0,)


def test_a_missing_package_and_a_bad_document_are_told_together(old: str, run: Run) -> None:
    code, report, _ = run("none.json", old, "--package", "nowhere")

    found = report["diagnostics"]
    assert code == 2 and {one["id"] for one in found} == {"missing-package", "unreadable-file"}


def test_the_wire_level_alone_takes_no_package(old: str, run: Run) -> None:
    release(old)

    code, report, said = run(old, old, "--package", "released", "--level", "wire")

    assert (code, report) == (2, {}) and "--package is about what callers see" in said
