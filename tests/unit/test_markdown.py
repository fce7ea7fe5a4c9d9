from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientsmith.markdown import block, code, fenced, inline

ANY_TEXT = st.text(st.sampled_from("`~|<>&\\*_[]()!#+-=.1a \n\u2028\r"), max_size=40)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("snake_case stays", "snake_case stays"),
        ("*a* _b_", "\\*a\\* \\_b\\_"),
        ("**Money.** and **<b>**", "**Money.** and \\*\\*&lt;b&gt;\\*\\*"),
        ("**a* b**", "\\*\\*a\\* b\\*\\*"),
        ("***a***", "\\*\\*\\*a\\*\\*\\*"),
        ("<script>", "&lt;script&gt;"),
        ("[x](javascript:1)", "\\[x\\](javascript:1)"),
        ("![x](y)", "\\!\\[x\\](y)"),
        ("a | b", "a \\| b"),
        ("use `a | <b>` here", "use `a | <b>` here"),
        ("an open ` tick", "an open &#96; tick"),
        ("# heading", "\\# heading"),
        ("- item", "\\- item"),
        ("1. item", "1\\. item"),
        ("see (https://a.b/c).", "see (`https://a.b/c`)."),
        ("mail a_b@c.de, or www.x", "mail `a_b@c.de`, or `www.x`"),
        ("[a b](https://c.d/e).", "\\[a b\\](`https://c.d/e`)."),
        ("<http://a.b> <x@y.z>", "&lt;`http://a.b`&gt; &lt;`x@y.z`&gt;"),
        ("`a`http://b.c", "`ahttp://b.c`"),
        ("e.g. version 1.2, and so on", "e.g. version 1.2, and so on"),
        ("a ` ` b", "a &#96; &#96; b"),
        ("line\nline\u2028line", "line line line"),
        ("&amp;", "&amp;amp;"),
    ],
)
def test_text_cannot_become_markup(text: str, shown: str) -> None:
    assert inline(text) == shown


def test_pipes_in_code_are_escaped_in_tables_only() -> None:
    assert (code("a | b"), code("a | b", cell=True)) == ("`a | b`", "`a` \\| `b`")
    assert inline("`a | b`", cell=True) == "`a` \\| `b`"
    assert code("|`|", cell=True) == "\\|`` ` ``\\|"


def test_backticks_in_code() -> None:
    assert code("``x`") == "``` ``x` ```"


@given(ANY_TEXT)
@settings(derandomize=True, database=None)
def test_a_fence_is_closed_by_nothing_inside(text: str) -> None:
    lines = fenced(text, "python").split("\n")
    fence = lines[-1]

    assert re.fullmatch("`{3,}", fence)
    assert lines[0] == f"{fence}python"
    assert not any(line.strip().startswith(fence) for line in lines[1:-1])


@given(ANY_TEXT)
@settings(derandomize=True, database=None)
def test_a_cell_is_one_line_and_every_pipe_in_it_is_escaped(text: str) -> None:
    for cell in (inline(text, cell=True), code(text, cell=True)):
        assert "\n" not in cell
        assert not re.search(r"(?<!\\)\|", cell)


@given(ANY_TEXT)
@settings(derandomize=True, database=None)
def test_no_tag_outside_code(text: str) -> None:
    prose = re.sub(r"(`+)[^`].*?(?<!`)\1(?!`)", "", inline(text))

    assert "<" not in prose


def test_paragraphs_and_lists() -> None:
    assert block("One\ntwo.\n\nIntro:\n- a\n- b\n  more") == "One two.\n\nIntro:\n\n- a\n- b more"
    assert block("") == ""
