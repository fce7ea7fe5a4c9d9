"""Named answers: by a request's Prefer header, by a scenario that is switched on, and as sequences."""

from __future__ import annotations

import json

import pytest

from clientsmith.serve.answers.prefer import Preference, preference
from clientsmith.serve.service import Service
from tests.unit.serve.answering import (
    BASIC,
    JSON,
    LISTING,
    MARKETPLACE,
    RECORDINGS,
    USAGE,
    ask,
    opened,
    refused,
    usage,
)


@pytest.fixture
def service() -> Service:
    return opened(MARKETPLACE, RECORDINGS)


def report(service: Service, *headers: tuple[str, str]) -> tuple[int, str]:
    answer = ask(service, "POST", USAGE, BASIC, JSON, *headers, body=usage("12.355"))
    return answer.response.status, answer.source


def test_every_named_example_of_the_document_is_a_scenario(service: Service) -> None:
    names = {one.name: one.status for one in service.scenarios if one.operation == "reportUsage"}
    assert names["not-installed"] == 404
    assert names["manual-reporting-not-set-up"] == 403
    assert names["billing-event-failed"] == 500
    assert names["throttled-then-accepted"] == 429
    by_operation = {one.id: one for one in service.operations}
    assert "not-installed" in by_operation["reportUsage"].scenarios
    assert "not-installed" not in by_operation["fetchListing"].scenarios
    assert by_operation["fetchListing"].line == 96


def test_a_scenario_answers_where_it_exists_and_nowhere_else(service: Service) -> None:
    service.use("not-installed")
    assert report(service) == (404, "scenario")
    assert ask(service, "GET", LISTING, BASIC).response.status == 200
    service.use(None)
    assert report(service) == (202, "tape")


def test_a_scenario_of_one_operation_leaves_the_others_alone(service: Service) -> None:
    service.use("unavailable", "fetchListing")
    assert ask(service, "GET", LISTING, BASIC).response.status == 503
    assert report(service) == (202, "tape")
    service.use("unavailable")
    service.use(None, "fetchListing")
    assert ask(service, "GET", LISTING, BASIC).response.status == 503


def test_a_scenario_does_not_make_a_bad_request_good(service: Service) -> None:
    service.use("billing-event-generated")
    assert ask(service, "POST", USAGE, BASIC, JSON, body=b"{}").response.status == 400


def test_a_sequence_goes_from_throttled_to_accepted_and_starts_anew_when_it_is_switched_on_again(
    service: Service,
) -> None:
    for _ in range(2):
        service.use("throttled-then-accepted")
        first = ask(service, "POST", USAGE, BASIC, JSON, body=usage("1"))
        assert (first.response.status, first.response.header("Retry-After")) == (429, "1")
        assert [report(service)[0] for _ in range(3)] == [202, 202, 202]


def test_an_unknown_scenario_or_operation_is_refused(service: Service) -> None:
    with pytest.raises(KeyError):
        service.use("not-instaled")
    with pytest.raises(KeyError):
        service.use("not-installed", "fetchListing")
    with pytest.raises(KeyError):
        service.use(None, "fetch")
    found = refused(MARKETPLACE, scenario="not-instaled")
    assert found[0][:2] == ("unknown-scenario", "there is no scenario 'not-instaled'")


@pytest.mark.parametrize(
    ("wish", "status", "applied"),
    [
        ("code=403", 403, "code=403"),
        ("code=403, example=stateNotBillable", 403, "code=403, example=stateNotBillable"),
        ("example=state-not-billable", 403, "example=state-not-billable"),
        ('respond-async, example="notInstalled"; x=1', 404, "example=notInstalled"),
        ("code=409", 409, "code=409"),
        ("code=500, example=notInstalled", 202, None),
        ("code=teapot", 202, None),
        ("example=unknown", 202, None),
        ("return=minimal", 202, None),
    ],
)
def test_a_preference_that_the_document_can_grant_is_granted(
    service: Service, wish: str, status: int, applied: str | None
) -> None:
    answer = ask(service, "POST", USAGE, BASIC, JSON, ("Prefer", wish), body=usage("12.355"))
    assert (answer.response.status, answer.response.header("Preference-Applied")) == (status, applied)


def test_a_preference_wins_over_the_tape_and_the_scenario(service: Service) -> None:
    service.use("not-installed")
    assert report(service, ("Prefer", "code=429"))[0] == 429


def test_the_example_of_a_status_is_the_first_of_the_document(service: Service) -> None:
    answer = ask(service, "POST", USAGE, BASIC, JSON, ("Prefer", "code=403"), body=usage("1"))
    assert "Partner Account Sid" in json.loads(answer.response.body)["message"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, Preference()),
        ("code=200,code=404", Preference(200)),
        ("Code=200", Preference(200)),
        ('example="a, b"', Preference(None, "a, b")),
        ("code=99", Preference()),
        ('example="half', Preference()),
        ("code=١٢٣", Preference()),
    ],
)
def test_prefer_is_read_as_rfc_7240_writes_it(header: str | None, expected: Preference) -> None:
    assert preference(header) == expected
