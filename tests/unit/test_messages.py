"""Messages that lead to what is wrong: the place of a quote, the line of a template, what was meant, what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clientsmith.cli.main import main

MINI = """\
openapi: 3.1.0
info: {title: Mini, version: "1"}
servers: [{url: https://mini.example}]
security: []
paths:
  /ping:
    get: {operationId: ping, tags: [Health], summary: s, responses: {"204": {description: alive}}}
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "openapi.yaml").write_text(MINI)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    assert main([*words, "--format", "json"]) != 0
    return json.loads(capsys.readouterr().out)["diagnostics"]


UNCLOSED = {
    "two lines": ('openapi: 3.1.0\ninfo:\n  title: "Open\n  version: "1"\n', 3, 10),
    "single quotes": ("openapi: 3.1.0\ninfo:\n  title: 'Open\n  version: '1'\n", 3, 10),
    "far away": ('a: "x\n' + "b: 1\n" * 40 + 'c: "d"\n', 1, 4),
    "to the end": ("openapi: 3.1.0\ninfo: {title: T, version: '1}\npaths: {}\n", 2, 27),
    "one line": ('info: {title: "T, version: "1"}\n', 1, 15),
    "an apostrophe": ("title: 'it's here'\n", 1, 8),
    "json": ('{"a": 1, "info": {"title": "Open, "version": "1"}}', 1, 28),
    "json, two lines": ('{"a": 1,\n "title": "Open,\n "version": "1"}', 2, 11),
    "json, to the end": ('{"a": 1,\n "title": "Open', 2, 11),
}


@pytest.mark.parametrize(("text", "line", "column"), UNCLOSED.values(), ids=UNCLOSED)
def test_an_unclosed_quote_is_reported_where_it_begins(
    text: str, line: int, column: int, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("bad").write_text(text)

    (one,) = found(capsys, "lint", "bad")

    assert (one["id"], one["line"], one["column"]) == ("syntax-error", line, column)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('title: "x" y\n', 1, 12),
        ('a: "x\n  y"\nb: [1\nc: 2\n', 4, 2),
        ('{"a": "b" "c": 1}', 1, 11),
        ('{"a": "b", "c": }', 1, 17),
    ],
)
def test_a_closed_quote_is_not_blamed(
    text: str, line: int, column: int, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("bad").write_text(text)

    (one,) = found(capsys, "lint", "bad")

    assert "quote that begins" not in one["message"]
    assert (one["line"], one["column"]) == (line, column)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('[document]\npath = "openapi.yaml\n[package]\nname = "x"\n', 2, 8),
        ("[document]\npath = '''openapi.yaml\n[package]\n", 2, 8),
        ("[document]\npath = 'a'\n[package]\nname = 'x\n", 4, 8),
    ],
)
def test_an_unclosed_quote_of_the_config_too(
    text: str, line: int, column: int, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("clientsmith.toml").write_text(text)

    (one,) = found(capsys, "lint")

    assert (one["id"], one["line"], one["column"]) == ("config-syntax", line, column)


TEMPLATES = {
    "undefined": ("{# one #}\n{{ nothing.at.all }}\n", 2),
    "an expression that fails": ("{# one #}\n\n{{ 1 / 0 }}\n", 3),
    "a template that is not there": ("{% include 'nowhere.j2' %}\n", 1),
    "syntax": ("{# one #}\n{% if %}\n", 2),
}


@pytest.mark.parametrize(("text", "line"), TEMPLATES.values(), ids=TEMPLATES)
def test_a_template_that_fails_is_named_by_file_and_line(
    text: str, line: int, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("mine").mkdir()
    Path("mine/client.py.j2").write_text(text)

    (one,) = found(capsys, "generate", "openapi.yaml", "--out", "out", "--templates", "mine")

    assert (one["id"], one["file"], one["line"]) == ("template-invalid", "mine/client.py.j2", line)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["lnit", "openapi.yaml"], "did you mean lint?"),
        (["lint", "openapi.yaml", "--formt", "json"], "did you mean --format?"),
        (["generate", "openapi.yaml", "--outt=x"], "did you mean --out?"),
        (["lint", "openapi.yaml", "--format", "jsno"], "did you mean json?"),
        (["conform", "--report", "htlm"], "did you mean html?"),
    ],
)
def test_a_word_that_does_not_exist_names_what_was_meant(
    words: list[str], meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert meant in capsys.readouterr().err


@pytest.mark.parametrize(
    ("config", "meant"),
    [
        ("[pakage]\n", "'package'"),
        ("[document]\nallow_invald = true\n", "'allow_invalid'"),
        ("[names.methods]\npng = 'beat'\n", "'ping'"),
        ("[names.resources]\nHealt = 'beat'\n", "'Health'"),
        ("[runtime]\nfeatures = ['jornal']\n", "'journal'"),
    ],
)
def test_a_name_in_the_config_too(config: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("clientsmith.toml").write_text(config)

    flags = ["--config", "clientsmith.toml", "--out", "out"]
    (one,) = found(capsys, "generate", "openapi.yaml", *flags)

    assert one["hint"] == f"did you mean {meant}?"


@pytest.mark.parametrize(
    "url", ["https://api.example/openapi.yaml", "http://api.example/a/b.json", "HTTPS://API.example/x"]
)
@pytest.mark.parametrize("is_in_config", [True, False])
def test_a_url_says_how_to_get_the_document(
    url: str, is_in_config: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    if is_in_config:
        Path("sub").mkdir()
        Path("sub/clientsmith.toml").write_text(f"[document]\npath = '{url}'\n")

    (one,) = found(capsys, "lint", *(["--config", "sub/clientsmith.toml"] if is_in_config else [url]))

    assert one["message"].startswith(f"{url} is a URL")
    assert f"curl -fL -o openapi.yaml {url}" in one["hint"]


def test_a_file_that_looks_like_a_url_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    Path("https:/a.example").mkdir(parents=True)
    Path("https:/a.example/openapi.yaml").write_text(MINI)

    assert main(["lint", "https://a.example/openapi.yaml"]) == 0


@pytest.mark.parametrize("out", ["/proc/nowhere/out", "/dev/null/out", "openapi.yaml/out"])
def test_no_package_is_claimed_to_be_where_there_is_none(
    out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (one,) = found(capsys, "generate", "openapi.yaml", "--out", out)

    assert one["id"] in ("output-unwritable", "output-not-a-folder")
    assert "whole" not in one["hint"]
