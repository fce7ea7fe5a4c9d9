from __future__ import annotations

from pathlib import Path

import pytest

from clientsmith.config.load import load_config, parse_config
from clientsmith.config.model import Config, CredentialConfig
from clientsmith.config.toml_spans import locate_keys
from clientsmith.diagnostics.model import Diagnostic, Diagnostics, Span

FULL = """\
[document]
path = "spec/api.yaml"
allow_remote_refs = true
allow_invalid = true

[package]
name = "petstore"
client = "PetClient"
out = "../out/petstore"
unsupported = "skip"

[names]
resources."My Tag" = "pets"
methods = { listPets = "list" }
[names.schemas]
"a.b" = "Pet"
[names.parameters]
"listPets.X-Limit" = "limit"

[credentials.basicAuth]
arguments = ["user", "password"]
environment = [["A", "B"], ["C", "D"]]
"""


def read(text: str) -> tuple[Config | None, list[Diagnostic]]:
    diagnostics = Diagnostics()
    config = parse_config(text, "conf/clientsmith.toml", diagnostics)
    return config, diagnostics.sorted()


def only_error(text: str) -> Diagnostic:
    config, found = read(text)
    assert config is None
    assert len(found) == 1
    return found[0]


def test_every_key_is_read_and_paths_start_at_the_config_file() -> None:
    config, found = read(FULL)
    assert not found
    assert config is not None
    assert config.document_path == "conf/spec/api.yaml"
    assert config.out == "conf/../out/petstore"
    assert config.allow_remote_refs
    assert config.allow_invalid
    assert (config.package_name, config.client_class, config.unsupported) == ("petstore", "PetClient", "skip")
    assert config.resource_names == {"My Tag": "pets"}
    assert config.method_names == {"listPets": "list"}
    assert config.schema_names == {"a.b": "Pet"}
    assert config.parameter_names == {"listPets.X-Limit": "limit"}
    assert config.credentials == {
        "basicAuth": CredentialConfig(("user", "password"), (("A", "B"), ("C", "D")))
    }


def test_places_are_known_for_later_stages() -> None:
    config, _ = read(FULL)
    assert config is not None
    assert config.place("names", "methods", "listPets").span == Span("conf/clientsmith.toml", 14, 13)
    assert config.place("names", "resources", "My Tag").span == Span("conf/clientsmith.toml", 13, 11)
    assert config.place("credentials", "basicAuth", "nothing").span == Span("conf/clientsmith.toml", 20, 14)
    assert Config().place("package").span is None


def test_empty_config_is_the_default() -> None:
    config, found = read("")
    assert not found
    assert config is not None
    assert config.digest() == Config().digest()


@pytest.mark.parametrize(
    ("text", "rule", "line", "column", "words"),
    [
        ("[packge]\n", "config-unknown-key", 1, 2, "did you mean 'package'?"),
        ("[package]\nnmae = 'x'\n", "config-unknown-key", 2, 1, "did you mean 'name'?"),
        (
            "[package]\nzzz = 'x'\n",
            "config-unknown-key",
            2,
            1,
            "known: allow_http, client, name, numbers, out, unsupported",
        ),
        ("[names.method]\n", "config-unknown-key", 1, 8, "methods"),
        ("[credentials.a]\nenv = []\n", "config-unknown-key", 2, 1, "environment"),
        ("package = 3\n", "config-wrong-type", 1, 1, "must be a table, not 3"),
        ("[document]\npath = 1\n", "config-wrong-type", 2, 1, "must be a text, not 1"),
        ("[document]\nallow_invalid = 'yes'\n", "config-wrong-type", 2, 1, "must be true or false"),
        ("[document]\nallow_invalid = 1\n", "config-wrong-type", 2, 1, "must be true or false, not 1"),
        ("[document]\npath = ''\n", "config-bad-value", 2, 1, "must not be empty"),
        ("[document]\npath = 'a\\b'\n  allow_invalid = []", "config-wrong-type", 3, 3, "an array"),
        ('[package]\nout = "a\\u0000b"\n', "config-bad-value", 2, 1, "control characters"),
        ("[package]\nname = 'class'\n", "config-bad-name", 2, 1, "is a Python keyword"),
        ("[package]\nname = '__x__'\n", "config-bad-name", 2, 1, "starts with an underscore"),
        ("[package]\nname = '2x'\n", "config-bad-name", 2, 1, "not a Python identifier"),
        ("[package]\nname = 'é'\n", "config-bad-name", 2, 1, "not a Python identifier"),
        ("[package]\nname = 'x\\n'\n", "config-bad-name", 2, 1, "not a Python identifier"),
        ("[package]\nunsupported = 'drop'\n", "config-bad-value", 2, 1, '"error" or "skip"'),
        ("[package]\nnumbers = 'Decimal'\n", "config-bad-value", 2, 1, '"float" or "decimal"'),
        ("[package]\nnumbers = true\n", "config-wrong-type", 2, 1, "must be a text"),
        ("[names.methods]\na = 1\n", "config-wrong-type", 2, 1, "must be a text"),
        ("[names]\nmethods = 1\n", "config-wrong-type", 2, 1, "must be a table"),
        ("[names.parameters]\nlimit = 'x'\n", "config-bad-value", 2, 1, "operationId.parameter"),
        ("[credentials]\na = 1\n", "config-wrong-type", 2, 1, "must be a table"),
        ("[credentials.a]\narguments = 'key'\n", "config-wrong-type", 2, 1, "must be an array"),
        ("[credentials.a]\narguments = []\n", "config-bad-value", 2, 1, "one or two different names"),
        ("[credentials.a]\narguments = ['x', 'x']\n", "config-bad-value", 2, 1, "one or two different names"),
        (
            "[credentials.a]\nenvironment = [['A', 'B'], ['C']]\n",
            "config-bad-value",
            2,
            1,
            "for each argument",
        ),
        ("[credentials.a]\nenvironment = ['A']\n", "config-wrong-type", 2, 1, "must be an array"),
        ("[credentials.a]\nenvironment = [['A B']]\n", "config-bad-name", 2, 1, "environment variable"),
        ("[package\n", "config-syntax", 1, 9, "not valid TOML"),
        ("a = ", "config-syntax", 1, 5, "not valid TOML"),
        ("a = 1\na = 2\n", "config-syntax", 2, 6, "not valid TOML"),
    ],
)
def test_a_mistake_is_one_diagnostic_at_its_place(
    text: str, rule: str, line: int, column: int, words: str
) -> None:
    found = only_error(text)
    assert found.id == rule
    assert found.place.span == Span("conf/clientsmith.toml", line, column)
    assert words in found.message + (found.hint or "")


