"""The table of rules: complete, and with a way back for each change."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import clientsmith.diff
from clientsmith.diff.model import Level
from clientsmith.diff.rules import Rule, rules

WORDS = {level.word for level in Level}
EACH = pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in rules().values()])


@EACH
def test_each_rule_has_a_counterpart_or_says_why_not(rule: Rule) -> None:
    assert bool(rule.counterpart) != bool(rule.one_way)
    if rule.counterpart:
        assert rules()[rule.counterpart].counterpart == rule.id


@EACH
def test_each_rule_says_what_it_is_about(rule: Rule) -> None:
    assert rule.title and rule.reason and rule.example and rule.hint
    assert rule.request or rule.response or rule.python
    assert {*rule.request, *rule.response, *rule.python} <= WORDS
    assert rule.text.format(name="n", was="a", now="b", text="t")


@EACH
def test_what_narrows_is_not_what_widens(rule: Rule) -> None:
    """A change that may break requests and its way back are not both harmless, and neither of them is told as both."""
    back = rules()[rule.counterpart] if rule.counterpart else rule
    if rule.undecided or rule.id == back.id:
        return
    assert not (rule.request[:1] == back.request[:1] == ("breaking",))


def test_each_rule_is_used() -> None:
    source = "\n".join(path.read_text() for path in Path(clientsmith.diff.__file__).parent.rglob("*.py"))
    parts = set(re.findall(r"[a-z]+(?:-[a-z]+)*", source))
    composed = ("argument", "field", "parameter", "header", "property", "status", "read-only", "write-only")
    unused = [id for id in rules() if id not in parts and not any(word in id for word in composed)]
    assert unused == []
