"""The request log keeps the last exchanges, within bounds, and shows them without secrets."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.serve.log.request_log import RequestLog
from clientsmith.traffic.message import Answer, Fault, HttpRequest, HttpResponse
from clientsmith.traffic.tapes import har_write
from clientsmith.traffic.tapes.har import read_har
from tests.unit.serve.answering import BASIC, JSON, LISTING, MARKETPLACE, USAGE, ask, document, opened, usage

ANSWER = Answer(HttpResponse(200, (), b"12345"), "example")


def test_the_oldest_exchanges_go_first_by_number_and_by_bytes() -> None:
    log = RequestLog(entries=3)
    for number in range(5):
        log.add(0.0, HttpRequest("GET", f"/{number}"), ANSWER, 0.0)
    assert [(one.number, one.request.target) for one in log] == [(3, "/2"), (4, "/3"), (5, "/4")]
    assert (len(log), log.total) == (3, 5)
    small = RequestLog(bytes_kept=100)
    for _ in range(50):
        small.add(0.0, HttpRequest("GET", "/", (("X", "y" * 30),)), ANSWER, 0.0)
    assert len(small) == 2
    small.add(0.0, HttpRequest("POST", "/", (), b"x" * 1000), ANSWER, 0.0)
    assert [len(one.request.body) for one in small] == [1000]  # the last one is always there


def test_a_cleared_log_goes_on_counting() -> None:
    log = RequestLog()
    log.add(0.0, HttpRequest("GET", "/"), ANSWER, 0.0)
    log.clear()
    log.add(0.0, HttpRequest("GET", "/"), ANSWER, 0.0)
    assert [one.number for one in log] == [2]


def test_the_log_can_be_read_in_parts() -> None:
    log = RequestLog()
    for number in range(5):
        log.add(0.0, HttpRequest("GET", f"/{number}"), ANSWER, 0.0)
    assert [one["number"] for one in log.as_json(after=3)] == [4, 5]
    assert [one["number"] for one in log.as_json(after=1, limit=2)] == [4, 5]
    assert log.as_json(limit=0) == []


def test_an_answer_is_replaced_by_what_was_sent_if_it_is_the_last() -> None:
    log = RequestLog()
    log.add(0.0, HttpRequest("GET", "/"), ANSWER, 0.0)
    sent = Answer(HttpResponse(500), "example", fault=Fault("server-error", (500,)))
    log.amend(Answer(HttpResponse(200, (), b"12345"), "example"), sent)  # equal, and another one
    assert [one["status"] for one in log.as_json()] == [200]
    log.amend(ANSWER, sent)
    assert [(one["status"], one["fault"]) for one in log.as_json()] == [(500, "server-error")]


def test_every_exchange_is_in_it_with_its_findings() -> None:
    service = opened(MARKETPLACE)
    ask(service, "POST", USAGE, BASIC, JSON, body=b"[]")
    (entry,) = service.log.as_json()
    assert (entry["method"], entry["target"], entry["status"]) == ("POST", USAGE, 400)
    assert (entry["operation"], entry["source"]) == ("reportUsage", "refused")
    assert entry["findings"] == [
        {
            "id": "invalid-body",
            "part": "body",
            "pointer": "",
            "message": "the value is an array, not of type object",
        }
    ]
    assert entry["request"] == {
        "headers": [["Authorization", "Basic UkVEQUNURUQ6UkVEQUNURUQ="], [*JSON]],
        "body": "[]",
    }


SECRETS = """
  /login:
    post:
      security: [{key: []}]
      requestBody: {content: {application/json: {schema: {type: object, properties: {pin: {type: integer}}}}}}
      responses:
        '200': {description: ok, content: {application/json: {example: {access_token: tok-987654321}}}}
"""
KEY = "components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Vault}}}"


def test_no_secret_is_shown(tmp_path: Path) -> None:
    service = opened(document(tmp_path, SECRETS, more=KEY))
    secrets = ("k-5555555555", "session-77777777", "hunter2-hunter2", "p-33333333", "tok-987654321")
    headers = (("X-Vault", secrets[0]), ("Cookie", f"sid={secrets[1]}"), JSON)
    body = json.dumps({"password": secrets[2], "pin": secrets[3]}).encode()
    answer = ask(service, "POST", f"/login?api_key={secrets[0]}", *headers, body=body)
    assert answer.findings
    ask(service, "POST", f"/login?note={secrets[2]}", *headers, body=b'{"pin": 1}')
    for shown in (json.dumps(service.log.as_json()), json.dumps(service.log.as_har())):
        for secret in secrets:
            assert secret not in shown, secret
    raw = [one.request for one in service.log]
    assert raw[0].header("x-vault") == secrets[0]  # a test may look at what arrived


def test_the_log_as_har_is_a_tape(tmp_path: Path) -> None:
    service = opened(MARKETPLACE)
    ask(service, "GET", LISTING, BASIC)
    ask(service, "POST", USAGE, BASIC, JSON, body=usage("1.50"))
    path = tmp_path / "log.har"
    path.write_bytes(har_write.render(service.log.as_har()))
    diagnostics = Diagnostics()
    entries = read_har(path, diagnostics)
    assert entries is not None and not list(diagnostics)
    assert [one.request.target for one in entries] == [LISTING, USAGE]
    replayed = opened(MARKETPLACE, path, strict=True)
    answer = ask(replayed, "POST", USAGE, BASIC, JSON, body=usage("1.5"))
    assert (answer.source, answer.response.body) == ("tape", [*service.log][1].answer.response.body)


def test_many_threads_ask_and_read_at_the_same_time() -> None:
    service = opened(MARKETPLACE)
    errors: list[BaseException] = []

    def work() -> None:
        try:
            for number in range(100):
                assert ask(service, "GET", LISTING, BASIC).response.status == 200
                if number % 25 == 0:
                    service.log.as_json(limit=5)
                    service.use("not-found" if number % 50 else None, "updateListing")
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert service.log.total == 400
