"""The curl commands on the page do what they show: a shell runs them, and a stand-in for curl writes down its words."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from clientsmith.traffic.curl import curl_of_request

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
METHODS = ("POST", "HEAD", "'!#", "-X", "DELETE")


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
    command = curl_of_request(BASE, "POST", "/", "text/plain", body)
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
    assert words(shell, curl_of_request(BASE, "PUT", "/", None, body))[1] == body


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_is_what_was_asked_for(shell: Path, target: str) -> None:
    given, _ = words(shell, curl_of_request(BASE, "GET", target, None, None))
    if target.startswith("/"):
        assert given[-1] == BASE + target
    else:
        assert given[-3:] == ["--request-target", target, BASE]
    assert ("--globoff" in given) == any(sign in target for sign in "[]{}")
    assert ("--path-as-is" in given) == ("/." in target)


@pytest.mark.parametrize("method", METHODS)
def test_a_method_is_what_was_sent(shell: Path, method: str) -> None:
    given, _ = words(shell, curl_of_request(BASE, method, "/", None, None))
    assert given[1:-1] == (["--head"] if method == "HEAD" else ["-X", method])


def test_a_get_with_a_body_stays_a_get(shell: Path) -> None:
    given, _ = words(shell, curl_of_request(BASE, "GET", "/", "text/plain", "x"))
    assert given[1:3] == ["-X", "GET"]


def test_a_media_type_is_one_word(shell: Path) -> None:
    given, _ = words(shell, curl_of_request(BASE, "POST", "/", "a/b; x='; id #\"", "x"))
    assert "Content-Type: a/b; x='; id #\"" in given


@pytest.mark.parametrize("body", ["x" * 5_000, b"\xff" * 2_000, "\0" * 1_001])
def test_a_body_that_is_too_long_is_named_and_not_dropped(body: str | bytes) -> None:
    command = curl_of_request(BASE, "POST", "/", "text/plain", body)
    assert command.endswith(f"--data-binary @body-of-{len(body)}-bytes")
    assert curl_of_request(BASE, "POST", "/", None, None, 9).endswith("@body-of-9-bytes")
