"""Requests as curl commands that a person can paste into a shell; credentials stand in them as variables only."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from urllib.parse import quote

from clientsmith.document.model import JSON, Node
from clientsmith.openapi.media_type import FORM, essence, is_json
from clientsmith.openapi.operation import DescribedOperation

_NAME = re.compile(r"\{([^{}]*)\}")
_LONGEST = 4000
"""A command longer than this is of no use to anybody: its body has to be put into a file."""
_LONGEST_BINARY = 1000
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def curl_of_operation(operation: DescribedOperation, base_url: str) -> str:
    """A call of an operation with the examples of the document; what has no example keeps its name in braces."""
    shown = _parameters(operation)
    path = _NAME.sub(lambda found: _path_text(shown.get(("path", found[1])), found[0]), operation.path)
    query = "&".join(
        f"{quote(name)}={quote(_text(value))}" for (place, name), value in shown.items() if place == "query"
    )
    words = ["curl", "-i", *(["-X", shlex.quote(operation.method)] if operation.method != "GET" else [])]
    words.append(shlex.quote(base_url + path + (f"?{query}" if query else "")))
    for (place, name), value in shown.items():
        # Of a name that is none, curl would read a file if it began with an @.
        if place == "header" and _TOKEN.fullmatch(name):
            words += ["-H", shlex.quote(f"{name}: {' '.join(_text(value).split())}")]
    words += _credentials(operation)
    return " ".join([*words, *_example_body(operation)])


def curl_of_request(
    base_url: str,
    method: str,
    target: str,
    media_type: str | None,
    body: str | bytes | None,
    omitted: int = 0,
) -> str:
    """A request as it was logged, without its credentials; what a shell or curl would read is quoted or switched off.

    `omitted` is the length in bytes of a body that is not there.
    """
    words = ["curl", "-i", *_method(method, has_body=bool(body or omitted)), *_url(base_url, target)]
    if not body and not omitted:
        return " ".join(words)
    words += ["-H", shlex.quote(f"Content-Type: {media_type or ''}")]
    if not body:
        return " ".join([*words, *_file(omitted)])
    data = body.encode("utf-8", "surrogateescape") if isinstance(body, str) else body
    if isinstance(body, str) and len(data) <= _LONGEST and "\0" not in body:
        return " ".join([*words, "--data-raw", shlex.quote(body)])
    if len(data) <= _LONGEST_BINARY:
        return f"printf {_octal(data)} | " + " ".join([*words, "--data-binary", "@-"])
    return " ".join([*words, *_file(len(data))])


def _file(length: int) -> list[str]:
    return ["--data-binary", f"@body-of-{length}-bytes"]


def _method(method: str, *, has_body: bool) -> list[str]:
    """curl takes GET for granted only without a body, and waits for a body after `-X HEAD`."""
    if method == "HEAD" and not has_body:
        return ["--head"]
    return [] if method == "GET" and not has_body else ["-X", shlex.quote(method)]


def _url(base_url: str, target: str) -> list[str]:
    """The target as it was: without the patterns that curl knows in URLs, and with its dot segments."""
    switches = ["--globoff"] if re.search(r"[\[\]{}]", target) else []
    if not target.startswith("/"):
        return ["--request-target", shlex.quote(target), shlex.quote(base_url)]
    switches += ["--path-as-is"] if "/." in target else []
    return [*switches, shlex.quote(base_url + target)]


def _octal(data: bytes) -> str:
    """Bytes as the format of printf (POSIX), for those that no argument of a command can hold."""
    shown = "".join(chr(byte) if chr(byte).isalnum() and byte < 128 else f"\\{byte:03o}" for byte in data)
    return f"'{shown}'"


def _parameters(operation: DescribedOperation) -> dict[tuple[str, str], JSON]:
    """The example of every parameter that has one and is required, by place and name."""
    found: dict[tuple[str, str], JSON] = {}
    for owner in (operation.found.item, operation.node):
        listed = owner.get("parameters")
        for reference in listed.elements() if listed is not None else ():
            parameter = operation.resolved.deref(reference)
            value = _example(parameter, operation)
            place = parameter.text("in")
            if value is not None and (place == "path" or parameter.mapping.get("required") is True):
                found[place, parameter.text("name")] = value
    return found


def _example(owner: Node, operation: DescribedOperation) -> JSON:
    """The first example of a parameter or media type, else of its schema."""
    if "example" in owner.mapping:
        return owner.mapping["example"]
    examples = owner.get("examples")
    for key in examples.mapping if examples is not None else ():
        if examples is not None:
            return operation.resolved.deref(examples.child(key)).mapping.get("value")
    schema = owner.get("schema")
    if schema is None:
        return None
    declared = operation.resolved.deref(schema).mapping
    several = declared.get("examples")
    first = several[0] if isinstance(several, list) and several else None
    return declared.get("example", declared.get("default", first))


def _path_text(value: JSON, otherwise: str) -> str:
    return otherwise if value is None else quote(_text(value), safe="")


def _text(value: JSON) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _credentials(operation: DescribedOperation) -> list[str]:
    for credential in operation.security[0] if operation.security else ():
        if credential.prefix == "basic ":
            return ["-u", '"$USERNAME:$PASSWORD"']
        if credential.location == "header":
            prefix = f"{credential.prefix.strip().capitalize()} " if credential.prefix else ""
            return ["-H", f'{shlex.quote(f"{credential.name}: {prefix}")}"$TOKEN"']
    return []


def _example_body(operation: DescribedOperation) -> list[str]:
    for media_type, media in operation.body_contents.items():
        value = _example(media, operation)
        if value is None:
            continue
        if essence(media_type) == FORM and isinstance(value, dict):
            return [word for pair in _form(value) for word in ("--data-urlencode", shlex.quote(pair))]
        text = json.dumps(value, ensure_ascii=False) if is_json(media_type) else _text(value)
        return ["-H", shlex.quote(f"Content-Type: {media_type}"), "--data-raw", shlex.quote(text)]
    return []


def _form(value: Mapping[str, JSON]) -> list[str]:
    # curl encodes what comes after the first of = and @ only.
    return [f"{quote(name)}={_text(field)}" for name, field in value.items()]
