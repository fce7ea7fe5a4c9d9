"""Sides out of git: every byte of a revision, nothing from the working tree, and no program but git itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diagnostics.render import read_sources, render_text
from clientsmith.diff.sides import Side, open_sides
from clientsmith.document.files.revision import revision_path
from clientsmith.document.load import Policies
from clientsmith.pipeline import policies_of
from tests.unit.diff.repositories import SEALED, Repository, run_git

ROOT = """\
openapi: 3.1.0
info: {title: T, version: "%s"}
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        "200":
          description: ok
          content: {application/json: {schema: {$ref: "%s"}}}
"""
PET = "{type: object, title: %s}\n"
Open = Callable[..., Side]


def document(version: str = "1", reference: str = "parts/pet.yaml") -> str:
    return ROOT % (version, reference)


@pytest.fixture(autouse=True)
def sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SEALED.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    made = Repository(tmp_path / "repository")
    made.commit({"api/openapi.yaml": document(), "api/parts/pet.yaml": PET % "committed"})
    monkeypatch.chdir(made.folder)
    return made


def opened(old: str, new: str = "api/openapi.yaml", policies: Policies | None = None) -> tuple[Side, Side]:
    diagnostics = Diagnostics()
    sides = open_sides(old, new, policies or Policies(), diagnostics)
    assert sides is not None, render_text(diagnostics)
    return sides


def refused(
    old: str, new: str = "api/openapi.yaml", policies: Policies | None = None
) -> list[tuple[str, str]]:
    """The ids and the messages, with hints, of what is wrong with OLD."""
    diagnostics = Diagnostics()
    assert open_sides(old, new, policies or Policies(), diagnostics) is None
    return [(one.id, f"{one.message} | {one.hint}") for one in diagnostics]


def texts(side: Side) -> dict[str, str]:
    return {one.file: one.source for one in side.document.documents.values()}


def test_a_side_has_every_file_of_its_revision_and_none_of_the_working_tree(repository: Repository) -> None:
    repository.commit({"api/openapi.yaml": document("2"), "api/parts/pet.yaml": PET % "second"})
    (repository.folder / "api/parts/pet.yaml").write_text(PET % "edited")
    (repository.folder / "api/openapi.yaml").write_text(document("3"))

    old, new = opened("HEAD~1:api/openapi.yaml")
    head, _ = opened("main:api/openapi.yaml")

    assert texts(old) == {
        "HEAD~1:api/openapi.yaml": document("1"),
        "HEAD~1:api/parts/pet.yaml": PET % "committed",
    }
    assert texts(head)["main:api/parts/pet.yaml"] == PET % "second"
    assert texts(new) == {"api/openapi.yaml": document("3"), "api/parts/pet.yaml": PET % "edited"}
    assert head.info("version") == "2"


@pytest.mark.parametrize("old", ["HEAD:", "main:", "HEAD:api/openapi.yaml"])
def test_without_a_side_the_last_commit_of_the_document_is_old(old: str, repository: Repository) -> None:
    (repository.folder / "api/parts/pet.yaml").unlink()
    (repository.folder / "api/openapi.yaml").write_text(document("2", "#/components"))
    (repository.folder / "HEAD:api").mkdir()

    diagnostics = Diagnostics()
    assert open_sides(old, "api/openapi.yaml", Policies(allow_invalid=True), diagnostics) is not None


def test_the_last_commit_is_found_from_anywhere(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    old, _ = opened("HEAD:", "repository/api/openapi.yaml")

    assert sorted(texts(old)) == ["HEAD:api/openapi.yaml", "HEAD:api/parts/pet.yaml"]


@pytest.mark.parametrize("environment", [{"GIT_DIR": ".git"}, {"GIT_DIR": ".git", "GIT_WORK_TREE": "."}])
def test_the_environment_of_a_hook_means_the_same_repository(
    environment: dict[str, str], repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert "HEAD:api/openapi.yaml" in texts(opened("HEAD:")[0])
    assert "HEAD:api/openapi.yaml" in texts(opened("HEAD:./api/openapi.yaml")[0])


def test_paths_start_at_the_root_of_the_repository_or_with_a_dot_in_this_folder(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository.folder / "api")

    assert "HEAD:api/openapi.yaml" in texts(opened("HEAD:./openapi.yaml", "openapi.yaml")[0])
    assert "HEAD:api/openapi.yaml" in texts(opened("HEAD:../api/openapi.yaml", "openapi.yaml")[0])
    assert "HEAD:api/openapi.yaml" in texts(opened("HEAD:api/openapi.yaml", "openapi.yaml")[0])
    (found,) = refused("HEAD:openapi.yaml", "openapi.yaml")
    assert "did you mean HEAD:./openapi.yaml?" in found[1]


def test_a_file_of_that_very_name_wins(repository: Repository) -> None:
    (repository.folder / "HEAD:api").mkdir()
    (repository.folder / "HEAD:api" / "openapi.yaml").write_text(document("file", "#/info/title"))

    diagnostics = Diagnostics()
    sides = open_sides("HEAD:api/openapi.yaml", "api/openapi.yaml", Policies(), diagnostics)

    assert sides is not None and sides[0].info("version") == "file" and sides[0].revision is None


@pytest.mark.parametrize(
    ("text", "revision", "path"),
    [
        ("HEAD:a.yaml", "HEAD", "a.yaml"),
        ("HEAD~2:a:b.yaml", "HEAD~2", "a:b.yaml"),
        ("HEAD^{/fix: it}:a.yaml", "HEAD^{/fix: it}", "a.yaml"),
        ("HEAD@{10:30}:a.yaml", "HEAD@{10:30}", "a.yaml"),
    ],
)
def test_a_revision_ends_where_git_ends_it(text: str, revision: str, path: str) -> None:
    found = revision_path(text)
    assert found is not None and (found.revision, found.path) == (revision, path)


@pytest.mark.parametrize("text", [":a.yaml", "a.yaml", "HEAD^{/a:b}"])
def test_a_name_without_a_revision_is_that_of_a_file(text: str) -> None:
    assert revision_path(text) is None


def test_links_are_followed_inside_the_tree(repository: Repository) -> None:
    repository.commit(
        {"real/pet.yaml": PET % "real", "api/parts/.keep": ""},
        {
            "api/parts/pet.yaml": "inner/here.yaml",
            "api/parts/inner": "../parts",
            "api/parts/here.yaml": "there.yaml",
        },
    )
    repository.commit(
        {"api/parts/there.yaml": PET % "there"}, {"spec": "api", "doc.yaml": "spec/openapi.yaml"}
    )

    old, _ = opened("HEAD:spec/openapi.yaml")
    linked, _ = opened("HEAD:spec/openapi.yaml", "spec/openapi.yaml")

    assert texts(old)["HEAD:api/parts/pet.yaml"] == PET % "there"
    assert texts(linked) == texts(old)


@pytest.mark.parametrize("target", ["/etc/hostname", "../../../outside.yaml", "../../real/pet.yaml"])
def test_a_link_out_of_the_folder_or_the_tree_is_not_followed(
    target: str, repository: Repository, tmp_path: Path
) -> None:
    (tmp_path / "outside.yaml").write_text(PET % "outside")
    repository.commit({"real/pet.yaml": PET % "real"}, {"api/parts/pet.yaml": target})
    (repository.folder / "api/parts/pet.yaml").unlink()
    (repository.folder / "api/parts/pet.yaml").write_text(PET % "file")

    (found,) = refused("HEAD:api/openapi.yaml")

    assert (
        found[0] == "reference-outside"
        and "parts/pet.yaml is outside of the directory of HEAD:api" in found[1]
    )


@pytest.mark.parametrize("target", ["/etc/hostname", "../../outside.yaml"])
def test_a_document_that_is_a_link_out_of_the_tree_is_refused(target: str, repository: Repository) -> None:
    repository.commit({}, {"api/link.yaml": target})

    (found,) = refused("HEAD:api/link.yaml")

    assert "HEAD:api/link.yaml is a link that leads out of the tree" in found[1]


def test_links_that_lead_to_each_other_come_to_an_end(repository: Repository) -> None:
    repository.commit(
        {}, {"api/parts/pet.yaml": "other.yaml", "api/parts/other.yaml": "pet.yaml", "api/self": "self"}
    )
    (repository.folder / "api/openapi.yaml").write_text(document("2", "#/info"))

    assert [found[0] for found in refused("HEAD:api/openapi.yaml")] == ["reference-outside"]
    assert "its links lead to each other" in refused("HEAD:api/self")[0][1]


def test_a_file_of_the_working_tree_does_not_help_out(repository: Repository) -> None:
    repository.commit({"api/openapi.yaml": document("2", "parts/cat.yaml")})
    (repository.folder / "api/parts/cat.yaml").write_text(PET % "cat")

    assert [found[0] for found in refused("HEAD:api/openapi.yaml")] == ["dangling-reference"]


def test_a_wider_root_holds_for_revisions(repository: Repository) -> None:
    repository.commit(
        {"api/openapi.yaml": document("2", "../shared/pet.yaml"), "shared/pet.yaml": PET % "shared"}
    )

    assert [found[0] for found in refused("HEAD:api/openapi.yaml")] == ["reference-outside"] * 2
    policies = policies_of(Config(document_root="."))
    old, _ = opened("HEAD:api/openapi.yaml", policies=policies)
    assert texts(old)["HEAD:shared/pet.yaml"] == PET % "shared"
    (found, *_) = refused("HEAD:api/openapi.yaml", policies=policies_of(Config(document_root="shared")))
    assert found[0] == "config-bad-value"


def test_a_submodule_is_told(repository: Repository) -> None:
    commit = repository.git("rev-parse", "HEAD")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{commit},api/vendor")
    repository.git("commit", "-q", "-m", "submodule")

    assert "HEAD:api/vendor is a submodule" in refused("HEAD:api/vendor")[0][1]
    assert "is in the submodule api/vendor" in refused("HEAD:api/vendor/openapi.yaml")[0][1]
    (repository.folder / "api/openapi.yaml").write_text(document("2", "vendor/pet.yaml"))
    repository.git("commit", "-q", "-m", "reference", "--", "api/openapi.yaml")
    assert "the file vendor/pet.yaml is in the submodule api/vendor" in refused("HEAD:api/openapi.yaml")[0][1]


@pytest.mark.parametrize(
    ("old", "said"),
    [
        ("nowhere:api/openapi.yaml", "there is no revision 'nowhere' here | None"),
        ("--batch:api/openapi.yaml", "names no revision: '--batch'"),
        ("-p:api/openapi.yaml", "names no revision: '-p'"),
        ("HEAD\n--batch:api/openapi.yaml", "names no revision"),
        ("HEAD..main:api/openapi.yaml", "there is no revision 'HEAD..main' here"),
        ("HEAD:api/openapi.yaml:api", "HEAD has no file 'api/openapi.yaml:api'"),
        ("HEAD:.", "HEAD has no file '.'"),
        ("HEAD:api", "HEAD:api is a directory"),
        ("HEAD:api/", "HEAD:api/ is a directory | name the file in it"),
        ("HEAD:api/openapi.yaml/", "'api/openapi.yaml/' | did you mean HEAD:api/openapi.yaml?"),
        (
            "HEAD:api/nothing.yaml",
            "HEAD has no file 'api/nothing.yaml' | it may be new, or have had another path",
        ),
        ("HEAD:api/nothing.yaml/", "HEAD has no file 'api/nothing.yaml/' | it may be new"),
        ("HEAD:../outside.yaml", "HEAD has no file '../outside.yaml'"),
        ("HEAD:api/openapi.yaml/x", "HEAD has no file 'api/openapi.yaml/x'"),
        ("https://example.com/openapi.yaml", "is a URL; a document is read from a file"),
    ],
)
def test_what_is_not_there_is_told(old: str, said: str, repository: Repository) -> None:
    ((id, message),) = refused(old)

    assert id == "unreadable-file" and said in message


def test_a_file_that_was_deleted_is_told_once(repository: Repository) -> None:
    (repository.folder / "api/openapi.yaml").unlink()

    ((_, message),) = refused("HEAD:")

    assert message == "api/openapi.yaml does not exist | None"


def test_both_sides_are_told_together(repository: Repository) -> None:
    assert len(refused("nowhere:a.yaml", "nothing.yaml")) == 2
    (found,) = refused("-", "/dev/stdin")
    assert "both sides are standard input" in found[1]


def test_a_shallow_clone_says_so(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"api/openapi.yaml": document("2")})
    run_git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository.folder}", "shallow")
    monkeypatch.chdir(tmp_path / "shallow")

    ((_, message),) = refused("HEAD~1:api/openapi.yaml")

    assert "there is no revision 'HEAD~1' here" in message and "fetch --unshallow" in message


def test_a_folder_outside_of_git_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "openapi.yaml").write_text(document(reference="#/info"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    assert "not a git repository" in refused("HEAD:openapi.yaml", "openapi.yaml")[0][1]
    assert "not a git repository" in refused("HEAD:", "openapi.yaml")[0][1]


def test_a_repository_without_a_commit_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Repository(tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "openapi.yaml").write_text(document(reference="#/info"))

    assert "there is no revision 'HEAD' here" in refused("HEAD:", "openapi.yaml")[0][1]


def test_that_git_is_missing_is_told(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert "git is not installed" in refused("HEAD:api/openapi.yaml")[0][1]
    assert "git is not installed" in refused("HEAD:")[0][1]


def test_a_repository_of_somebody_else_is_told(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")

    ((_, message),) = refused("HEAD:api/openapi.yaml")

    assert "dubious ownership" in message and "git config --global --add safe.directory" in message


def test_no_config_of_the_repository_runs_a_program(repository: Repository, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    touch = tmp_path / "touch"
    touch.write_text(f"#!/bin/sh\necho $0 $* >> {ran}\ncat\n")
    touch.chmod(0o755)
    repository.commit({".gitattributes": "*.yaml filter=x diff=x\n"})
    for name in (
        "filter.x.smudge",
        "filter.x.clean",
        "filter.x.process",
        "diff.x.textconv",
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.alternateRefsCommand",
        "credential.helper",
        "pager.cat-file",
    ):
        repository.git("config", name, str(touch))
    for command in ("cat-file", "rev-parse"):
        repository.git("config", f"alias.{command}", f"!{touch}")
    hooks = repository.folder / ".git" / "hooks"
    for hook in ("post-index-change", "reference-transaction", "fsmonitor-watchman"):
        (hooks / hook).write_text(touch.read_text())
        (hooks / hook).chmod(0o755)
    ran.unlink(missing_ok=True)

    old, _ = opened("HEAD:api/openapi.yaml")

    assert texts(old)["HEAD:api/parts/pet.yaml"] == PET % "committed"
    assert not ran.exists(), ran.read_text()


def test_nothing_is_fetched(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.git("config", "uploadpack.allowAnySHA1InWant", "true")
    clone = ("clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{repository.folder}", "partial")
    run_git(tmp_path, *clone)
    partial, ran = tmp_path / "partial", tmp_path / "ran"
    run_git(partial, "config", "remote.origin.uploadpack", f"touch {ran}; git-upload-pack")
    (partial / "openapi.yaml").write_text(document(reference="#/info"))
    monkeypatch.chdir(partial)
    missing = run_git(partial, "rev-list", "--objects", "--all", "--missing=print").count("?")

    ((_, message),) = refused("HEAD:api/openapi.yaml", "openapi.yaml")

    assert "is not in this clone" in message and "partial clone" in message
    assert missing == run_git(partial, "rev-list", "--objects", "--all", "--missing=print").count("?") > 0
    assert not ran.exists()


def test_the_index_is_neither_read_nor_written(repository: Repository) -> None:
    index = repository.folder / ".git" / "index"
    index.write_bytes(b"broken")
    os.utime(index, (1, 1))

    opened("HEAD:api/openapi.yaml")

    assert index.read_bytes() == b"broken" and index.stat().st_mtime == 1


def test_messages_quote_the_lines_of_the_revision(repository: Repository) -> None:
    repository.commit({"api/openapi.yaml": document("2").replace("description: ok", "description: 5")})
    (repository.folder / "api/openapi.yaml").write_text(document())
    diagnostics = Diagnostics()

    assert open_sides("HEAD:api/openapi.yaml", "api/openapi.yaml", Policies(), diagnostics) is None

    text = render_text(diagnostics, read_sources(diagnostics))
    assert "HEAD:api/openapi.yaml:9:11: error" in text and "9 |           description: 5" in text


def test_a_file_of_a_revision_that_is_too_large_is_told(repository: Repository) -> None:
    (repository.folder / "api/large.yaml").write_bytes(b" " * (64 * 1024 * 1024 + 1))
    repository.commit({})

    assert refused("HEAD:api/large.yaml") == [
        ("too-large", "HEAD:api/large.yaml is larger than 64 MiB | None"),
    ]


def test_repositories_with_sha_256_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_git(tmp_path, "init", "-q", "--object-format=sha256", "-b", "main")
    Repository(tmp_path).commit({"openapi.yaml": document(), "parts/pet.yaml": PET % "x"})
    monkeypatch.chdir(tmp_path)

    assert len(texts(opened("HEAD:openapi.yaml", "openapi.yaml")[0])) == 2


def test_a_bare_repository_will_do(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_git(tmp_path, "clone", "-q", "--bare", str(repository.folder), "bare.git")
    monkeypatch.chdir(tmp_path / "bare.git")

    old, _ = opened("main:api/openapi.yaml", str(repository.folder / "api/openapi.yaml"))

    assert len(texts(old)) == 2
