"""The power of `diff` on a few drawn places: `make diff-power` draws many."""

from __future__ import annotations

import sys

import pytest

import diff_power


def test_there_are_enough_operators_and_rewrites() -> None:
    assert len({one.name for one in diff_power.OPERATORS}) == len(diff_power.OPERATORS) >= 25
    assert len(diff_power.REWRITES) >= 25


def test_every_change_is_found_where_it_was_made_and_no_rewrite_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["diff_power.py", "--places", "150", "--rewrites", "120"])
    assert diff_power.main() == 0, capsys.readouterr().out
