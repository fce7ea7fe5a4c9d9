from __future__ import annotations

import json
from dataclasses import replace

import pytest

from clientsmith.package.file_tree import FileTree
from clientsmith.package.manifest import (
    FORMAT,
    NAME,
    Inputs,
    Manifest,
    ManifestError,
    NewerManifestError,
    OlderManifestError,
    read_manifest,
    with_manifest,
)
from tests.unit.package.package_on_disk import older_manifest

INPUTS = Inputs("0.1.0", "d" * 64, "c" * 64, "t" * 64, "r" * 64, {"ruff": "1", "jinja2": "2"})
DATA = with_manifest(FileTree({"a.py": b"1", "b/c.py": b"2"}), INPUTS)[NAME]


def test_a_manifest_reads_back_as_it_was() -> None:
    manifest = read_manifest(DATA)
    assert manifest.inputs == INPUTS
    assert list(manifest.files) == ["a.py", "b/c.py"]
    assert manifest.to_bytes() == DATA


def test_bytes_are_canonical_json_whatever_order_it_was_made_in() -> None:
    other = replace(INPUTS, versions=dict(reversed(INPUTS.versions.items())))
    assert with_manifest(FileTree({"b/c.py": b"2", "a.py": b"1"}), other)[NAME] == DATA
    assert (json.dumps(json.loads(DATA), sort_keys=True, indent=2) + "\n").encode() == DATA


def test_any_one_byte_change_is_noticed() -> None:
    for at in range(len(DATA)):
        with pytest.raises(ManifestError):
            read_manifest(DATA[:at] + bytes([DATA[at] ^ 1]) + DATA[at + 1 :])
    for other in (DATA[:-1], DATA + b"\n", b"", b"\xef\xbb\xbf" + DATA):
        with pytest.raises(ManifestError):
            read_manifest(other)


@pytest.mark.parametrize("data", [DATA.replace(b"\n", b"\r\n"), DATA.replace(b"\n", b"\r\n", 3)])
def test_converted_line_ends_are_read_and_any_other_change_beside_them_is_not(data: bytes) -> None:
    assert read_manifest(data) == read_manifest(DATA)
    for other in (data + b"\r\n", data.replace(b"\r\n", b"\r\r\n"), data.replace(b"0.1.0", b"0.1.1")):
        with pytest.raises(ManifestError):
            read_manifest(other)


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a\\b", NAME])
def test_a_manifest_cannot_name_files_outside_of_its_folder(path: str) -> None:
    with pytest.raises(ManifestError, match="not the path of a generated file"):
        read_manifest(Manifest(INPUTS, {path: "0" * 64}).to_bytes())


@pytest.mark.parametrize(
    "text", ["[]", "1", "{}", "null", '{"format": 1}', '{"format": true}', "[" * 100_000]
)
def test_other_json_is_no_manifest(text: str) -> None:
    with pytest.raises(ManifestError):
        read_manifest(text.encode())


def test_a_manifest_without_later_members_is_older_only_if_its_digest_is_right() -> None:
    older = older_manifest(DATA)
    with pytest.raises(OlderManifestError, match="account, needs, surface") as raised:
        read_manifest(older)
    assert dict(raised.value.files) == dict(read_manifest(DATA).files)
    for data in (older.replace(b"a.py", b"b.py"), older.replace(b"  ", b" "), older + b"\n"):
        with pytest.raises(ManifestError) as damaged:
            read_manifest(data)
        assert not isinstance(damaged.value, OlderManifestError)
    with pytest.raises(ManifestError, match="not the path of a generated file"):
        read_manifest(older_manifest(Manifest(INPUTS, {"../x": "0" * 64}).to_bytes()))


def test_members_of_another_type_are_refused() -> None:
    for name in json.loads(DATA):
        with pytest.raises(ManifestError):
            read_manifest(json.dumps({**json.loads(DATA), name: 7 if name != "format" else "1"}).encode())


def test_a_later_format_is_told_apart() -> None:
    with pytest.raises(NewerManifestError, match=str(FORMAT + 1)):
        read_manifest(json.dumps({"format": FORMAT + 1, "whatever": 1}).encode())
