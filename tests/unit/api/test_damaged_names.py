"""Names in a state file that are not as they were written are refused with their place."""

from __future__ import annotations

import pytest

from clientsmith.api.names.kept import DamagedNamesError, Names


@pytest.mark.parametrize(
    ("names", "pointer"),
    [
        ([], ("names",)),
        ({"verbs": {}}, ("names", "verbs")),
        ({"methods": {"GET /pets": {"": ["pets"]}}}, ("names", "methods", "GET /pets", "", "0")),
        ({"classes": {"/x": {"response": ["not a name"]}}}, ("names", "classes", "/x", "response", "0")),
        ({"fields": {"/x": {"#a": []}}}, ("names", "fields", "/x", "#a")),
        ({"fields": {"/x": {"#a": "a"}}}, ("names", "fields", "/x", "#a")),
        ({"operations": {"GET /": {"method": "GET", "path": 1}}}, ("names", "operations", "GET /", "path")),
        (
            {"unions": {"/x": {"/oneOf": {"1": {"tags": [1]}}}}},
            ("names", "unions", "/x", "/oneOf", "1", "tags", "0"),
        ),
    ],
)
def test_damaged_names_are_refused_with_their_place(names: object, pointer: tuple[str, ...]) -> None:
    with pytest.raises(DamagedNamesError) as refused:
        Names.from_json(names)
    assert refused.value.pointer == pointer


@pytest.mark.parametrize(
    "alias", [1, {"kind": "fields"}, {"kind": "classes", "base": "", "rest": "", "name": "a b"}]
)
def test_damaged_aliases_are_refused_with_their_place(alias: object) -> None:
    with pytest.raises(DamagedNamesError) as refused:
        Names.from_json({}, [alias])
    assert refused.value.pointer[:2] == ("aliases", "0")
