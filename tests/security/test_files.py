"""Files that are no files: whatever a command reads ends at once with one message."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from clientsmith import input_file
from clientsmith.cli.main import main
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.emit.templates.template_source import open_templates
from clientsmith.input_file import InputFileError, read_again, read_file, read_input
from clientsmith.package.check import check_manifest
from clientsmith.package.file_tree import FileTree
from clientsmith.package.manifest import Inputs, with_manifest
from clientsmith.package.write import write

MINI = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"
INPUTS = Inputs("1", "d", "c", "t", "r", {})


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def _linked(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def link(path: Path) -> None:
        make(path.with_name("target"))
        path.symlink_to("target")

    return link


def _huge(path: Path) -> None:
    path.touch()
    os.truncate(path, 3 * 1024**3)


MAKERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a pipe": (os.mkfifo, "named pipe"),
    "a link to a pipe": (_linked(os.mkfifo), "named pipe"),
    "a socket": (_socket, "socket"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "device"),
    "a terminal": (lambda path: path.symlink_to("/dev/tty"), "device"),
    "a folder": (Path.mkdir, "directory"),
    "3 GB": (_huge, "larger than"),
    "a link to itself": (lambda path: path.symlink_to(path.name), "symbolic links"),
}


@pytest.fixture(params=MAKERS)
def odd(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """The name of something odd in the working directory, and the word that a message has for it."""
    monkeypatch.chdir(tmp_path)
    make, word = MAKERS[request.param]
    make(tmp_path / "odd")
    (tmp_path / "api.yaml").write_text(MINI)
    return "odd", word


def refused(capsys: pytest.CaptureFixture[str], word: str, *arguments: str) -> str:
    """Runs a command that has to end with exit code 2 and one error that says the word."""
    assert main(arguments) == 2
    told = "".join(capsys.readouterr())
    assert word in told and "Traceback" not in told and "internal error" not in told
    return told


def test_an_odd_document_is_refused(odd: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert f"{odd[0]}:1:1: error" in refused(capsys, odd[1], "lint", odd[0])
    refused(capsys, odd[1], "generate", odd[0], "--out", "made")
    refused(capsys, odd[1], "serve", odd[0])
    assert not Path("made").exists()


def test_an_odd_config_is_refused(odd: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    refused(capsys, odd[1], "lint", "api.yaml", "--config", odd[0])


def test_an_odd_file_that_a_reference_names_is_a_finding_at_the_reference(
    odd: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("api.yaml").write_text(MINI + "components:\n  schemas:\n    A:\n      $ref: 'odd#/x'\n")
    assert main(["lint", "api.yaml"]) != 0
    told = capsys.readouterr().out
    # A link that leads out of the directory is refused before anything is opened.
    assert "api.yaml:7:7: error" in told and (odd[1] in told or "outside of the directory" in told)


def test_an_odd_tape_is_refused(odd: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    word = "no .har file" if odd[1] == "directory" else odd[1]
    refused(capsys, word, "serve", "api.yaml", "--tape", odd[0])


def test_an_odd_template_is_refused(odd: tuple[str, str]) -> None:
    Path("templates").mkdir()
    Path(odd[0]).rename("templates/client.py.j2")
    if Path("target").exists():
        Path("target").rename("templates/target")
    if Path("templates/client.py.j2").is_symlink() and odd[1] == "symbolic links":
        Path("templates/client.py.j2").unlink()
        Path("templates/client.py.j2").symlink_to("client.py.j2")
    diagnostics = Diagnostics()
    if odd[1] == "directory":
        assert open_templates("templates", diagnostics) is not None  # An empty folder holds no template.
        return
    assert open_templates("templates", diagnostics) is None
    assert odd[1] in " ".join(found.message for found in diagnostics)


@pytest.mark.parametrize("name", ["client.py", "_manifest.json"])
@pytest.mark.parametrize("kind", ["a pipe", "a link to a pipe", "a socket", "a device", "3 GB"])
def test_an_odd_file_in_a_package_is_drift_and_never_overwritten(
    kind: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # The path of a socket has to be short.
    write(with_manifest(FileTree({"client.py": b"x = 1\n"}), INPUTS), Path("made"), Diagnostics())
    Path("made", name).unlink()
    MAKERS[kind][0](Path("made", name))
    drift, refusal = Diagnostics(), Diagnostics()
    check_manifest(Path("made"), INPUTS, drift)
    assert f"made/{name}" in {found.place.span.file for found in drift if found.place.span is not None}
    assert write(with_manifest(FileTree({"client.py": b"y = 2\n"}), INPUTS), Path("made"), refusal) is None
    assert (refusal.has_errors and not Path("made", name).is_file()) or kind == "3 GB"


def test_certificates_that_are_no_file_are_refused(
    odd: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("record", "api.yaml", "--upstream", "https://127.0.0.1:9", "--validate-only", "--ca", odd[0])
    refused(capsys, odd[1], *words)


def _piped(data: bytes) -> str:
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    return f"/dev/fd/{reading}"


def test_a_pipe_in_place_of_a_document_that_was_read_gives_no_excerpt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputFileError):
        read_again(tmp_path / "pipe")
    with pytest.raises(InputFileError):
        read_again(_piped(b"never read"))


@pytest.mark.parametrize("role", ["document", "config", "tape"])
def test_what_a_shell_passes_through_a_pipe_is_read(
    role: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.yaml").write_text(MINI)
    (tmp_path / "b.yaml").write_text("x: {type: string}\n")
    text = MINI + "components: {schemas: {A: {$ref: 'b.yaml#/y'}}}\n"
    if role == "document":
        path = _piped(text.encode())
        assert main(["lint", path]) == 1
        told = capsys.readouterr().out
        # The file beside is found from the working directory, and the excerpt quotes what went through the pipe.
        assert f"{path}:4:28: error[dangling-reference]" in told and "4 | components" in told
    elif role == "config":
        path = _piped(b"[package]\nname = 3\n")
        assert f"{path}:2:1" in refused(capsys, "must be a text", "lint", "api.yaml", "--config", path)
    else:
        path = _piped(b"[]")
        refused(capsys, "not-har", "serve", "api.yaml", "--tape", path)


def test_standard_input_is_read_under_each_of_its_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"whole")
    saved = os.dup(0)
    try:
        for name in ("-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"):
            descriptor = os.open(tmp_path / "file", os.O_RDONLY)
            os.dup2(descriptor, 0)
            os.close(descriptor)
            assert read_input(name) == read_again(name) == b"whole"
            with pytest.raises(InputFileError, match="larger"):
                read_input(name, 4)
    finally:
        os.dup2(saved, 0)
        os.close(saved)


def test_a_pipe_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input_file, "PIPE_SECONDS", 0.1)
    reading, writing = os.pipe()
    os.write(writing, b"openapi: ")
    with pytest.raises(InputFileError, match="not come to its end"):
        read_input(f"/dev/fd/{reading}")
    os.close(writing)
    os.close(reading)


def test_a_pipe_that_never_stops_is_read_to_the_limit() -> None:
    reading, writing = os.pipe()

    def pour() -> None:
        with os.fdopen(writing, "wb", buffering=0) as stream:
            try:
                while True:
                    stream.write(b"x" * 4096)
            except BrokenPipeError:
                return

    thread = threading.Thread(target=pour)
    thread.start()
    with pytest.raises(InputFileError, match="larger than 64 KiB"):
        read_input(f"/dev/fd/{reading}", 64 * 1024)
    os.close(reading)
    thread.join()


def test_a_file_that_grows_while_it_is_read_ends_at_the_limit(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 10)
    assert read_file(tmp_path / "file", 10) == b"x" * 10
    with pytest.raises(InputFileError, match="larger"):
        read_file(tmp_path / "file", 9)
    assert read_file("/proc/self/status")  # Its size is said to be 0.
    assert read_file(os.devnull) == b""


@pytest.mark.parametrize("name", [b"\xff\xfe.yaml", b"a\nb\x1b[31m.yaml", b"x" * 250 + b".yaml"])
@pytest.mark.parametrize("text", [MINI, "a: ["])
def test_any_name_of_a_document_is_shown_safely(
    name: bytes,
    text: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    path = os.fsdecode(name)
    Path(path).write_text(text)
    for arguments in (
        ("lint", path),
        ("lint", path, "--format", "json"),
        ("generate", path, "--out", "made"),
    ):
        code = main(arguments)
        told = "".join(capsys.readouterr())
        assert code == (0 if text == MINI else 2)
        assert "internal error" not in told and "\x1b" not in told


def test_a_name_longer_than_the_system_allows_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for length in (255, 256, 5000):
        reference = r"\u001b[31m" + "x" * length + ".yaml"
        Path("api.yaml").write_text(MINI + f'components: {{schemas: {{A: {{$ref: "{reference}"}}}}}}\n')
        assert main(["lint", "api.yaml"]) == 1
        told = capsys.readouterr().out
        assert "api.yaml:4:28: error[dangling-reference]" in told and "\x1b" not in told
    refused(capsys, "too long", "lint", "x" * 5000)


def test_a_document_that_refers_to_itself_under_other_names_comes_to_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").symlink_to(".")
    Path("api.yaml").write_text(
        MINI + "components: {schemas: {A: {$ref: 'here/./api.yaml#/components/schemas/A'}}}\n"
    )
    assert main(["lint", "api.yaml"]) in (0, 1)
    assert "Traceback" not in capsys.readouterr().err


def test_all_files_of_a_description_share_one_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from clientsmith.document.references import loader

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(loader, "MAX_BYTES", 10_000)
    Path("big.yaml").write_text("x: {type: string}\n#" + "x" * 3000)
    names = [f"link{n}.yaml" for n in range(50)]
    for name in names:
        Path(name).symlink_to("big.yaml")
    schemas = "".join(f"    S{n}: {{$ref: '{name}#/x'}}\n" for n, name in enumerate(names))
    Path("api.yaml").write_text(MINI + "components:\n  schemas:\n" + schemas)
    assert main(["lint", "api.yaml"]) == 1
    told = capsys.readouterr().out
    assert told.count("error[too-large]") == 1 and "dangling" not in told
