"""Patterns of ECMA 262 for the engine that generated models use: the same texts match, or nothing is promised."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from clientsmith.jsonschema.pattern_syntax import to_rust


def matches(pattern: str, text: str) -> bool:
    translated = to_rust(pattern)
    assert translated is not None, pattern
    try:
        TypeAdapter[str](Annotated[str, Field(pattern=translated)]).validate_python(text)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"^XB[0-9a-fA-F]{32}$", ["XB" + "a" * 32], ["XB", "XBg", "xb" + "a" * 32]),
        (r"^\d+$", ["12"], ["١٢", ""]),
        (r"^\D$", ["x", "١"], ["1"]),
        (r"^\w+$", ["a_1"], ["ä", "-"]),
        (r"^\W$", ["ä", "-"], ["a"]),
        (r"^[\w.-]+$", ["a.b-c"], ["ä", " "]),
        (r"^[\w-\.]+$", ["a-b.c"], ["a/b", "a^b"]),
        (r"^[\w-z]+$", ["a-z"], ["`"]),
        (r"^[+-\d]+$", ["+-1"], [",", "."]),
        (r"^[a-z0-9-_]+$", ["a-b_1"], ["A"]),
        (r"^[+--]+$", ["+,-"], ["."]),
        (r"^[--a]+$", ["-.a"], ["b", ","]),
        (r"^[^-a]$", ["b"], ["-", "a"]),
        (r"^[a&&b]+$", ["a&b"], ["c"]),
        (r"^[a~~b]+$", ["a~b"], ["c"]),
        (r"^[[a]$", ["[", "a"], ["b"]),
        (r"^[\]\[]+$", ["[]"], ["a"]),
        (r"^[a^b]+$", ["^"], ["c"]),
        (r"^[^\d]$", ["a"], ["1"]),
        (r"^[\D]$", ["a"], ["1"]),
        (r"^[\s\S]*$", ["a\n b"], []),
        (r"^\u0041\x42$", ["AB"], ["ab"]),
        (r"^[\u0041-\u0043]$", ["B"], ["D"]),
        (r"^\u{1F600}$", ["\U0001f600"], ["a"]),
        (r"^\cJ$", ["\n"], ["J"]),
        (r"^\0$", ["\0"], ["0"]),
        (r"^[\b]$", ["\b"], ["b"]),
        (r"\bcat\b", ["a cat"], ["concat"]),
        (r"^\/\-\.\_\ $", ["/-._ "], ["/"]),
        (r"^\p{Lu}$", ["A", "Ä"], ["a"]),
        (r"^[\p{L}-]+$", ["ä-b"], ["1"]),
        (r"^[\p{L}-x]+$", ["ä-x"], ["1"]),
        (r"^(?<year>\d{4})$", ["2026"], ["26"]),
        (r"a", ["cat"], ["b"]),
        (r"^a$", ["a"], ["a\n"]),
        (r"", ["", "x"], []),
    ],
)  # fmt: skip
def test_the_same_texts_match(pattern: str, good: list[str], bad: list[str]) -> None:
    assert [text for text in good if not matches(pattern, text)] == []
    assert [text for text in bad if matches(pattern, text)] == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?=a)", r"(?!a)", r"(?<=a)", r"(?<!a)", r"(a)\1", r"\k<a>", "[]", "[^]", "[", "(", "a{2,1}", "*",
        r"\uD83D", r"[\B]", "a\\", "[\\", "a{999999999}",
    ],
)  # fmt: skip
def test_what_the_engine_cannot_say_is_not_promised(pattern: str) -> None:
    assert to_rust(pattern) is None


@pytest.mark.parametrize("pattern", ["[" + "ab" * 100_000 + "]", "[ab" * 50_000, "(" * 10_000, "a" * 100_000])
def test_a_long_pattern_is_read_in_one_pass(pattern: str) -> None:
    to_rust(pattern)
