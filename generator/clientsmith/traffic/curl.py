"""Requests as curl commands to paste into a shell; they contain credentials only as variables."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import cast
from urllib.parse import quote

from clientsmith.characters import escape_lines
from clientsmith.document.model import JSON, Node
from clientsmith.json_values.codec import Value, write
from clientsmith.jsonschema.keywords import exact_value
from clientsmith.openapi import media_type as media_types
from clientsmith.openapi.encoding import Encoding, Encodings
from clientsmith.openapi.example import examples, schema_examples
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.parameter import Parameter
from clientsmith.openapi.security import SecurityScheme
from clientsmith.traffic import writing
from clientsmith.traffic.message import HttpRequest

_NAME = re.compile(r"\{([^{}]*)\}")
_LONGEST = 4000
"""In bytes; a command with a longer body is useless, so the body has to be put into a file."""
_LONGEST_BINARY = 1000
_IN_PATH = "/?:@!$&'()*+,;=%"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_IN_FORMAT = frozenset(map(chr, range(0x20, 0x7F))) - {*"'\\%-"}
"""What printf takes for itself in a format that a shell quotes; a hyphen might begin an option."""
_WRITTEN_BY_CURL = frozenset(
    {"accept-encoding", "connection", "content-length", "host", "transfer-encoding", "user-agent"}
)
_CREDENTIALS = frozenset({"authorization", "proxy-authorization"})
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def curl_of_operation(operation: DescribedOperation, base_url: str) -> str:
    """A call of an operation with the examples of the document; what has no example keeps its name in braces."""
    every = [(parameter, _shown(parameter, operation)) for parameter in operation.parameters]
    shown = [(parameter, value) for parameter, value in every if value is not None]
    security = operation.security[0] if operation.security else ()
    words = ["curl", "-i", *(["-X", shlex.quote(operation.method)] if operation.method != "GET" else [])]
    words.append(_address(operation, base_url, shown, security))
    for parameter, value in shown:
        # Of a name that is none, curl would read a file if it began with an @.
        if parameter.location == "header" and _TOKEN.fullmatch(parameter.name):
            words += _header(parameter.name, _CONTROLS.sub(" ", writing.parameter(parameter, value)))
    words += _cookies(shown, security) + _credentials(security)
    return " ".join([*words, *_example_body(operation)])


def curl_of_request(request: HttpRequest, base_url: str, *, omitted: int = 0, secret: str = "") -> str:
    """A request as it was sent; what a shell or curl would read is quoted or switched off.

    The target goes behind `base_url`. `omitted` is the length in bytes of a body that is not there. The headers are
    those of the request but for what curl writes itself; credentials are variables, and so is `secret` wherever it is.
    """
    has_body = bool(request.body or omitted)
    words = ["curl", "-i", *_method(request.method, has_body=has_body)]
    words += _url(base_url, request.target, secret)
    for name, value in request.headers:
        words += _sent_header(name, value, secret)
    if not has_body:
        return " ".join(words)
    if request.header("content-type") is None:
        words += ["-H", shlex.quote("Content-Type:")]
    if not request.body:
        return " ".join([*words, *_file(omitted)])
    text = _argument(request.body)
    if text is not None and len(request.body) <= _LONGEST:
        return " ".join([*words, "--data-raw", _quoted(text, secret)])
    if len(request.body) <= _LONGEST_BINARY and not (secret and secret.encode() in request.body):
        return f"printf {_octal(request.body)} | " + " ".join([*words, "--data-binary", "@-"])
    return " ".join([*words, *_file(len(request.body))])


def _argument(body: bytes) -> str | None:
    """A body as the text of an argument; None if no argument can hold it, or if a page would have to change it."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return text if escape_lines(text) == text else None


def _header(name: str, text: str) -> list[str]:
    """curl takes a header away if nothing follows its colon."""
    return ["-H", shlex.quote(f"{name}: {text}" if text.strip() else f"{name};")]


def _sent_header(name: str, value: str, secret: str) -> list[str]:
    key = name.lower()
    if key in _WRITTEN_BY_CURL:
        return []
    if key == "cookie":
        return ["-b", _quoted(value, secret)]
    if key in _CREDENTIALS:
        return _sent_credentials(name, value)
    if secret and secret in value:
        return ["-H", _quoted(f"{name}: {value}", secret)]
    return _header(name, value)


def _sent_credentials(name: str, value: str) -> list[str]:
    scheme, blank, _ = value.partition(" ")
    if scheme.lower() in ("basic", "digest") and name.lower() == "authorization":
        return [*(["--digest"] if scheme.lower() == "digest" else []), "-u", '"$USERNAME:$PASSWORD"']
    return ["-H", f'{shlex.quote(f"{name}: {scheme} " if blank else f"{name}: ")}"$TOKEN"']


def _quoted(text: str, secret: str) -> str:
    """One word of a shell; each secret in it is a variable."""
    pieces = text.split(secret) if secret else [text]
    return '"$SECRET"'.join(shlex.quote(piece) if piece or len(pieces) == 1 else "" for piece in pieces)


def _file(length: int) -> list[str]:
    return ["--data-binary", f"@body-of-{length}-bytes"]


def _method(method: str, *, has_body: bool) -> list[str]:
    """curl takes GET for granted only without a body, and waits for a body after `-X HEAD`."""
    if method == "HEAD" and not has_body:
        return ["--head"]
    return [] if method == "GET" and not has_body else ["-X", shlex.quote(method)]


