"""The tapes under spec/recordings: they conform, say what they are, and hold every example of the document."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from clientsmith.document.model import Node
from clientsmith.json_values import codec
from clientsmith.serve.service import Service
from clientsmith.traffic.tapes import har_write
from tests.unit.serve.answering import BASIC, JSON, MARKETPLACE, RECORDINGS, USAGE, ask, opened, usage

FILES = sorted(RECORDINGS.glob("*.har"))
SCENARIO_TABLE = {
    "not-installed": 404,
    "account-mismatch": 403,
    "manual-reporting-not-set-up": 403,
    "state-not-billable": 403,
    "quantity-missing": 400,
    "billing-event-failed": 500,
    "billing-event-generated": 202,
}


@pytest.fixture(scope="module")
def service() -> Service:
    return opened(MARKETPLACE, RECORDINGS, strict=True)


def entries(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text("utf-8"))["log"]["entries"]  # type: ignore[no-any-return] # what json.loads gives


ENTRIES = [
    pytest.param(entry, id=f"{path.stem}-{index}")
    for path in FILES
    for index, entry in enumerate(entries(path))
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_equal_content_has_equal_bytes(path: Path) -> None:
    assert path.read_bytes() == har_write.render(json.loads(path.read_text("utf-8")))


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_entry_passes_for_a_recording_or_holds_credentials(entry: dict[str, Any]) -> None:
    assert entry["_clientsmith"]["source"] in ("documentation example", "constructed example")
    assert entry["comment"].startswith("Not a recording: ")
    assert entry["startedDateTime"] == "1970-01-01T00:00:00.000Z" and entry["time"] == 0
    names = {header["name"].lower() for header in entry["request"]["headers"] + entry["response"]["headers"]}
    assert not names & {"authorization", "cookie", "set-cookie"}


def named_examples(service: Service) -> dict[tuple[str, str], tuple[str, Node]]:
    """The response examples of the document by operation and key: the status and the value."""
    found: dict[tuple[str, str], tuple[str, Node]] = {}
    for operation in service.checker.operations:
        for status, declaration in operation.responses.items():
            for media in declaration.contents.values():
                examples = media.get("examples")
                for key, reference in examples.items() if examples is not None else ():
                    found[operation.id, f"{status} {key}"] = (
                        status,
                        service.resolved.deref(reference).child("value"),
                    )
    return found


def test_every_named_response_example_of_the_document_is_on_a_tape(service: Service) -> None:
    taped: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for path in FILES:
        for entry in entries(path):
            custom = entry["_clientsmith"]
            if "example" in custom:
                taped.setdefault((custom["operation"], custom["example"]), []).append(entry["response"])
    expected = named_examples(service)
    assert len(expected) >= 30
    for (operation, label), (status, value) in expected.items():
        key = label.partition(" ")[2]
        bodies = [
            codec.read(one["content"]["text"])
            for one in taped.get((operation, key), ())
            if status in ("default", str(one["status"]))
        ]
        wanted = codec.read(json.dumps(value.value))
        assert any(codec.equality_key(body) == codec.equality_key(wanted) for body in bodies), (
            operation,
            label,
        )


@pytest.mark.parametrize(("name", "status"), SCENARIO_TABLE.items())
def test_every_row_of_the_scenario_table_answers(service: Service, name: str, status: int) -> None:
    service.use(name, "reportUsage")
    answer = ask(service, "POST", USAGE, BASIC, JSON, body=usage("12.355"))
    service.use(None)
    assert (answer.response.status, answer.source) == (status, "scenario")


def test_the_documented_report_is_answered_as_documented(service: Service) -> None:
    answer = ask(service, "POST", USAGE, BASIC, JSON, body=usage("12.355", "44.02"))
    told = json.loads(answer.response.body)
    assert answer.entry is not None and answer.entry.startswith("usages.har#")
    assert (told["total_submitted"], [one["submitted"] for one in told["billable_items"]]) == (
        44.02,
        [False, True],
    )


def test_what_is_written_is_read_back_to_the_same_bytes(service: Service) -> None:
    for path in FILES:
        for entry in entries(path):
            content = entry["response"]["content"]
            text = content.get("text", "")
            body = b64decode(text) if content.get("encoding") == "base64" else text.encode()
            assert len(body) == content["size"]
    by_label = {one.label: one for one in service.tapes.exchanges}
    for path in FILES:
        for index, entry in enumerate(entries(path)):
            assert (
                by_label[f"{path.name}#{index}"].response.body
                == entry["response"]["content"].get("text", "").encode()
            )
