from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientsmith.emit.text.literals import docstring, paragraphs, string, tuple_of

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
@settings(derandomize=True, database=None)
def test_a_literal_evaluates_to_its_text(text: str) -> None:
    assert ast.literal_eval(string(text)) == text


@given(ANY_TEXT)
@settings(derandomize=True, database=None)
def test_a_docstring_is_one_string_statement(text: str) -> None:
    source = f"def f():\n    {docstring(paragraphs(text), '    ')}\n    return 1\n"

    function = ast.parse(source).body[0]

    assert isinstance(function, ast.FunctionDef)
    assert len(function.body) == 2
    assert isinstance(ast.get_docstring(function), str)


def test_readable_letters_stay_readable() -> None:
    assert string("é漢") == '"é漢"'


def test_characters_that_act_on_their_neighbours_are_escaped() -> None:
    assert string("\u202ea\x00\ud800\xa0") == '"\\u202ea\\x00\\ud800\\xa0"'


def test_control_characters_are_shown_in_docstrings_not_acted_out() -> None:
    assert ast.literal_eval(docstring(paragraphs("\x1b[31mred"), "")) == "\\x1b[31mred"


@pytest.mark.parametrize(("items", "text"), [([], "()"), (["a"], "(a,)"), (["a", "b"], "(a, b)")])
def test_tuples(items: list[str], text: str) -> None:
    assert tuple_of(items) == text


def test_lists_in_descriptions_keep_their_lines() -> None:
    assert paragraphs("One\ntwo.\n\n- a\n- b") == ["One two.", "", "- a", "- b"]


def test_long_paragraphs_are_wrapped() -> None:
    lines = paragraphs("word " * 60, indent="  ", hanging="    ")

    assert len(lines) > 1
    assert lines[0].startswith("  word")
    assert lines[1].startswith("    word")
    assert max(map(len, lines)) <= 100
