"""The packages of the sample APIs: imported, called through a mock transport, their examples run."""

from __future__ import annotations

import asyncio
import datetime
import importlib
import inspect
import json
import re
import typing
import warnings
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from clientsmith.api.model.api import Api
from clientsmith.tool_marks import PYTHON_MARKS
from tests.unit.emit.generated_packages import programs, render_sample
from tests.unit.emit.sample_api import MARKETPLACE, ODD

SID = "XB" + "a" * 32
CREDENTIALS = {"api_key": "SK1", "api_secret": "s"}


class Recorder:
    """A mock transport that keeps the last request and gives one answer."""

    def __init__(self, status: int = 200, body: str = "{}", content_type: str = "application/json") -> None:
        self.requests: list[httpx.Request] = []
        self._answer = (status, body, content_type)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        status, body, content_type = self._answer
        headers = {"content-type": content_type} if body else {}
        return httpx.Response(status, text=body, headers=headers)

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self)


def marketplace(recorder: Recorder) -> Any:
    package = importlib.import_module("twilio_marketplace")
    return package.MarketplaceClient(**CREDENTIALS, transport=recorder.transport)


def odd(recorder: Recorder) -> Any:
    package = importlib.import_module("odd_things")
    return package.Client(base_url="https://odd.example.com", transport=recorder.transport)


@pytest.mark.usefixtures("importable")
class TestMarketplace:
    def test_fetch_decodes_the_model(self) -> None:
        recorder = Recorder(body=json.dumps({"sid": SID, "new": 1}))

        listing = marketplace(recorder).listings.fetch(SID)

        assert listing.sid == SID
        assert recorder.requests[0].url.path == f"/v1/Listing/{SID}"
        assert recorder.requests[0].headers["authorization"].startswith("Basic ")

    def test_update_takes_dicts_and_models_alike(self) -> None:
        models = importlib.import_module("twilio_marketplace.models")
        recorder = Recorder()
        client = marketplace(recorder)

        client.listings.update(SID, module_info={"name": "A & B"})
        client.listings.update(SID, module_info=models.ModuleInfoUpdate(name="A & B"))

        first, second = (request.content for request in recorder.requests)
        assert first == second
        assert json.loads(httpx.QueryParams(first.decode())["ModuleInfo"]) == {"name": "A & B"}

    def test_not_modified_is_a_value(self) -> None:
        package = importlib.import_module("twilio_marketplace")

        assert marketplace(Recorder(304, "")).listings.update(SID) == package.NotModified()

    def test_report_keeps_every_digit(self) -> None:
        recorder = Recorder(202, '{"total_submitted": 44.020, "billable_items": []}')
        items = [{"sid": "BI" + "a" * 32, "quantity": Decimal("12.3550")}]

        result = marketplace(recorder).usages.report("XE" + "a" * 32, billable_items=items)

        assert b"12.3550" in recorder.requests[0].content
        assert str(result.total_submitted) == "44.020"

    def test_an_empty_success_is_none(self) -> None:
        assert marketplace(Recorder(204, "")).usages.report("XE" + "a" * 32, billable_items=[]) is None

    def test_a_declared_status_raises_the_class_its_docstring_names(self) -> None:
        package = importlib.import_module("twilio_marketplace")
        client = marketplace(Recorder(404))

        with pytest.raises(package.NotFound):
            client.listings.fetch(SID)
        assert "NotFound: 404" in inspect.getdoc(client.listings.fetch)

    def test_async_client_sends_the_same_bytes(self) -> None:
        package = importlib.import_module("twilio_marketplace")
        recorder = Recorder()

        async def run() -> None:
            async with package.AsyncMarketplaceClient(**CREDENTIALS, transport=recorder.transport) as client:
                await client.listings.update(SID, pricing={"body": "$1"})

        asyncio.run(run())
        marketplace(recorder).listings.update(SID, pricing={"body": "$1"})

        first, second = recorder.requests
        assert (first.url, first.content, first.headers) == (second.url, second.content, second.headers)

    def test_raw_response(self) -> None:
        client = marketplace(Recorder(body='{"sid":"x"}'))

        reply = client.with_response(client.listings.fetch, SID)

        assert (reply.result.sid, reply.response.status) == ("x", 200)


