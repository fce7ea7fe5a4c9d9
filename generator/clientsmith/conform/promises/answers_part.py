"""How any answer is read: charsets, JSON, content codings, limits, and the usual forms of an error body."""

from __future__ import annotations

import gzip
import zlib
from decimal import Decimal
from typing import Any

import httpx

from clientsmith.conform.inputs.compared import same
from clientsmith.conform.inputs.results import plain
from clientsmith.conform.promises.promise_case import PromiseCase
from clientsmith.traffic.message import HttpResponse

_TEXT = "\u00e4b"
_CHARSETS = {
    "latin-1": _TEXT, "ISO-8859-15": _TEXT, "windows-1252": _TEXT, "utf-8": _TEXT, "UTF-16": _TEXT, "utf-32": _TEXT,
    "mac-roman": _TEXT, "koi8-r": "\u0430b", "euc-jp": "\u3042b", "shift_jis": "\u3042b", "iso-2022-jp": "\u3042b",
    "gbk": "\u4e2db", "big5": "\u4e2db", "us-ascii": "ab",
}  # fmt: skip
"""Charsets that texts come in, and a text that tells each from UTF-8."""
_NO_CHARSETS = ("no-such", "punycode", "idna", "rot13", "hex", "unicode_escape", "utf-7", "\u0000", "")
"""What Python knows of as well and is no charset, or is not known to it at all."""
_TEXTS: tuple[tuple[str | None, bytes, str], ...] = (
    (None, _TEXT.encode(), _TEXT), ("text/plain", _TEXT.encode(), _TEXT), ("text/plain", b"\xe4b", "\ufffdb"),
    ('TEXT/plain; q=1; Charset="latin-1"', b"\xe4b", _TEXT), ("text/plain;charset='latin-1'", b"\xe4b", _TEXT),
    ("text/plain; charset = latin-1 ", b"\xe4b", _TEXT), ("text/plain; xcharset=latin-1", b"\xe4b", "\ufffdb"),
    ("text/plain; charset=us-ascii", b"\xe4b", "\ufffdb"), ("nonsense; charset=latin-1", b"\xe4b", _TEXT),
    ("text/plain; charset=latin-1; charset=utf-8", b"\xe4b", _TEXT), ("charset=latin-1", b"\xe4b", "\ufffdb"),
    ("text/plain; charset=utf-16", b"\xff\xfea\x00b", "a\ufffd"),
)  # fmt: skip
_JSON: tuple[tuple[bytes, object], ...] = (
    (b'\xef\xbb\xbf{"a": 1}', {"a": 1}), (b"1.10", Decimal("1.10")),
    (b"12345678901234567890.5", Decimal("12345678901234567890.5")),
    (b"1E+2", Decimal("1E+2")), (b'{"a": 1, "a": 2}', {"a": 2}), (b"null", None),
    (b' [1, true, "\\u00e4"] ', [1, True, "\u00e4"]),
    (b"123456789012345678901234567890", 123456789012345678901234567890), (b'"[{[{[{[{["', "[{[{[{[{["),
    (b"-0.0", Decimal("-0.0")), (b'"\\""', '"'),
)  # fmt: skip
_NO_JSON = (
    b"", b"{", b"NaN", b"[Infinity]", b"-Infinity", b"\xff", b'{"a":}', b"1 2", b"'a'", b"9" * 5_000,
    b"[" * 201 + b"]" * 201,
    b'{"a":' * 201 + b"1" + b"}" * 201, b"[" * 100_000,
)  # fmt: skip
_FORMS: tuple[tuple[object, str | None, dict[str, object], str], ...] = (
    ({"message": "m"}, "ServiceError", {"message": "m", "code": None, "more_info": None, "status": None}, "m"),
    ({"code": 5}, "ServiceError", {"code": 5, "message": None}, "5"),
    ({"code": "c"}, "ServiceError", {"code": "c"}, "c"),
    ({"code": True, "message": "m"}, "ServiceError", {"code": None, "message": "m"}, "m"),
    ({"code": 0, "message": "m"}, "ServiceError", {"code": 0}, "0: m"),
    ({"code": [], "message": 5}, "ServiceError", {"code": None, "message": None}, ""),
    ({"more_info": "i", "status": 404}, "ServiceError", {"more_info": "i", "status": 404}, ""),
    ({"message": "", "code": 7}, "ServiceError", {"message": "", "code": 7}, "7"),
    ({"message": "m", "type": "t", "detail": "d"}, "ServiceError", {"message": "m"}, "m"),
    ({"status": True, "message": "m"}, "ServiceError", {"status": None}, "m"),
    ({"title": "t", "message": "m"}, "Problem",
    {"title": "t", "type": None, "detail": None, "instance": None, "status": None, "code": None}, "t"),
    ({"title": "t", "detail": "d", "code": 5}, "Problem", {"title": "t", "detail": "d", "code": 5}, "5: t - d"),
    ({"type": "u"}, "Problem", {"type": "u", "title": None}, ""), ({"detail": "d"}, "Problem", {"detail": "d"}, "d"),
    ({"instance": "i", "status": 404, "code": "c"}, "Problem", {"instance": "i", "status": 404, "code": "c"}, "c"),
    ({"title": 5, "status": "404", "code": 1.5}, "Problem", {"title": None, "status": None, "code": None}, ""),
    ({"status": 404}, None, {}, ""), ({}, None, {}, ""), ([], None, {}, ""), ("text", None, {}, ""),
    (5, None, {}, ""),
    (None, None, {}, ""), ([{"message": "m"}], None, {}, ""),
)  # fmt: skip
"""Bodies, the form that they are read as, what is then in it, and how it is told in a line (RFC 9457 for problems)."""


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
        answer = HttpResponse(status, (*stated, *headers), body)
        return self.call(caller, lambda _: answer).error

    def _limited(self, answer: HttpResponse, **limits: int) -> Any:
        """The error of a client that takes no more than that."""
        with self.client(limits=self.get("Limits")(**limits)) as caller:
            return self.call(caller, lambda _: answer).error

    def texts(self) -> None:
        cases = [(f"text/plain; charset={name}", text.encode(name), text) for name, text in _CHARSETS.items()]
        cases += [(f"text/plain; charset={name}", _TEXT.encode(), _TEXT) for name in _NO_CHARSETS]
        for media_type, body, expected in (*cases, *_TEXTS):
            got = self._error(media_type, body).response.text
            self.check(
                got == expected,
                "charset-ignored",
                f"{body!r} as {media_type} is the text {got!r}, not {expected!r}",
            )

    def json(self) -> None:
        for body, expected in _JSON:
            response = self._error("application/json", body).response
            got = response.json(), response.value
            exact = [repr(expected)] * 2 == [repr(one) for one in got]
            self.check(
                exact, "json-misread", f"{body!r:.100} is read as {got[0]!r:.100}, not as {expected!r}"
            )
        for media_type, body in (
            ("application/json; charset=latin-1", b'"\xe4b"'),
            ("text/html", _TEXT.encode().join([b'"'] * 2)),
        ):
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
        for headers, expected in (
            ((("X-Request-Id", "a"),), "a"), ((("Twilio-REQUEST-ID", "b"),), "b"),
            ((("X-Request-Id-Of", "c"),), None),
            ((("x-amzn-request-id", "d"), ("Request-Id", "e")), "d"), ((), None),
        ):  # fmt: skip
            error = self._error("text/plain", b"busy", *headers)
            got = error.request_id, error.response.request_id
            self.check(got == (expected, expected), "request-id-lost", f"{headers} give the request id {got}")
        for stated in (None, "text/x; a=b"):
            response = self._error(stated, b"busy").response
            facts = (
                response.content_type, response.status, response.content, response.method, response.http_version,
                response.reason, response.defect,
            )  # fmt: skip
            wanted = (stated or "", 599, b"busy", self.operation.method, "HTTP/1.1", "", "")
            self.check(facts == wanted, "error-loses-response", f"the response says {facts}, not {wanted}")
            text = repr(response)
            self.check(
                "599" in text and response.url in text and "4 bytes" in text and "busy" not in text,
                "error-says-nothing", f"a response is shown as {text}",
            )  # fmt: skip
        text = str(self._error(None, b"", status=404))
        self.check(
            f"{self.operation.id}: 404 Not Found (" in text,
            "error-says-nothing",
            f"404 is told as {text:.200}",
        )

    def error_bodies(self) -> None:
        for value, form, members, summary in _FORMS:
            error = self._error("text/html", httpx.Response(599, json=value).content)
            read = error.error
            got = {name: getattr(read, name, self) for name in members}
            self.check(
                (None if read is None else type(read).__name__) == form and got == members, "error-body-misread",
                f"{value} is read as {read!r}, not as {form} with {members}",
            )  # fmt: skip
            self.check(
                error.code == members.get("code") and (read is None or (same(value,
                plain(dict(read.data))) and read.summary == summary)),
                "error-body-misread",
                f"{value} has the code {error.code!r} and is told as {getattr(read, 'summary', None)!r}",
            )  # fmt: skip
            words = f"{self.operation.id}: 599{': ' if summary else ''}{summary} ({error.method} "
            self.check(
                str(error).startswith(words), "error-says-nothing", f"{value} is told as {error!s:.200}"
            )

    def codings(self) -> None:
        """Content codings (RFC 9110 section 8.4.1); what cannot be unpacked is no body, and said to be none."""
        text = b"conform " * 500
        for coding, body, expected in (
            ("gzip", gzip.compress(text), text), ("deflate", zlib.compress(text), text), ("identity", text, text),
            ("gzip", b"", b""), ("GZIP", gzip.compress(text), text), ("x-gzip", gzip.compress(text), text),
            ("identity, gzip", gzip.compress(text), text), ("compress", text, None),
            ("gzip, gzip", gzip.compress(gzip.compress(text)), None),
            ("gzip", b"no gzip at all", None), ("deflate", b"\x00\x01 no deflate", None),
        ):  # fmt: skip
            response = self._error("text/plain", body, ("Content-Encoding", coding)).response
            passed = response.content == (expected or b"") and bool(response.defect) is (expected is None)
            self.check(
                passed,
                "coding-misread",
                f"{body[:20]!r} as {coding} gives {response.content[:20]!r}, {response.defect!r}",
            )

    def limits(self) -> None:
        """To the byte and to the level, for what is packed as well; a success that is cut off is no result."""
        packed = HttpResponse(599, (("Content-Encoding", "gzip"),), gzip.compress(b"x" * 100))
        for answer in (HttpResponse(599, (), b"x" * 100), packed):
            for limit in (99, 100):
                response = self._limited(answer, response_bytes=limit).response
                expected = (b"x" * 100, False) if limit == 100 else (b"", True)
                got = response.content, bool(response.defect)
                self.check(
                    got == expected and (limit == 100 or "99" in response.defect), "limit-ignored",
                    f"100 bytes with a limit of {limit} give {got}, {response.defect!r}",
                )  # fmt: skip
        for limit in (99, 100):
            loaded = httpx.MockTransport(lambda _: httpx.Response(599, content=b"x" * 100))
            with self.client(limits=self.get("Limits")(response_bytes=limit), transport=loaded) as caller:
                error: Any = self.call(caller, lambda _: HttpResponse(500)).error
            passed = len(error.content) == (100 if limit == 100 else 0)
            self.check(
                passed,
                "limit-ignored",
                f"100 bytes that a transport has read, with a limit of {limit}: {error!r:.200}",
            )
        for depth in (3, 4):
            body = self._limited(HttpResponse(599, (), b'{"a": [{"b": [1, "[[["]}]}'), json_depth=depth).body
            self.check(
                (body is not None) is (depth == 4),
                "limit-ignored",
                f"with a depth of {depth} it is read as {body}",
            )
