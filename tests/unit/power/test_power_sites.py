"""Faults are spliced into a file that stays as it is everywhere else, under ids that stay the same."""

from __future__ import annotations

import pytest

from power_patterns import Begin, Swap, fault, planted
from power_sites import Edit, File, StaleFaultError, altered, calls, seeded, swapped

SOURCE = '''\
"""Text with é, which takes two bytes."""

NAME = "é"; VALUE = call("a",  # kept
             1, flag=True)


def method(x):
    """Words."""
    value = read(x)
    return value
'''


def _one(file: File, *edits: Edit) -> str:
    (found,) = seeded(file, edits, "domain")
    return found.source


def test_only_the_changed_node_is_written_anew() -> None:
    file = File("a.py", SOURCE)
    (call,) = calls(file, "call")
    source = _one(file, Edit("flag lost", (altered(file, call, {0: "'b'"}, flag=None),)))
    assert source == SOURCE.replace('call("a",  # kept\n             1, flag=True)', "call('b', 1)")


def test_two_nodes_take_each_others_place() -> None:
    file = File("a.py", "x = {'one': 1, 'two': 2}\n")
    one, two = calls(File("b.py", "f(g(), h())"), "g"), calls(File("b.py", "f(g(), h())"), "h")
    assert next(one) is not None and next(two) is not None
    (pair,) = [node for node in file.nodes() if type(node).__name__ == "Dict"]
    keys = pair.keys  # type: ignore[attr-defined]
    assert _one(file, Edit("swapped", swapped(file, keys[0], keys[1]))) == "x = {'two': 1, 'one': 2}\n"


def test_what_leaves_the_program_as_it_was_is_no_fault() -> None:
    file = File("a.py", SOURCE)
    (call,) = calls(file, "call")
    assert list(seeded(file, [Edit("nothing", (altered(file, call, flag="True"),))], "domain")) == []


def test_ids_do_not_depend_on_what_stands_above() -> None:
    def ids(source: str) -> list[str]:
        file = File("a.py", source)
        edits = [Edit("lost", (altered(file, call, flag=None),)) for call in calls(file, "call")]
        return [one.id for one in seeded(file, edits, "domain")]

    assert ids(SOURCE) == ids("import os\n\n\n" + SOURCE)
    assert ids(SOURCE)[0].startswith("a.py::::lost::1::")


def test_a_fault_that_is_no_python_is_an_error() -> None:
    file = File("a.py", SOURCE)
    (call,) = calls(file, "call")
    with pytest.raises(StaleFaultError, match="no Python"):
        list(seeded(file, [Edit("broken", (file.replaced(call, "call("),))], "domain"))


def test_patterns_match_trees_and_begin_after_the_docstring(tmp_path) -> None:
    (tmp_path / "_runtime").mkdir()
    (tmp_path / "_runtime/a.py").write_text(SOURCE, encoding="utf-8")
    faults = (
        fault("begins", "a.py", Begin("method", "if x:\n    return None")),
        fault(
            "reads twice", "a.py", Swap("method", "value = read( x )", "value = read(x)\nvalue = read(value)")
        ),
        fault("other value", "a.py", Swap("method", "read(x)", "x")),
    )
    begins, twice, other = (one.source for one in planted(tmp_path, faults, "domain"))
    assert '    """Words."""\n    if x:\n        return None\n    value = read(x)\n' in begins
    assert "    value = read(x)\n    value = read(value)\n    return value\n" in twice
    assert "    value = x\n" in other


@pytest.mark.parametrize(
    "step", [Swap("method", "write(x)", "x"), Swap("other", "read(x)", "x"), Begin("other", "pass")]
)
def test_a_pattern_that_matches_nothing_is_an_error(tmp_path, step) -> None:
    (tmp_path / "_runtime").mkdir()
    (tmp_path / "_runtime/a.py").write_text(SOURCE, encoding="utf-8")
    with pytest.raises(StaleFaultError, match="matches nothing"):
        list(planted(tmp_path, [fault("gone", "a.py", step)], "domain"))
