"""Requests as curl commands that a person can paste into a shell; credentials stand in them as variables only."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from urllib.parse import quote

from clientsmith.document.model import JSON, Node
from clientsmith.replay.described import DescribedOperation
from clientsmith.replay.media_types import FORM, essence, is_json

_NAME = re.compile(r"\{([^{}]*)\}")
_LONGEST = 4000
"""A command longer than this is of no use to anybody: its body is left out."""


def curl_of_operation(operation: DescribedOperation, base_url: str) -> str:
    """A call of an operation with the examples of the document; what has no example keeps its name in braces."""
    shown = _parameters(operation)
    path = _NAME.sub(lambda found: _path_text(shown.get(("path", found[1])), found[0]), operation.path)
    query = "&".join(
        f"{quote(name)}={quote(_text(value))}" for (place, name), value in shown.items() if place == "query"
    )
    words = ["curl", "-i", *(["-X", operation.method] if operation.method != "GET" else [])]
    words.append(shlex.quote(base_url + path + (f"?{query}" if query else "")))
    for (place, name), value in shown.items():
        if place == "header":
            words += ["-H", shlex.quote(f"{name}: {_text(value)}")]
    words += _credentials(operation)
    return " ".join([*words, *_example_body(operation)])


def curl_of_request(base_url: str, method: str, target: str, media_type: str | None, body: str | None) -> str:
    """A request as it was logged, without its credentials."""
    words = [
        "curl",
        "-i",
        *(["-X", shlex.quote(method)] if method != "GET" else []),
        shlex.quote(base_url + target),
    ]
    if body and len(body) <= _LONGEST:
        words += ["-H", shlex.quote(f"Content-Type: {media_type or ''}"), "--data-raw", shlex.quote(body)]
    return " ".join(words)


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
    return [f"{name}={_text(field)}" for name, field in value.items()]
