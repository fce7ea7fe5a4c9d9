from __future__ import annotations

from pathlib import Path

import pytest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.emit.templates.template_source import TemplateSource, open_templates


def opened(folder: Path | None) -> TemplateSource:
    diagnostics = Diagnostics()
    source = open_templates(None if folder is None else str(folder), diagnostics)
    assert source is not None, diagnostics.sorted()
    return source


def test_our_templates_are_found() -> None:
    source = opened(None)
    assert "client.py.j2" in source.names
    assert source.load("client.py.j2")


def test_a_template_of_the_user_replaces_ours_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "client.py.j2").write_text("mine\n")
    (tmp_path / ".DS_Store").write_bytes(b"\xff")
    source, ours = opened(tmp_path), opened(None)
    assert source.load("client.py.j2") == "mine\n"
    assert source.names == ours.names
    assert {name for name in ours.names if source.load(name) != ours.load(name)} == {"client.py.j2"}
    assert source.digest != ours.digest


def test_a_copy_of_our_template_changes_nothing(tmp_path: Path) -> None:
    ours = opened(None)
    (tmp_path / "client.py.j2").write_text(ours.load("client.py.j2"))
    assert opened(tmp_path) == ours


def test_every_byte_of_a_template_counts(tmp_path: Path) -> None:
    (tmp_path / "client.py.j2").write_text(opened(None).load("client.py.j2") + " ")
    assert opened(tmp_path).digest != opened(None).digest


@pytest.mark.parametrize(
    ("name", "data", "rule"),
    [
        ("clent.py.j2", b"", "template-unknown"),
        ("sub/client.py.j2", b"", "template-unknown"),
        ("client.py.j2", b"\xff", "template-not-text"),
    ],
)
def test_a_wrong_template_is_named_with_its_file(name: str, data: bytes, rule: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(data)
    diagnostics = Diagnostics()
    assert open_templates(str(tmp_path), diagnostics) is None
    (found,) = diagnostics.sorted()
    assert found.id == rule
    assert found.place.span is not None
    assert found.place.span.file == str(tmp_path / name)


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    diagnostics = Diagnostics()
    assert open_templates(str(tmp_path / "nowhere"), diagnostics) is None
    assert [found.id for found in diagnostics] == ["templates-unreadable"]
