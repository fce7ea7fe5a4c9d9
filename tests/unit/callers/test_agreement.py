"""What type checkers say of a caller is compared with the changes in both directions."""

from __future__ import annotations

from pathlib import Path

import pytest

from clientsmith.callers.agreement import OUTSIDE, disagreements
from clientsmith.callers.caller import caller_of
from clientsmith.callers.check import CallerError, check_callers
from clientsmith.callers.elements import Caller, Element
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diff.python.compare import compare
from clientsmith.diff.python.finding import PythonFinding
from clientsmith.diff.rules import rules
from clientsmith.document.operations import operations
from clientsmith.type_checkers import CHECKERS
from tests.unit.diff.pets import BASE, Tree, changed, described, get, pet, secure

WITHOUT_BORN = changed(lambda tree: pet(tree)["properties"].pop("born"))
BORN = [
    Element("field", "Pet", "born"),
    Element("field", "PetInput", "born"),
    Element("argument", "putPet", "born"),
]


def found(old: Tree, new: Tree) -> list[PythonFinding]:
    ids = [one.key for one in operations(described(old)[0].node(), described(old)[0].deref)]
    return compare(described(old)[1], described(new)[1], {id: id for id in ids})


def at(caller: Caller, *elements: Element, checkers: tuple[str, ...] = CHECKERS) -> list[CallerError]:
    """An error of each checker on each line of the elements."""
    return [
        CallerError(line, checker, "code", "message", "source", element)
        for line, element in caller.elements.items()
        for checker in checkers
        if element in elements
    ]


def judged(new: Tree, *elements: Element, checkers: tuple[str, ...] = CHECKERS) -> list[str]:
    """What is said of errors at these elements, when pets become another description."""
    old = described(BASE)[1]
    caller = caller_of(old, "pets")
    errors = at(caller, *elements, checkers=checkers)
    return disagreements(old, described(new)[1], found(BASE, new), caller, errors)


def test_errors_and_breaking_changes_that_belong_together_are_no_disagreement() -> None:
    assert judged(BASE) == []
    assert judged(WITHOUT_BORN, *BORN, Element("key", "PetInput", "born")) == []


def test_an_error_without_a_breaking_change_is_one() -> None:
    said = judged(BASE, Element("result", "getPet"))
    assert said
    assert all("no breaking change explains" in text for text in said)


def test_a_breaking_change_without_an_error_is_one() -> None:
    said = judged(WITHOUT_BORN, *BORN[1:])
    assert said == [
        "mypy sees nothing of field-removed: Pet.born is gone",
        "pyright sees nothing of field-removed: Pet.born is gone",
    ]


def test_each_checker_has_to_see_it() -> None:
    said = judged(WITHOUT_BORN, *BORN, checkers=("mypy",))
    assert len(said) == len(BORN)
    assert all(text.startswith("pyright sees nothing") for text in said)


def test_a_name_that_is_gone_hides_what_is_part_of_it() -> None:
    def rename(tree: Tree) -> None:
        get(tree).update(operationId="readPet")
        get(tree)["parameters"].pop()

    old, new = described(BASE)[1], described(changed(rename))[1]
    caller = caller_of(old, "pets")
    findings = compare(old, new, {"getPet": "readPet", "putPet": "putPet"})
    assert {one.rule for one in findings} == {"method-renamed", "argument-removed"}
    method = at(caller, Element("method", "getPet"))
    assert disagreements(old, new, findings, caller, method) == []
    assert disagreements(old, new, findings, caller, []) != []


def test_an_error_on_one_of_two_lines_of_a_name_is_not_enough() -> None:
    new = changed(lambda tree: get(tree).update(operationId="readPet"))
    old = described(BASE)[1]
    caller = caller_of(old, "pets")
    findings = compare(old, described(new)[1], {"getPet": "readPet", "putPet": "putPet"})
    errors = at(caller, Element("method", "getPet"))
    lines = sorted({one.line for one in errors})
    assert len(lines) == 2
    said = disagreements(
        old, described(new)[1], findings, caller, [one for one in errors if one.line == lines[0]]
    )
    assert any("sees nothing of method-renamed" in text for text in said)


def test_what_no_type_checker_can_see_has_a_reason() -> None:
    assert OUTSIDE.keys() <= rules().keys()
    assert all(OUTSIDE.values())
    assert judged(changed(secure)) == []


def test_without_type_checkers_there_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clientsmith.callers.check.installed", lambda: ("pyright",))
    diagnostics = Diagnostics()
    assert check_callers(described(BASE)[1], Path("nowhere"), diagnostics) is None
    assert [(one.id, one.hint) for one in diagnostics] == [
        ("callers-not-checked", "pip install 'clientsmith[types]'")
    ]


def test_a_folder_without_a_manifest_is_told(tmp_path: Path) -> None:
    diagnostics = Diagnostics()
    assert check_callers(described(BASE)[1], tmp_path, diagnostics) is None
    assert [one.id for one in diagnostics] == ["callers-not-checked"]
