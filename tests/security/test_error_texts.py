"""What servers say reaches errors and the log as printable text: short, and without the credentials that it repeats."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pytest

from clientsmith.runtime import (
    CallOptions,
    ClientError,
    Configuration,
    Journal,
    JournalError,
    Media,
    Operation,
    RequestValidationError,
    Resource,
    Response,
    ResponseModel,
    ResponseSchemas,
    SecurityScheme,
    Settings,
    SyncClient,
)
from clientsmith.runtime.values.plain_text import NO_SECRETS, Secrets, credentials_in, cut, excerpt, printable
from tests.unit.runtime.billing_intents import intent
from tests.unit.runtime.small_api import ADD_ON, ITEM, SID, Server

SECRET = "canary+/&?=%\"'<secret>é-55d2"
USER = "canary-user-7f31"
GIVEN = "canary-given-token-91"
OURS = 1500
"""More than what our own part of a message takes, URL and outcome included."""


def control_characters() -> list[str]:
    points = [
        *range(0x20),
        *range(0x7F, 0xA1),
        0xAD,
        0x61C,
        0x180E,
        *range(0x200B, 0x2010),
        *range(0x2028, 0x202F),
    ]
    points += [
        *range(0x2060, 0x2070),
        0xD800,
        0xDFFF,
        0xFEFF,
        0xFFF9,
        0xE0001,
        0xE0041,
        0x3164,
        0x2800,
        0xFE0F,
        0xE000,
    ]
    return [chr(point) for point in points]


@pytest.mark.parametrize("character", control_characters(), ids=lambda one: f"U+{ord(one):04X}")
def test_what_cannot_be_seen_or_controls_a_terminal_is_escaped(character: str) -> None:
    shown = printable(f"a{character}b")
    assert character not in shown and shown.isprintable() and shown.startswith("a\\")
    assert printable(shown) == shown
    assert character not in str(ClientError(f"a{character}b"))


@pytest.mark.parametrize("text", ["plain", "größer", "日本語", "a 😀 b", "\\x1b stays", "Москва", "שלום"])
def test_what_can_be_read_stays(text: str) -> None:
    assert printable(text) == text and excerpt(text, 100) == text


@pytest.mark.parametrize("text", ["x" * 5000, "é" * 5000, "😀" * 5000, "\x1b" * 5000, "\ud800" * 5000])
@pytest.mark.parametrize("most", [3, 10, 200, 2000])
def test_an_excerpt_has_at_most_so_many_bytes(text: str, most: int) -> None:
    shown = excerpt(text, most)
    assert len(shown.encode()) <= most and shown.endswith("...")
    assert cut("short", 5) == "short"


def forms() -> Iterator[str]:
    """A credential as servers repeat it."""
    basic = base64.b64encode(f"{USER}:{SECRET}".encode()).decode()
    yield from (
        SECRET,
        USER,
        f"Basic {basic}",
        basic,
        quote(SECRET),
        quote(SECRET, safe=""),
        quote_plus(SECRET),
    )
    yield from (quote(SECRET, safe="").lower(), quote(quote(SECRET, safe=""), safe=""), SECRET.encode().hex())
    yield from (
        json.dumps(SECRET),
        json.dumps(SECRET).replace("/", "\\/"),
        repr(SECRET),
        GIVEN,
        f"Bearer {GIVEN}",
    )
    yield from (base64.b64encode(b"x" * n + SECRET.encode() + b"yz").decode() for n in range(3))
    yield from (
        "".join(f"&#{ord(one)};" for one in SECRET),
        "".join(f"%{byte:02x}" for byte in SECRET.encode()),
    )
    yield from ("\u200b".join(SECRET), SECRET[:20])


def repeated(text: str) -> str:
    """The credential that a text shows, if it shows one."""
    needles = [one for one in forms() if len(one) >= 12] + [SECRET[:16], USER, GIVEN]
    return next((one for one in needles if one in text), "")


ESCAPES = "\x1b[31m\x07\u202e\u2028\u061c\u200b\x9b"
SAID: dict[str, str] = {
    "controls": f"stop{ESCAPES}here",
    "controls without end": ESCAPES * 5_000,
    "without end": "x" * 300_000,
    "wide without end": "😀" * 50_000,
    **{f"repeats {number}": f"you sent '{form}' and" for number, form in enumerate(forms())},
    "repeats late": "x" * 900 + " " + SECRET + " " + "y" * 1200,
    "repeats at the cut": "x" * 1185 + SECRET,
}


def refused(status: int, said: str) -> dict[str, httpx.Response]:
    """Answers that say something wherever a server can."""
    latin = said.encode("latin-1", "replace").replace(b"\r", b"").replace(b"\n", b"")[:60_000]
    header = {"Content-Type": "application/json"}
    return {
        "reason": httpx.Response(status, extensions={"reason_phrase": latin}),
        "message": httpx.Response(status, json={"code": 1, "message": said}),
        "code": httpx.Response(status, json={"code": said, "message": "m"}),
        "problem": httpx.Response(status, json={"title": said, "detail": said, "type": said}),
        "request id": httpx.Response(status, json={"message": "m"}, headers=[(b"X-Request-Id", latin)]),
        "content type": httpx.Response(200, content=b"{}", headers=[(b"Content-Type", b"text/" + latin)]),
        "charset": httpx.Response(
            200, content=b"{}", headers=[(b"Content-Type", b"application/json; charset=" + latin)]
        ),
        "not JSON": httpx.Response(200, content=said.encode("utf-8", "replace"), headers=header),
        "wrong shape": httpx.Response(200, json={"sid": {said: said}}),
        "wrong key": httpx.Response(200, json={"parts": {said: {said: said}}}),
    }


class Thing(ResponseModel):
    sid: str | None = None
    parts: dict[str, dict[str, int]] | None = None


GET: Operation[Thing] = Operation(
    id="getThing",
    method="GET",
    path="/thing",
    responses=(Response("200", (Media("application/json", "json", Thing, "thing"),)), Response("default")),
    security=(("basic",),),
)


def client(server: Server, schemas: ResponseSchemas | None = None, **more: Any) -> SyncClient:
    return SyncClient(
        configuration=Configuration(
            "T",
            "https://api.example.com",
            "t/1",
            (SecurityScheme("basic", "basic", ("user", "secret")),),
            schemas=schemas,
        ),
        credentials={"basic": (USER, SECRET)},
        settings=Settings(retries=None, headers={"X-Given": f"Bearer {GIVEN}"}, **more),
        transport=server.transport,
    )


def texts_of(error: BaseException) -> Iterator[str]:
    """Everything that a program, a log or a person sees of an error."""
    yield from (str(error), repr(error), repr(error.args))
    yield "".join(traceback.format_exception(error))
    for link in (error.__cause__, error.__context__):
        if link is not None:
            yield from (str(link), repr(link))
    yield str(pickle.loads(pickle.dumps(error)))


def texts_of_record(record: logging.LogRecord) -> Iterator[str]:
    yield record.getMessage()
    yield from (str(value) for name, value in vars(record).items() if name not in ("msg", "args"))
    yield from map(str, record.args if isinstance(record.args, tuple) else ())


def check(text: str, *, whole: bool = False) -> None:
    shown = text.replace("\n", "") if whole else text  # a traceback has lines of its own
    assert shown.isprintable(), ascii(shown[:3000])
    assert not repeated(text), f"{repeated(text)!r} is in {text!r:.3000}"
    assert len(text.encode()) < (20_000 if whole else 2_000 + OURS)


CHECKED = [(kind, "lenient") for kind in SAID] + [
    (kind, mode)
    for kind in (
        "controls",
        "controls without end",
        "repeats 0",
        "repeats 4",
        "repeats 8",
        "repeats at the cut",
    )
    for mode in ("strict", "warn")
]


@pytest.mark.parametrize(("kind", "mode"), CHECKED)
def test_nothing_of_a_server_gets_raw_into_an_error_or_the_log(
    kind: str, mode: Any, caplog: pytest.LogCaptureFixture
) -> None:
    said = SAID[kind]
    schema = {"type": "object", "properties": {"sid": {"type": "string"}}, "additionalProperties": False}
    schemas = ResponseSchemas(lambda: {"thing": json.dumps(schema)})
    caplog.set_level(logging.DEBUG, "clientsmith")
    for place, answer in refused(418, said).items():
        if mode != "lenient" and place in ("reason", "code", "not JSON"):
            continue
        caller = Resource(client(Server(answer), schemas, validation=mode))
        caplog.clear()
        try:
            caller._call(GET, ())
        except ClientError as error:
            raised: ClientError | None = error
        else:
            raised = None
        for text in texts_of(raised) if raised is not None else ():
            check(text, whole="Traceback" in text)
        for record in caplog.records:
            for text in texts_of_record(record):
                check(text)


def test_a_message_still_says_what_the_server_said() -> None:
    answer = httpx.Response(
        404, json={"code": 20404, "message": "größer als erlaubt"}, headers={"x-request-id": "RQ1"}
    )
    with pytest.raises(
        ClientError, match=r"getThing: 404 Not Found: 20404: größer als erlaubt .*request id RQ1"
    ) as one:
        Resource(client(Server(answer)))._call(GET, ())
    assert one.value.__context__ is None and one.value.__cause__ is None


RAISED: dict[str, Callable[[str], Exception]] = {
    "protocol": lambda said: httpx.RemoteProtocolError(f"illegal header line: {said}"),
    "ours": lambda said: httpx.LocalProtocolError(f"Illegal header value {said}"),
    "proxy": lambda said: httpx.ProxyError(f"407 {said}"),
    "connect": lambda said: httpx.ConnectError(f"no {said[:200]}" if repeated(said) == "" else "no"),
}


@pytest.mark.parametrize("kind", RAISED)
@pytest.mark.parametrize("said", ["controls", "repeats 0", "repeats 2", "without end"])
def test_what_a_transport_quotes_is_not_shown(kind: str, said: str) -> None:
    with pytest.raises(ClientError) as caught:
        Resource(client(Server(RAISED[kind](SAID[said]))))._call(GET, ())
    for text in texts_of(caught.value):
        check(text, whole="Traceback" in text)
    if kind == "proxy":
        assert "the proxy answered 407" in str(caught.value)


@pytest.mark.parametrize(
    "error", [httpx.ProxyError("no way in"), httpx.UnsupportedProtocol("the scheme 'x' is new")]
)
def test_what_only_this_side_says_is_shown(error: httpx.TransportError) -> None:
    with pytest.raises(ClientError, match=str(error)):
        Resource(client(Server(error)))._call(GET, ())


class Refusing(Journal):
    """A journal whose errors hold anything."""

    def __init__(self, said: str) -> None:
        self.said = said

    def before_send(self, intent: Any) -> None:
        raise OSError(self.said)

    def after_outcome(self, intent: Any, outcome: Any) -> None:
        raise OSError(self.said)


class Failing(Refusing):
    def before_send(self, intent: Any) -> None:
        return


@pytest.mark.parametrize("said", ["controls", "controls without end", "without end"])
def test_what_journals_and_hooks_raise_is_printable_and_short(
    said: str, caplog: pytest.LogCaptureFixture
) -> None:
    def hook(_: Any) -> None:
        raise RuntimeError(SAID[said])

    items = [{"sid": ITEM, "quantity": 1}]
    server = Server(httpx.Response(202, json={"total_submitted": 1, "billable_items": []}))
    with pytest.raises(JournalError) as caught:
        server.client(journal=Refusing(SAID[said])).usages.report(ADD_ON, billable_items=items)
    check(str(caught.value))
    caplog.set_level(logging.DEBUG, "clientsmith")
    caller = server.client(journal=Failing(SAID[said]), hooks=[hook])
    caller.usages.report(ADD_ON, billable_items=items, options=CallOptions(intent_id=f"i{ESCAPES}"))
    assert {record.levelname for record in caplog.records} >= {"ERROR"}
    for record in caplog.records:
        check(record.getMessage())
    assert intent().id == "a"


def test_a_refused_argument_with_endless_problems_has_a_message_with_an_end() -> None:
    from clientsmith.runtime import Invalid

    error = RequestValidationError.of("body", [Invalid((f"k{n}\x1b",), "is wrong") for n in range(10_000)])
    assert len(error.problems) == 10_000 and "and 9900 more" in str(error) and str(error).isprintable()


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_what_was_repeated_stays_in_the_answer(asynchronous: bool) -> None:
    server = Server(httpx.Response(400, json={"message": "canary-secret"}))

    async def fetch() -> object:
        return await server.async_client().listings.fetch(SID)

    with pytest.raises(ClientError) as caught:
        asyncio.run(fetch()) if asynchronous else server.client().listings.fetch(SID)
    error: Any = caught.value
    assert "canary-secret" not in str(error) and "***" in str(error)
    assert error.error.message == "canary-secret" and b"canary-secret" in error.content


def test_secrets_show_nothing_of_themselves() -> None:
    secrets = Secrets(["canary-secret"])
    assert "canary" not in repr(secrets) and NO_SECRETS.hidden_in("as it is") == "as it is"
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(secrets)
    assert Secrets(["abc"]).hidden_in("abc") == "abc"  # too short to be told from anything else
    assert Secrets(["pass"]).hidden_in("a pass here") == "a *** here"


def test_headers_that_a_caller_gave_are_taken_apart() -> None:
    basic = base64.b64encode(b"u:password").decode()
    assert "password" in set(credentials_in("Authorization", f"Basic {basic}"))
    assert "s3cret-value" in set(credentials_in("Cookie", "a=b; sid=s3cret-value"))
    assert set(credentials_in("X-Token", "Bearer abcdefgh")) == {"Bearer abcdefgh", "abcdefgh"}
    assert set(credentials_in("X-Answer", "404 usual")) == {"404 usual"} and not set(
        credentials_in("X-A", "word")
    )
    assert set(credentials_in("Authorization", "Basic ?")) == {"Basic ?", "?"}
