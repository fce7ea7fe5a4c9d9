"""Responses: what each status decodes to, and what a call gives back."""

from __future__ import annotations

from typing import Any

import pytest

from clientsmith.diagnostics.model import Severity
from tests.unit.api.apis import Built, spelled
from tests.unit.api.conftest import Build

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}


def json_of(schema: Any, **more: Any) -> dict[str, Any]:
    return {"description": "", "content": {"application/json": {"schema": schema}}, **more}


def answering(responses: dict[str, Any], method: str = "get") -> dict[str, Any]:
    return {"paths": {"/x": {method: {"operationId": "op", "responses": responses}}}}


def outcome(made: Built) -> tuple[str, bool, bool]:
    return spelled(made.only.result), made.only.may_not_modify, made.only.may_be_empty


@pytest.mark.parametrize(
    ("responses", "found"),
    [
        ({"200": json_of(TEXT)}, ("str", False, False)),
        ({"204": {"description": ""}}, ("nothing", False, True)),
        ({"200": json_of(TEXT), "204": {"description": ""}}, ("str", False, True)),
        ({"200": json_of(TEXT), "201": json_of(NUMBER)}, ("str | int", False, False)),
        ({"200": json_of(TEXT), "304": {"description": ""}}, ("str", True, False)),
        ({"2XX": json_of(TEXT), "default": json_of(NUMBER)}, ("str", False, False)),
        ({"default": json_of(TEXT)}, ("str | bytes | JsonValue", False, True)),
        ({"404": json_of(TEXT)}, ("bytes | JsonValue", False, True)),
        ({"304": json_of(TEXT)}, ("bytes | JsonValue", True, True)),
        ({}, ("bytes | JsonValue", False, True)),
        ({"200": json_of({})}, ("Any", False, False)),
        ({"200": {"description": "", "content": {"application/json": {}}}}, ("Any", False, False)),
        ({"200": json_of({"type": ["string", "null"]})}, ("str | None", False, False)),
    ],
)
def test_a_call_gives_back_what_its_success_responses_hold(
    api: Build, responses: dict[str, Any], found: tuple[str, bool, bool]
) -> None:
    assert outcome(api(answering(responses))) == found


def test_head_never_has_a_body(api: Build) -> None:
    made = api(answering({"200": json_of(TEXT)}, "head"))
    assert outcome(made) == ("nothing", False, True)
    assert made.only.responses[0].media == ()


def test_exact_statuses_come_before_ranges_and_the_default_last(api: Build) -> None:
    made = api(
        answering({name: json_of(TEXT) for name in ("default", "5XX", "4xx", "503", "200", "x-other")})
    )
    assert [response.status for response in made.only.responses] == ["200", "503", "4XX", "5XX", "default"]


@pytest.mark.parametrize(
    ("media_type", "codec", "kind"),
    [
        ("application/json; charset=utf-8", "json", "int"),
        ("application/problem+json", "json", "int"),
        ("text/html", "text", "str"),
        ("application/pdf", "binary", "bytes"),
        ("*/*", "json", "int"),
    ],
)
def test_the_media_type_decides_how_a_response_is_read(
    api: Build, media_type: str, codec: str, kind: str
) -> None:
    response = {"description": "", "content": {media_type: {"schema": NUMBER}}}
    [media] = api(answering({"200": response})).only.responses[0].media
    assert (media.codec, spelled(media.type)) == (codec, kind)


def test_all_json_media_types_are_read_and_the_others_named(api: Build) -> None:
    content = {
        "application/vnd.a+json": {"schema": TEXT},
        "application/json": {"schema": NUMBER},
        "text/csv": {"schema": TEXT},
    }
    made = api(answering({"200": {"description": "", "content": content}}))
    assert [(item.media_type, item.requested) for item in made.only.responses[0].media] == [
        ("application/json", True),
        ("application/vnd.a+json", True),
        ("text/csv", False),
    ]
    assert outcome(made)[0] == "int | str"
    assert made.ids(Severity.NOTE) == ["media-type-not-requested"]


def test_the_mark_of_what_was_not_processed_is_kept(api: Build) -> None:
    mark = {"x-clientsmith-not-processed": True}
    made = api(answering({"429": json_of(TEXT, **mark), "500": json_of(TEXT)}))
    assert [response.not_processed for response in made.only.responses] == [True, False]


def test_references_to_responses_are_followed(api: Build) -> None:
    document = answering({"200": {"$ref": "#/components/responses/Good"}})
    document["components"] = {"responses": {"Good": json_of(TEXT)}}
    assert outcome(api(document))[0] == "str"
