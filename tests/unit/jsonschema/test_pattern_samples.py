"""Texts for patterns as vendors write them: each has to match, and to be as long as it has to be."""

from __future__ import annotations

import re

import pytest

from clientsmith.jsonschema.pattern_samples import examples


@pytest.mark.parametrize(
    "pattern",
    [
        r"([^\s]+(\.(?i)(jpeg|tiff|pdf))$)",
        r"^(?i:ab)\d{2}$",
        r"(?P<year>\d{4})-(?<month>\d\d)",
        r"^(?-u:\b)a(?s).$",
    ],
)
def test_flags_and_names_of_groups_are_no_text(pattern: str) -> None:
    plain = re.sub(r"\(\?[a-z]*(?:-[a-z]+)?\)", "", pattern)
    plain = re.sub(r"\(\?[a-z]*(?:-[a-z]+)?:", "(?:", plain).replace("(?<", "(?P<")
    found = list(examples(pattern))
    assert found and all(re.search(plain, text) for text in found)


@pytest.mark.parametrize(
    ("pattern", "length"),
    [("0oa[0-9a-zA-Z]+", 20), ("^[a-z]*-x$", 9), ("a{2,}b", 7), ("^SK[0-9a-f]{32}$", 34)],
)
def test_one_is_as_long_as_it_has_to_be(pattern: str, length: int) -> None:
    found = list(examples(pattern, length))
    assert any(len(text) == length for text in found)
    assert all(re.search(pattern, text) for text in found)


def test_a_group_that_is_unknown_gives_nothing() -> None:
    assert list(examples("a(?#comment)b")) == list(examples("a(?>b)")) == []
