"""Every example on a reference page runs as it stands, whatever the document calls itself and its parts."""

from __future__ import annotations

import keyword
import re
import sys

import httpx
import pytest

from clientsmith.api.model.naming import package_name
from tests.behavior.packages import Package, package_of

DOCUMENT = """
openapi: 3.1.0
info: {{title: '{title}', version: '1'}}
servers: [{{url: 'https://api.example.com'}}]
paths:
  /things/{{{part}}}:
    post:
      operationId: '{part}'
      tags: ['{tag}']
      parameters: [{{name: '{part}', in: path, required: true, schema: {{type: string}}, example: x}}]
      requestBody:
        required: true
        content:
          application/json:
            schema: {{$ref: '#/components/schemas/{schema}'}}
            example: {{'{part}': one, count: 2}}
      responses: {{'200': {{description: ok, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{schema}'}}}}}}}}}}
components:
  schemas:
    '{schema}':
      type: object
      required: ['{part}']
      properties: {{'{part}': {{type: string}}, count: {{type: integer}}}}
"""
NAMES = [
    ("class", "class", "class", "None"), ("async", "async", "await", "True"), ("self", "type", "match", "import"),
    ("3D", "2D", "1D", "3D"), ("asyncio", "print", "print", "asyncio"), ("decimal", "lambda", "lambda", "date"),
    ("Sync", "main", "reply", "Client"),
]  # fmt: skip


def blocks(package: Package) -> list[str]:
    """The programs on the reference page."""
    page = package.files["REFERENCE.md"].decode()
    return re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("title", "tag", "part", "schema"), NAMES, ids=[names[0] for names in NAMES])
def test_the_examples_of_a_document_run(
    title: str, tag: str, part: str, schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = DOCUMENT.format(title=title, tag=tag, part=part, schema=schema)
    package = package_of(text)
    name = package_name(title or "API")
    arrived: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        arrived.append(request.method)
        return httpx.Response(200, json={part: "one", "count": 2})

    async def answer_in_time(request: httpx.Request) -> httpx.Response:
        return answer(request)

    runtime = package.submodule("_runtime")
    monkeypatch.setattr(runtime.PooledTransport, "handle_request", lambda _, request: answer(request))
    monkeypatch.setattr(
        runtime.AsyncPooledTransport, "handle_async_request", lambda _, request: answer_in_time(request)
    )
    monkeypatch.setitem(sys.modules, name, package.module)
    programs = [block for block in blocks(package) if re.search(r"^from ", block, re.MULTILINE)]
    assert len(programs) >= 5 and all(f"from {name} import" in program for program in programs)
    for program in programs:
        exec(compile(program, "REFERENCE.md", "exec"), {"__name__": "__main__"})
    assert len(arrived) == len(programs)


@pytest.mark.parametrize(
    "word", [*keyword.kwlist, *keyword.softkwlist, "cgi", "json", "httpx", "2 fast", "", "!", "ß"]
)
def test_a_package_is_called_what_can_be_imported_and_is_not_taken(word: str) -> None:
    name = package_name(word)
    assert name.isidentifier() and not keyword.iskeyword(name) and name not in sys.stdlib_module_names
    assert name not in ("httpx", "cgi") and package_name(name) == name
