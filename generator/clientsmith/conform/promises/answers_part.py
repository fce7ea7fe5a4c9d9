"""How any answer is read: charsets, JSON, content codings, limits, and the usual forms of an error body."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import httpx

from clientsmith.conform.client.scripted import always
from clientsmith.conform.inputs.compared import same
from clientsmith.conform.inputs.results import plain
from clientsmith.conform.promises.promise_case import PromiseCase
from clientsmith.traffic.message import HttpResponse

_TEXT = "\u00e4b"
_CHARSETS = {
    _TEXT: ("latin-1", "ISO-8859-15", "windows-1252", "utf-8", "UTF-16", "utf-32", "mac-roman"),
    "\u0430b": ("koi8-r",),
    "\u3042b": ("euc-jp", "shift_jis", "iso-2022-jp"),
    "\u4e2db": ("gbk", "big5"),
    "ab": ("us-ascii",),
}
"""Texts that differ between UTF-8 and other charsets, and the charsets that they come in."""
_NO_CHARSETS = ("no-such", "punycode", "idna", "rot13", "hex", "unicode_escape", "utf-7", "\u0000", "")
"""Codecs of Python that are not charsets, and names that Python does not know."""


class _Read(NamedTuple):
    """A body of a media type, and the text that it is read as."""

    media_type: str | None
    body: bytes
    text: str


_TEXTS = (
    *(
        _Read(f"text/plain; charset={name}", text.encode(name), text)
        for text, names in _CHARSETS.items()
        for name in names
    ),
    *(_Read(f"text/plain; charset={name}", _TEXT.encode(), _TEXT) for name in _NO_CHARSETS),
    _Read(None, _TEXT.encode(), _TEXT),
    _Read("text/plain", _TEXT.encode(), _TEXT),
    _Read("text/plain", b"\xe4b", "\ufffdb"),
    _Read('TEXT/plain; q=1; Charset="latin-1"', b"\xe4b", _TEXT),
    _Read("text/plain;charset='latin-1'", b"\xe4b", _TEXT),
    _Read("text/plain; charset = latin-1 ", b"\xe4b", _TEXT),
    _Read("text/plain; xcharset=latin-1", b"\xe4b", "\ufffdb"),
    _Read("text/plain; charset=us-ascii", b"\xe4b", "\ufffdb"),
    _Read("nonsense; charset=latin-1", b"\xe4b", _TEXT),
    _Read("text/plain; charset=latin-1; charset=utf-8", b"\xe4b", _TEXT),
    _Read("charset=latin-1", b"\xe4b", "\ufffdb"),
    _Read("text/plain; charset=utf-16", b"\xff\xfea\x00b", "a\ufffd"),
)


_JSON: dict[bytes, object] = {
    b'\xef\xbb\xbf{"a": 1}': {"a": 1},
    b"1.10": Decimal("1.10"),
    b"12345678901234567890.5": Decimal("12345678901234567890.5"),
    b"1E+2": Decimal("1E+2"),
    b'{"a": 1, "a": 2}': {"a": 2},
    b"null": None,
    b' [1, true, "\\u00e4"] ': [1, True, "\u00e4"],
    b"123456789012345678901234567890": 123456789012345678901234567890,
    b'"[{[{[{[{["': "[{[{[{[{[",
    b"-0.0": Decimal("-0.0"),
    b'"\\""': '"',
}
"""Texts of JSON, and the values that they are read as."""
_NO_JSON = (
    *(b"", b"{", b"NaN", b"[Infinity]", b"-Infinity", b"\xff", b'{"a":}', b"1 2", b"'a'", b"9" * 5_000),
    *(b"[" * 201 + b"]" * 201, b'{"a":' * 201 + b"1" + b"}" * 201, b"[" * 100_000),
)


class _Form(NamedTuple):
    """The body of an error, the class that it is read as, members of what is then read, and its summary in a line."""

    body: object
    form: str | None
    members: Mapping[str, object]
    summary: str


_SERVICE, _PROBLEM = "ServiceError", "Problem"
_TITLED = {"title": "t", "detail": "d", "code": 5}
_UNTITLED = {"instance": "i", "status": 404, "code": "c"}
_UNSET = {"type": None, "detail": None, "instance": None, "status": None, "code": None}
_FORMS = (
    _Form({"message": "m"}, _SERVICE, {"message": "m", "code": None, "more_info": None, "status": None}, "m"),
    _Form({"code": 5}, _SERVICE, {"code": 5, "message": None}, "5"),
    _Form({"code": "c"}, _SERVICE, {"code": "c"}, "c"),
    _Form({"code": True, "message": "m"}, _SERVICE, {"code": None, "message": "m"}, "m"),
    _Form({"code": 0, "message": "m"}, _SERVICE, {"code": 0}, "0: m"),
    _Form({"code": [], "message": 5}, _SERVICE, {"code": None, "message": None}, ""),
    _Form({"more_info": "i", "status": 404}, _SERVICE, {"more_info": "i", "status": 404}, ""),
    _Form({"message": "", "code": 7}, _SERVICE, {"message": "", "code": 7}, "7"),
    _Form({"message": "m", "type": "t", "detail": "d"}, _SERVICE, {"message": "m"}, "m"),
    _Form({"status": True, "message": "m"}, _SERVICE, {"status": None}, "m"),
    _Form({"title": "t", "message": "m"}, _PROBLEM, {"title": "t", **_UNSET}, "t"),
    _Form(_TITLED, _PROBLEM, _TITLED, "5: t - d"),
    _Form({"type": "u"}, _PROBLEM, {"type": "u", "title": None}, ""),
    _Form({"detail": "d"}, _PROBLEM, {"detail": "d"}, "d"),
    _Form(_UNTITLED, _PROBLEM, _UNTITLED, "c"),
    _Form(
        {"title": 5, "status": "404", "code": 1.5}, _PROBLEM, dict.fromkeys(("title", "status", "code")), ""
    ),
    *(_Form(one, None, {}, "") for one in ({"status": 404}, {}, [], "text", 5, None, [{"message": "m"}])),
)
"""Bodies of errors in both usual forms, and in none; RFC 9457 is the source for problems."""


_REQUEST_IDS: dict[tuple[tuple[str, str], ...], str | None] = {
    (("X-Request-Id", "a"),): "a",
    (("Twilio-REQUEST-ID", "b"),): "b",
    (("X-Request-Id-Of", "c"),): None,
    (("x-amzn-request-id", "d"), ("Request-Id", "e")): "d",
    (): None,
}
"""Headers of an answer, and the request id that is found in them."""


class _Coded(NamedTuple):
    """A body with its Content-Encoding, and its content; None if it cannot be unpacked."""

    coding: str
    body: bytes
    content: bytes | None


_PLAIN = b"conform " * 500
_CODED = (
    _Coded("gzip", gzip.compress(_PLAIN), _PLAIN),
    _Coded("deflate", zlib.compress(_PLAIN), _PLAIN),
    _Coded("identity", _PLAIN, _PLAIN),
    _Coded("gzip", b"", b""),
    _Coded("GZIP", gzip.compress(_PLAIN), _PLAIN),
    _Coded("x-gzip", gzip.compress(_PLAIN), _PLAIN),
    _Coded("identity, gzip", gzip.compress(_PLAIN), _PLAIN),
    _Coded("compress", _PLAIN, None),
    _Coded("gzip, gzip", gzip.compress(gzip.compress(_PLAIN)), None),
    _Coded("gzip", b"no gzip at all", None),
    _Coded("deflate", b"\x00\x01 no deflate", None),
)


def check_answers(case: PromiseCase) -> None:
    """Answer with what no document has to describe, as an error status, and read it back from the error."""
    part = _AnswersPart.of_case(case)
    part.texts()
    part.json()
    part.facts()
    part.error_bodies()
    part.codings()
    part.limits()


class _AnswersPart(PromiseCase):
    def _error(
        self, media_type: str | None, body: bytes, *headers: tuple[str, str], status: int = 599
    ) -> Any:
        caller = self.context.caller(self.mode, retries=None)
        stated = (("Content-Type", media_type),) if media_type is not None else ()
        return self.call(caller, always(HttpResponse(status, (*stated, *headers), body))).error

    def _limited(self, answer: HttpResponse, **limits: int) -> Any:
        """The error of a client that takes no more than that."""
        with self.client(limits=self.get("Limits")(**limits)) as caller:
            return self.call(caller, always(answer)).error

    def texts(self) -> None:
        for media_type, body, expected in _TEXTS:
            got = self._error(media_type, body).response.text
            self.equal(got, expected, "charset-ignored", f"{body!r} as {media_type} is the text")

    def json(self) -> None:
        for body, expected in _JSON.items():
            response = self._error("application/json", body).response
            got = repr(response.json()), repr(response.value)
            said = f"{body!r:.100} is read as {got[0]:.100}, not as {expected!r}"
            self.check(got == (repr(expected),) * 2, "json-misread", said)
        for media_type, charset in (("application/json; charset=latin-1", "latin-1"), ("text/html", "utf-8")):
            body = f'"{_TEXT}"'.encode(charset)
            got = self._error(media_type, body).response.json()
            self.check(got == _TEXT, "json-misread", f"{body!r} as {media_type} is read as {got!r}")
        for body in _NO_JSON:
            error = self._error("application/json", body)
            try:
                found = repr(error.response.json())
            except ValueError as refused:
                found = "" if str(refused) and error.body is None else repr(error.body)
            self.check(not found, "json-misread", f"{body!r:.60} is read as {found:.100}")

    def facts(self) -> None:
        for headers, expected in _REQUEST_IDS.items():
            error = self._error("text/plain", b"busy", *headers)
            got = error.request_id, error.response.request_id
            self.check(got == (expected, expected), "request-id-lost", f"{headers} give the request id {got}")
        names = ("content_type", "status", "content", "method", "http_version", "reason", "defect")
        for stated in (None, "text/x; a=b"):
            response = self._error(stated, b"busy").response
            facts = tuple(getattr(response, name) for name in names)
            wanted = (stated or "", 599, b"busy", self.operation.method, "HTTP/1.1", "", "")
            self.equal(facts, wanted, "error-loses-response", "the response says")
            text = repr(response)
            passed = all(one in text for one in ("599", response.url, "4 bytes")) and "busy" not in text
            self.check(passed, "error-says-nothing", f"a response is shown as {text}")
        text = str(self._error(None, b"", status=404))
        passed = f"{self.operation.id}: 404 Not Found (" in text
        self.check(passed, "error-says-nothing", f"404 is reported as {text:.200}")

    def error_bodies(self) -> None:
        for value, form, members, summary in _FORMS:
            error = self._error("text/html", httpx.Response(599, json=value).content)
            read = error.error
            got = {name: getattr(read, name, self) for name in members}
            passed = (None if read is None else type(read).__name__) == form and got == members
            said = f"{value} is read as {read!r}, not as {form} with {members}"
            self.check(passed, "error-body-misread", said)
            passed = read is None or (same(value, plain(dict(read.data))) and read.summary == summary)
            summarized = getattr(read, "summary", None)
            said = f"{value} has the code {error.code!r} and the summary {summarized!r}"
            self.check(passed and error.code == members.get("code"), "error-body-misread", said)
            words = f"{self.operation.id}: 599{': ' if summary else ''}{summary} ({error.method} "
            said = f"{value} is reported as {error!s:.200}"
            self.check(str(error).startswith(words), "error-says-nothing", said)

    def codings(self) -> None:
        """Content codings (RFC 9110 section 8.4.1); what cannot be unpacked is no body, and said to be none."""
        for coding, body, expected in _CODED:
            response = self._error("text/plain", body, ("Content-Encoding", coding)).response
            passed = response.content == (expected or b"") and bool(response.defect) is (expected is None)
            said = f"{body[:20]!r} as {coding} gives {response.content[:20]!r}, {response.defect!r}"
            self.check(passed, "coding-misread", said)

    def limits(self) -> None:
        """To the byte and to the level, for what is packed as well; a success that is cut off is not a result."""
        packed = HttpResponse(599, (("Content-Encoding", "gzip"),), gzip.compress(b"x" * 100))
        for answer in (HttpResponse(599, (), b"x" * 100), packed):
            for limit in (99, 100):
                response = self._limited(answer, response_bytes=limit).response
                expected = (b"x" * 100, False) if limit == 100 else (b"", True)
                got = response.content, bool(response.defect)
                passed = got == expected and (limit == 100 or "99" in response.defect)
                said = f"100 bytes with a limit of {limit} give {got}, {response.defect!r}"
                self.check(passed, "limit-ignored", said)
        for limit in (99, 100):
            loaded = httpx.MockTransport(lambda _: httpx.Response(599, content=b"x" * 100))
            with self.client(limits=self.get("Limits")(response_bytes=limit), transport=loaded) as caller:
                error: Any = self.call(caller, always(HttpResponse(500))).error
            passed = len(error.content) == (100 if limit == 100 else 0)
            said = f"100 bytes that a transport has read, with a limit of {limit}: {error!r:.200}"
            self.check(passed, "limit-ignored", said)
        for depth in (3, 4):
            body = self._limited(HttpResponse(599, (), b'{"a": [{"b": [1, "[[["]}]}'), json_depth=depth).body
            said = f"with a depth of {depth} it is read as {body}"
            self.check((body is not None) is (depth == 4), "limit-ignored", said)
