from __future__ import annotations

import sys
from pathlib import Path

import pytest

from clientsmith.emit.format import FormatError, format_sources


def test_python_is_formatted_and_other_files_are_kept() -> None:
    assert format_sources({"a/b.py": "x = {'a':1}", "c.txt": "x  =  1"}) == {
        "a/b.py": 'x = {"a": 1}\n',
        "c.txt": "x  =  1",
    }


def test_python_in_markdown_is_formatted() -> None:
    assert format_sources({"a.md": "*  x\n```python\nf( 1 )\n```\n"}) == {
        "a.md": "*  x\n```python\nf(1)\n```\n"
    }


def test_settings_of_the_user_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ruff.toml").write_text(
        'line-length = 20\n[format]\nquote-style = "single"\nexclude = ["*"]\n'
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("RUFF_NO_CACHE", "nonsense")
    source = 'some_value = call("one argument", "another argument")\n'

    assert format_sources({"build/a.py": source}) == {"build/a.py": source}


def test_no_files_are_no_problem() -> None:
    assert format_sources({}) == {}


def test_a_file_that_is_no_python_is_named() -> None:
    with pytest.raises(FormatError, match=r"resources/a\.py"):
        format_sources({"resources/a.py": "def ("})


def test_a_missing_ruff_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ruff", None)

    with pytest.raises(FormatError, match="ruff is not installed"):
        format_sources({"a.py": "x = 1"})


def test_line_ends_and_characters_survive() -> None:
    assert format_sources({"a.py": 'x = "é漢"\n'}) == {"a.py": 'x = "é漢"\n'}
