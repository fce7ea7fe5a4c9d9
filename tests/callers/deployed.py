"""A deployed client against answers of a newer service: it fails exactly if diff says that the change breaks.

Each client is generated from the old side of a labelled pair, with its checks of answers set to strict. It gets what
`clientsmith serve` answers for the new side, and drawn answers that the new side allows.
"""

from __future__ import annotations

import copy
import importlib
import inspect
import json
import logging
import random
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from pydantic import BaseModel

from clientsmith.config.model import Config
from clientsmith.diff.wire.messages.identity import match_operations
from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.jsonschema.validators import Schemas
from clientsmith.openapi import media_type as media_types
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.serve.answers.document_answers import DocumentAnswers, status_of
from clientsmith.traffic import writing
from clientsmith.traffic.check import MessageChecker
from clientsmith.traffic.message import HttpResponse
from tests.callers.packages import Packages, Side
from tests.cases.diff.test_pairs import PAIRS, LabelledPair, description
from tests.properties.telling_values import TellingValues

EXEMPT: dict[str, str] = {
    "content-encoding-changed": "the client hands text on as it came; whoever decodes it breaks",
    "header-optional": "headers of answers are handed on unread",
    "media-type-removed": "it stops coming: the client asks for the others",
    "required-header-removed": "headers of answers are handed on unread",
    "success-status-removed": "it stops coming: the client knows the others",
    "webhook-removed": "it stops coming: its receiver waits for it, not the client",
}
"""Rules of changes that break answers without a call that fails, with the reason."""
EXEMPT_PLACES: dict[str, str] = {
    "webhooks": "messages to a receiver, which the client is not",
    "headers": "headers of answers are handed on unread",
    "nullable": "package and server take null where `nullable` has no effect: beside `$ref` or `enum`, and in 3.1",
    "discriminator": "no subtype is described that the property could lead to",
    "default": "it can be any success, of which the server answers 200, and the old client knows 202 alone",
}
"""Places of changes of which the same is true, with the reason."""
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_LEVELS = ("none", "info", "warning", "breaking")
_TRIES, _KEPT = 20_000, 12


