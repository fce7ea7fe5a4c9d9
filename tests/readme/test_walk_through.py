"""The walk-through of the docs keeps its word; `make callers` plays its type checkers too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.readme.walk_through import PAGE, blocks, play, prepare


def test_the_walk_through_prints_what_it_says(tmp_path: Path) -> None:
    prepare(tmp_path)

    wrong = list(play(tmp_path, PAGE.read_text(encoding="utf-8"), with_type_checkers=False))

    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("```console\n$ echo a\na\n```\n", 0),
        ("```console\n$ echo a; echo b\n...\n```\n", 0),
        ("```console\n$ echo a\nb\n```\n", 1),
        ("```console\n$ exit 3\n```\n", 1),
        ("```console\n$ exit 3\n[exit 3]\n```\n", 0),
    ],
)
def test_another_output_or_exit_code_is_found(block: str, expected: int, tmp_path: Path) -> None:
    assert len(list(play(tmp_path, block, with_type_checkers=True))) == expected


def test_every_step_of_the_walk_through_is_played() -> None:
    kinds = [block.kind for block in blocks(PAGE.read_text(encoding="utf-8"))]

    assert kinds.count("diff") == 7
    assert kinds.count("python") == 1
