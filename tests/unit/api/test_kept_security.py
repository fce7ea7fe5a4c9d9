"""Arguments for credentials keep their names and their positions."""

from __future__ import annotations

from pathlib import Path

import pytest

from clientsmith.config.model import Config, CredentialConfig
from tests.unit.api.kept_names import Release, Tree, document


def secured(*keys: str, kind: Tree | None = None) -> Tree:
    tree = document()
    scheme = kind or {"type": "apiKey", "in": "header", "name": "X-Key"}
    tree["components"]["securitySchemes"] = dict.fromkeys(keys, scheme)
    tree["security"] = [{key: [] for key in keys}]
    return tree


def credentials(release: Release) -> list[tuple[str, ...]]:
    return [one.arguments for one in release.api.security_schemes]


def test_credentials_keep_their_arguments(tmp_path: Path) -> None:
    two = {"type": "apiKey", "in": "query", "name": "k"}
    before = secured("a")
    before["components"]["securitySchemes"]["b"] = two
    before["security"] = [{"a": [], "b": []}]
    old = Release(tmp_path, before)
    assert credentials(old) == [("api_key",), ("b",)]
    after = secured("z")
    after["components"]["securitySchemes"]["y"] = two
    after["security"] = [{"y": [], "z": []}]
    new = Release(tmp_path, after, old.names)
    assert {one.wire: one.arguments for one in new.api.security_schemes} == {
        "X-Key": ("api_key",),
        "k": ("b",),
    }


def with_schemes(**schemes: Tree) -> Tree:
    """A document in which each of some schemes is enough."""
    tree = document()
    tree["components"]["securitySchemes"] = schemes
    tree["security"] = [{key: []} for key in schemes]
    return tree


IN_HEADER: Tree = {"type": "apiKey", "in": "header", "name": "X-Key"}
IN_QUERY: Tree = {"type": "apiKey", "in": "query", "name": "k"}
BASIC: Tree = {"type": "http", "scheme": "basic"}
BEARER: Tree = {"type": "http", "scheme": "bearer"}


@pytest.mark.parametrize(
    ("before", "after", "wire", "arguments"),
    [
        ({"key": IN_HEADER}, {"key": IN_QUERY, "key2": IN_HEADER}, "X-Key", ("api_key",)),
        ({"key": IN_QUERY}, {"key": IN_HEADER, "aaa": IN_QUERY}, "k", ("api_key",)),
        ({"key": BEARER}, {"key": BASIC, "own": BEARER}, "Authorization", ("token",)),
        ({"a": IN_HEADER, "b": IN_QUERY}, {"a": IN_QUERY, "b": IN_HEADER}, "X-Key", ("api_key",)),
    ],
)
def test_a_scheme_is_known_by_kind_and_place(
    before: dict[str, Tree], after: dict[str, Tree], wire: str, arguments: tuple[str, ...], tmp_path: Path
) -> None:
    old = Release(tmp_path, with_schemes(**before))
    new = Release(tmp_path, with_schemes(**after), old.names)
    assert arguments in [one.arguments for one in new.api.security_schemes if one.wire == wire]


def test_a_scheme_is_not_taken_for_one_that_went_in_an_earlier_release(tmp_path: Path) -> None:
    first = Release(tmp_path, with_schemes(a=IN_HEADER, b=IN_HEADER))
    second = Release(tmp_path, with_schemes(a=IN_HEADER), first.names)
    third = Release(tmp_path, with_schemes(z=IN_HEADER), second.names)
    assert credentials(third) == credentials(second) == [("api_key",)]


@pytest.mark.parametrize(
    "after",
    [
        {"zzz": IN_HEADER, "two": IN_QUERY, "user": BASIC},
        {"key": IN_HEADER, "aaa": IN_QUERY, "user": BASIC},
        {"key": IN_HEADER, "two": IN_QUERY, "a": BASIC},
        {"aaa": BEARER, "key": IN_HEADER, "two": IN_QUERY, "user": BASIC},
    ],
)
def test_positions_of_released_credentials_stay(after: dict[str, Tree], tmp_path: Path) -> None:
    old = Release(tmp_path, with_schemes(key=IN_HEADER, two=IN_QUERY, user=BASIC))
    assert credentials(old) == [("api_key",), ("two",), ("username", "password")]
    new = Release(tmp_path, with_schemes(**after), old.names)
    assert credentials(new) == credentials(old) + [("token",)] * ("aaa" in after and len(after) == 4)
    again = Release(tmp_path, with_schemes(**dict(reversed(after.items()))), new.names)
    assert credentials(again) == credentials(new)


def test_configured_credentials_win(tmp_path: Path) -> None:
    old = Release(tmp_path, secured("a"))
    config = Config(credentials={"a": CredentialConfig(("secret",))})
    assert credentials(Release(tmp_path, secured("a"), old.names, config)) == [("secret",)]
