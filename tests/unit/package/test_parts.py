"""Of some files only marked parts are generated: what people write around them survives, edits inside are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.package.check import check_manifest, check_tree
from clientsmith.package.file_tree import FileTree
from clientsmith.package.manifest import read_manifest, with_manifest
from clientsmith.package.parts import BrokenMarkError, composed, merged, read_parts
from clientsmith.package.write import write
from tests.unit.package.package_on_disk import INPUTS, NAME, contents

NOTES = "NOTES.md"
FIRST = {"title": "# Notes\n", "1.0.0 heading": "## 1.0.0\n", "1.0.0 changes": "- one\n"}
SECOND = {"title": "# Notes\n", "1.1.0 heading": "## 1.1.0\n", "1.1.0 changes": "- two\n"} | FIRST
ADDED = "<!-- clientsmith: begin 1.1.0 heading -->\n## 1.1.0\n<!-- clientsmith: end 1.1.0 heading -->\n"


def tree(parts: dict[str, str] | None) -> FileTree:
    """A package with a file that is generated in these parts; without it if there are none."""
    files = {"__init__.py": b"one\n"}
    if parts is None:
        return with_manifest(FileTree(files), INPUTS)
    return with_manifest(FileTree({**files, NOTES: composed(parts.items())}, [NOTES]), INPUTS)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "pkg"
    assert write(tree(FIRST), folder, Diagnostics()) is not None
    return folder


def edit(package: Path, old: str, new: str) -> None:
    text = (package / NOTES).read_text()
    assert text.count(old) == 1
    (package / NOTES).write_bytes(text.replace(old, new).encode())


def checked(package: Path, parts: dict[str, str] | None = FIRST) -> list[tuple[str, str, int]]:
    """What both ways to check find, which is the same: id, message and line."""
    by_manifest, by_tree = Diagnostics(), Diagnostics()
    check_manifest(package, INPUTS, by_manifest)
    check_tree(package, tree(parts), INPUTS, by_tree)
    found = [[(one.id, one.message, one.place.span.line if one.place.span else 0) for one in each] for each in (by_manifest, by_tree)]  # fmt: skip
    assert found[0] == found[1]
    return found[0]


def generated(
    package: Path, parts: dict[str, str] | None, *, force: bool = False
) -> list[tuple[str, str, int]]:
    """What generating again reports."""
    diagnostics = Diagnostics()
    plan = write(tree(parts), package, diagnostics, force=force)
    assert (plan is None) is diagnostics.has_errors
    return [(one.id, one.message, one.place.span.line if one.place.span else 0) for one in diagnostics]


PROSE = [
    ("<!-- clientsmith: begin title -->", "Above all.\n\n<!-- clientsmith: begin title -->"),
    ("<!-- clientsmith: end title -->\n", "<!-- clientsmith: end title -->\n\n## [Unreleased]\n\n- soon\n"),
    (
        "<!-- clientsmith: end 1.0.0 heading -->\n",
        "<!-- clientsmith: end 1.0.0 heading -->\n\nRead this first.\n",
    ),
    (
        "<!-- clientsmith: end 1.0.0 changes -->\n",
        "<!-- clientsmith: end 1.0.0 changes -->\n\n### Ours\n\n- \xfc\n",
    ),
]


@pytest.mark.parametrize(("old", "new"), PROSE)
def test_what_people_write_around_the_parts_survives(package: Path, old: str, new: str) -> None:
    edit(package, old, new)
    assert checked(package) == []
    assert generated(package, FIRST) == []
    assert new in (package / NOTES).read_text()
    assert generated(package, SECOND) == []
    text = (package / NOTES).read_text()
    assert new in text and ADDED in text and "- two\n" in text
    assert checked(package, SECOND) == []
    assert list(read_parts(text.encode())) == list(SECOND)
    assert generated(package, FIRST) == []
    assert new in (package / NOTES).read_text() and "1.1.0" not in (package / NOTES).read_text()


def test_all_of_it_at_once_survives_a_changed_part_too(package: Path) -> None:
    for old, new in PROSE:
        edit(package, old, new)
    before = (package / NOTES).read_text()
    assert generated(package, FIRST | {"1.0.0 heading": "## 1.0.0 - dated\n"}) == []
    assert (package / NOTES).read_text() == before.replace("## 1.0.0\n", "## 1.0.0 - dated\n")


def test_generating_the_same_again_writes_nothing(package: Path) -> None:
    edit(package, *PROSE[1])
    plan = write(tree(FIRST), package, Diagnostics())
    assert plan is not None and plan.write == () and NOTES in plan.unchanged


def test_an_edited_part_is_named_and_is_lost_with_force_only(package: Path) -> None:
    edit(package, "- one\n", "- one, they say\n")
    edit(package, *PROSE[1])
    before = contents(package)
    assert checked(package) == [
        (
            "changed-file",
            "the generated part 1.0.0 changes of NOTES.md was changed: its digest is not the one that is due",
            13,
        )
    ]
    refused = [("edited-file", "the generated part 1.0.0 changes of NOTES.md was edited by hand since it was generated", 13)]  # fmt: skip
    assert generated(package, SECOND) == refused
    assert contents(package) == before
    assert generated(package, SECOND, force=True) == []
    text = (package / NOTES).read_text()
    assert "they say" not in text and "- soon\n" in text
    assert checked(package, SECOND) == []


def test_a_part_and_a_whole_file_that_are_gone_are_made_anew(package: Path) -> None:
    heading = "<!-- clientsmith: begin 1.0.0 heading -->\n## 1.0.0\n<!-- clientsmith: end 1.0.0 heading -->\n"
    whole = (package / NOTES).read_bytes()
    edit(package, heading + "\n", "")
    assert checked(package) == [("changed-file", "NOTES.md lacks its generated part 1.0.0 heading", 1)]
    assert generated(package, FIRST) == []
    assert (package / NOTES).read_bytes() == whole
    (package / NOTES).unlink()
    assert [id for id, *_ in checked(package)] == ["missing-file"]
    assert generated(package, FIRST) == []
    assert (package / NOTES).read_bytes() == whole
    (package / NOTES).write_text("Nothing but prose")
    assert generated(package, FIRST) == []
    assert (package / NOTES).read_bytes() == b"Nothing but prose\n\n" + whole


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("<!-- clientsmith: end 1.0.0 changes -->\n", "", 9, "begins the part 1.0.0 changes, which does not end"),
        ("<!-- clientsmith: end title -->\n", "", 4, "begins the part 1.0.0 heading inside the part title"),
        ("<!-- clientsmith: begin title -->\n", "", 2, "ends the part title, which does not begin"),
        ("- one\n", "- one\n<!-- clientsmith: end title -->\n", 11, "ends the part title, which does not begin inside the part 1.0.0 changes"),
        ("- one\n", "<!-- clientsmith: begin 1.0.0 changes -->\n", 10, "begins the part 1.0.0 changes inside the part 1.0.0 changes"),
        ("end 1.0.0 changes -->\n", "end 1.0.0 changes -->\n<!-- clientsmith: begin title -->\n", 12, "begins the part title again, which begins in line 1"),
        ("begin title -->", "begins title -->", 1, "is not a mark that clientsmith writes"),
        ("<!-- clientsmith: begin title -->", " <!-- clientsmith: begin title -->", 1, "is not a mark that clientsmith writes"),
    ],
)  # fmt: skip
def test_broken_marks_are_one_message_with_their_line(
    package: Path, old: str, new: str, line: int, message: str
) -> None:
    edit(package, old, new)
    before = contents(package)
    expected = [("broken-mark", f"the generated parts of NOTES.md cannot be told from what people wrote: this line {message}", line)]  # fmt: skip
    assert checked(package) == expected
    assert generated(package, SECOND) == expected
    assert generated(package, SECOND, force=True) == expected
    assert contents(package) == before


def test_parts_out_of_order_are_broken_marks(package: Path) -> None:
    title, rest = (package / NOTES).read_text().split("\n\n", 1)
    (package / NOTES).write_text(f"{rest}\n{title}\n")
    assert [(id, line, message.rpartition(": ")[2]) for id, message, line in checked(package)] == [
        ("broken-mark", 1, "this line begins the part 1.0.0 heading, which belongs behind the part title")
    ]
    assert [id for id, *_ in generated(package, FIRST)] == ["broken-mark"]


def test_line_ends_of_windows_are_no_edit_and_are_put_right(package: Path) -> None:
    edit(package, *PROSE[1])
    whole = (package / NOTES).read_bytes()
    (package / NOTES).write_bytes(whole.replace(b"\n", b"\r\n"))
    assert [(id, line) for id, _, line in checked(package)] == [("crlf-line-ends", 1)]
    assert [(id, line) for id, _, line in generated(package, FIRST)] == [("crlf-line-ends", 1)]
    assert (package / NOTES).read_bytes() == whole
    (package / NOTES).write_bytes(b"\xef\xbb\xbf" + whole.replace(b"- soon\n", b"- soon\r\n"))
    assert checked(package) == []
    assert generated(package, FIRST) == []
    assert (package / NOTES).read_bytes() == whole


def test_a_file_that_is_no_longer_generated_goes_unless_people_wrote_in_it(package: Path) -> None:
    edit(package, *PROSE[3])
    before = contents(package)
    assert [id for id, *_ in generated(package, None)] == ["foreign-file"]
    assert contents(package) == before
    assert generated(package, None, force=True) == []
    assert (package / NOTES).read_bytes() == before[NOTES]
    (package / NOTES).unlink()
    assert generated(package, FIRST) == []
    assert generated(package, None) == []
    assert not (package / NOTES).exists()


def test_a_file_that_clientsmith_did_not_write_is_not_taken_over(tmp_path: Path) -> None:
    folder = tmp_path / "pkg"
    assert write(tree(None), folder, Diagnostics()) is not None
    (folder / NOTES).write_text("mine\n")
    assert [id for id, *_ in generated(folder, FIRST, force=True)] == ["foreign-file"]
    assert (folder / NOTES).read_text() == "mine\n"


def test_the_manifest_holds_the_parts_in_their_order_and_not_the_file(package: Path) -> None:
    manifest = read_manifest((package / NAME).read_bytes())
    assert NOTES not in manifest.files
    assert list(manifest.parts[NOTES]) == list(FIRST)


def test_a_damaged_manifest_and_force_keep_what_people_wrote(package: Path) -> None:
    edit(package, *PROSE[2])
    edit(package, "- one\n", "- eins\n")
    (package / NAME).write_text("{}\n")
    assert [id for id, *_ in generated(package, FIRST)] == ["edited-file"]
    assert generated(package, FIRST, force=True) == []
    text = (package / NOTES).read_text()
    assert "Read this first." in text and "eins" not in text


def test_a_part_that_nobody_generated_is_an_edit(package: Path) -> None:
    edit(package, "end title -->\n", f"end title -->\n{ADDED}")
    assert [(id, line) for id, _, line in checked(package)] == [("changed-file", 4)]
    assert [(id, line) for id, _, line in generated(package, FIRST)] == [("edited-file", 4)]
    assert generated(package, FIRST, force=True) == []
    assert checked(package) == []


def test_merging_twice_changes_nothing() -> None:
    once = merged(b"\xff prose", composed(SECOND.items()))
    assert merged(once, composed(SECOND.items())) == once
    assert list(read_parts(once)) == list(SECOND)
    with pytest.raises(BrokenMarkError):
        merged(b"<!-- clientsmith: end title -->", composed(FIRST.items()))
