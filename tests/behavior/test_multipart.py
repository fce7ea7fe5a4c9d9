"""multipart/form-data: files of every form, arrays of them, fields beside them; read back by another parser."""

from __future__ import annotations

import email.parser
import email.policy
import io
import json
from typing import Any

import pytest

from tests.behavior.calls import Exchange, call
from tests.behavior.packages import package_of, spec

DOCUMENT = spec("""
paths:
  /m:
    post:
      operationId: send
      tags: [things]
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              required: [file]
              properties:
                file: {type: string, format: binary}
                files: {type: array, items: {type: string, format: binary}}
                image: {type: string, contentMediaType: image/png, contentEncoding: binary}
                note: {type: string}
                count: {type: integer}
                tags: {type: array, items: {type: string}}
                info: {$ref: '#/components/schemas/Info'}
                csv: {type: string}
                'odd "name"': {type: string}
            encoding:
              file: {contentType: image/png}
              files: {contentType: 'image/*, application/pdf'}
              csv: {contentType: text/csv}
        required: true
      responses: {'204': {description: ok}}
components:
  schemas:
    Info: {type: object, properties: {a: {type: integer}}}
""")


def parts(exchange: Exchange) -> list[tuple[str, str | None, str | None, bytes]]:
    """Name, file name, content type and content of every part, as the standard library reads them."""
    head = f"Content-Type: {exchange.request.headers['content-type']}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + exchange.content)
    assert message.is_multipart() and not message.defects
    return [
        (
            str(part.get_param("name", header="content-disposition")),
            part.get_filename(),
            part["content-type"],
            part.get_payload(decode=True),
        )
        for part in message.iter_parts()
    ]


class Named(io.BytesIO):
    """What `open(..., "rb")` gives: content with a path for its name."""

    name = "/media/secret folder/pic.png"


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (b"\x00\xff\r\n--", ("file", "file", "image/png", b"\x00\xff\r\n--")),
        (("a b.png", b"data"), ("file", "a b.png", "image/png", b"data")),
        (("x.gif", b"data", "image/gif"), ("file", "x.gif", "image/gif", b"data")),
        (("x.gif", io.BytesIO(b"data"), "image/gif"), ("file", "x.gif", "image/gif", b"data")),
        (bytearray(b"data"), ("file", "file", "image/png", b"data")),
        (b"", ("file", "file", "image/png", b"")),
    ],
    ids=["bytes", "named", "typed", "stream", "bytearray", "empty"],
)
def test_a_file_in_every_form(file: Any, expected: tuple[str, str, str, bytes]) -> None:
    if isinstance(file, tuple) and isinstance(file[1], io.BytesIO):
        # A stream can be read once only, and both clients are called.
        class Again(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                self.seek(0)
                return super().read(size)

        file = (file[0], Again(file[1].getvalue()), *file[2:])

    assert parts(call(DOCUMENT, "things.send", file=file)) == [expected]


def test_only_the_last_part_of_a_path_is_told() -> None:
    class Again(Named):
        def read(self, size: int | None = -1) -> bytes:
            return b"data"

    assert parts(call(DOCUMENT, "things.send", file=Again())) == [("file", "pic.png", "image/png", b"data")]


def test_arrays_of_files_repeat_their_field() -> None:
    exchange = call(DOCUMENT, "things.send", file=b"0", files=[b"1", ("two.pdf", b"2", "application/pdf")])

    assert parts(exchange)[1:] == [
        ("files", "files", "application/octet-stream", b"1"),
        ("files", "two.pdf", "application/pdf", b"2"),
    ]


def test_fields_beside_files() -> None:
    exchange = call(
        DOCUMENT, "things.send", file=b"0", note="é\r\n--x", count=3, tags=["a", "b"], info={"a": 1}, csv="a,b",
        odd_name="q",
    )  # fmt: skip

    read = {(name, kind): content for name, _, kind, content in parts(exchange)}
    names = [name for name, *_ in parts(exchange)]
    assert read["note", None] == "é\r\n--x".encode()
    assert read["count", None] == b"3"
    assert names.count("tags") == 2
    assert json.loads(read["info", "application/json"]) == {"a": 1}
    assert read["csv", "text/csv"] == b"a,b"
    assert b'name="odd %22name%22"' in exchange.content


def test_the_same_call_gives_the_same_bytes() -> None:
    assert (
        call(DOCUMENT, "things.send", file=b"x").content == call(DOCUMENT, "things.send", file=b"x").content
    )


@pytest.mark.parametrize(
    "bad",
    [
        {"file": 5},
        {"file": io.StringIO("text")},
        {"file": b"", "count": "3"},
        {"file": ("a", b"", "a\r\nX: y")},
        {"file": None},
        {"file": ("a",)},
        {"file": ("a", b"", "text/x", "more")},
        {"file": ["a"]},
        {"file": [b"a"]},
        {"file": b"", "files": ("a", b"")},
        {"file": b"", "files": [("a",)]},
    ],
)
def test_what_is_no_file_is_refused(bad: dict[str, Any]) -> None:
    package = package_of(DOCUMENT)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", **bad)


def test_a_file_name_cannot_add_a_header() -> None:
    exchange = call(DOCUMENT, "things.send", file=('a"\r\nX-Evil: 1\r\n\r\n', b"d"))

    assert b"\r\nX-Evil" not in exchange.content
    assert len(parts(exchange)) == 1


ONLY_A_FILE = spec("""
paths:
  /m:
    post:
      operationId: send
      tags: [things]
      requestBody: {required: true, content: {multipart/form-data: {schema: {type: object, required: [file, later], properties: {file: {type: string, format: binary}, later: {$ref: '#/components/schemas/Later'}}}}}}
      responses: {'204': {description: ok}}
components:
  schemas:
    Later: {type: object, properties: {x: {type: integer}}}
""")


@pytest.mark.parametrize("bad", [5, None, {}, [b"x", 5]], ids=repr)
def test_a_required_file_is_checked_where_nothing_is_optional(bad: Any) -> None:
    package = package_of(ONLY_A_FILE)

    with pytest.raises(package.errors.RequestValidationError):
        call(package, "things.send", file=bad, later={})
