"""What the account says of the encodings of fields and parts: what has an effect, and what is without one."""

from __future__ import annotations

from typing import Any

import pytest

from clientsmith.lint.account.notes import notes
from tests.account.ablation import Subject
from tests.account.test_account import document, left_out, object_of, sent

FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
LIST = {"type": "array", "items": {"type": "string"}}


def encoded(media_type: str, version: str = "3.1.0", **encoding: Any) -> dict[str, Any]:
    return document(sent(object_of(a=LIST), media_type, encoding={"a": encoding}), openapi=version)


@pytest.mark.parametrize("media_type", [FORM, PARTS])
@pytest.mark.parametrize(
    "encoding",
    [
        {"style": "pipeDelimited"},
        {"explode": False},
        {"allowReserved": True},
        {"contentType": "application/json"},
    ],
    ids=str,
)
def test_what_has_an_effect_is_carried_out(media_type: str, encoding: dict[str, Any]) -> None:
    made = Subject(encoded(media_type, **encoding))
    assert (made.account.left_out, made.lost()) == ((), [])


@pytest.mark.parametrize(
    ("media_type", "version", "encoding", "key", "why"),
    [
        (PARTS, "3.1.0", {"style": "form", "allowReserved": True}, "allowReserved", "nothing in a part"),
        (PARTS, "3.1.0", {"explode": False, "contentType": "text/csv"}, "contentType", "beside 'style'"),
        (FORM, "3.1.0", {"style": "form", "contentType": "text/csv"}, "contentType", "beside 'style'"),
        (FORM, "3.0.3", {"allowReserved": False, "contentType": "text/csv"}, "contentType", "beside 'style'"),
        (PARTS, "3.0.3", {"style": "pipeDelimited"}, "style", "before OpenAPI 3.1"),
        (PARTS, "3.0.4", {"explode": False, "contentType": "text/csv"}, "explode", "before OpenAPI 3.1"),
    ],
)
def test_what_has_none_is_noted_with_the_reason(
    media_type: str, version: str, encoding: dict[str, Any], key: str, why: str
) -> None:
    tree = encoded(media_type, version, **encoding)
    made = Subject(tree)
    assert left_out(tree) == {("not-carried-out", key, None, f"a/{key}")}
    assert made.lost() == []
    assert [why in one.message for one in notes(made.account)] == [True]
