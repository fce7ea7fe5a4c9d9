"""Files as arguments, in every form that a caller has them: bytes, streams, either with a name and a content type."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

from clientsmith.conform.client.calls import ABSENT, Absent, Called, CallInputs, NoSuchArgumentError
from clientsmith.conform.contract.request_case import RequestCase, shown_error
from clientsmith.conform.inputs.values import has_format
from clientsmith.conform.model import MODES
from clientsmith.document.model import Node
from clientsmith.openapi import media_type
from clientsmith.traffic.message import HttpResponse

_CONTENT = b"\x00\xffconform\r\n--"
_ODD_NAME, _ESCAPED = 'a"\r\n.txt', b"a%22%0D%0A.txt"
"""A file name that could break out of its header, and how the WHATWG's HTML standard writes it."""
_MOST = 4
"""Properties of one body that are looked at."""


class _Named(io.BytesIO):
    name = "folder/named.txt"


class _Unreadable(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError("conform cannot read")


def check_files(case: RequestCase) -> None:
    """Pass files to an operation that takes any, as the body or in it, and look at what is sent of them."""
    part = _FilesPart(case)
    if case.media is None:
        return
    sends = media_type.essence(case.context.package.operations[case.operation.id].media_type or "")
    if sends.startswith("multipart/"):
        part.parts()
    elif case.context.body_codec(case.operation) == "binary" and not has_format(
        case.context.checker, case.schema, "byte"
    ):
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
            caller = self.case.context.caller(mode, retries=None)
            inputs = CallInputs(self.usual.parameters, self._body(make(), name), False)
            try:
                yield caller.call(self.case.operation.id, inputs, lambda _: HttpResponse(404))
            except NoSuchArgumentError:
                return

    def body(self, sends: str) -> None:
        """The whole body: its content, and the content type of the file where it has one."""
        own = "application/octet-stream" if "*" in sends else sends
        for make, content_type in (
            (lambda: _CONTENT, own), (lambda: bytearray(_CONTENT), own), (lambda: memoryview(_CONTENT), own),
            (lambda: io.BytesIO(_CONTENT), own), (lambda: ("name", _CONTENT), own),
            (lambda: ("name", io.BytesIO(_CONTENT), "text/x"), "text/x"),
        ):  # fmt: skip
            for called in self._each(make):
                got = [(one.body, one.header("content-type")) for one in called.requests]
                self._holds(
                    got == [(_CONTENT, content_type)], "file-differs",
                    f"a file reached the wire as {got!r:.200}; {shown_error(called.error)}",
                )  # fmt: skip
        for wrong in (
            ("name",),
            ("name", 5),
            ("name", b"", 5),
            ("name", b"", "a\r\nb"),
            5,
            io.StringIO("text"),
        ):
            self._refused(wrong)

    def parts(self) -> None:
        """Parts of a form: content, file name (RFC 7578 section 4.2) and content type of each."""
        properties = self.case.context.checker.branches.properties(self.case.schema)
        files = [
            name for name, one in properties.items() if has_format(self.case.context.checker, one, "binary")
        ]
        for name in files[:_MOST]:
            for make, file_name, content_type in (
                (lambda: _CONTENT, name, None), (lambda: bytearray(_CONTENT), name, None),
                (lambda: memoryview(_CONTENT), name, None), (lambda: io.BytesIO(_CONTENT), name, None),
                (lambda: _Named(_CONTENT), "named.txt", None), (lambda: ("n.txt", _CONTENT), "n.txt", None),
                (lambda: ("n.txt", io.BytesIO(_CONTENT)), "n.txt", None),
                (lambda: ("n", _CONTENT, "text/x"), "n", "text/x"),
                (lambda: (_ODD_NAME, _CONTENT, "text/x"), _ESCAPED.decode(), "text/x"),
            ):  # fmt: skip
                stated = content_type or self._stated(name)
                expected = _head(name, file_name, stated) + _CONTENT + b"\r\n"
                for called in self._each(make, name):
                    bodies = [one.body for one in called.requests]
                    self._holds(
                        len(bodies) == 1 and expected in bodies[0], "file-differs",
                        f"{name} reached the wire in {bodies!r:.300}, without {expected!r}; "
                        f"{shown_error(called.error)}",
                    )  # fmt: skip
            closed = io.BytesIO(_CONTENT)
            closed.close()
            wrongs: tuple[object, ...] = (
                ("n",), ("n", 5), ("n", b"", 5), ("n", b"", "a\r\nb"), ("n", b"", "\u20ac"), 5, object(), {}, closed,
                io.StringIO("text"), _Unreadable(), (5, b""), ("n", b"", "t", "u"), ("\ud800", b"", "text/x"),
            )  # fmt: skip
            for wrong in wrongs:
                self._refused(wrong, name)
        for name, one in properties.items():
            items = self.case.context.checker.branches.items(one)
            if has_format(self.case.context.checker, items, "binary"):
                self._several(name)

    def _several(self, name: str) -> None:
        stated = self._stated(name)
        expected = [
            _head(name, name, stated) + _CONTENT, _head(name, "n.txt", "text/x") + b"second",
            _head(name, name, stated) + b"third",
        ]  # fmt: skip
        for called in self._each(
            lambda: [_CONTENT, ("n.txt", b"second", "text/x"), io.BytesIO(b"third")], name
        ):
            body = called.requests[0].body if called.requests else b""
            places = [body.find(one + b"\r\n") for one in expected]
            self._holds(
                -1 not in places and places == sorted(places), "file-differs",
                f"the files of {name} reached the wire in {body!r:.300}; {shown_error(called.error)}",
            )  # fmt: skip

    def _body(self, value: object, name: str | None) -> Any:
        if name is None:
            return value
        body = self.usual.body if self.usual is not None else ABSENT
        rest = {} if isinstance(body, Absent) or not isinstance(body, dict) else body
        written = self.case.arguments(CallInputs({}, rest)).body
        return {**(written if isinstance(written, dict) else {}), name: value}

    def _refused(self, wrong: object, name: str | None = None) -> None:
        for called in self._each(lambda: wrong, name):
            self._holds(
                not called.requests and self.case.is_refusal(called.error), "no-file-sent",
                f"{wrong!r:.100} for a file ends in {shown_error(called.error)}",
            )  # fmt: skip

    def _stated(self, name: str) -> str:
        """The content type of the Encoding Object, if it names one alone."""
        encoding = self.case.media.get("encoding") if self.case.media is not None else None
        one: Node | None = encoding.get(name) if encoding is not None else None
        stated = one.text("contentType") if one is not None else ""
        return stated if stated and not set("*,") & set(stated) else "application/octet-stream"

    def _holds(self, passed: bool, id: str, message: str) -> None:
        self.case.findings.check(passed, id, message, node=self.case.schema)


def _head(name: str, file_name: str, content_type: str) -> bytes:
    lines = (
        f'Content-Disposition: form-data; name="{name}"; filename="{file_name}"',
        f"Content-Type: {content_type}",
    )
    return "\r\n".join([*lines, "", ""]).encode()