def test_all_mistakes_are_found_in_one_run() -> None:
    config, found = read("[package]\nname = 1\nunsupported = 'x'\n[nope]\n[names.methods]\na = 'if'\n")
    assert config is None
    assert [diagnostic.place.span.line for diagnostic in found if diagnostic.place.span] == [2, 3, 4, 6]


def test_digest_tells_meaning_and_nothing_else() -> None:
    base, _ = read(FULL)
    moved, _ = read("# a comment\n" + FULL.replace("spec/api.yaml", "elsewhere.yaml").replace("../out", "x"))
    other, _ = read(FULL.replace('"limit"', '"most"'))
    assert base is not None
    assert moved is not None
    assert other is not None
    assert base.digest() == moved.digest() != other.digest()


@pytest.mark.parametrize(
    "change",
    [
        ("allow_invalid = true", ""),
        ("allow_remote_refs = true", ""),
        ('"petstore"', '"zoo"'),
        ("PetClient", "Zoo"),
        ('"skip"', '"error"'),
        ('"pets"', '"zoo"'),
        ('"list"', '"all"'),
        ('"Pet"', '"Animal"'),
        ('["C", "D"]', '["C", "E"]'),
        ('"password"', '"secret"'),
    ],
)
def test_every_setting_that_shapes_output_changes_the_digest(change: tuple[str, str]) -> None:
    base, _ = read(FULL)
    other, _ = read(FULL.replace(*change))
    assert base is not None
    assert other is not None
    assert base.digest() != other.digest()


def test_config_of_the_working_directory_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    diagnostics = Diagnostics()
    assert load_config(None, diagnostics) == Config()
    (tmp_path / "clientsmith.toml").write_text("[package]\nname = 'zoo'\n")
    config = load_config(None, diagnostics)
    assert config is not None
    assert config.package_name == "zoo"
    assert not diagnostics


@pytest.mark.parametrize("content", [None, b"\xff\xfe", "folder"])
def test_an_unreadable_config_is_named(content: bytes | str | None, tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content is not None:
        file.mkdir()
    diagnostics = Diagnostics()
    assert load_config(str(file), diagnostics) is None
    assert [found.id for found in diagnostics] == ["config-unreadable"]
    assert str(file) in diagnostics.sorted()[0].message


def test_keys_are_located_through_every_kind_of_value() -> None:
    text = '''\
# [comment]
a = """ "x" = 1
[no] \\""" # not a table
"""
b = [ # [c]
  "]", { d = 1, "e.f" = [ 2 ] }, # }
]
'g.h' . i = 1979-05-27T07:32:00Z
"q\\"t" = '=#'
[[k."l m"]]
n=1
[[k."l m"]]
n=2
'''
    found = locate_keys(text)
    assert found[("a",)] == (2, 1)
    assert found[("b",)] == (5, 1)
    assert found[("b", "d")] == (6, 10)
    assert found[("b", "e.f")] == (6, 17)
    assert found[("g.h", "i")] == (8, 9)
    assert found[('q"t',)] == (9, 1)
    assert found[("k", "l m")] == (10, 5)
    assert found[("k", "l m", "0")] == (10, 1)
    assert found[("k", "l m", "0", "n")] == (11, 1)
    assert found[("k", "l m", "1", "n")] == (13, 1)
    assert ("no",) not in found
    assert ("c",) not in found


def test_the_places_where_members_may_overlap_are_read_and_shape_the_output() -> None:
    config, found = read(
        '[document]\noverlapping = ["#/components/schemas/A/oneOf", "/components/schemas/B"]\n'
    )
    assert config is not None and not found
    assert config.overlapping == ("#/components/schemas/A/oneOf", "/components/schemas/B")
    assert config.digest() != Config().digest()
    turned, _ = read('[document]\noverlapping = ["/components/schemas/B", "#/components/schemas/A/oneOf"]\n')
    assert turned is not None and turned.digest() == config.digest()
    for wrong in ("true", '"#/a"', "[1]"):
        assert only_error(f"[document]\noverlapping = {wrong}\n").id == "config-wrong-type"
