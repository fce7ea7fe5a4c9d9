"""The list of ignored changes: accepted, expired, stale, without a reason, and operations that are newly reached."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clientsmith.cli.main import main
from clientsmith.diagnostics.model import Place, Span
from clientsmith.diff import levels
from clientsmith.diff.model import ReachedOperation
from tests.cases.diff.descriptions import of_document
from tests.unit.diff.conftest import Diff
from tests.unit.diff.sample import ADDED, CHANGES, LIST_PETS, NARROWED, REMOVED

FILE = Path("diff-ignore.toml")
REASON = ("--reason", "announced in March")


def accepted(diff: Diff, *keys: str, changes: tuple[Any, ...] = CHANGES) -> list[dict[str, Any]]:
    flags = [word for key in keys for word in ("--accept", key)]
    code, out, err = diff(list(changes), *flags, *REASON)
    assert (code, out) == (0, ""), err
    return tomllib.loads(FILE.read_text())["accepted"]


def found(diff: Diff, changes: list[Any], *flags: str) -> tuple[int, dict[str, Any]]:
    code, out, _ = diff(changes, "--format", "json", *flags)
    return code, json.loads(out)


def test_an_accepted_change_stays_in_the_output_counts_for_the_step_and_not_for_the_exit_code(
    diff: Diff,
) -> None:
    assert accepted(diff, REMOVED.fingerprint) == [
        {
            "fingerprint": REMOVED.fingerprint,
            "reason": "announced in March",
            "operations": ["DELETE /pets"],
        }
    ]
    assert "# operation-removed at DELETE /pets: DELETE /pets is gone\n" in FILE.read_text()

    code, report = found(diff, [*CHANGES])

    assert code == 0
    assert [one["ignored"] for one in report["changes"]] == ["announced in March", None, None]
    assert report["totals"] == {"breaking": 0, "warning": 1, "info": 1, "none": 0, "ignored": 1}
    assert report["step"] == "major" and report["today"] is None
    _, out, _ = diff([*CHANGES])
    assert "ignored[operation-removed]" in out and "ignored: announced in March" in out


def test_entries_are_written_in_order_and_what_people_wrote_stays(diff: Diff) -> None:
    keys = sorted(one.fingerprint for one in CHANGES)
    assert [one["fingerprint"] for one in accepted(diff, keys[1])] == [keys[1]]
    FILE.write_text(
        FILE.read_text().replace("reason =", "# mine\nuntil = 2030-01-01\nreason =") + "# the end\n"
    )

    entries = accepted(diff, keys[2], keys[0])

    assert [one["fingerprint"] for one in entries] == keys
    text = FILE.read_text()
    assert text.count("[[accepted]]") == 3 and "# mine\nuntil" in text and "# the end" in text
    assert text.startswith("# Findings that are accepted") and "\n\n\n" not in text
    one_by_one = text
    FILE.unlink()
    accepted(diff, *keys)
    assert sorted(FILE.read_text().split()) == sorted(
        one_by_one.replace("# mine\nuntil = 2030-01-01\n", "").replace("# the end\n", "").split()
    )


def test_a_reason_may_hold_any_characters(diff: Diff) -> None:
    reason = "line\u2028 \x85 \x0b \n [[accepted]] \" ' \\ # \x7f é"
    keys = sorted(one.fingerprint for one in CHANGES)
    for key in (keys[0], keys[2], keys[1]):
        assert diff([*CHANGES], "--accept", key, "--reason", reason)[0] == 0

    entries = tomllib.loads(FILE.read_text())["accepted"]

    assert [(one["fingerprint"], one["reason"]) for one in entries] == [(key, reason) for key in keys]


def test_a_change_that_is_accepted_again_has_one_entry(diff: Diff) -> None:
    accepted(diff, NARROWED.fingerprint)

    (entry,) = accepted(diff, NARROWED.fingerprint, changes=(replace(NARROWED, operations=(LIST_PETS,)),))

    assert entry["operations"] == ["GET /pets"]


@pytest.mark.parametrize(
    "other",
    [
        replace(REMOVED, text="other words", hint="other words"),
        replace(REMOVED, old=Place("/paths/~1pets/delete", Span("moved.yaml", 99, 1))),
        replace(REMOVED, request=NARROWED.request),
    ],
)
def test_wording_lines_and_levels_do_not_change_what_an_entry_is_about(other: Any, diff: Diff) -> None:
    accepted(diff, REMOVED.fingerprint)

    assert found(diff, [other], "--fail-on", "info")[0] == 0


@pytest.mark.parametrize(
    "other",
    [
        replace(NARROWED, rule="operation-removed"),
        replace(NARROWED, at="/components/schemas/Dog"),
        replace(NARROWED, values=("maxProperties", "6", "4")),
    ],
)
def test_another_rule_place_or_value_is_another_change(other: Any, diff: Diff) -> None:
    accepted(diff, NARROWED.fingerprint)

    assert found(diff, [other], "--fail-on", "info")[0] == 1


def test_an_operation_that_is_newly_reached_is_a_finding_again(diff: Diff) -> None:
    first = replace(NARROWED, operations=(LIST_PETS,))
    accepted(diff, NARROWED.fingerprint, changes=(first,))
    renamed = replace(first, operations=(replace(LIST_PETS, id="other"),))
    assert found(diff, [renamed], "--fail-on", "info")[0] == 0

    code, report = found(diff, [NARROWED], "--fail-on", "warning")

    assert code == 1 and report["changes"][0]["ignored"] is None
    (note,) = report["notes"]
    assert note["id"] == "accepted-reaches-more" and note["file"] == "diff-ignore.toml"
    assert "before it reached GET /toys: it is a finding again" in note["message"]
    accepted(diff, NARROWED.fingerprint)
    assert found(diff, [NARROWED], "--fail-on", "info")[0] == 0


def test_a_renamed_path_parameter_is_no_new_operation(diff: Diff) -> None:
    before = replace(NARROWED, operations=(ReachedOperation("/pets/{id}", "get", "fetch"),))
    after = replace(NARROWED, operations=(ReachedOperation("/pets/{petId}", "get", "fetch"),))
    accepted(diff, NARROWED.fingerprint, changes=(before,))

    assert found(diff, [after], "--fail-on", "info")[0] == 0


def entry(*lines: str, key: str = REMOVED.fingerprint) -> None:
    FILE.write_text("\n".join(["[[accepted]]", f'fingerprint = "{key}"', *lines, ""]))


@pytest.mark.parametrize(
    ("lines", "id"),
    [
        (['reason = ""'], "accepted-without-reason"),
        ([], "accepted-without-reason"),
        (['reason = "x"', "until = 2030-01-31"], "accepted-too-long"),
    ],
)
def test_an_entry_without_a_reason_or_past_its_date_has_no_effect_and_is_a_finding(
    lines: list[str], id: str, diff: Diff
) -> None:
    entry(*lines)

    code, report = found(diff, [REMOVED], "--today", "2030-02-01")
    assert code == 1 and report["changes"][0]["ignored"] is None
    assert [one["id"] for one in report["notes"]] == [id]
    entry(*lines, key=ADDED.fingerprint)
    assert found(diff, [ADDED], "--today", "2030-02-01")[0] == 0
    assert found(diff, [ADDED], "--today", "2030-02-01", "--fail-on", "warning")[0] == 1


def test_an_entry_holds_to_its_day_which_is_printed(diff: Diff) -> None:
    entry('reason = "x"', "until = 2030-01-31")

    code, report = found(diff, [REMOVED], "--today", "2030-01-31")
    assert (code, report["today"]) == (0, "2030-01-31")
    assert "dates as of 2030-01-31" in diff([REMOVED], "--today", "2030-01-31")[1]
    entry('reason = "x"')
    assert "as of" not in diff([REMOVED], "--today", "2030-01-31")[1]
    assert found(diff, [REMOVED], "--today", "2030-01-31")[1]["today"] is None


def test_an_entry_that_matches_nothing_is_an_info_and_goes_with_prune(diff: Diff) -> None:
    entry('reason = "x"')
    before = FILE.read_text()

    code, report = found(diff, [ADDED])
    assert code == 0 and [one["id"] for one in report["notes"]] == ["accepted-nothing"]
    assert found(diff, [], "--fail-on", "info")[0] == 1
    assert FILE.read_text() == before

    code, out, err = diff([ADDED], "--prune", "--format", "json")
    assert code == 0 and json.loads(out)["notes"] == []
    assert "0 entries, 1 pruned" in err and "[[accepted]]" not in FILE.read_text()
    assert found(diff, [], "--fail-on", "info")[0] == 0


@pytest.mark.parametrize(
    ("stated", "is_noted"),
    [("", True), ("operations = []", False), ('operations = ["GET /pets"]', False)],
)
def test_an_entry_that_covers_every_operation_is_noted(diff: Diff, stated: str, is_noted: bool) -> None:
    entry(f'{stated}\nreason = "x"')

    _, report = found(diff, [REMOVED], "--fail-on", "info")
    notes = [one for one in report["notes"] if one["id"] == "accepted-for-every-operation"]

    assert [(one["file"], one["line"]) for one in notes] == [("diff-ignore.toml", 1)] * is_noted
    assert all(f"--accept {REMOVED.fingerprint}" in one["hint"] for one in notes)


def test_accepting_a_change_again_completes_its_entry(diff: Diff) -> None:
    entry('reason = "x"')
    accepted(diff, REMOVED.fingerprint)

    assert found(diff, [REMOVED])[1]["notes"] == []


@pytest.mark.parametrize(
    ("level", "stated", "is_pruned"),
    [
        ("wire", "", False),
        ("wire", 'rule = "bound-narrowed"', True),
        ("python", "", False),
        ("python", 'rule = "bound-narrowed"', False),
        ("both", "", True),
    ],
)
def test_an_entry_that_was_not_looked_for_is_not_pruned(
    diff: Diff, level: str, stated: str, is_pruned: bool
) -> None:
    entry(f'{stated}\nreason = "x"')

    _, out, err = diff([ADDED], "--prune", "--level", level, "--format", "json")

    assert ("[[accepted]]" not in FILE.read_text()) == is_pruned == ("1 pruned" in err)
    assert json.loads(out)["notes"] == []


def test_an_entry_is_not_pruned_if_a_side_makes_no_package(
    diff: Diff, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def found(*passed: Any) -> list[Any]:
        passed[4].warning("python-not-compared", "new.yaml makes no package")
        return []

    entry('reason = "x"')
    diff([])
    monkeypatch.setattr(levels, "compare_levels", found)
    main(["diff", "old.yaml", "new.yaml", "--prune"])

    assert "[[accepted]]" in FILE.read_text()
    assert "step of the wire level alone: patch" in capsys.readouterr().out


def test_an_entry_is_not_pruned_if_a_side_cannot_be_read_as_a_whole(diff: Diff) -> None:
    paths = {"/a": {"get": {"responses": {"200": {"$ref": "#/nowhere"}}}}}
    Path("dangling.json").write_text(json.dumps(of_document("3.1", {"paths": paths})))
    entry('reason = "x"')

    diff([], "--prune", "--allow-invalid", sides=("old.yaml", "dangling.json"))

    assert "[[accepted]]" in FILE.read_text()


@pytest.mark.parametrize(
    ("pattern", "rule", "is_ignored"),
    [
        ("/paths/~1pets/**", None, True),
        ("/paths/*", "operation-removed", True),
        ("/paths/*", "bound-narrowed", False),
        ("/paths/~1toys/**", None, False),
        ("/components/**", None, False),
    ],
)
def test_places_can_be_accepted_by_a_pattern(
    pattern: str, rule: str | None, is_ignored: bool, diff: Diff
) -> None:
    stated = "" if rule is None else f'rule = "{rule}"\n'
    FILE.write_text(f'[[accepted]]\nplace = "{pattern}"\n{stated}reason = "as the vendor publishes it"\n')

    assert found(diff, [REMOVED])[0] == int(not is_ignored)


def test_a_pattern_can_be_accepted_by_the_flag(diff: Diff) -> None:
    (written,) = accepted(diff, "/paths/~1pets/**")

    assert written == {"place": "/paths/~1pets/**", "reason": "announced in March"}
    assert found(diff, [REMOVED])[0] == 0


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--accept", "0" * 20, *REASON], "no change has the fingerprint '00000000000000000000'"),
        (["--accept", REMOVED.fingerprint], "--accept and --reason belong together"),
        (["--accept", REMOVED.fingerprint, *REASON, "--prune"], "give one of them at a time"),
        (["--accept", REMOVED.fingerprint, "--reason", " "], "--accept and --reason belong together"),
        ([*REASON], "--accept and --reason belong together"),
        (["--accept", REMOVED.fingerprint, "--accept", "x", *REASON], "no change has the fingerprint 'x'"),
    ],
)
def test_what_cannot_be_accepted_writes_nothing(flags: list[str], said: str, diff: Diff) -> None:
    code, out, err = diff([*CHANGES], *flags)

    assert (code, out) == (2, "") and said in err and not FILE.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[accepted]]\nfingerprint = 3\n", "must be a text, not 3"),
        (
            '[[accepted]]\nplace = "/x"\nrule = "operation-remvoed"\n',
            "no finding has the id 'operation-remvoed'",
        ),
        ('[[accepted]]\nfingerprint = "x"\noperations = "GET /"\n', "must be an array"),
        ('[[accepted]]\nfingerprint = "x"\noperations = [3]\n', "must be a text, not 3"),
        ('[[accepted]]\nreason = "x"\n', "either a fingerprint or a place"),
        ("[[accepted]\n", "not valid TOML"),
    ],
)
def test_a_broken_list_is_bad_input_with_its_place(text: str, said: str, diff: Diff) -> None:
    FILE.write_text(text)

    code, _, err = diff([])

    assert code == 2 and said in err and "diff-ignore.toml:" in err


def test_the_config_and_the_flag_name_another_file(diff: Diff) -> None:
    Path("clientsmith.toml").write_text('[diff]\nignore = "accepted.toml"\n')
    diff([*CHANGES], "--accept", REMOVED.fingerprint, *REASON)
    assert Path("accepted.toml").exists() and found(diff, [REMOVED])[0] == 0

    diff([*CHANGES], "--accept", ADDED.fingerprint, *REASON, "--ignore", "more.toml")
    assert found(diff, [REMOVED], "--ignore", "more.toml")[0] == 1