@pytest.mark.usefixtures("importable")
class TestOddThings:
    def test_methods_called_like_types(self) -> None:
        assert odd(Recorder(body='[{"id":"1"}]')).things.list()[0].id == "1"
        assert odd(Recorder(body='{"a":"b"}')).things.dict() == {"a": "b"}
        assert odd(Recorder(body='["a"]')).things.str() == ["a"]
        assert odd(Recorder(body='{"id":"1"}')).things.models().id == "1"

    def test_every_parameter_location(self) -> None:
        recorder = Recorder(204, "")
        since = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)

        with pytest.warns(DeprecationWarning, match="deprecated"):
            result = odd(recorder).things.everything(
                1, "c", since=since, q=["a", "b"], filter={"x": 1}, x_trace="t", session=5,
                json={"kind": "leaf"},
            )  # fmt: skip

        request = recorder.requests[0]
        assert result is None
        assert request.url.host == "odd.example.com"
        assert request.url.params["filter[x]"] == "1"
        assert json.loads(request.url.params["json"]) == {"kind": "leaf"}
        assert request.headers["x-trace"] == "t"
        assert request.headers["cookie"] == "session=5"

    def test_outcomes_without_a_body(self) -> None:
        package = importlib.import_module("odd_things")

        assert odd(Recorder(204, "")).things.not_modified() is None
        assert odd(Recorder(304, "")).things.not_modified() == package.NotModified()

    def test_every_body_codec(self) -> None:
        recorder = Recorder(204, "")
        bodies = odd(recorder).bodies

        bodies.put_alias(tree=[{"kind": "leaf"}])
        bodies.put_alias()
        bodies.put_map(body={"a": {"@id": "1", "class": 2, "self": {"@id": "3"}}})
        bodies.put_money(body=[Decimal("1.10"), 2])
        bodies.put_files(file=("a.txt", b"data"), more=[b"x"], note="n")

        alias, nothing, mapping, money, files = (request.content for request in recorder.requests)
        assert json.loads(alias) == [{"kind": "leaf"}]
        assert nothing == b""
        assert json.loads(mapping) == {"a": {"@id": "1", "class": 2, "self": {"@id": "3"}}}
        assert money.replace(b" ", b"") == b"[1.10,2]"
        assert b'filename="a.txt"' in files

    def test_text_and_binary(self) -> None:
        recorder = Recorder(200, "hello", "text/plain")
        image = Recorder(200, "png", "image/png")

        assert odd(recorder).bodies.put_text(body="é") == "hello"
        assert odd(image).bodies.put_binary(body=b"\x00") == b"png"
        assert recorder.requests[0].content == "é".encode()

    def test_a_client_of_an_api_without_address_wants_one(self) -> None:
        package = importlib.import_module("odd_things")

        with pytest.raises(TypeError, match="base_url"):
            package.Client()

    def test_dict_types_resolve_at_run_time(self) -> None:
        inputs = importlib.import_module("odd_things.inputs")

        for name, value in vars(inputs).items():
            if name.endswith("Dict") and isinstance(value, type):
                assert typing.get_type_hints(value) is not None
        assert inputs.WeirdDict.__required_keys__ == {"@id"}


@pytest.mark.usefixtures("importable")
@pytest.mark.parametrize("name", [MARKETPLACE.package, ODD.package])
def test_every_public_name_is_there(name: str) -> None:
    package = importlib.import_module(name)

    assert all(hasattr(package, public) for public in package.__all__)
    assert {"models", "inputs", "UNSET", "CallOptions", "NotModified", "StatusError"} <= set(package.__all__)
    assert "Operation" not in package.__all__


