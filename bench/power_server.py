"""Messages that are wrong: answers of a server, entries of a tape, documents that a package is too old for.

Only what changes is said here, by rule and never by name; who runs the suite on it is `power`'s business.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, cast

from clientsmith.traffic.message import HttpResponse

Tree = dict[str, Any]
Answer = Callable[[HttpResponse], HttpResponse]
_VERBS = ("get", "put", "post", "delete", "patch")


def _typed(one: HttpResponse, media_type: str | None) -> HttpResponse:
    kept = tuple(pair for pair in one.headers if pair[0].lower() != "content-type")
    return replace(one, headers=kept if media_type is None else (*kept, ("Content-Type", media_type)))


def _object(change: Callable[[Tree], Tree]) -> Answer:
    """A change of a JSON object; anything else stays as it is."""

    def changed(one: HttpResponse) -> HttpResponse:
        try:
            value: object = json.loads(one.body)
        except ValueError:
            return one
        if not isinstance(value, dict):
            return one
        return replace(one, body=json.dumps(change(cast("Tree", value))).encode())

    return changed


def _success(change: Answer) -> Answer:
    return lambda one: change(one) if one.status < 300 else one


def _retyped(value: object) -> object:
    """A value of another type, never null, which many documents allow."""
    return {"was": value} if isinstance(value, str) else f"was {value}"


ANSWERS: dict[str, Answer] = {
    "success with a status of its own": _success(lambda one: replace(one, status=299)),
    "success without content": _success(lambda one: replace(one, status=204, body=b"")),
    "success is a server error": _success(lambda one: replace(one, status=500)),
    "refusal is a success": lambda one: replace(one, status=200) if one.status >= 400 else one,
    "refusal is a redirect": lambda one: replace(one, status=302) if one.status >= 400 else one,
    "media type is HTML": lambda one: _typed(one, "text/html"),
    "media type missing": _success(lambda one: _typed(one, None)),
    "body cut off": lambda one: replace(one, body=one.body[: len(one.body) // 2]),
    "body emptied": lambda one: replace(one, body=b""),
    "body in a list": lambda one: replace(one, body=b"[" + one.body + b"]"),
    "body is a JSON text": lambda one: replace(one, body=json.dumps(one.body.decode("latin-1")).encode()),
    "body is null": lambda one: replace(one, body=b"null"),
    "members of another type": _object(lambda value: {key: _retyped(item) for key, item in value.items()}),
    "one member of another type": _object(
        lambda value: value | {key: _retyped(value[key]) for key in sorted(value)[:1]}
    ),
    "last member of another type": _object(
        lambda value: value | {key: _retyped(value[key]) for key in sorted(value)[-1:]}
    ),
    "two answers in one": lambda one: replace(one, body=one.body * 2),
}


def stale_tapes(tape: Tree) -> Iterator[tuple[str, Tree]]:
    """Copies of a HAR with one thing changed in one of its entries."""
    for place, entry in enumerate(tape["log"]["entries"]):
        for name, change in _ENTRIES.items():
            changed = copy.deepcopy(tape)
            change(changed["log"]["entries"][place])
            if changed["log"]["entries"][place] != entry:
                yield f"{place} {name}", changed


def _answer_text(entry: Tree, change: Callable[[str], str]) -> None:
    content = entry["response"].get("content", {})
    if content.get("text"):
        content["text"] = change(content["text"])


def _first_retyped(text: str) -> str:
    value: object = json.loads(text)
    if not isinstance(value, dict):
        return "5"
    tree = cast("Tree", value)
    return json.dumps(tree | {key: _retyped(tree[key]) for key in sorted(tree)[:1]})


def _request(entry: Tree, text: str) -> None:
    if "postData" in entry["request"]:
        entry["request"]["postData"] = {"mimeType": entry["request"]["postData"]["mimeType"], "text": text}


_ENTRIES: dict[str, Callable[[Tree], None]] = {
    "method of another operation": lambda one: one["request"].update(method="PATCH"),
    "path of another version": lambda one: one["request"].update(
        url=one["request"]["url"].replace("/v1/", "/v2/")
    ),
    "value in the path that no pattern takes": lambda one: one["request"].update(
        url=one["request"]["url"].replace("/X", "/Q")
    ),
    "status that is not declared": lambda one: one["response"].update(status=299),
    "success of another kind": lambda one: one["response"].update(
        status=201 if one["response"]["status"] < 300 else one["response"]["status"]
    ),
    "answer cut off": lambda one: _answer_text(one, lambda text: text[: len(text) // 2]),
    "answer in a list": lambda one: _answer_text(one, lambda text: f"[{text}]"),
    "member of the answer of another type": lambda one: _answer_text(one, _first_retyped),
    "answer without its headers": lambda one: one["response"].update(headers=[]),
    "request cut off": lambda one: _request(one, "{"),
    "request with another property": lambda one: _request(one, '{"unknown": 1}'),
}


def moved_documents(document: Tree) -> Iterator[tuple[str, Tree]]:
    """Copies of a document with one thing changed that its clients have to know of."""
    for name, at, change in (*_operations(document), *_schemas(document)):
        changed = copy.deepcopy(document)
        part = changed
        for step in at:
            part = part[step]
        change(part)
        yield name, changed


Moves = Iterator[tuple[str, tuple[str, ...], Callable[[Tree], object]]]
"""A name, where in the document, and what becomes of it there."""


def _operations(document: Tree) -> Moves:
    for path, item in document["paths"].items():
        yield f"{path}: moved", ("paths",), partial(_renamed, key=path, name=f"{path}/moved")
        for verb in (one for one in _VERBS if one in item):
            other = next(one for one in ("put", "patch") if one not in item)
            yield f"{verb} {path}: by {other}", ("paths", path), partial(_renamed, key=verb, name=other)
            yield from _operation(document, f"{verb} {path}", item[verb], ("paths", path, verb))


def _operation(document: Tree, where: str, operation: Tree, at: tuple[str, ...]) -> Moves:
    success = next(one for one in operation["responses"] if one.startswith("2"))
    yield f"{where}: a required header", at, _with_header
    yield f"{where}: no credentials", at, partial(_with, key="security", value=[])
    yield f"{where}: another success", (*at, "responses"), partial(_renamed, key=success, name="207")
    told = {key: _told(document, response) for key, response in operation["responses"].items()}
    for status in told:
        # Without a status of its own the default speaks of it, except of 304, which is no error to a client.
        if status in ("default", "304") or told[status] != told.get("default"):
            yield f"{where}: {status} gone", (*at, "responses"), partial(_without, key=status)
    for media_type in operation.get("requestBody", {}).get("content", {}):
        content = (*at, "requestBody", "content")
        yield f"{where}: no {media_type}", content, partial(_renamed, key=media_type, name="application/xml")


def _told(document: Tree, response: Tree) -> Tree:
    """What a response says to a client, leaving out what it says to a reader."""
    while "$ref" in response:
        *_, section, name = response["$ref"].split("/")
        response = document["components"][section][name]
    media = {key: one.get("schema") for key, one in response.get("content", {}).items()}
    return {"content": media} | {key: one for key, one in response.items() if key.startswith("x-")}


def _schemas(document: Tree) -> Moves:
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        at = ("components", "schemas", name)
        for key, inner in schema.get("properties", {}).items():
            listed: Tree = {"type": "array", "items": {}}
            yield f"{name}.{key}: renamed", (*at, "properties"), partial(_renamed, key=key, name=f"{key}_new")
            yield f"{name}.{key}: an array", (*at, "properties"), partial(_with, key=key, value=listed)
            if "pattern" in inner:
                yield (
                    f"{name}.{key}: of another pattern",
                    (*at, "properties", key),
                    partial(_with, key="pattern", value="^ZZ$"),
                )
            if key not in schema.get("required", []):
                yield f"{name}.{key}: required", at, partial(_demanding, key=key)
        if "properties" in schema:
            yield f"{name}: nothing else allowed", at, partial(_with, key="additionalProperties", value=False)


def _renamed(part: Tree, key: str, name: str) -> None:
    part[name] = part.pop(key)


def _with(part: Tree, key: str, value: object) -> None:
    part[key] = value


def _without(part: Tree, key: str) -> None:
    del part[key]


def _demanding(part: Tree, key: str) -> None:
    part["required"] = [*part.get("required", []), key]


def _with_header(part: Tree) -> None:
    added = {"name": "X-New", "in": "header", "required": True, "schema": {"type": "string"}}
    part["parameters"] = [*part.get("parameters", []), added]
