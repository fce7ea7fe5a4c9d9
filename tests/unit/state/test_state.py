"""The state as a file: what is written is read back, and what is not a state has one message with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.files.stored import StoredFiles
from clientsmith.document.load import examine
from clientsmith.document.text.parse import load_stored
from clientsmith.state import file as state_file
from clientsmith.state.file import parse_state, read_state, state_bytes, state_path
from clientsmith.state.model import Release, State, StoredDocument, content_digest

TEXTS = {
    "api.yaml": 'openapi: 3.1.0\r\ninfo: {title: "É", version: 1}\n\n\u2028\x85',
    "parts/pet.yaml": "",
    "https://example.com/x.json": "{}",
}
RELEASE = Release(
    "1.20.300", StoredDocument("api.yaml", TEXTS), {"format": 1, "api": {"é": [1, None, 1.5]}}, "a" * 64
)
FULL = State(
    RELEASE, {"GET /pets": "pets.list"}, ({"old": "a"},), ({"version": "1.20.300"}, {"version": "0.1.0"})
)


def read(data: bytes) -> tuple[State | None, list[str]]:
    diagnostics = Diagnostics()
    state = parse_state(data, "c.state.json", diagnostics)
    return state, [f"{one.id} {one.place.span}: {one.message}" for one in diagnostics]


@pytest.mark.parametrize("state", [State(), State(RELEASE), FULL, State(names={"a": {"b": []}})])
def test_what_is_written_is_read_back(state: State) -> None:
    again, found = read(state.to_bytes())

    assert found == [] and again == state
    assert again is not None and again.to_bytes() == state.to_bytes() and again.digest == state.digest


def test_the_bytes_are_canonical() -> None:
    data = FULL.to_bytes()

    assert data == json.dumps(json.loads(data), indent=2, sort_keys=True, ensure_ascii=False).encode() + b"\n"
    deep = State(names={"a": {"b": {"c": {"d": {"e": {"f": {"h": [1, 2], "g": None}}}}}}})
    assert b'"f": {"g":null,"h":[1,2]}\n' in deep.to_bytes()
    assert State().digest == "" and len(State(RELEASE).digest) == 64


def change(**release: object) -> bytes:
    tree = json.loads(FULL.to_bytes())
    tree["release"].update(release)
    return json.dumps(tree, indent=2).encode()


def top(**members: object) -> bytes:
    return json.dumps(json.loads(FULL.to_bytes()) | members, indent=2).encode()


@pytest.mark.parametrize(
    ("data", "id", "line", "words"),
    [
        (b"", "state-damaged", 1, "empty"),
        (b"not: {json", "state-damaged", 1, ""),
        (b'{\n"format": 1,\n<<<<<<< HEAD\n', "state-damaged", 3, ""),
        (b'{\n"format": 1,\n"format": 1}', "state-damaged", 3, "format"),
        (b"[]", "state-damaged", 1, "it is not an object"),
        (b"{}", "state-damaged", 1, "does not state a format"),
        (b"\xff", "state-damaged", 1, "UTF-8"),
        (b"[" * 100_000, "state-damaged", 1, ""),
        (b'{\n"format": 2, "unknown": 1}', "state-newer", 2, "format of the state is 2"),
        (top(format="1"), "state-damaged", 15, "does not state a format"),
        (top(other=1), "state-damaged", 50, "'other'"),
        (top(names=[]), "state-damaged", 16, "names is not an object"),
        (top(aliases={}), "state-damaged", 2, "aliases is not a list"),
        (top(release=[]), "state-damaged", 19, "release is not an object"),
        (change(version="1.0"), "state-damaged", 0, "'1.0' is not a version"),
        (change(version="1.0.0\n"), "state-damaged", 0, "is not a version"),
        (change(version=1), "state-damaged", 0, "version is not text"),
        (change(version='1.0.0"; import os; "'), "state-damaged", 0, "is not a version"),
        (change(content="x"), "state-damaged", 0, "content is not a digest"),
        (change(surface=1), "state-damaged", 0, "surface is not an object"),
        (change(document={"file": "a"}), "state-damaged", 0, "texts is missing"),
        (change(document={"file": "a", "texts": {"b": []}}), "state-damaged", 0, "no text of 'a'"),
        (change(document={"file": "a", "texts": {"a": "text"}}), "state-damaged", 0, "a is not a list"),
        (change(document={"file": "a", "texts": {"a": [1]}}), "state-damaged", 0, "0 is not text"),
        (top(names={"a": 1}).replace(b'"a": 1', b'"a": 1e9999'), "state-damaged", 0, ""),
    ],
)
def test_what_is_not_a_state_has_one_message_with_its_place(
    data: bytes, id: str, line: int, words: str
) -> None:
    state, found = read(data)

    assert state is None and len(found) == 1
    assert found[0].startswith(f"{id} c.state.json:{line or ''}") and words in found[0]


def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    config = Config(file=str(tmp_path / "c.toml"))
    (tmp_path / "c.state.json").mkdir()
    diagnostics = Diagnostics()

    assert read_state(config, diagnostics) is None
    assert [(one.id, "is a directory" in one.message) for one in diagnostics] == [("state-unreadable", True)]


def test_a_file_that_is_too_large_is_neither_read_nor_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "c.state.json"
    with path.open("wb") as stream:
        stream.truncate(64 * 1024 * 1024 + 1)
    diagnostics = Diagnostics()

    assert read_state(Config(file=str(tmp_path / "c.toml")), diagnostics) is None
    assert [one.message.endswith("is larger than 64 MiB") for one in diagnostics] == [True]
    monkeypatch.setattr(state_file, "MAX_BYTES", 1024)
    with pytest.raises(OSError, match="is larger than 1 KiB"):
        state_bytes(State(names={"a": "x" * 1024}), path)


@pytest.mark.parametrize(
    ("config", "state"),
    [
        ("clientsmith.toml", "clientsmith.state.json"),
        ("api/pets.toml", "api/pets.state.json"),
        ("pets", "pets.state.json"),
        ("pets.cfg", "pets.cfg.state.json"),
        ("/dev/stdin", None),
        ("-", None),
        ("/dev/fd/63", None),
        (None, None),
    ],
)
def test_the_state_is_beside_its_config(config: str | None, state: str | None) -> None:
    path = state_path(Config(file=config))
    assert (None if path is None else path.as_posix()) == state


def test_the_content_is_that_of_all_files_that_do_not_say_the_release() -> None:
    files = {"a.py": "1", "_manifest.json": "2", "_version.py": "3", "_state.json": "4", "CHANGELOG.md": "5"}

    assert content_digest(files) == content_digest({"a.py": "1"})
    assert content_digest(files) != content_digest(files | {"a.py": "2"})
    assert content_digest(files) != content_digest(files | {"sub/_version.py": "3"})


ROOT = """\
openapi: 3.1.0
info: {title: A, version: "1"}
paths: {}
components:
  schemas:
    Far: {$ref: "https://example.com/far.json#/Far"}
    Near: {$ref: "../near.yaml#/Near"}
    Lost: {$ref: "lost.yaml"}
"""


def test_a_released_document_is_read_from_its_texts_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lost.yaml").write_text("type: string")
    texts = {"api/root.yaml": ROOT, "https://example.com/far.json": '{"Far": {}}', "near.yaml": "\nNear: {}"}
    files, diagnostics = StoredFiles("1.0.0", texts), Diagnostics()
    root = load_stored(files, "api/root.yaml", diagnostics)
    assert root is not None
    resolved = examine(root, diagnostics)
    found = [(one.id, str(one.place.span), one.message) for one in diagnostics]

    assert resolved is None
    assert found == [
        ("dangling-reference", "1.0.0:api/root.yaml:8:12", "the file api/lost.yaml was not stored"),
    ]
    texts["api/lost.yaml"] = "type: string"
    resolved = examine(root, Diagnostics())
    assert resolved is not None and {*resolved.documents} == {*texts}
    near = resolved.lookup(root.root, "../near.yaml#/Near")
    assert near is not None and str(near.place.span) == "1.0.0:near.yaml:2:1"