@pytest.mark.usefixtures("importable")
@pytest.mark.parametrize("name", [MARKETPLACE.package, ODD.package])
def test_annotations_of_the_clients_resolve_at_run_time(name: str) -> None:
    package = importlib.import_module(name)

    for public in (name for name in package.__all__ if name.endswith("Client")):
        client = getattr(package, public)
        assert typing.get_type_hints(client.__init__)["hooks"] == Sequence[package.AttemptHook]
        assert inspect.signature(client, eval_str=True).parameters["hooks"].default == ()


@pytest.mark.parametrize("api", [MARKETPLACE, ODD], ids=lambda api: api.package)
def test_every_example_of_the_reference_page_runs(
    api: Api, importable: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    operations = [operation for resource in api.resources for operation in resource.operations]
    base = httpx.URL(api.base_url or "").path.rstrip("/")
    by_path = {base + re.sub("{.*?}", "XE" + "0" * 32, o.path): o.responses[0] for o in operations}
    by_path["/a/1/.a"] = by_path["/not_modified"] if api is ODD else operations[0].responses[0]
    default = operations[0].responses[0]

    def answer(_: object, request: httpx.Request) -> httpx.Response:
        declared = by_path.get(request.url.path, default)
        if not declared.media:
            return httpx.Response(int(declared.status))
        body = "[]" if request.url.path in ("/list", "/str") else "{}"
        headers = {"content-type": declared.media[0].media_type}
        return httpx.Response(int(declared.status.replace("X", "0")), text=body, headers=headers)

    async def async_answer(_: object, request: httpx.Request) -> httpx.Response:
        return answer(_, request)

    runtime = importlib.import_module(f"{api.package}._runtime")
    monkeypatch.setattr(runtime.PooledTransport, "handle_request", answer)
    monkeypatch.setattr(runtime.AsyncPooledTransport, "handle_async_request", async_answer)
    monkeypatch.setenv("TWILIO_API_KEY", "SK1")
    monkeypatch.setenv("TWILIO_API_SECRET", "s")
    monkeypatch.setenv("ODD_KEY", "k")
    examples = programs((importable / api.package / "REFERENCE.md").read_text())

    assert len(examples) >= 7
    for program in examples:
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            exec(compile(program, "example", "exec"), {"__name__": "__main__"})
    assert "200" in capsys.readouterr().out


def test_two_runs_give_the_same_bytes() -> None:
    assert render_sample(ODD)[0] == render_sample(ODD)[0]


def test_the_runtime_is_copied_byte_for_byte_below_the_marks_for_other_tools(packages: Path) -> None:
    root = Path(__file__).parents[3] / "generator" / "clientsmith" / "runtime"
    copies = packages / "odd_things" / "_runtime"

    rendered = ("identity.py", "machinery.py", "public.py")
    paths = [path for path in sorted(copies.rglob("*.py")) if path.name not in rendered]
    assert len(paths) > 50
    for path in paths:
        source = (root / path.relative_to(copies)).read_text(encoding="utf-8")
        assert path.read_text(encoding="utf-8") == PYTHON_MARKS + source


def test_each_text_of_an_answer_is_read_into_the_field_of_its_name() -> None:
    models = importlib.import_module("twilio_marketplace.models")
    kinds = [kind for kind in map(models.__dict__.get, dir(models)) if isinstance(kind, type)]
    answers = [kind for kind in kinds if issubclass(kind, models.ResponseModel)]
    read = 0
    for kind in answers:
        texts = [name for name, field in kind.model_fields.items() if field.annotation == str | None]
        answer = kind.model_validate({name: f"the {name}" for name in texts})
        assert [getattr(answer, name) for name in texts] == [f"the {name}" for name in texts], kind
        read += len(texts)
    assert read > 25
