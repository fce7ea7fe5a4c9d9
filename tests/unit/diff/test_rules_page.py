"""The table of rules as it is printed, and the page that is made from it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from clientsmith.cli.main import main
from clientsmith.diff.model import Level
from clientsmith.diff.rules import Rule, rules
from tests.unit.diff.conftest import Diff

PAGE = Path(__file__).parents[3] / "docs" / "changes.md"


def test_the_page_of_all_rules_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "--rules", "--format", "markdown"]) == 0
    assert capsys.readouterr().out == PAGE.read_text(encoding="utf-8"), "make diagnostics"


def test_the_rules_are_printed_for_people_and_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "--rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == list(rules())
    assert main(["diff", "--rules", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed == json.loads(json.dumps([asdict(rule) for rule in rules().values()]))


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.id)
def test_every_rule_has_a_section_with_its_levels(rule: Rule) -> None:
    id = rule.id
    section = PAGE.read_text(encoding="utf-8").partition(f"## {id}\n")[2].partition("\n## ")[0]
    for name in ("request", "response", "python"):
        levels = getattr(rule, name)
        assert (f"{name} **{' or '.join(levels)}**" in section) is bool(levels)
    assert all(f"- {word}: " in section for word in ("Why", "Example", "What to do", "The change back"))


@pytest.mark.parametrize("shape", ["html", "github", "junit"])
def test_the_rules_are_not_printed_in_every_form(shape: str, diff: Diff) -> None:
    code, out, err = diff([], "--rules", "--format", shape)

    assert (code, out) == (2, "") and "--rules is printed as text, json, markdown" in err


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.id)
def test_every_rule_has_the_rule_of_the_change_back_or_says_why_there_is_none(rule: Rule) -> None:
    assert bool(rule.counterpart) is not bool(rule.one_way)
    if rule.counterpart:
        assert rules()[rule.counterpart].counterpart == rule.id


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.id)
def test_every_rule_has_levels_and_says_what_it_is_about(rule: Rule) -> None:
    words = {level.word for level in Level} - {"none"}
    assert {*rule.request, *rule.response, *rule.python} <= words
    assert rule.request or rule.response or rule.python
    for text in (rule.title, rule.reason, rule.example, rule.text, rule.hint):
        assert text.strip() == text and 3 < len(text) <= 160
