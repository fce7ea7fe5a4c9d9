"""A credential keeps its argument, however the name of its header is spelled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from clientsmith.api.names.kept import Names
from tests.unit.api.kept_names import Release, Tree
from tests.unit.api.test_kept_security import credentials, with_schemes


def api_key(name: str, location: str = "header") -> Tree:
    return {"type": "apiKey", "in": location, "name": name}


@pytest.mark.parametrize(
    ("before", "after"), [("X-Key", "x-key"), ("x-key", "X-KEY"), ("Authorization", "authorization")]
)
@pytest.mark.parametrize("key", ["own", "other"])
def test_a_header_is_the_same_in_another_spelling(before: str, after: str, key: str, tmp_path: Path) -> None:
    old = Release(tmp_path, with_schemes(own=api_key(before), user={"type": "http", "scheme": "basic"}))
    new = Release(
        tmp_path,
        with_schemes(**{key: api_key(after), "user": {"type": "http", "scheme": "basic"}}),
        old.names,
    )
    assert credentials(new) == credentials(old)
    assert not {"name-kept", "name-taken"} & new.ids
    assert Release(tmp_path, with_schemes(**{key: api_key(before)}), new.names).names.tables[
        "credentials"
    ].keys() == (old.names.tables["credentials"].keys())


def test_two_spellings_of_a_header_are_two_schemes_of_one_place(tmp_path: Path) -> None:
    old = Release(tmp_path, with_schemes(a=api_key("X-Key"), b=api_key("x-key")))
    new = Release(tmp_path, with_schemes(a=api_key("x-key"), b=api_key("X-Key")), old.names)
    assert [(one.key, one.arguments) for one in new.api.security_schemes] == [
        (one.key, one.arguments) for one in old.api.security_schemes
    ]


@pytest.mark.parametrize("location", ["query", "cookie"])
def test_a_name_elsewhere_is_another_one_in_another_spelling(location: str, tmp_path: Path) -> None:
    old = Release(tmp_path, with_schemes(own=api_key("Key", location)))
    new = Release(tmp_path, with_schemes(own=api_key("key", location)), old.names)
    assert credentials(new) != credentials(old)


def test_a_state_that_has_the_name_as_it_was_written_is_read(tmp_path: Path) -> None:
    names = Release(tmp_path, with_schemes(own=api_key("X-Key"))).names
    held = names.tables["credentials"]["api-key header x-key"]
    written = Names.from_json(
        replace(names, tables={**names.tables, "credentials": {"api-key header X-Key": held}}).to_json()
    )
    assert credentials(Release(tmp_path, with_schemes(own=api_key("x-Key")), written)) == [("api_key",)]
