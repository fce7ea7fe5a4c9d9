"""What decides the exit code and the step: levels, the config, --fail-on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clientsmith.diff.model import Level
from clientsmith.diff.step import step_of
from tests.unit.diff.conftest import Diff
from tests.unit.diff.sample import ADDED, CHANGES, NARROWED, REMOVED


@pytest.mark.parametrize(
    ("levels", "differs", "stable", "unstable"),
    [
        ([Level.INFO, Level.BREAKING], True, "major", "minor"),
        ([Level.WARNING], True, "minor", "patch"),
        ([Level.INFO], True, "minor", "patch"),
        ([Level.NONE], True, "patch", "patch"),
        ([], True, "patch", "patch"),
        ([], False, "none", "none"),
    ],
)
def test_the_step_follows_the_highest_level(
    levels: list[Level], differs: bool, stable: str, unstable: str
) -> None:
    assert step_of(levels, differs=differs) == stable
    assert step_of(levels, differs=differs, is_unstable=True) == unstable


@pytest.mark.parametrize(
    ("changes", "fail_on", "code"),
    [
        (CHANGES, None, 1),
        (CHANGES, "breaking", 1),
        (CHANGES, "never", 0),
        ((NARROWED, ADDED), None, 0),
        ((NARROWED, ADDED), "breaking", 0),
        ((NARROWED, ADDED), "warning", 1),
        ((ADDED,), "warning", 0),
        ((ADDED,), "info", 1),
        ((), "info", 0),
    ],
)
def test_the_exit_code_is_1_from_a_level_on(
    changes: tuple[object, ...], fail_on: str | None, code: int, diff: Diff
) -> None:
    flags = [] if fail_on is None else ["--fail-on", fail_on]
    assert diff(list(changes), *flags)[0] == code


def test_the_config_says_what_to_fail_on_and_a_flag_wins(diff: Diff) -> None:
    Path("clientsmith.toml").write_text('[diff]\nfail_on = "info"\n')

    assert diff([ADDED])[0] == 1
    assert diff([ADDED], "--fail-on", "warning")[0] == 0


@pytest.mark.parametrize(
    ("levels", "level", "wire", "step", "lowered"),
    [
        ('bound-narrowed = "breaking"', "breaking", ("breaking", "breaking"), "major", None),
        ('bound-narrowed = "info"', "info", ("info", "info"), "minor", "breaking, warning"),
        ('bound-narrowed = "none"', "none", ("none", "none"), "patch", "breaking, warning, info"),
        ('bound-narrowed = {warning = "breaking"}', "breaking", ("breaking", "info"), "major", None),
        ('bound-narrowed = {warning = "info"}', "info", ("info", "info"), "minor", "warning"),
        ('bound-narrowed = {breaking = "info"}', "warning", ("warning", "info"), "minor", "breaking"),
        (
            'bound-narrowed = {warning = "breaking", breaking = "info"}',
            "breaking",
            ("breaking", "info"),
            "major",
            "breaking",
        ),
        (
            'bound-narrowed = {warning = "info", info = "none"}',
            "info",
            ("info", "none"),
            "minor",
            "warning|info",
        ),
        ('operation-removed = "breaking"', "warning", ("warning", "info"), "minor", None),
        ('operation-removed = "warning"', "warning", ("warning", "info"), "minor", "breaking"),
    ],
)
def test_the_config_sets_levels_for_exit_code_and_step(
    levels: str, level: str, wire: tuple[str, str], step: str, lowered: str | None, diff: Diff
) -> None:
    Path("clientsmith.toml").write_text(f"[diff.levels]\n{levels}\n")

    code, out, _ = diff([NARROWED], "--format", "json")

    found = json.loads(out)
    (change,) = found["changes"]
    assert (change["level"], change["wire"]["request"], change["wire"]["response"]) == (level, *wire)
    assert (found["step"], code) == (step, int(level == "breaking"))
    assert [one["from"] for one in found["lowered"]] == ([] if lowered is None else lowered.split("|"))


@pytest.mark.parametrize("shape", ["text", "json", "markdown", "html", "junit"])
def test_every_report_names_what_is_lowered_whatever_is_found(shape: str, diff: Diff) -> None:
    Path("clientsmith.toml").write_text('[diff.levels]\noperation-removed = "info"\n')

    for changes in ([], [REMOVED], [ADDED]):
        _, out, _ = diff(changes, "--format", shape)
        assert "operation-removed" in out and "lowered" in out and "clientsmith.toml" in out


def test_annotations_come_with_what_is_lowered_in_the_job_summary_and_in_the_log(
    diff: Diff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    Path("clientsmith.toml").write_text('[diff.levels]\noperation-removed = "info"\n')

    _, out, _ = diff([REMOVED], "--format", "github")

    assert "::notice" in out and "operation-removed is lowered from breaking to info" in out
    assert "operation-removed is lowered from breaking to info" in (tmp_path / "summary.md").read_text()


def test_a_level_is_named_by_config_only_where_the_config_is_about_the_document(diff: Diff) -> None:
    Path("clientsmith.toml").write_text(
        '[document]\npath = "other.yaml"\n[diff.levels]\noperation-removed = "info"\n'
    )
    assert diff([REMOVED])[0] == 1
    assert diff([REMOVED], "--config", "clientsmith.toml")[0] == 0
    Path("clientsmith.toml").write_text(
        '[document]\npath = "new.yaml"\n[diff.levels]\noperation-removed = "info"\n'
    )
    assert diff([REMOVED])[0] == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[diff.levels]\nbound-narowed = "info"', "no change has the rule 'bound-narowed'"),
        (
            '[diff.levels]\nbound-narowed = "info"',
            "did you mean 'bound-narrowed'? `clientsmith diff --rules`",
        ),
        ('[diff.levels]\nbounds = "info"', "`clientsmith diff --rules` lists all of them"),
        ('[diff.levels]\nbound-narrowed = "error"', 'must be "breaking" or "warning" or "info" or "none"'),
        ('[diff.levels]\nbound-narrowed = {error = "info"}', "unknown key in [diff.levels.bound-narrowed]"),
        ("[diff.levels]\nbound-narrowed = 3", "must be a text, not 3"),
        ("[diff]\nlevels = 3", "must be a table"),
        ('[diff]\nfail_on = "error"', 'must be "breaking" or "warning" or "info" or "never"'),
        ("[diff]\nignores = 'x'", "unknown key in [diff]"),
        ("[diff]\nignore = 'nowhere.toml'", "the file of accepted findings nowhere.toml does not exist"),
    ],
)
def test_mistakes_of_the_config_are_told_with_their_place(text: str, said: str, diff: Diff) -> None:
    Path("clientsmith.toml").write_text(text + "\n")

    code, out, err = diff([])

    assert (code, out) == (2, "")
    assert said in err and "nothing was compared" in err
    assert "nowhere.toml" in err or "clientsmith.toml:" in err
