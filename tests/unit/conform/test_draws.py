"""What is drawn depends on what a schema says and on the seed, and is drawn once for everybody who asks."""

from __future__ import annotations

import gzip
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis.internal import charmap
from hypothesis.internal.conjecture import providers

from clientsmith.conform.inputs.drawing.draws import Draws
from clientsmith.conform.inputs.drawing.hypothesis_state import write_alphabet
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.load import open_document
from clientsmith.document.model import Node
from clientsmith.traffic.check import MessageChecker

PROBLEM = {
    "type": "object",
    "required": ["code"],
    "properties": {"code": {"type": "integer"}, "inner": {"$ref": "#/components/schemas/Detail"}},
}
DETAIL = {"type": "object", "properties": {"text": {"type": "string", "minLength": 2}}}


def opened(folder: Path, version: str = "3.1.0", first: str = "/a") -> MessageChecker:
    """A document in which four answers have the same schema: by reference, twice, and as copies."""
    by_reference = {"$ref": "#/components/schemas/Problem"}
    places = [by_reference, by_reference, PROBLEM, PROBLEM]
    answers = {
        str(status): {"description": "no", "content": {"application/json": {"schema": schema}}}
        for status, schema in zip((400, 401, 403, 404), places, strict=True)
    }
    document = {
        "openapi": version,
        "info": {"title": "t", "version": "1"},
        "paths": {first: {"get": {"operationId": "get", "responses": answers}}},
        "components": {"schemas": {"Problem": PROBLEM, "Detail": DETAIL}},
    }
    path = folder / "openapi.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    diagnostics = Diagnostics()
    resolved = open_document(str(path), diagnostics)
    assert resolved is not None, [str(one) for one in diagnostics]
    return MessageChecker(resolved, None, ())


def schemas(checker: MessageChecker) -> list[Node]:
    """The schemas of the answers."""
    responses = checker.operations[0].responses.values()
    return [one.contents["application/json"].child("schema") for one in responses]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What hypothesis is asked for."""
    made: list[bool] = []
    whole = Draws._run

    def counted(
        self: Draws, schema: Node, direction: object, valid: bool, *given: object, **more: object
    ) -> None:
        made.append(valid)
        whole(self, schema, direction, valid, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Draws, "_run", counted)
    return made


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_schemas_that_say_the_same_are_drawn_from_once(
    tmp_path: Path, runs: list[bool], version: str
) -> None:
    checker = opened(tmp_path, version)
    draws = Draws(checker, number=0, examples=4)
    valid = [draws.valid(one, "response") for one in schemas(checker)]
    invalid = [draws.invalid(one, "response") for one in schemas(checker)]
    assert valid[0] and all(one == valid[0] for one in valid)
    assert invalid[0] and all(one == invalid[0] for one in invalid)
    assert sorted(runs) == [False, True]


def test_what_is_drawn_does_not_depend_on_what_was_asked_for_before(tmp_path: Path) -> None:
    checker, later = opened(tmp_path), opened(tmp_path)
    # Definitions get numbers as they are met, and names in what is drawn from must not follow them.
    later.schemas.document(schemas(later)[3].child("properties").child("inner"), "response")
    one, other = (Draws(each, number=0, examples=4) for each in (checker, later))
    assert one.valid(schemas(checker)[0], "response") == other.valid(schemas(later)[0], "response")


def test_processes_with_one_folder_share_what_they_draw(tmp_path: Path, runs: list[bool]) -> None:
    checker = opened(tmp_path)
    shared = tmp_path / "draws"
    shared.mkdir()
    first, second = (Draws(checker, number=0, examples=4, folder=shared) for _ in range(2))
    schema = schemas(checker)[0]
    assert first.valid(schema, "response") == second.valid(schema, "response")
    assert runs == [True]


@pytest.mark.parametrize(("number", "examples"), [(1, 4), (0, 5)])
def test_another_seed_and_another_number_of_examples_draw_anew(
    tmp_path: Path, runs: list[bool], number: int, examples: int
) -> None:
    checker = opened(tmp_path)
    Draws(checker, number=0, examples=4, folder=tmp_path).valid(schemas(checker)[0], "response")
    Draws(checker, number=number, examples=examples, folder=tmp_path).valid(schemas(checker)[0], "response")
    assert runs == [True, True]


def test_the_alphabet_is_there_before_hypothesis_looks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_alphabet(tmp_path)
    (written,) = tmp_path.rglob("*.gz")
    monkeypatch.setattr(charmap, "charmap_file", lambda name="charmap": written.parent / f"{name}.json.gz")
    monkeypatch.setattr(charmap.sys, "maxunicode", 100)  # whoever counts does not get far
    encodable, lost = charmap.intervals_from_codec.__wrapped__("utf-8")
    assert (encodable.intervals, lost.intervals) == (((0, 0xD7FF), (0xE000, 0x10FFFF)), ())
    assert gzip.decompress(written.read_bytes())


def test_the_alphabet_is_what_utf_8_encodes() -> None:
    encodable = [code for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
    assert "".join(map(chr, encodable)).encode().decode() == "".join(map(chr, encodable))
    for code in (0xD800, 0xDFFF):
        with pytest.raises(UnicodeEncodeError):
            chr(code).encode()


def test_constants_of_modules_that_happen_to_be_imported_are_not_drawn(tmp_path: Path) -> None:
    file = tmp_path / "with_constants.py"
    file.write_text("NUMBER = 987654321123\n", encoding="utf-8")
    found = importlib.util.spec_from_file_location("with_constants", file)
    assert found is not None and found.loader is not None
    module = sys.modules["with_constants"] = importlib.util.module_from_spec(found)
    try:
        found.loader.exec_module(module)
        assert 987654321123 not in providers._get_local_constants().integers
    finally:
        del sys.modules["with_constants"]


SIZE = """\
openapi: 3.1.0
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    Size: {type: object, additionalProperties: false, required: [w, h], properties: {w: {type: integer}, h: {type: integer}}}
    Pair: {type: array, minItems: 1, maxItems: 1, items: {$ref: '#/components/schemas/Size'}}
    Named: {type: object, required: [size], properties: {size: {$ref: '#/components/schemas/Size'}}}
"""
DRAW = """\
import sys
from clientsmith.conform.inputs.drawing.draws import Draws
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.load import open_document
from clientsmith.traffic.check import MessageChecker

resolved = open_document(sys.argv[1], Diagnostics())
draws = Draws(MessageChecker(resolved, None, ()), number=0, examples=6)
for name, schema in resolved.node().child("components").child("schemas").items():
    print(name, draws.valid(schema, "request"), draws.invalid(schema, "response"))
"""


def test_draws_do_not_depend_on_the_order_that_a_process_has_for_sets(tmp_path: Path) -> None:
    (tmp_path / "size.yaml").write_text(SIZE)
    command = [sys.executable, "-c", DRAW, str(tmp_path / "size.yaml")]
    # With the second one `w` and `h`, both 0, want the same place in a set, whose order is then that of adding.
    drawn = {
        subprocess.run(
            command, capture_output=True, check=True, text=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("3", "10")
    }
    assert len(drawn) == 1 and "'w'" in drawn.pop()
