"""What type checkers make of maps that tell their members apart by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.behavior.packages import both_ways, package_of
from tests.typing import checkers

DOCUMENT = both_ways("""
    Root:
      type: object
      properties:
        open: {type: object, patternProperties: {'^x-': {type: integer}}}
        others: {type: object, patternProperties: {'^x-': {type: integer}}, additionalProperties: {type: string}}
        two: {type: object, patternProperties: {'^a': {$ref: '#/components/schemas/A'}, '^b': {type: boolean, minimum: 1}}, additionalProperties: false}
        tree: {$ref: '#/components/schemas/Tree'}
    A: {type: object, required: [n], properties: {n: {type: integer, minimum: 1}}}
    Tree: {type: object, patternProperties: {'^sub': {$ref: '#/components/schemas/Tree'}}, additionalProperties: {type: integer, minimum: 3}}
""")  # fmt: skip
SNIPPET = """
from collections.abc import Mapping

from maps import MiniClient, inputs, models

send = MiniClient().things.send
counts: Mapping[str, int] = {"x-a": 1}

result = send(open=counts, others={"x-a": 1, "n": "s"}, two={"a": {"n": 1}, "a2": models.AInput(n=2), "b": True})
root: inputs.RootInputDict = {"open": {"n": [None]}, "others": counts, "tree": {"sub": {"n": 3}, "n": 4}}
send(others={"n": 1.5})  # error: mypy[dict-item] pyright[reportArgumentType]
send(two={"a": {"m": 1}})  # error: mypy[dict-item] pyright[reportArgumentType]
for member in (result.two or {}).values():
    number: int | bool = member.n if isinstance(member, models.A) else member
for other in (result.others or {}).values():
    text: str | int = other
"""


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_maps_are_typed_by_what_their_members_can_be(checker: str, tmp_path: Path) -> None:
    packages, snippets, work = tmp_path / "packages", tmp_path / "snippets", tmp_path / "work"
    for folder in (packages, snippets, work):
        folder.mkdir()
    (packages / "maps").symlink_to(package_of(DOCUMENT).folder)
    (snippets / "use.py").write_text(SNIPPET)

    run = checkers.mypy if checker == "mypy" else checkers.pyright
    assert run(snippets, packages, work) == checkers.wanted(snippets, checker)
