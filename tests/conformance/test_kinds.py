"""Documents of kinds that the suite once was wrong about: right packages are clean, and a fault in that very place is found."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import NamedTuple

import pytest

from clientsmith.conform.model import MODES, Part
from clientsmith.conform.suite import Settings, Suite
from clientsmith.conform.suite_report import expected_cells
from clientsmith.diagnostics.model import Diagnostics
from tests.behavior.packages import package_of
from tests.conformance.suites import fails, faulty

KINDS = {path.stem: path for path in sorted((Path(__file__).parent / "kinds").glob("*.yaml"))}
_PARTS: tuple[Part, ...] = ("surface", "request", "promises", "response", "both-ends")


@functools.cache
def _suite(kind: str) -> Suite:
    package = package_of(KINDS[kind].read_text(encoding="utf-8"))
    settings = Settings(examples=2, parts=_PARTS)
    found = Suite.open(str(KINDS[kind]), str(package.folder), [], Diagnostics(), settings)
    assert found is not None
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_right_package_is_clean_and_every_status_is_looked_at(kind: str) -> None:
    found = _suite(kind)

    failures = [one for unit in found.units for one in unit.run().failures]

    assert not failures, [
        f"{one.operation} {one.id} {one.mode}: {one.message} {one.drawn}" for one in failures
    ]
    assert {cell for cell in expected_cells(found, found.units) if not found.tally.cells.get(cell)} == set()


class Fault(NamedTuple):
    """One text of one file of the package of a kind, and what stands there instead."""

    kind: str
    file: str
    old: str
    new: str


FAULTS = [
    Fault("alternatives", "_client.py", '"oauth", "bearer"', '"oauth", "basic"'),
    Fault("alternatives", "_client.py", '"pair", "basic"', '"pair", "bearer"'),
    Fault("alternatives", "_client.py", 'location="query"', 'location="header"'),
    Fault("alternatives", "_client.py", 'location="cookie"', 'location="query"'),
    Fault("declared", "_response_schemas.py", '"maxLength":9', '"maxLength":90'),
    Fault("decimal_text", "models.py", "    amount: str\n", "    amount: float\n"),
    Fault("dependent", "_request_schemas.py", '"dependentRequired":{"number":["code"]}', '"dependentRequired":{}'),
    Fault("dependent", "_request_schemas.py", '"then":{"required":["plz"]}', '"then":{}'),
    Fault("dependent", "_request_schemas.py", '"maxContains":2', '"maxContains":3'),
    Fault("digest", "resources/d.py", 'security=(("digest",),)', "security=()"),
    Fault("families", "models.py", 'alias="fooValue"', 'alias="xfooValue"'),
    Fault("families", "models.py", 'alias="barValue"', 'alias="xbarValue"'),
    Fault("families", "models.py", 'Literal["card"] | str | None, Field(alias="kindOf")', 'Literal["card"] | str | None, Field(alias="kind")'),
    Fault("families", "models.py", 'alias="bankName"', 'alias="name"'),
    Fault("families", "models.py", 'alias="someText"', 'alias="xsomeText"'),
    Fault("forms", "resources/f.py", 'style="spaceDelimited"', 'style="pipeDelimited"'),
    Fault("forms", "models.py", "    code: int\n", "    code: str\n"),
    Fault("half_open", "models.py", "class MixedInput(OpenRequestModel)", "class MixedInput(RequestModel)"),
    Fault("half_open", "models.py", "class Others(OpenRequestModel)", "class Others(RequestModel)"),
    Fault("half_open", "models.py", "class NoneModel(RequestModel)", "class NoneModel(OpenRequestModel)"),
    Fault("hostless", "resources/h.py", 'path="/b"', 'path="/y/b"'),
    Fault("ids", "models.py", "Annotated[int, Field(ge=3)]", "int"),
    Fault("ids", "models.py", "again: BInput | None", "again: str | None"),
    Fault("included", "models.py", "class Reference(ResponseModel):\n    kind: str", "class Reference(ResponseModel):\n    kind: str | None = None"),
    Fault("included", "models.py", "    title: str", "    title: str | None = None"),
    Fault("included", "models.py", "    row: int", "    row: str"),
    Fault("keys", "_client.py", 'wire="x-other"', 'wire="x-another"'),
    Fault("keys", "_client.py", 'location="header", wire="X-Api-Key"', 'location="query", wire="X-Api-Key"'),
    Fault("lists", "resources/l.py", 'list[Literal["one", "two"]], required=False, style="form", explode=True', 'list[Literal["one", "two"]], required=False, style="form", explode=False'),
    Fault("lists", "resources/l.py", 'style="form", explode=True', 'style="spaceDelimited", explode=False'),
    Fault("lists", "resources/l.py", 'list[str], required=True, style="form"', 'list[str], required=True, style="pipeDelimited"'),
    Fault("many", "resources/many.py", 'Parameter("p16", "query", str', 'Parameter("p61", "query", str'),
    Fault("many", "models.py", "Field(ge=39)", "Field(ge=38)"),
    Fault("mapped", "models.py", "class CashInput(RequestModel):\n    kind: str", "class CashInput(RequestModel):\n    kind: int"),
    Fault("mapped", "models.py", "class OneInput(RequestModel):\n    type: str", "class OneInput(RequestModel):\n    type: str | None = None"),
    Fault("mapped", "models.py", "    till: int | None = None", "    till: str | None = None"),
    Fault("multipart", "resources/parts.py", 'BinaryBody("multipart/related"', 'BinaryBody("multipart/mixed"'),
    Fault("multipart", "_runtime/messages/binary_body.py", "if not content_type", "if content_type"),
    Fault("multipart", "_runtime/messages/binary_body.py", 'boundary="{', 'border="{'),
    Fault("multipart", "resources/parts.py", 'Media("multipart/mixed", "binary", bytes)', 'Media("multipart/mixed", "text", str)'),
    Fault("nested", "models.py", "class Person(ResponseModel):\n    name: str", "class Person(ResponseModel):\n    name: str | None = None"),
    Fault("octets", "resources/blobs.py", 'BinaryBody("application/pdf", bytes', 'BinaryBody("application/octet-stream", bytes'),
    Fault("own_headers", "_client.py", 'wire="api_key"', 'wire="api_kay"'),
    Fault("own_servers", "resources/s.py", 'server="https://other.example.com/v2"', "server=None"),
    Fault("own_servers", "resources/s.py", 'server="https://eu.example.com/v3"', 'server="https://eu.example.com"'),
    Fault("own_servers", "resources/s.py", 'server="https://acme.example.com"', 'server="https://eu.example.com"'),
    Fault("own_servers", "resources/s.py", 'server="https://g.example.com:443/v3"', 'server="https://g.example.com/v3/x"'),
    Fault("patterned", "_runtime/types/by_name.py", "NAMES: _arranged, ", ""),
    Fault("ranges", "resources/r.py", 'Media("application/*", "json", Any)', 'Media("application/*", "binary", bytes)'),
    Fault("ranges", "resources/r.py", 'BinaryBody("image/png"', 'BinaryBody("image/jpg"'),
    Fault("patterned", "models.py", 'ByName({(): Any, ("^x-",): int})', 'ByName({(): int, ("^x-",): int})'),
    Fault("patterned", "models.py", 'ByName({(): Any, ("^x-",): int})', 'ByName({(): Any, ("^x-",): str})'),
    Fault("patterned", "models.py", '("^p",): Decimal})]', '("^p",): str})]'),
    Fault("patterned", "models.py", '("^a",): Box,', '("^a",): bool,'),
    Fault("patterned", "models.py", '("^a",): BoxInput', '("^a",): bool'),
    Fault("patterned", "models.py", '("z$",): BoxesInnerZInput', '("z$",): bool'),
    Fault("read_only", "models.py", "class OtherInput(RequestModel):", "class OtherInput(RequestModel):\n    made: str"),
    Fault("read_only", "models.py", "    id: str", "    id: str | None = None"),
    Fault("selfish", "models.py", "list[TreeInput | str]", "list[TreeInput | int]"),
    Fault("selfish", "models.py", '"Node", str | int', '"Node", str | bool'),
    Fault("server_variables", "resources/v.py", 'method="GET"', 'method="PUT"'),
    Fault("tuples", "models.py", 'tuple[str, FixedItemInput, Literal["x", "y"]]', 'tuple[str, FixedItemInput, str]'),
    Fault("tuples", "models.py", "class FixedItemInput(RequestModel):\n    a: int | None = None", "class FixedItemInput(RequestModel):\n    a: int"),
    Fault("typed", "models.py", "    when: datetime | FormattedStr", "    when: str"),
    Fault("typed", "models.py", "list[date | FormattedStr]", "list[str]"),
    Fault("typed", "models.py", "    id: UuidStr", "    id: FormattedStr"),
    Fault("typed", "models.py", "    lasts: DurationStr", "    lasts: FormattedStr"),
    Fault("typed", "resources/t.py", "datetime.datetime | FormattedStr, required", "str, required"),
    Fault("typed", "resources/t.py", '"host", "query", Ipv6Str', '"host", "query", FormattedStr'),
    Fault("write_only", "models.py", "Annotated[str, Field(min_length=4)]", "str"),
    Fault("write_only", "models.py", "class Account(ResponseModel):\n    name: str", "class Account(ResponseModel):\n    name: str\n    pin: str"),
    Fault("xml", "resources/xml.py", 'BinaryBody("application/xml", bytes', 'BinaryBody("application/json", bytes'),
    Fault("xml", "resources/xml.py", 'Media("application/atom+xml", "binary", bytes)', 'Media("application/atom+xml", "json", str)'),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.kind}: {fault.new.strip()[-50:]}")
def test_a_fault_in_that_place_is_found(fault: Fault, tmp_path: Path) -> None:
    found = _suite(fault.kind)
    copy = faulty(tmp_path, fault.file, fault.old, fault.new, found.package.folder)
    broken = found.with_package(copy)

    assert any(fails(broken, part) for part in ("request", "response", "promises")), fault


@pytest.mark.parametrize(
    ("bound", "lost", "keyword", "changed"),
    [
        ("Field(max_length=9)", "Field(max_length=900)", '"maxLength":9', '"maxLength":900'),
        ("Field(ge=3)", "Field(ge=-300)", '"minimum":3', '"minimum":-300'),
    ],
)
def test_what_lies_beside_a_noted_place_is_no_excuse_from_both_ends(
    bound: str, lost: str, keyword: str, changed: str, tmp_path: Path
) -> None:
    found = _suite("declared")
    copy = faulty(tmp_path / "models", "models.py", bound, lost, found.package.folder)
    copy = faulty(tmp_path / "both", "_request_schemas.py", keyword, changed, copy)
    (unit,) = [one for one in found.with_package(copy).units if one.part == "both-ends"]

    failures = unit.run().failures

    assert {(one.id, one.mode) for one in failures} >= {("invalid-sent", mode) for mode in MODES}