def _url(base_url: str, target: str, secret: str) -> list[str]:
    """The target as it was: without the patterns that curl knows in URLs, and with its dot segments."""
    switches = ["--globoff"] if re.search(r"[\[\]{}]", target) else []
    if not target.startswith("/"):
        return ["--request-target", _quoted(target, secret), shlex.quote(base_url)]
    switches += ["--path-as-is"] if "/." in target else []
    return [*switches, _quoted(base_url + target, secret)]


def _octal(data: bytes) -> str:
    """Bytes as the format of printf (POSIX), for those that no argument of a command can hold."""
    shown = "".join(chr(byte) if chr(byte) in _IN_FORMAT else f"\\{byte:03o}" for byte in data)
    return f"'{shown}'"


def _shown(parameter: Parameter, operation: DescribedOperation) -> Value:
    """The example of a parameter that is required; None without one."""
    if parameter.owner is None or not parameter.required:
        return None
    example = _example(parameter.owner, operation)
    return None if example is None else _exact(example.value)


def _example(owner: Node, operation: DescribedOperation) -> Node | None:
    """The first example of a parameter or media type, else of its schema, else the default."""
    own = next(examples(owner, operation.resolved), None)
    if own is not None:
        return own.value
    schema = owner.get("schema")
    first = next(schema_examples(schema, operation.resolved), None)
    return first or (None if schema is None else operation.resolved.deref(schema).get("default"))


def _address(
    operation: DescribedOperation,
    base_url: str,
    shown: Sequence[tuple[Parameter, Value]],
    security: Sequence[SecurityScheme],
) -> str:
    """The URL in quotes; credentials in the query come last, as variables of the shell."""
    in_path = {one.name: writing.parameter(one, value) for one, value in shown if one.location == "path"}
    pieces = _NAME.split(operation.path)
    for place, piece in enumerate(pieces):
        pieces[place] = quote(piece, safe=_IN_PATH) if not place % 2 else in_path.get(piece) or f"{{{piece}}}"
    pairs = [writing.parameter(one, value) for one, value in shown if one.location == "query"]
    query = "&".join(pair for pair in pairs if pair)
    url = base_url + "".join(pieces)
    word = shlex.quote(f"{url}{'?' if '?' not in url else '&'}{query}" if query else url)
    for scheme in security:
        if scheme.location == "query":
            mark = "&" if "?" in word else "?"
            word += shlex.quote(f"{mark}{quote(scheme.name, safe='')}=") + '"$TOKEN"'
    return word


def _cookies(shown: Sequence[tuple[Parameter, Value]], security: Sequence[SecurityScheme]) -> list[str]:
    """All cookies as one word, credentials last."""
    cookies = [writing.parameter(one, value) for one, value in shown if one.location == "cookie"]
    text = "; ".join(_CONTROLS.sub(" ", cookie) for cookie in cookies if cookie)
    word = shlex.quote(text) if text else ""
    for scheme in security:
        if scheme.location == "cookie":
            word += shlex.quote(f"{'; ' if word else ''}{scheme.name}=") + '"$TOKEN"'
    return ["-b", word] if word else []


def _credentials(security: Sequence[SecurityScheme]) -> list[str]:
    words: list[str] = []
    for scheme in security:
        if scheme.kind == "basic":
            words += ["-u", '"$USERNAME:$PASSWORD"']
        elif scheme.location == "header":
            prefix = f"{scheme.prefix.strip().capitalize()} " if scheme.prefix else ""
            words += ["-H", f'{shlex.quote(f"{scheme.name}: {prefix}")}"$TOKEN"']
    return words


def _example_body(operation: DescribedOperation) -> list[str]:
    for media_type, media in operation.body_contents.items():
        example = _example(media, operation)
        if example is None:
            continue
        value, codec = example.value, media_types.codec(media_type)
        if codec in ("form", "multipart") and isinstance(value, dict):
            encodings = Encodings(media, media_type, operation.resolved.version)
            words = _field if codec == "form" else _parts
            return [word for name in value for word in words(encodings.of(name), _exact(value[name]))]
        text = value if isinstance(value, str) and codec != "json" else write(_exact(value))
        content_type = f"Content-Type: {media_types.concrete(media_type)}"
        return ["-H", shlex.quote(content_type), "--data-raw", shlex.quote(text)]
    return []


def _field(declared: Encoding, value: Value) -> list[str]:
    """A field of a form; curl joins them by ampersands and encodes what follows the first equals sign of a pair."""
    written = writing.form_field(declared, value)
    if isinstance(written, str):
        return ["--data-raw", shlex.quote(written)] if written else []
    return [
        word
        for name, text in written
        for word in ("--data-urlencode", shlex.quote(f"{quote(name, safe='')}={text}"))
    ]


def _parts(declared: Encoding, value: Value) -> list[str]:
    """A field of a multipart form, one part for each item; with a media type if a single one is declared."""
    if declared.style is not None:
        pairs = writing.part_texts(declared, value)
        return [word for name, text in pairs for word in ("--form-string", shlex.quote(f"{name}={text}"))]
    stated = "" if {*",*"} & {*declared.content_type} else declared.content_type
    values = [value] if declared.is_json or not isinstance(value, list) else value
    words: list[str] = []
    for one in values:
        text = write(one) if declared.is_json else writing.text(one)
        if not stated:
            words += ["--form-string", shlex.quote(f"{declared.name}={text}")]
        else:
            inside = text.replace("\\", "\\\\").replace('"', '\\"')
            words += ["-F", shlex.quote(f'{declared.name}="{inside}";type={stated}')]
    return words


def _exact(value: JSON) -> Value:
    """A value of the document with decimals for floats."""
    return cast("Value", exact_value(value))
