"""Each fault that is put into the style table or the media types is found by one of the tables."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

from clientsmith.openapi import media_type, parameter
from tests.unit.openapi.tables import MEDIA_TYPE, PARAMETER, Table


class Fault(NamedTuple):
    """A text of the source and what a mistake would have made of it."""

    name: str
    before: str
    after: str


PARAMETER_FAULTS = (
    Fault("default-of-query", '("form", "spaceDelimited",', '("spaceDelimited", "form",'),
    Fault("default-of-path", '("simple", "label", "matrix")', '("matrix", "label", "simple")'),
    Fault("default-of-cookie", '("form", "cookie"),', '("cookie", "form"),'),
    Fault("no-style-cookie", '("form", "cookie"),', '("form",),'),
    Fault("no-deep-object", ', "deepObject"),\n    "header"', '),\n    "header"'),
    Fault("label-in-header", '"header": ("simple",)', '"header": ("simple", "label")'),
    Fault("form-not-exploded", 'frozenset({"form", "cookie"})', 'frozenset({"cookie"})'),
    Fault("cookie-not-exploded", 'frozenset({"form", "cookie"})', 'frozenset({"form"})'),
    Fault("deep-object-exploded", 'frozenset({"form", "cookie"})', 'frozenset({"form", "cookie", "deepObject"})'),
    Fault("explode-not-asked-for", "return stated if isinstance(stated, bool) else", "return"),
    Fault("accept-is-sent", '{"accept", "content-type",', '{"content-type",'),
    Fault("headers-with-case", "parameter.name.lower() in _IGNORED", "parameter.name in _IGNORED"),
    Fault("query-named-accept", 'parameter.location == "header" and parameter.name', "parameter.name"),
    Fault("optional-in-path", ' or where == "path"', ""),
    Fault("override-with-case", 'self.name.lower() if self.location == "header" else self.name', "self.name"),
    Fault("override-without-case", 'self.name.lower() if self.location == "header" else self.name', "self.name.lower()"),
    Fault("override-by-name-alone", "return self.location, self", 'return "query", self'),
    Fault("item-wins", "by_key[parameter.key] = parameter", "by_key.setdefault(parameter.key, parameter)"),
    Fault("schema-beside-content", "owner = node if media is None else media", "owner = node"),
    Fault("unknown-style-unnoticed", 'stated if stated not in ("", chosen) else ""', '""'),
    Fault("reserved-swapped", '"allowReserved"', '"allowEmptyValue"'),
    Fault("querystring-is-query", "return _LOCATIONS.get(", 'return {**_LOCATIONS, "querystring": "query"}.get('),
    Fault("references-not-followed", "[resolved.deref(node) for nodes", "[node for nodes"),
)  # fmt: skip

MEDIA_TYPE_FAULTS = (
    Fault("essence-with-case", ".strip().lower()\n\n\ndef is_json", ".strip()\n\n\ndef is_json"),
    Fault("essence-with-parameters", 'text.partition(";")[0].strip()', "text.strip()"),
    Fault("suffix-without-plus", '("/json", "+json")', '("json",)'),
    Fault("suffix-unknown", '("/json", "+json")', '("/json",)'),
    Fault("any-is-binary", '("*/*", "*", "application/*")', '("application/*",)'),
    Fault("image-is-octets", '"image/*": "image/png"', '"image/*": "application/octet-stream"'),
    Fault("text-is-html-elsewhere", '"text/*": "text/plain"', '"text/*": "application/json"'),
    Fault("quotes-kept", """value.strip().strip('"')""", "value.strip()"),
    Fault("parameter-with-case", "key.strip().lower() == name", "key.strip() == name"),
    Fault("range-before-type", "return 3, False", "return -1, False"),
    Fault("suffix-after-range", "return 1, False", "return 2, True"),
    Fault("suffix-alone-unknown", " or other_sub == sub[2:]", ""),
    Fault("any-type", "    if main != other:\n        return None\n", ""),
    Fault("parameters-do-not-count", "_parameters(declared) != _parameters(actual)", "False"),
    Fault("json-last", '{"json": 0,', '{"json": 9,'),
    Fault("wildcard-first", '"*" in name, name', 'not "*" in name, name'),
    Fault("quality-not-sorted", "sorted(ranked, key=lambda pair: pair[0])", "ranked"),
    Fault("quality-of-zero", "if quality > 0:", "if quality >= 0:"),
    Fault("first-instead-of-json", "if is_json(name)), declared[0])", "if name), declared[0])"),
    Fault("media-references-kept", "resolved.deref(content.child(key))", "content.child(key)"),
    Fault("forms-are-text", "    if name == FORM:", '    if name == "form":'),
)  # fmt: skip


@contextmanager
def faulty(module: ModuleType, fault: Fault) -> Iterator[ModuleType]:
    """The module with the fault in it, beside the real one."""
    assert module.__file__ is not None
    source = Path(module.__file__).read_text(encoding="utf-8")
    assert source.count(fault.before) == 1, f"{fault.name} fits {source.count(fault.before)} places"
    seeded = ModuleType(f"{module.__name__}_with_{fault.name}")
    # Dataclasses look their module up by name.
    sys.modules[seeded.__name__] = seeded
    try:
        exec(compile(source.replace(fault.before, fault.after), module.__file__, "exec"), seeded.__dict__)
        yield seeded
    finally:
        del sys.modules[seeded.__name__]


def finders(module: ModuleType, tables: tuple[Table, ...]) -> list[str]:
    """The tables that fail on a module."""
    found: list[str] = []
    for table in tables:
        try:
            table(module)
        except Exception:
            found.append(table.__name__)
    return found


@pytest.mark.parametrize("fault", PARAMETER_FAULTS, ids=lambda fault: fault.name)
def test_a_fault_in_the_parameters_is_found(fault: Fault) -> None:
    with faulty(parameter, fault) as seeded:
        assert finders(seeded, PARAMETER)


@pytest.mark.parametrize("fault", MEDIA_TYPE_FAULTS, ids=lambda fault: fault.name)
def test_a_fault_in_the_media_types_is_found(fault: Fault) -> None:
    with faulty(media_type, fault) as seeded:
        assert finders(seeded, MEDIA_TYPE)


def test_the_module_itself_passes_when_it_is_loaded_the_same_way() -> None:
    with faulty(parameter, Fault("nothing", "def merged(", "def merged(")) as seeded:
        assert not finders(seeded, PARAMETER)
    with faulty(media_type, Fault("nothing", "def matches(", "def matches(")) as seeded:
        assert not finders(seeded, MEDIA_TYPE)