@dataclass(frozen=True)
class Outcome:
    """What became of the calls of one pair."""

    level: str
    rules: frozenset[str]
    place: str | None
    calls: int
    failures: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether calls fail exactly if the level says so."""
        return self.level == "warning" or bool(self.failures) == (self.level == "breaking")

    @property
    def reason(self) -> str | None:
        """Why the calls of this pair say nothing of its level."""
        named = next((EXEMPT[rule] for rule in sorted(self.rules & EXEMPT.keys())), None)
        return named if self.place is None else EXEMPT_PLACES[self.place]


def without_requests(tree: Any) -> Any:
    """A description whose calls need no arguments: answers are what is compared."""
    tree = copy.deepcopy(tree)
    for item in tree.get("paths", {}).values():
        item.pop("parameters", None)
        for method in _METHODS:
            if isinstance(item.get(method), dict):
                item[method].pop("requestBody", None)
                item[method].pop("parameters", None)
    tree.pop("security", None)
    return tree


def response_level(pair: LabelledPair) -> tuple[str, frozenset[str]]:
    """The level of a pair in answers, and the rules that have it."""
    labels = [label.split() for label in pair.label]
    level = max((one[2] for one in labels), key=_LEVELS.index, default="none")
    return level, frozenset(one[0] for one in labels if one[2] == level)


class Deployed:
    """The client of a package that is imported, with answers that are given to it."""

    def __init__(self, side: Side) -> None:
        module = importlib.import_module(side.package)
        self._answer: HttpResponse = HttpResponse(204)
        self.accept = ""
        self.classes: list[str] = []
        """The classes in the last result."""
        settings: dict[str, Any] = {"validation": "strict"} if "validation" in side.api.settings else {}
        names = [name for scheme in side.api.security_schemes for name in scheme.arguments]
        settings |= dict.fromkeys(names, "secret")
        transport = httpx.MockTransport(self._respond)
        self._client = getattr(module, side.api.client_class)(
            base_url="https://api.example", transport=transport, retries=None, **settings
        )
        self._methods = {
            one.id: (resource.name, one.name)
            for resource in side.api.resources
            for one in resource.operations
        }

    def _respond(self, request: httpx.Request) -> httpx.Response:
        self.accept = request.headers.get("accept", "")
        answer = self._answer
        return httpx.Response(answer.status, headers=list(answer.headers), content=answer.body)

    def failure(self, id: str, answer: HttpResponse) -> str | None:
        """What a call raises that is answered so."""
        self._answer = answer
        resource, name = self._methods[id]
        method = getattr(getattr(self._client, resource), name)
        known = inspect.signature(method).parameters.values()
        passed = ["x" for one in known if one.kind is one.POSITIONAL_OR_KEYWORD]
        self.classes = []
        try:
            self.classes = list(_classes(method(*passed)))
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        return None


class Answers:
    """What the service of a description may answer."""

    def __init__(
        self, pair: LabelledPair, old: ResolvedDocument, new: ResolvedDocument, judge: Deployed
    ) -> None:
        self._judge = judge
        self.classes: list[str] | None = None
        """The classes that the last answer is due to be read as, if a discriminator decides that."""
        self._served = DocumentAnswers(MessageChecker(new))
        self._accepted = Schemas(old), Schemas(new)
        self._told = TellingValues(random.Random(1), [pair.schemas, pair.old, pair.new])
        self._unsaid = set[str]()
        if not any(map(_names_others, _objects([pair.schemas, pair.new]))):
            self._unsaid = _declared([pair.schemas, pair.old]) - _declared([pair.schemas, pair.new])
        self._unsaid |= _declared([pair.schemas, pair.new], only_written=True)
        self._described = [pair.schemas, pair.old, pair.new]
        self._is_by_tag = bool(_tags(self._described))

    def of(
        self, before: DescribedOperation, after: DescribedOperation, accept: str
    ) -> Iterator[HttpResponse]:
        """The answers to a successful call: those of the server, and drawn ones."""
        has_success = any(key.startswith("2") for key in after.responses)
        for key, declaration in after.responses.items():
            if not (key.startswith("2") or (key == "default" and not has_success)):
                continue
            status = status_of(declaration)
            served = self._served.by_status(after, status, accept)
            if served is not None:
                yield served.response
            media_type = media_types.accepted(list(declaration.contents), accept)
            if media_type is None or not media_types.is_json(media_type):
                continue
            schema = declaration.contents[media_type].get("schema")
            drawn = self._by_tag() if self._is_by_tag else self._drawn(before, schema, status, media_type)
            for value in drawn:
                header = ("Content-Type", writing.concrete(media_type, value))
                answer = HttpResponse(status, (header,), writing.body(value, media_type))
                if not self._is_by_tag or self._judge.failure(after.id, answer) is None:
                    self.classes = self._judge.classes if self._is_by_tag else None
                    yield answer
                self.classes = None

    def _by_tag(self) -> Iterator[Any]:
        """Objects, also those that a discriminator decides about: no validator does, so the client of NEW judges."""
        chance = random.Random(2)
        names, words = _tags(self._described), sorted(_tag_words(self._described[::2]))
        for _ in range(_TRIES // 10):
            value = self._told.value(0)
            if isinstance(value, dict) and self._unsaid.isdisjoint(_names(value)):
                yield _tagged(value, sorted(names), words, chance)

    def _drawn(
        self, before: DescribedOperation, schema: Node | None, status: int, media_type: str
    ) -> Iterator[Any]:
        """Values that NEW allows, some that OLD allows too and some that it does not.

        Names that only OLD declares, or that only requests have, are promised by nobody.
        """
        declared = before.response(status)
        media = None if declared is None else declared.contents.get(media_type)
        known = None if media is None else media.get("schema")
        kept: Counter[bool] = Counter()
        for _ in range(_TRIES):
            value = self._told.value(0)
            if self._unsaid and not self._unsaid.isdisjoint(_names(value)):
                continue
            if schema is not None and not self._accepted[1].is_valid(schema, value, "response"):
                continue
            is_known = known is None or self._accepted[0].is_valid(known, value, "response")
            kept[is_known] += 1
            if kept[is_known] <= _KEPT:
                yield value
            if kept[True] >= _KEPT and kept[False] >= _KEPT:
                return


def exempt_place(pair: LabelledPair) -> str | None:
    """The place of a change that is exempt."""
    text = json.dumps([pair.old, pair.new], default=float)
    for name in ("webhooks", "headers"):
        if f'"{name}"' in text:
            return name
    if '"nullable"' in text and (pair.versions[0] == "3.1" or '"$ref"' in text or '"enum"' in text):
        return "nullable"
    if '"discriminator"' in text and not any(f'"{name}Of"' in text for name in ("all", "any", "one")):
        return "discriminator"
    listed = [one.get("responses", {}) if isinstance(one, dict) else {} for one in (pair.old, pair.new)]
    return "default" if [*listed[1]] == ["default"] and len(listed[0]) > 1 else None


def _classes(value: Any) -> Iterator[str]:
    """The names of the classes that a value is made of."""
    if isinstance(value, BaseModel):
        yield type(value).__name__
        value = [
            getattr(value, name) for name in sorted(value.model_fields_set & type(value).model_fields.keys())
        ]
    for one in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
        yield from _classes(one)


def _objects(tree: Any) -> Iterator[dict[str, Any]]:
    """The objects in a tree."""
    waiting = [tree]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            yield current
            waiting += current.values()
        elif isinstance(current, list):
            waiting += current


def _names_others(schema: dict[str, Any]) -> bool:
    """Whether a schema says what members are that it does not name."""
    return isinstance(schema.get("additionalProperties"), dict) or "patternProperties" in schema


def _tags(described: Any) -> set[str]:
    """The properties that discriminators name."""
    listed = (one.get("discriminator") for one in _objects(described))
    return {one["propertyName"] for one in listed if isinstance(one, dict) and "propertyName" in one}


def _tag_words(described: Any) -> set[str]:
    """What a discriminator may say: the keys of mappings, and the names of schemas that are referred to."""
    found: set[str] = set()
    for one in _objects(described):
        if isinstance(one.get("mapping"), dict):
            found |= one["mapping"].keys()
        if isinstance(one.get("schemas"), dict):
            found |= one["schemas"].keys()
        if isinstance(one.get("$ref"), str):
            found.add(one["$ref"].rpartition("/")[2])
    return found


def _tagged(value: Any, names: list[str], words: list[str], chance: random.Random) -> Any:
    """The value with something that a discriminator may say in most of its objects."""
    if isinstance(value, list):
        return [_tagged(one, names, words, chance) for one in value]
    if not isinstance(value, dict):
        return value
    inner = {name: _tagged(one, names, words, chance) for name, one in value.items()}
    chosen = {name: chance.choice(words) for name in names if words and chance.random() < 0.8}
    return inner | chosen


def _declared(schemas: Any, *, only_written: bool = False) -> set[str]:
    """The names of properties in schemas, or of those that only requests have."""
    found: set[str] = set()
    for current in _objects(schemas):
        listed = current.get("properties")
        for name, schema in listed.items() if isinstance(listed, dict) else ():
            if not only_written or (isinstance(schema, dict) and schema.get("writeOnly")):
                found.add(name)
    return found


def _names(value: Any) -> Iterator[str]:
    """The names in a value."""
    if isinstance(value, dict):
        yield from value
        value = [*value.values()]
    for one in value if isinstance(value, list) else ():
        yield from _names(one)


def outcome(pair: LabelledPair, old: Side, new: Side) -> Outcome:
    """What the client of OLD makes of the answers of NEW."""
    level, rules = response_level(pair)
    client, answers = Deployed(old), Answers(pair, old.document, new.document, Deployed(new))
    found: list[str | None] = []
    for before, after in match_operations(old.document, new.document).both:
        client.failure(before.id, HttpResponse(204))
        for answer in answers.of(before, after, client.accept):
            expected = answers.classes
            failure = client.failure(before.id, answer)
            if failure is None and level == "breaking" and expected not in (None, client.classes):
                failure = f"{client.classes} in place of {expected}"
            found.append(failure and f"{failure} at {answer.status} {answer.body[:80]!r}")
    return Outcome(
        level, rules, exempt_place(pair), len(found), tuple(one for one in found if one is not None)
    )


def main() -> int:
    """Print what became of each pair that disagrees, and of those that are exempt; 1 if one disagrees."""
    outcomes: dict[str, Outcome] = {}
    only = sys.argv[1:]
    logging.disable(logging.WARNING)  # What a client notes of an answer is neither a failure nor of interest.
    with tempfile.TemporaryDirectory(prefix="clientsmith-deployed-") as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sys.path.insert(0, name)
        packages = Packages(Path(name).resolve(), Config(allow_invalid=True))
        for pair in PAIRS:
            if not only or pair.name in only:
                trees = (without_requests(description(pair, side)) for side in (0, 1))
                texts = (json.dumps(tree, default=float) for tree in trees)
                outcomes[pair.name] = outcome(pair, *map(packages.of, texts))
    wrong = {name: one for name, one in outcomes.items() if not one.agrees}
    exempt = Counter(reason for one in wrong.values() if (reason := one.reason) is not None)
    table = [_row(name, one) for name, one in wrong.items() if one.reason is None]
    unused = set[str]() if only else {*EXEMPT.values(), *EXEMPT_PLACES.values()} - exempt.keys()
    levels = Counter(one.level for one in outcomes.values())
    counts = ", ".join(f"{levels[level]} {level}" for level in _LEVELS)
    calls = sum(one.calls for one in outcomes.values())
    summary = [f"exempt, {count} pairs: {reason}" for reason, count in sorted(exempt.items())]
    summary += [f"exempt for nothing: {reason}" for reason in sorted(unused)]
    summary.append(f"{len(outcomes)} pairs ({counts}), {calls} calls; {len(table)} disagree")
    sys.stdout.write("\n".join([*table, *summary]) + "\n")
    return 1 if table or unused else 0


def _row(name: str, found: Outcome) -> str:
    rules, failed = ", ".join(sorted(found.rules)), len(found.failures)
    return f"{name}: {found.level} {rules}: {failed} of {found.calls} calls fail {found.failures[:1]}"


if __name__ == "__main__":
    sys.exit(main())
