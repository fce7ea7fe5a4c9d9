"""Files as arguments, in every form that a caller has them: bytes, streams, either with a name and a content type."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from clientsmith.conform.client.call_inputs import ABSENT, Absent, CallInputs, NoSuchArgumentError
from clientsmith.conform.client.calls import Called
from clientsmith.conform.contract.requests.request_case import RequestCase, shown_error
from clientsmith.conform.inputs.values import has_format
from clientsmith.conform.model import MODES
from clientsmith.json_values.codec import Value
from clientsmith.openapi import media_type
from clientsmith.traffic.message import HttpResponse

_CONTENT = b"\x00\xffconform\r\n--"
_PARTS = b"--a=1\r\n\r\nconform\r\n--a=1--\r\n"
"""A body that has parts already."""
_ODD_NAME, _ESCAPED = 'a"\r\n.txt', b"a%22%0D%0A.txt"
"""A file name that could break out of its header, and how the WHATWG's HTML standard writes it."""
_NOT_FOUND = HttpResponse(404)
_MOST = 4
"""Properties of one body that are looked at."""


class _Named(io.BytesIO):
    name = "folder/named.txt"


class _Unreadable(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError("conform cannot read")


class _File(NamedTuple):
    """A file as a caller has it, made anew for each call; its name and its content type, if it has its own."""

    make: Callable[[], object]
    name: str | None = None
    media_type: str | None = None


_UNNAMED = (
    _File(lambda: _CONTENT),
    _File(lambda: bytearray(_CONTENT)),
    _File(lambda: memoryview(_CONTENT)),
    _File(lambda: io.BytesIO(_CONTENT)),
)
_PAIRS = (
    _File(lambda: ("name", _CONTENT), "name"),
    _File(lambda: ("name", io.BytesIO(_CONTENT), "text/x"), "name", "text/x"),
)
_NAMED = (
    _File(lambda: _Named(_CONTENT), "named.txt"),
    _File(lambda: ("n.txt", _CONTENT), "n.txt"),
    _File(lambda: ("n.txt", io.BytesIO(_CONTENT)), "n.txt"),
    _File(lambda: ("n", _CONTENT, "text/x"), "n", "text/x"),
    _File(lambda: (_ODD_NAME, _CONTENT, "text/x"), _ESCAPED.decode(), "text/x"),
)
_NO_FILES: tuple[object, ...] = (
    *(("name",), ("name", 5), ("name", b"", 5), ("name", b"", "a\r\nb")),
    *(5, io.StringIO("text")),
)
"""What is not a file, as a whole body or a part of one."""
_NO_PARTS: tuple[object, ...] = (
    *(("n", b"", "\u20ac"), (5, b""), ("n", b"", "t", "u"), ("\ud800", b"", "text/x")),
    *(object(), {}, _Unreadable()),
)


def check_files(case: RequestCase) -> None:
    """Pass files to an operation that takes any, as the body or in it, and look at what is sent of them."""
    part = _FilesPart(case)
    if case.media is None:
        return
    sends = media_type.essence(case.context.package.operations[case.operation.id].media_type or "")
    is_binary = case.context.body_codec(case.operation) == "binary"
    if sends.startswith("multipart/"):
        part.whole(sends) if is_binary else part.parts()
    elif is_binary and not has_format(case.context.checker, case.schema, "byte"):
        part.body(sends)


class _FilesPart:
    def __init__(self, case: RequestCase) -> None:
        self.case = case
        self.usual = case.context.usual_inputs(case.operation)

    def _each(self, make: Callable[[], object], name: str | None = None) -> Iterator[Called]:
        """A call by each client with a file that is made anew, since streams are read once."""
        if self.usual is None:
            return
        for mode in MODES:
            inputs = CallInputs(self.usual.parameters, self._body(make(), name), False)
            try:
                yield self.case.call(mode, inputs, _NOT_FOUND)
            except NoSuchArgumentError:
                return

    def body(self, sends: str) -> None:
        """The whole body: its content, and the content type of the file if it has one."""
        own = "application/octet-stream" if "*" in sends else sends
        for row in (*_UNNAMED, *_PAIRS):
            for called in self._each(row.make):
                got = [(one.body, one.header("content-type")) for one in called.requests]
                said = f"a file reached the wire as {got!r:.200}; {shown_error(called.error)}"
                self._holds(got == [(_CONTENT, row.media_type or own)], "file-differs", said)
        for wrong in _NO_FILES:
            self._refused(wrong)

    def whole(self, sends: str) -> None:
        """Parts that the caller wrote: the boundary that they begin with is named (RFC 2046 section 5.1.1)."""
        own = "multipart/x; boundary=b"
        rows = (
            (_File(lambda: _PARTS), f'{sends}; boundary="a=1"'),
            (_File(lambda: _CONTENT), sends),
            (_File(lambda: ("name", _PARTS, own)), own),
        )
        for row, declared in rows:
            for called in self._each(row.make):
                got = [one.header("content-type") for one in called.requests]
                said = f"{row.make()!r:.60} reached the wire as {got!r:.200}; {shown_error(called.error)}"
                self._holds(got == [declared], "file-differs", said)

    def parts(self) -> None:
        """Parts of a form: content, file name (RFC 7578 section 4.2) and content type of each."""
        properties = self.case.context.checker.branches.properties(self.case.schema)
        checker = self.case.context.checker
        files = [name for name, one in properties.items() if has_format(checker, one, "binary")]
        for name in files[:_MOST]:
            for row in (*_UNNAMED, *_NAMED):
                self._part(name, row)
            closed = io.BytesIO(_CONTENT)
            closed.close()
            for wrong in (*_NO_FILES, *_NO_PARTS, closed):
                self._refused(wrong, name)
        for name, one in properties.items():
            if has_format(checker, checker.branches.items(one), "binary"):
                self._several(name)

    def _part(self, name: str, row: _File) -> None:
        head = _head(name, row.name or name, row.media_type or self._stated(name))
        expected = head + _CONTENT + b"\r\n"
        for called in self._each(row.make, name):
            bodies = [one.body for one in called.requests]
            passed = len(bodies) == 1 and expected in bodies[0]
            said = f"{name} reached the wire in {bodies!r:.300}, without {expected!r}; {shown_error(called.error)}"
            self._holds(passed, "file-differs", said)

    def _several(self, name: str) -> None:
        stated = self._stated(name)
        own, other = _head(name, name, stated), _head(name, "n.txt", "text/x")
        expected = [own + _CONTENT, other + b"second", own + b"third"]
        for called in self._each(_three, name):
            body = called.requests[0].body if called.requests else b""
            places = [body.find(one + b"\r\n") for one in expected]
            passed = -1 not in places and places == sorted(places)
            said = f"the files of {name} reached the wire in {body!r:.300}; {shown_error(called.error)}"
            self._holds(passed, "file-differs", said)

    def _body(self, value: object, name: str | None) -> Any:
        if name is None:
            return value
        body = self.usual.body if self.usual is not None else ABSENT
        if isinstance(body, Absent):
            body = next(iter(self.case.context.valid_bodies(self.case.operation)), None)
        rest: Value = body if isinstance(body, dict) else {}
        written = self.case.arguments(CallInputs({}, rest)).body
        return {**(written if isinstance(written, dict) else {}), name: value}

    def _refused(self, wrong: object, name: str | None = None) -> None:
        for called in self._each(lambda: wrong, name):
            passed = not called.requests and self.case.is_refusal(called.error)
            said = f"{wrong!r:.100} for a file ends in {shown_error(called.error)}"
            self._holds(passed, "no-file-sent", said)

    def _stated(self, name: str) -> str:
        """The content type of the Encoding Object, if it names one alone."""
        encodings = self.case.context.body_encodings(self.case.operation)
        stated = encodings.of(name).content_type if encodings is not None else ""
        return stated if stated and not set("*,") & set(stated) else "application/octet-stream"

    def _holds(self, passed: bool, id: str, message: str) -> None:
        self.case.check(passed, id, message, node=self.case.schema)


def _three() -> list[object]:
    return [_CONTENT, ("n.txt", b"second", "text/x"), io.BytesIO(b"third")]


def _head(name: str, file_name: str, content_type: str) -> bytes:
    lines = (
        f'Content-Disposition: form-data; name="{name}"; filename="{file_name}"',
        f"Content-Type: {content_type}",
    )
    return "\r\n".join([*lines, "", ""]).encode()
