"""`clientsmith update`: everything that follows from a new document, tried first and then exchanged as one."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from clientsmith.diff.python import compare
from clientsmith.exchange import swap
from clientsmith.exchange.lock import working_folder
from clientsmith.pipeline.update import run
from tests.behavior.releases import ADDED, BREAKING, COMMENTED, CONFIG, DOCUMENT, Project, project
from tests.unit.diff.repositories import run_git

__all__ = ["project"]
TEMPLATES = Path(__file__).parents[2] / "templates"
QUICK = ("--examples", "1")


@pytest.fixture
def released(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Release 1.0.0 of the document; neither a conformance test nor type checkers, which take seconds."""
    for name in ("schemathesis", "mypy", "pyright"):
        monkeypatch.setitem(sys.modules, name, None)
    project.bump(DOCUMENT, "major")
    return project


def updated(project: Project, *words: str, code: int = 0) -> dict[str, Any]:
    """What an update says as JSON."""
    found, out, err = project.run("update", *words, "--format", "json")
    assert found == code, (out, err)
    return dict(json.loads(out)["update"])


def contents(project: Project) -> dict[str, bytes]:
    return {
        path.relative_to(project.folder).as_posix(): path.read_bytes()
        for path in project.folder.rglob("*")
        if path.is_file() and path.name not in ("new.yaml", "common.yaml")
    }


