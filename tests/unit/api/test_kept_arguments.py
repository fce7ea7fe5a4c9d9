"""A new argument whose name is taken by one that is gone says where it is, as it does beside one that is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.api.kept_names import Release, Tree, document, parameter


def with_parameters(*parameters: tuple[str, str]) -> Tree:
    tree = document()
    tree["paths"]["/pets"]["get"]["parameters"] = [parameter(*one) for one in parameters]
    return tree


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        (("limit", "query"), ("limit", "header"), "header_limit"),
        (("limit", "header"), ("limit", "query"), "query_limit"),
        (("limit", "query"), ("limit", "cookie"), "cookie_limit"),
    ],
)
def test_a_name_that_is_taken_for_good(
    before: tuple[str, str], after: tuple[str, str], name: str, tmp_path: Path
) -> None:
    old = Release(tmp_path, with_parameters(before))
    new = Release(tmp_path, with_parameters(after), old.names)
    assert name in new.arguments and "limit" not in new.arguments
    assert "name-taken" in new.ids
    both = Release(tmp_path, with_parameters(before, after), new.names)
    assert {"limit", name} <= both.arguments
