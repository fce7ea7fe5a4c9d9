"""The curl commands on the page do what they show: a shell runs them, and a stand-in for curl writes down its words."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from clientsmith.traffic.curl import curl_of_request
from clientsmith.traffic.message import Headers, HttpRequest

BASE = "http://127.0.0.1:1"
STAND_IN = """\
#!/bin/sh
printf '%s\\0' "$@" > "$SEEN"
case "$*" in *@-) printf '\\0' >> "$SEEN"; cat >> "$SEEN";; esac
"""
BODIES: dict[str, str | bytes] = {
    "quotes": 'it\'s "$HOME" `id` $(id)',
    "lines": "a\nb\r\nc\\n\\",
    "exclamation marks": "!! 'x'!y",
    "an at sign": "@/etc/passwd",
    "a hyphen": "-o /tmp/x",
    "a percent sign": "100%s %n",
    "other scripts": "日本語 \u202e \u0301",
    "a NUL": "a\0b",
    "no UTF-8": b"\xff\xfe\x00'\n%s\\7",
    "digits after a byte": b"\x001234567",
}
TARGETS = (
    "/a'; id #",
    "/a[1-9]",
    "/{a,b}",
    "/../x",
    "/a?b=$(id)&c=`id`",
    "/-x",
    "/a b",
    "*",
    "http://h/x",
    "/~",
)
TEXT = (("Content-Type", "text/plain"),)
METHODS = ("POST", "HEAD", "'!#", "-X", "DELETE")


def command_of(method: str, target: str, headers: Headers = (), body: bytes | str = b"", **more: Any) -> str:
    data = body.encode() if isinstance(body, str) else body
    return curl_of_request(HttpRequest(method, target, headers, data), BASE, **more)


@pytest.fixture
def shell(tmp_path: Path) -> Path:
    curl = tmp_path / "curl"
    curl.write_text(STAND_IN)
    curl.chmod(0o755)
    return tmp_path


def words(folder: Path, command: str, program: str = "sh") -> tuple[list[str], bytes]:
    environment = {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "SEEN": str(folder / "seen"),
        "HOME": "/home-of-nobody",
    }
    done = subprocess.run(
        [program, "-c", command], env=environment, capture_output=True, cwd=folder, check=True
    )
    assert done.stdout == done.stderr == b""
    given, _, data = (folder / "seen").read_bytes().partition(b"\0\0")
    given = given.removesuffix(b"\0")
    return [os.fsdecode(one) for one in given.split(b"\0")], data


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_is_what_was_sent(shell: Path, body: str | bytes) -> None:
    command = command_of("POST", "/", TEXT, body)
    for program in filter(shutil.which, ("sh", "bash")):
        given, data = words(shell, command, program)
        assert given[:6] == ["-i", "-X", "POST", BASE + "/", "-H", "Content-Type: text/plain"]
        if given[6] == "--data-raw":
            assert given[7:] == [body]
        else:
            assert given[6:] == ["--data-binary", "@-"]
            assert data == (body if isinstance(body, bytes) else body.encode())


def test_every_byte_comes_through(shell: Path) -> None:
    body = bytes(range(256))
    assert words(shell, command_of("PUT", "/", (), body))[1] == body


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_is_what_was_asked_for(shell: Path, target: str) -> None:
    given, _ = words(shell, command_of("GET", target))
    if target.startswith("/"):
        assert given[-1] == BASE + target
    else:
        assert given[-3:] == ["--request-target", target, BASE]
    assert ("--globoff" in given) == any(sign in target for sign in "[]{}")
    assert ("--path-as-is" in given) == ("/." in target)


@pytest.mark.parametrize("method", METHODS)
def test_a_method_is_what_was_sent(shell: Path, method: str) -> None:
    given, _ = words(shell, command_of(method, "/"))
    assert given[1:-1] == (["--head"] if method == "HEAD" else ["-X", method])


def test_a_get_with_a_body_stays_a_get(shell: Path) -> None:
    given, _ = words(shell, command_of("GET", "/", TEXT, "x"))
    assert given[1:3] == ["-X", "GET"]


def test_a_media_type_is_one_word(shell: Path) -> None:
    given, _ = words(shell, command_of("POST", "/", (("Content-Type", "a/b; x='; id #\""),), "x"))
    assert "Content-Type: a/b; x='; id #\"" in given


@pytest.mark.parametrize("body", ["x" * 5_000, b"\xff" * 2_000, "\0" * 1_001])
def test_a_body_that_is_too_long_is_named_and_not_dropped(body: str | bytes) -> None:
    command = command_of("POST", "/", TEXT, body)
    assert command.endswith(f"--data-binary @body-of-{len(body)}-bytes")
    assert command_of("POST", "/", omitted=9).endswith("@body-of-9-bytes")


SECRET = "s3cr3t-0f9e8d7c"
HEADERS: dict[str, tuple[tuple[str, str], list[str]]] = {
    "bearer": (("Authorization", f"Bearer {SECRET}"), ["-H", "Authorization: Bearer T"]),
    "basic": (("Authorization", "Basic dTpw"), ["-u", "U:P"]),
    "digest": (("Authorization", 'Digest username="u", response="0"'), ["--digest", "-u", "U:P"]),
    "without a scheme": (("Authorization", SECRET), ["-H", "Authorization: T"]),
    "a scheme that is a command": (("Authorization", "$(id)` x"), ["-H", "Authorization: $(id)` T"]),
    "of a proxy": (("Proxy-Authorization", f"Basic {SECRET}"), ["-H", "Proxy-Authorization: Basic T"]),
    "a key": (("X-Key", SECRET), ["-H", "X-Key: S"]),
    "in quotes": (("X-Key", f'"$HOME`id`\\{SECRET}"'), ["-H", 'X-Key: "$HOME`id`\\S"']),
    "cookies": (("Cookie", f"a=$(id); b={SECRET}"), ["-b", "a=$(id); b=S"]),
    "empty": (("X-Empty", ""), ["-H", "X-Empty;"]),
    "other": (("Accept", "a/b; q='x'"), ["-H", "Accept: a/b; q='x'"]),
    "written by curl": (("Content-Length", "7"), []),
}


@pytest.mark.parametrize(("header", "expected"), HEADERS.values(), ids=HEADERS)
def test_headers_are_sent_again_with_variables_for_credentials(
    shell: Path, header: tuple[str, str], expected: list[str]
) -> None:
    command = command_of("GET", f"/a'b?q={SECRET}&x=$(id)", (header,), secret=SECRET)
    assert SECRET not in command
    variables = "SECRET=S TOKEN=T USERNAME=U PASSWORD=P\n"
    given, _ = words(shell, variables + command)
    assert given == ["-i", f"{BASE}/a'b?q=S&x=$(id)", *expected]


@pytest.mark.parametrize(
    "body", [f'{{"a": "\'$HOME`id`", "b": "{SECRET}"}}', f"{SECRET}", f"{SECRET}\n{SECRET}!"]
)
def test_a_secret_in_a_body_is_a_variable_and_nothing_around_it_is_run(shell: Path, body: str) -> None:
    command = command_of("POST", "/", TEXT, body, secret=SECRET)
    assert SECRET not in command
    assert words(shell, f"SECRET=S\n{command}")[0][-2:] == ["--data-raw", body.replace(SECRET, "S")]


@pytest.mark.parametrize("body", ["a\x00", "\u202ea", "\x1b[31m", b"\xff"])
def test_a_command_has_no_character_that_a_page_or_a_terminal_would_show_as_another(
    shell: Path, body: str | bytes
) -> None:
    data = body.encode() if isinstance(body, str) else body
    command = command_of("POST", "/", TEXT, body)
    assert command.isascii() and command.isprintable()
    assert words(shell, command)[1] == data
    assert SECRET not in command_of("POST", "/", TEXT, data + SECRET.encode(), secret=SECRET)
