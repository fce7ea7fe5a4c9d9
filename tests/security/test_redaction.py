"""No secret that redaction promises to take out is kept, whatever the place, the format, the spelling or its kind; what
is no secret keeps its bytes; and the time is linear in what is recorded."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path

import httpx
import pytest

from clientsmith.traffic.message import HttpRequest, HttpResponse
from clientsmith.traffic.redaction.exchanges import Redactor
from clientsmith.traffic.redaction.known_secrets import KnownSecrets, TooManySecretsError
from clientsmith.traffic.redaction.secret_names import Verdict, looks_random, secret_names, verdict
from clientsmith.traffic.redaction.token_search import shape_spans
from tests.patience import PATIENCE
from tests.record.recorders import RecorderThread
from tests.security.secret_exchanges import (
    PLAIN,
    SecretExchange,
    answer,
    exchanges,
    keeps,
    secret_of,
    written,
)
from tests.security.secret_formats import formats
from tests.security.token_samples import NAMES
from tests.unit.record.raw_server import RawServer
from tests.unit.record.raw_server import answer as raw_answer
from tests.unit.traffic.recording import SPEC as VAULT
from tests.unit.traffic.recording import Bench, resolved

NAMELESS = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n"
RECORDINGS = sorted((Path(__file__).parents[2] / "spec" / "recordings").glob("*.har"))
VAULT_DOCUMENT = resolved()


def fresh() -> Redactor:
    return Redactor(VAULT_DOCUMENT, secret_names(VAULT_DOCUMENT))


def body_of(content_type: str, body: str | bytes, redactor: Redactor | None = None) -> bytes:
    """What is kept of a response with that body."""
    return (redactor or fresh()).redact(PLAIN, answer(content_type, body), None, {}).response.body


def test_there_are_four_hundred_exchanges_with_a_secret_each() -> None:
    everything = exchanges()
    assert len(everything) >= 400
    assert len({(one.kind, one.name, repr(one.request), repr(one.response)) for one in everything}) == len(
        everything
    )


@pytest.mark.parametrize("one", exchanges(), ids=lambda one: f"{one.kind}: {one.name}")
def test_no_secret_is_kept(one: SecretExchange) -> None:
    assert not keeps(one, written(fresh(), one))


def test_the_check_for_a_secret_finds_one_that_was_not_taken_out() -> None:
    class Nothing(Redactor):
        def redact(self, request: HttpRequest, response: HttpResponse, *_: object) -> object:  # type: ignore[override]
            return type("Kept", (), {"request": request, "response": response})

    kept = [
        one.name
        for one in exchanges()
        if not keeps(one, written(Nothing(VAULT_DOCUMENT, secret_names(VAULT_DOCUMENT)), one))
    ]
    # In these the secret stands in an encoding that is read by the redactor alone.
    assert len(kept) <= 8, kept


@pytest.mark.parametrize("number", range(len(formats(""))), ids=[name for name, _, _ in formats("")])
def test_a_secret_too_short_to_be_looked_for_goes_where_it_is_named(number: int) -> None:
    name, content_type, body = formats("q7Zx")[number]
    other = formats("p3Wy")[number][2]
    kept = body_of(content_type, body)
    if name in ("xml, entity", "json in percent", "json in references"):
        return  # What is declared or encoded elsewhere is found by its value, which is too short for that.
    assert kept == body_of(content_type, other), "what is kept says nothing of the secret"
    assert kept != (body if isinstance(body, bytes) else body.encode())


def test_structure_stays_around_what_is_replaced() -> None:
    s = secret_of("structure")
    for content_type, before, after in (
        ("application/xml", f"<a b='1'><password>{s}</password><c>d</c></a>", "<a b='1'><password>REDACTED</password><c>d</c></a>"),
        ("text/csv", f'user,token\r\n"j, o",{s}\r\n', 'user,token\r\n"j, o",REDACTED\r\n'),
        ("application/yaml", f"a:\n  password: '{s}' # c\n  b: 1\n", "a:\n  password: 'REDACTED' # c\n  b: 1\n"),
        ("application/yaml", f"credentials:\n  user: jo\n  key: {s}\nz: 1\n", "credentials:\n  user: REDACTED\n  key: REDACTED\nz: 1\n"),
        ("application/graphql", f'{{ login(password: "{s}", n: 3) {{ id }} }}', '{ login(password: "REDACTED", n: 3) { id } }'),
        ("application/javascript", f'cb({{"token": "{s}", "n": 1}});', 'cb({"token": "REDACTED", "n": 1});'),
        ("text/plain", f"a=1&token={s}&b=%20", "a=1&token=REDACTED&b=%20"),
    ):  # fmt: skip
        assert body_of(content_type, before).decode() == after


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp1252"])
def test_the_encoding_of_a_body_stays(charset: str) -> None:
    text = json.dumps({"token": secret_of(charset), "user": "Zoë"}, ensure_ascii=False)
    kept = body_of(f"application/json; charset={charset}", text.encode(charset))
    assert json.loads(kept.decode(charset)) == {"token": "REDACTED", "user": "Zoë"}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", '{"next_page_token": "q7Zx3Lm9Rt5Wq2Hd8", "page": {"token": "q7Zx3Lm9Rt5Wq2Hd8"}}'),
        ("application/json", '{"public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHx", "primary_key": "q7Zx3Lm9Rt5W"}'),
        ("application/json", '{"author": "jo", "keyboard": "de", "key": "department", "session": "morning", "tokens": 12}'),
        ("application/json", '{"usage": {"prompt_tokens": 12345678, "total_tokens": 12345678}}'),
        ("application/json", '{"links": {"tokens": "https://h/v1/tokens", "sessions": "/v1/sessions/1"}}'),
        ("application/json", '{"token_type": "bearer", "expires_in": 3600, "token_expires_at": "2030-01-01T00:00:00Z"}'),
        ("application/json", '{"secret_scanning": {"status": "enabled"}, "has_password": "true"}'),
        ("application/json", '{"id": "123e4567-e89b-12d3-a456-426614174000", "sha": "da39a3ee5e6b4b0d3255bfef95601890afd80709"}'),
        ("application/json", '{"message": "token: required; see https://h/docs?page=2#auth", "code": "invalid_token"}'),
        ("application/json", '{"sku": "sk-blue-1", "css": "sk-fading-circle", "risk": "risk-management-0123456789"}'),
        ("text/plain", "Time: 12:30\nNote: the sky is blue = true\nhttp://h:80/a@b\n"),
        ("text/html", '<p class="key">Keyboard</p><input name="user" value="jo">'),
        ("text/csv", "id,keyword,author\n1,x,jo\n"),
        ("application/xml", "<book><author>jo</author><keywords>a</keywords></book>"),
        ("image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8),
        ("application/octet-stream", bytes(range(255, -1, -1)) * 8),
    ],
)  # fmt: skip
def test_what_is_no_secret_keeps_its_bytes(content_type: str, body: str | bytes) -> None:
    sent = body if isinstance(body, bytes) else body.encode()
    assert body_of(content_type, sent) == sent


@pytest.mark.parametrize("tape", RECORDINGS, ids=lambda tape: tape.name)
def test_recordings_without_secrets_stay_as_they_are(tape: Path) -> None:
    document = resolved((Path(__file__).parents[2] / "spec" / "marketplace.yaml").read_text())
    for entry in json.loads(tape.read_text())["log"]["entries"]:
        sent, received = entry["request"], entry["response"]
        request = HttpRequest(
            sent["method"],
            "/" + sent["url"].split("/", 3)[3],
            tuple((one["name"], one["value"]) for one in sent["headers"]),
            sent.get("postData", {}).get("text", "").encode(),
        )
        headers = tuple((one["name"], one["value"]) for one in received["headers"])
        response = HttpResponse(received["status"], headers, received["content"].get("text", "").encode())
        redacted = Redactor(document, secret_names(document)).redact(request, response, None, {})
        assert (redacted.request, redacted.response) == (request, response)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_secrets_are_secret_or_in_doubt(name: str) -> None:
    assert verdict(name.rpartition("[")[2]) is not Verdict.HARMLESS or name == "credentials.user"


@pytest.mark.parametrize(
    "name",
    [
        "author", "authority", "keyboard", "keyword", "nextPageToken", "page_token", "sync-token", "primary_key", "sort_key",
        "publicKey", "PartitionKey", "lookup_key", "idempotency_key", "Sec-WebSocket-Key", "token_type", "access_token_url",
        "session_count", "checkoutSessionId", "code", "zip_code", "passenger", "passport", "signatory", "assigned", "pinned",
        "monkey", "turkey", "tokenizer", "secretary", "cookbook", "compass",
    ],
)  # fmt: skip
def test_names_of_other_things_are_harmless(name: str) -> None:
    assert verdict(name) is Verdict.HARMLESS


@pytest.mark.parametrize("value", ["q7Zx3Lm9Rt5W", "f3a9c1d27b", "Zk8w-3nQx7-Lm2", "AbCdEfGhIjKlMnOpQrStUv"])
def test_a_value_in_doubt_is_secret_if_it_looks_drawn(value: str) -> None:
    assert looks_random(value)
    assert value.encode() not in body_of("application/json", json.dumps({"key": value}))


@pytest.mark.parametrize(
    "value",
    [
        "department",
        "PROJ-123",
        "my-page-2020-title",
        "photos/2020/abc.jpg",
        "2020-01-01T00:00:00Z",
        "SAVE20NOW",
    ],
)
def test_a_value_in_doubt_stays_if_it_reads_like_words(value: str) -> None:
    body = json.dumps({"key": value}).encode()
    assert body_of("application/json", body) == body


def test_a_token_in_a_path_gives_way_to_one_that_fits_the_document() -> None:
    spec = NAMELESS.replace("paths: {}", "paths: {'/bots/{id}': {get: {operationId: bot, parameters: [{name: id, in: path, required: true, schema: {type: string, pattern: '^ghp_[A-Za-z0-9]{36}$'}}], responses: {'200': {description: x}}}}}")  # fmt: skip
    bench = Bench()
    bench.checker = type(bench.checker)(resolved(spec))
    bench.redactor = Redactor(resolved(spec), secret_names(resolved(spec)))
    kept = bench.redact(HttpRequest("GET", "/bots/ghp_" + "a1B2" * 9)).request.target
    assert kept == "/bots/ghp_" + "a0A0" * 9


def test_values_that_the_document_lists_stay() -> None:
    spec = NAMELESS.replace("paths: {}", "paths: {/x: {get: {operationId: x, responses: {'200': {description: x, content: {application/json: {schema: {properties: {credentials: {enum: [required, anonymous]}}}}}}}}}}")  # fmt: skip
    bench = Bench()
    bench.checker = type(bench.checker)(resolved(spec))
    bench.redactor = Redactor(resolved(spec), secret_names(resolved(spec)))
    body = '{"credentials": "anonymous"}'
    assert (
        bench.redact(HttpRequest("GET", "/x"), answer("application/json", body)).response.body.decode()
        == body
    )


def test_a_secret_of_one_exchange_is_found_in_those_after_it_in_every_spelling() -> None:
    redactor, s = fresh(), secret_of("later")
    body_of("application/json", json.dumps({"token": s}), redactor)
    for spelled in (s, s.upper(), s.encode().hex(), base64.b64encode(b"x" + s.encode()).decode()):
        assert spelled[8:-8].encode() not in body_of("text/plain", f"- {spelled} -", redactor)


def test_a_long_secret_is_found_in_pieces_and_whole() -> None:
    redactor = fresh()
    s = "".join(secret_of(str(number)) for number in range(60))
    body_of("application/json", json.dumps({"secret": s}), redactor)
    assert body_of("text/plain", f"<{s}>", redactor) == b"<REDACTED>"
    assert s[600:900].encode() not in body_of("text/plain", f"-{s[512:1024]}-", redactor)


def test_more_secrets_than_can_be_looked_for_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clientsmith.traffic.redaction.known_secrets.MOST_BYTES", 20_000)
    redactor = fresh()
    body = json.dumps([{"token": secret_of(str(number))} for number in range(100)])
    with pytest.raises(TooManySecretsError, match="take more than"):
        body_of("application/json", body, redactor)
    assert redactor.text("x?token=abcdefgh12") == "REDACTED", "a message that cannot be redacted is not shown"


def test_the_recorder_stops_and_its_tape_is_whole_when_the_bound_is_met(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clientsmith.traffic.redaction.known_secrets.MOST_BYTES", 20_000)
    numbers = iter(range(1000))

    def reply(_: bytes) -> bytes:
        return raw_answer(
            json.dumps({"token": secret_of(str(next(numbers)))}).encode(), "Content-Type: application/json"
        )

    tape = tmp_path / "t.har"
    with (
        RawServer(reply) as server,
        RecorderThread(server.url, tape, spec=VAULT) as recorder,
        httpx.Client(base_url=recorder.url, trust_env=False, timeout=PATIENCE) as client,
    ):
        answers = [client.get("/plain").json()["token"] for _ in range(12)]
    entries = json.loads(tape.read_bytes())["log"]["entries"]
    assert recorder.is_stopped
    assert recorder.recorder.examiner.redaction_error is not None
    assert 0 < len(entries) < 12, "what comes after is not recorded"
    assert not any(token in tape.read_text() for token in answers)
    assert not any(token in str(recorder.passed) for token in answers)
    assert answers == [secret_of(str(number)) for number in range(12)], "the caller gets every answer"


def test_a_whole_recording_keeps_no_secret(tmp_path: Path) -> None:
    chosen = [one for one in exchanges() if one.response.headers and one.request == PLAIN][::12]
    tape = tmp_path / "t.har"
    with RawServer(lambda _: raw_answer(next(bodies), next(types))) as server:
        bodies = iter([one.response.body for one in chosen])
        types = iter([f"Content-Type: {one.response.header('content-type')}" for one in chosen])
        with RecorderThread(server.url, tape, spec=VAULT) as recorder:
            for _ in chosen:
                httpx.get(recorder.url + "/plain", trust_env=False, timeout=PATIENCE)
    entries = json.loads(tape.read_bytes())["log"]["entries"]
    assert len(entries) == len(chosen) > 5
    assert not [one.name for one, entry in zip(chosen, entries, strict=True) if keeps(one, entry)]


def _seconds(body: bytes, content_type: str) -> float:
    best = 1e9
    for _ in range(2):
        started = time.process_time()
        body_of(content_type, body)
        best = min(best, time.process_time() - started)
    return best


@pytest.mark.parametrize(
    ("content_type", "unit"),
    [
        ("application/json", b'{"a": "b c", "token": "abcdefgh12"},'),
        ("text/xml", b"<a><token>abcdef1234</token>"),
        ("text/plain", b'a:"'),
        ("text/plain", b"url=a=b="),
        ("text/plain", b"%252525"),
        ("text/plain", b"eyJaaaaaaaa.AQAa"),
        ("text/event-stream", b'data: {"a":\n'),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="token"\r\n\r\nx\r\n',
        ),
    ],
)
def test_time_is_linear_in_a_body(content_type: str, unit: bytes) -> None:
    small, large = (_seconds(unit * (size // len(unit)), content_type) for size in (12_000, 96_000))
    assert large < 30 * (small + 0.002), "eight times the bytes: square would be 64 times the time"


def test_time_to_search_does_not_grow_with_the_number_of_secrets() -> None:
    text = "eyJhbGciOiJIUzI1NiJ9 " * 4_000

    def seconds(count: int) -> float:
        seen = KnownSecrets()
        for number in range(count):
            seen.remember(f"eyJhbGciOiJIUzI1NiJ9.{number:06}x{number}")
        started = time.process_time()
        seen.spans(text)
        return time.process_time() - started

    assert seconds(3_000) < 8 * (min(seconds(30), seconds(30)) + 0.01)


def test_secrets_that_are_all_but_equal_are_an_error_before_they_cost_square_time() -> None:
    seen = KnownSecrets()

    def remember_all() -> None:
        for number in range(8, 500):
            seen.remember("a" * number)

    with pytest.raises(TooManySecretsError, match="all but equal"):
        remember_all()


def test_a_token_longer_than_the_stretches_that_are_searched_goes_as_a_whole() -> None:
    jwt = "eyJhbGciOiJIUzI1NiJ9." + "a1" * 25_000 + ".b2"
    assert shape_spans(f"{'x ' * 120_000}{jwt} y") == [(240_000, 240_000 + len(jwt))]
