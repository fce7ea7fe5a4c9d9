"""Media types: codec, preference, and what stands in a request header."""

from __future__ import annotations

import itertools

import pytest

from clientsmith.openapi.media_type import codec, concrete, essence, preferred


@pytest.mark.parametrize(
    ("media_type", "name"),
    [
        ("application/json", "json"),
        ("Application/JSON; charset=utf-8", "json"),
        ("application/problem+json", "json"),
        ("text/json", "json"),
        ("*/*", "json"),
        ("application/x-www-form-urlencoded", "form"),
        ("multipart/form-data; boundary=x", "multipart"),
        ("text/plain", "text"),
        ("text/event-stream", "text"),
        ("application/pdf", "binary"),
        ("image/*", "binary"),
        ("application/xml", "binary"),
        ("application/jsonlines", "binary"),
        ("", "binary"),
    ],
)
def test_every_media_type_has_a_codec(media_type: str, name: str) -> None:
    assert codec(media_type) == name


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["text/plain", "application/json", "application/vnd.a+json"], "application/json"),
        (["application/json; version=2", "application/xml"], "application/json; version=2"),
        (["application/vnd.b+json", "application/vnd.a+json"], "application/vnd.a+json"),
        (["*/*", "application/vnd.a+json"], "application/vnd.a+json"),
        (["multipart/form-data", "application/x-www-form-urlencoded"], "application/x-www-form-urlencoded"),
        (["application/pdf", "text/csv"], "text/csv"),
        (["text/plain", "multipart/form-data", "application/pdf"], "multipart/form-data"),
        (["application/x-www-form-urlencoded", "*/*", "application/*"], "*/*"),
        (["Application/JSON", "application/hal+json"], "Application/JSON"),
        ([], None),
    ],
)
def test_json_is_preferred_then_what_can_be_checked(offered: list[str], chosen: str | None) -> None:
    for order in itertools.permutations(offered):
        assert preferred(order) == chosen


@pytest.mark.parametrize(
    ("media_type", "written"),
    [
        ("application/json; charset=utf-8", "application/json; charset=utf-8"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/*", "text/plain"),
        ("image/*", "image/png"),
    ],
)
def test_wildcards_become_something_that_can_be_sent(media_type: str, written: str) -> None:
    assert concrete(media_type) == written


def test_the_essence_has_no_parameters_and_no_case() -> None:
    assert essence(" Text/HTML ; charset=x") == "text/html"
