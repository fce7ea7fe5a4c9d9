"""`clientsmith update`: everything that follows from a new document, tried first and then exchanged as one."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from clientsmith.exchange.lock import working_folder
from clientsmith.pipeline.update import run
from tests.behavior.releases import ADDED, BREAKING, COMMENTED, DOCUMENT, Project, project, released
from tests.behavior.updates import contents, stage, untested, updated
from tests.unit.diff.repositories import run_git

__all__ = ["project", "released", "untested"]
pytestmark = pytest.mark.usefixtures("untested")


def test_a_new_document_takes_its_place_with_all_that_follows(released: Project) -> None:
    released.write(ADDED, "new.yaml")
    found = updated(released, "new.yaml", "--date", "2030-12-31")

    assert found["version"] == {"from": "1.0.0", "to": "1.1.0"} and found["done"]
    assert found["replaced"] == ["openapi.yaml", "clientsmith.state.json", "pets"]
    assert (released.folder / "openapi.yaml").read_text() == ADDED
    assert released.version() == "1.1.0" and released.found() == (0, [])
    assert "## [1.1.0] - 2030-12-31" in (released.folder / "pets/CHANGELOG.md").read_text()
    assert "age" in (released.folder / "pets/models.py").read_text()
    assert not list(released.folder.glob(".*"))


def test_the_same_again_changes_nothing(released: Project) -> None:
    released.write(ADDED, "new.yaml")
    updated(released, "new.yaml")
    before = {path: path.stat().st_mtime_ns for path in released.folder.rglob("*")} | contents(released)
    found = updated(released, "new.yaml")

    assert found["step"] == "none" and found["replaced"] == []
    assert {
        path: path.stat().st_mtime_ns for path in before if isinstance(path, Path) and path != released.folder
    } == {path: value for path, value in before.items() if isinstance(path, Path) and path != released.folder}
    assert contents(released).items() <= before.items()


def test_a_dry_run_says_everything_and_changes_nothing(released: Project) -> None:
    released.write(ADDED, "new.yaml")
    before = contents(released)
    found = updated(released, "new.yaml", "--dry-run")

    assert contents(released) == before and not found["done"]
    assert found["version"]["to"] == "1.1.0" and found["replaced"] == [
        "openapi.yaml",
        "clientsmith.state.json",
        "pets",
    ]
    assert [one["name"] for one in found["stages"]] == [
        "lint", "diff", "step", "regenerate", "conformance", "old callers", "custom code", "changelog", "exchange",
    ]  # fmt: skip


def test_breaking_changes_have_to_be_allowed(released: Project) -> None:
    released.write(BREAKING, "new.yaml")
    before = contents(released)
    found = updated(released, "new.yaml", code=1)
    (listed,) = stage(found, "step")["details"]

    assert contents(released) == before
    assert listed.startswith("breaking[type-changed]: ") and found["stages"][-1]["name"] == "step"
    assert stage(updated(released, "new.yaml", "--dry-run", code=1), "changelog")["details"]
    assert updated(released, "new.yaml", "--allow", "breaking")["version"]["to"] == "2.0.0"


def test_breaking_changes_of_an_api_that_was_never_released_have_to_be_allowed_too(
    project: Project,
) -> None:
    project.write(BREAKING, "new.yaml")
    assert updated(project, "new.yaml", code=1)["version"] == {"from": "0.0.0", "to": "0.1.0"}
    assert updated(project, "new.yaml", "--allow", "breaking")["done"]


def test_a_step_that_is_too_small_is_refused(released: Project) -> None:
    released.write(ADDED, "new.yaml")
    code, _, err = released.run("update", "new.yaml", "--bump", "patch")

    assert code == 2 and "error[step-too-small]" in err
    assert updated(released, "new.yaml", "--bump", "major")["version"]["to"] == "2.0.0"


def test_a_document_that_was_edited_is_compared_with_the_release(released: Project) -> None:
    released.write(BREAKING)
    found = updated(released, code=1)

    assert stage(found, "diff")["text"] == "1 breaking"
    assert updated(released, "--allow", "breaking")["replaced"] == ["clientsmith.state.json", "pets"]
    assert released.version() == "2.0.0" and released.found() == (0, [])


def test_a_document_that_was_edited_is_compared_with_its_last_commit_before_the_first_release(
    project: Project,
) -> None:
    code, _, err = project.run("update")
    assert code == 2 and "HEAD:openapi.yaml cannot be read from a revision" in err
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "first")):
        run_git(project.folder, *words)
    project.write(ADDED)
    found = updated(project)

    assert stage(found, "diff")["text"] == "1 info" and found["version"]["to"] == "0.1.0"


def test_a_document_of_a_revision(released: Project) -> None:
    released.write(ADDED)
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "first")):
        run_git(released.folder, *words)
    released.write(DOCUMENT)
    assert updated(released, "HEAD:")["version"]["to"] == "1.1.0"
    assert (released.folder / "openapi.yaml").read_text() == ADDED


def in_two_files(text: str) -> tuple[str, str]:
    """The document with its schemas in `schemas/pets.yaml`, and that file."""
    above, below = text.split("components:\n")
    schemas = below.replace("  schemas:\n    Pet:", "Pet:").replace("\n    ", "\n")
    return (
        above.replace("#/components/schemas/", "schemas/pets.yaml#/"),
        schemas.replace("#/components/schemas/", "#/"),
    )


def test_every_file_that_a_reference_leads_to_takes_its_place(released: Project) -> None:
    root, schemas = in_two_files(DOCUMENT)
    released.write(root, "vendor/new.yaml")
    released.write(schemas, "vendor/schemas/pets.yaml")
    found = updated(released, "vendor/new.yaml")

    assert stage(found, "diff")["text"] == "nothing changes for clients or callers"
    assert found["replaced"][:2] == ["openapi.yaml", "schemas/pets.yaml"]
    assert (released.folder / "schemas/pets.yaml").read_text() == schemas
    assert released.found() == (0, [])
    released.write(in_two_files(ADDED)[1], "vendor/schemas/pets.yaml")
    assert updated(released, "vendor/new.yaml")["replaced"] == [
        "schemas/pets.yaml", "clientsmith.state.json", "pets",
    ]  # fmt: skip


def test_files_keep_below_the_root(released: Project) -> None:
    root, schemas = in_two_files(DOCUMENT)
    root = root.replace("schemas/pets.yaml", "../common.yaml")
    config = '[document]\npath = "api/openapi.yaml"\nroot = "."\n[package]\nout = "pets"\n'
    for path, text in {
        "vendor/api/new.yaml": root,
        "vendor/common.yaml": schemas,
        "api/openapi.yaml": DOCUMENT,
    }.items():
        released.write(text, path)
    released.write(root, "vendor/api/new.yaml")
    code, _, err = released.run("update", "vendor/api/new.yaml")
    assert code == 2 and "error[" in err and not (released.folder.parent / "common.yaml").exists()
    released.write(config, "clientsmith.toml")

    assert updated(released, "vendor/api/new.yaml")["replaced"][:2] == ["api/openapi.yaml", "common.yaml"]
    assert released.found() == (0, [])


def test_a_link_does_not_lead_out_of_the_root(
    released: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    root, schemas = in_two_files(ADDED)
    released.write(root, "vendor/new.yaml")
    released.write(schemas, "vendor/schemas/pets.yaml")
    (released.folder / "schemas").symlink_to(outside)
    code, _, err = released.run("update", "vendor/new.yaml")

    assert (
        code == 2
        and "error[update-misplaced]: vendor/schemas/pets.yaml would be placed at schemas/pets.yaml" in err
    )
    assert list(outside.iterdir()) == []


def test_a_link_at_a_target_is_followed(released: Project) -> None:
    (released.folder / "real").mkdir()
    (released.folder / "openapi.yaml").rename(released.folder / "real/openapi.yaml")
    (released.folder / "openapi.yaml").symlink_to("real/openapi.yaml")
    released.write(ADDED, "new.yaml")
    updated(released, "new.yaml")

    assert (released.folder / "openapi.yaml").is_symlink()
    assert (released.folder / "real/openapi.yaml").read_text() == ADDED


def test_lint_errors_are_findings_at_their_place_in_the_new_document(released: Project) -> None:
    released.write(ADDED.replace("operationId: listPets", "operationId: [listPets]"), "vendor/new.yaml")
    before = contents(released)
    code, _, err = released.run("update", "vendor/new.yaml")

    assert code == 1 and "vendor/new.yaml:7:7: error[" in err and ".clientsmith" not in err
    assert contents(released) == before


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "error[syntax-error]"), ("swagger: '2.0'\n", "2.0"), (None, "does not exist"), ("", "empty")],
)
def test_what_is_no_document_is_bad_input(released: Project, text: str | None, message: str) -> None:
    if text is not None:
        released.write(text, "new.yaml")
    before = contents(released)
    code, _, err = released.run("update", "new.yaml")

    assert code == 2 and message in err and "Traceback" not in err and contents(released) == before


def test_entries_of_the_ignore_list_that_match_nothing_go(released: Project) -> None:
    released.write(ADDED, "new.yaml")
    _, out, _ = released.run(
        "diff", "openapi.yaml", "new.yaml", "--config", "clientsmith.toml", "--format", "json"
    )
    fingerprint = json.loads(out)["changes"][0]["fingerprint"]
    entries = [f'[[accepted]]\nfingerprint = "{one}"\nreason = "known"\n' for one in (fingerprint, "0" * 16)]
    released.write("\n".join(entries), "diff-ignore.toml")
    found = updated(released, "new.yaml")

    assert "1 of them ignored" in stage(found, "diff")["text"]
    assert "diff-ignore.toml" in found["replaced"]
    assert (released.folder / "diff-ignore.toml").read_text().strip() == entries[0].strip()
    assert updated(released, "new.yaml")["replaced"] == []


def test_what_is_not_installed_is_said_in_the_summary(released: Project) -> None:
    released.write(ADDED, "new.yaml")
    code, out, err = released.run("update", "new.yaml")

    assert code == 0 and out == ""
    assert "conformance: not run: install clientsmith[conform]\n" in err
    assert "old callers: not run: install clientsmith[types]\n" in err
    assert err.splitlines()[-1] == (
        "clientsmith update: done; conformance was not run: install clientsmith[conform]; "
        "old callers was not run: install clientsmith[types]"
    )


def test_an_edited_package_is_not_replaced(released: Project) -> None:
    (released.folder / "pets/models.py").write_text("edited = True\n")
    released.write(ADDED, "new.yaml")
    before = contents(released)
    code, _, err = released.run("update", "new.yaml")

    assert code == 2 and "error[edited-file]" in err and contents(released) == before


def test_a_second_update_at_the_same_time_is_told_to_wait(released: Project) -> None:
    released.write(ADDED, "new.yaml")
    with working_folder(released.folder / "pets"):
        code, _, err = released.run("update", "new.yaml")
    assert code == 2 and "error[output-busy]" in err


def test_a_folder_in_the_way_of_a_file(released: Project) -> None:
    root, schemas = in_two_files(DOCUMENT)
    released.write(root, "vendor/new.yaml")
    released.write(schemas, "vendor/schemas/pets.yaml")
    (released.folder / "schemas/pets.yaml").mkdir(parents=True)
    before = contents(released)
    code, _, err = released.run("update", "vendor/new.yaml")

    assert (
        code == 2
        and err.count("error[") == 1
        and "(schemas/pets.yaml)" in err
        and contents(released) == before
    )


def test_without_a_config_there_is_nothing_to_update(project: Project) -> None:
    Path("clientsmith.toml").unlink()
    assert project.run("update", "openapi.yaml", "--out", "pets")[0] == 2


OTHER = DOCUMENT.replace("/pets", "/invoices").replace("operationId: ", "operationId: other")


def test_a_document_of_another_api_has_to_be_allowed(released: Project) -> None:
    released.write(OTHER, "new.yaml")
    before = contents(released)
    found = updated(released, "new.yaml", "--allow", "breaking", code=1)

    assert contents(released) == before and found["stages"][-1]["name"] == "diff"
    assert "these may be two different APIs: --allow different-apis" in found["stages"][-1]["text"]
    assert updated(released, "new.yaml", "--allow", "breaking", "--allow", "different-apis")["done"]


def test_a_file_that_cannot_be_written_before_the_exchange_is_named_with_its_stage(
    released: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_large(*_: object) -> None:
        raise OSError(errno.EFBIG, "File too large")

    released.write(ADDED, "new.yaml")
    before = contents(released)
    monkeypatch.setattr(run, "lay_out", too_large)
    code, _, err = released.run("update", "new.yaml")

    assert code == 2 and contents(released) == before
    assert "error[output-unwritable]: conformance: cannot write " in err
    assert ".pets.clientsmith/scratch: File too large\n    hint: nothing was exchanged" in err


def test_a_comment_alone_replaces_the_document_alone(released: Project) -> None:
    released.write(COMMENTED, "new.yaml")
    found = updated(released, "new.yaml")
    assert found["replaced"] == ["openapi.yaml"] and found["step"] == "none"


def test_a_renamed_operation_keeps_its_name_and_breaks_nothing(released: Project) -> None:
    released.write(DOCUMENT.replace("operationId: listPets", "operationId: everyPet"), "new.yaml")
    found = updated(released, "new.yaml")

    assert stage(found, "diff")["text"] == "nothing changes for clients or callers" and found["step"] in (
        "patch",
        "none",
    )
    assert "def list(" in "".join(path.read_text() for path in (released.folder / "pets").rglob("*.py"))
