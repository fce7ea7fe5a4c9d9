"""With `--allow-invalid` nothing is judged in a part that is said not to have been compared."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from clientsmith.cli.main import main
from tests.cases.diff.descriptions import of_document

TEXT = {"type": "string"}


def _schema(schema: Any, components: Any = None) -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object", "properties": {"a": schema, "b": TEXT}}}}
    get = {"operationId": "getX", "responses": {"200": {"description": "ok", "content": content}}}
    return of_document("3.1", {"paths": {"/x": {"get": get}}, "components": {"schemas": components or {}}})


def _to(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


BROKEN: dict[str, Any] = {
    "a reference to nothing": _schema(_to("No")),
    "a type that there is not": _schema({"type": "objekt", "properties": {"c": TEXT}}),
    "references in a loop": _schema(_to("A"), {"A": _to("B"), "B": _to("A")}),
    "an enum that is no list": _schema({"type": "string", "enum": "a"}),
    "a required name that is a number": _schema({"type": "object", "required": [5]}),
}


def _report(folder: Path, old: Any, new: Any, level: str, capsys: pytest.CaptureFixture[str]) -> Any:
    files = [folder / "old.json", folder / "new.json"]
    for file, tree in zip(files, (old, new), strict=True):
        file.write_text(json.dumps(tree))
    main(["diff", *map(str, files), "--allow-invalid", "--level", level, "--format", "json"])
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("level", ["wire", "both"])
@pytest.mark.parametrize("name", BROKEN)
def test_only_the_note_is_there_and_what_is_beside_the_part_is_compared(
    name: str, level: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, broken = _schema(TEXT), BROKEN[name]
    beside = copy.deepcopy(broken)
    content = beside["paths"]["/x"]["get"]["responses"]["200"]["content"]
    content["application/json"]["schema"]["properties"]["b"] = {"type": "integer"}

    for old, new in ((good, broken), (broken, good)):
        report = _report(tmp_path, old, new, level, capsys)
        assert report["changes"] == []
        assert "not-compared" in {one["id"] for one in report["notes"]}
    rules = [one["rule"] for one in _report(tmp_path, good, beside, level, capsys)["changes"]]
    assert rules == ["type-changed"]