def stage(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(dict(one) for one in found["stages"] if one["name"] == name)


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
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("schemathesis", "mypy", "pyright"):
        monkeypatch.setitem(sys.modules, name, None)
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
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("schemathesis", "mypy", "pyright"):
        monkeypatch.setitem(sys.modules, name, None)
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


PET = "    Pet:\n      type: object\n"


def in_two_files(text: str) -> tuple[str, str]:
    """The document with its schemas in `schemas/pets.yaml`, and that file."""
    above, below = text.split("components:\n")
    schemas = below.replace("  schemas:\n", "").replace("\n    ", "\n").replace("    Pet:", "Pet:", 1)
    return above.replace("#/components/schemas/Pet", "schemas/pets.yaml#/Pet"), schemas


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


def test_what_the_conformance_test_finds_stops_the_update(project: Project) -> None:
    project.bump(DOCUMENT, "major")
    project.write(ADDED, "new.yaml")
    wrong = (TEMPLATES / "resource.py.j2").read_text().replace("path={{ operation.path }}", 'path="/cats"')
    project.write(wrong, "mine/resource.py.j2")
    before = contents(project)
    found = updated(project, "new.yaml", *QUICK, "--templates", "mine", code=1)

    assert stage(found, "conformance")["details"] and contents(project) == before


def test_what_the_conformance_test_lets_pass_is_exchanged(project: Project) -> None:
    project.bump(DOCUMENT, "major")
    project.write(ADDED, "new.yaml")
    found = updated(project, "new.yaml", *QUICK)

    assert stage(found, "conformance")["text"].startswith("clean: ") and project.found() == (0, [])


@pytest.fixture
def typed(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Release 1.0.0 of the document, with type checkers and without a conformance test."""
    monkeypatch.setitem(sys.modules, "schemathesis", None)
    project.bump(DOCUMENT, "major")
    return project


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


COMMANDS = [
    ["generate"],
    ["check"],
    ["check", "--regenerate"],
    ["lint"],
    ["diff", "openapi.yaml", "new.yaml"],
    ["serve"],
    ["record"],
    ["conform"],
    ["runtime", "--digest", "pets"],
    ["update", "new.yaml", "--dry-run"],
]


@pytest.fixture
def mixed(released: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An update that was killed when the document was new and the package was old."""
    released.write(ADDED, "new.yaml")
    child = os.fork()
    if child == 0:
        original = swap.exchange_names

        def killed(one: Path, other: Path) -> bool:
            if other.name == "pets":
                os.kill(os.getpid(), signal.SIGKILL)
            return original(one, other)

        swap.exchange_names = killed
        released.run("update", "new.yaml")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    return released


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_recognizes_what_a_killed_update_left(mixed: Project, words: list[str]) -> None:
    before = contents(mixed)
    code, out, err = mixed.run(*words)

    assert code == 2 and out == ""
    assert err.count("error[update-interrupted]") == 1 and "openapi.yaml is replaced" in err
    how = " without --dry-run" if "--dry-run" in words else ""
    assert f"`clientsmith update`{how} completes it" in err
    assert contents(mixed) == before


def test_the_next_update_completes_what_was_begun(mixed: Project) -> None:
    code, _, err = mixed.run("update", "new.yaml")

    assert code == 0
    assert err.startswith("clientsmith update: the interrupted update was completed\n")
    assert err.endswith("clientsmith update: nothing to do\n")
    assert mixed.version() == "1.1.0" and mixed.found() == (0, []) and not list(mixed.folder.glob(".*"))


@pytest.mark.parametrize("words", [(), ("-q",), ("--format", "json")])
def test_what_was_made_of_an_interrupted_update_is_said_whatever_comes_of_the_next(
    mixed: Project, words: tuple[str, ...]
) -> None:
    code, out, err = mixed.run("update", "missing.yaml", *words)

    assert code == 2 and err.startswith("clientsmith update: the interrupted update was completed\n")
    if "json" in words:
        assert json.loads(out)["update"] == {"settled": "completed"}
    else:
        assert err.endswith("clientsmith update: 1 error; nothing more was exchanged\n")


def test_an_interrupted_update_whose_targets_were_put_back_is_forgotten(mixed: Project) -> None:
    mixed.write(DOCUMENT, "openapi.yaml")
    code, _, err = mixed.run("update")

    assert code == 0 and err.startswith("clientsmith update: the interrupted update was undone\n")
    assert mixed.version() == "1.0.0" and mixed.found() == (0, []) and not list(mixed.folder.glob(".*"))


def test_a_target_that_was_edited_after_a_kill_is_for_somebody_to_decide(mixed: Project) -> None:
    mixed.write(COMMENTED, "openapi.yaml")
    code, _, err = mixed.run("update", "new.yaml")

    assert code == 2 and err.count("error[") == 1
    assert "openapi.yaml is neither as it was nor as it should be" in err
    assert "delete .openapi.yaml.clientsmith" in err


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


def test_what_a_kill_left_of_an_update_that_was_over_is_mentioned(released: Project) -> None:
    folder = released.folder / ".openapi.yaml.clientsmith"
    folder.mkdir()
    code, out, _ = released.run("check")

    assert code == 0 and "note[update-leftovers]: an interrupted run left .openapi.yaml.clientsmith;" in out


def test_an_update_that_is_killed_at_any_moment(released: Project) -> None:
    """Twenty moments of a whole run in a process of its own, each followed by the next update."""
    old = contents(released)
    released.write(ADDED, "new.yaml")
    start = "import sys; sys.modules |= dict.fromkeys(('schemathesis', 'mypy', 'pyright')); from clientsmith.cli.main import main; sys.exit(main())"
    command = [sys.executable, "-c", start, "update", "new.yaml", "--quiet"]
    began = time.monotonic()
    subprocess.run(command, check=True)
    took, new = time.monotonic() - began, contents(released)
    draw = random.Random(7)
    for _ in range(20):
        for path in contents(released).keys() - old.keys():
            (released.folder / path).unlink()
        for path, data in old.items():
            (released.folder / path).write_bytes(data)
        with subprocess.Popen(command) as process:
            try:
                process.wait(draw.uniform(0, took))
            except subprocess.TimeoutExpired:
                process.kill()
        states = {
            part: state(released, part, old, new)
            for part in ("openapi.yaml", "clientsmith.state.json", "pets/")
        }
        assert set(states.values()) <= {"old", "new"}, states
        interrupted = "error[update-interrupted]" in released.run("lint")[2]
        assert interrupted == (len(set(states.values())) > 1)
        updated(released, "new.yaml")
        assert contents(released) == new and not list(released.folder.glob(".*"))


def state(project: Project, part: str, old: dict[str, bytes], new: dict[str, bytes]) -> str | None:
    """Whether a part of the folder is as before or as after an update; None if it is neither."""
    now, before, after = (
        {path: data for path, data in files.items() if path.startswith(part)}
        for files in (contents(project), old, new)
    )
    return "old" if now == before else "new" if now == after else None


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
