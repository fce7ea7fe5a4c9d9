"""Servers: of the document, of a path, of an operation; variables, relative ones, none at all."""

from __future__ import annotations

import pytest

from tests.behavior.calls import call
from tests.behavior.packages import package_of, spec

PATHS = """
paths:
  /a/{id}:
    servers: [{url: 'https://path.example.com/p'}]
    get: {operationId: of_path, tags: [s], parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'204': {description: ok}}}
    put: {operationId: of_operation, tags: [s], servers: [{url: 'https://operation.example.com/o/'}], parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'204': {description: ok}}}
  /b:
    get: {operationId: of_document, tags: [s], responses: {'204': {description: ok}}}
  /c:
    get: {operationId: rooted, tags: [s], servers: [{url: /other/v2}], responses: {'204': {description: ok}}}
"""
ONE = """
paths:
  /b: {get: {operationId: get, tags: [s], responses: {'204': {description: ok}}}}
"""


@pytest.mark.parametrize(
    ("method", "arguments", "url"),
    [
        ("of_path", ("1",), "https://path.example.com/p/a/1"),
        ("of_operation", ("1",), "https://operation.example.com/o/a/1"),
        ("of_document", (), "https://api.example.com/v1/b"),
        ("rooted", (), "https://api.example.com/other/v2/c"),
    ],
)
def test_the_nearest_server_counts(method: str, arguments: tuple[str, ...], url: str) -> None:
    document = spec(PATHS, server="https://api.example.com/v1")

    assert str(call(document, f"s.{method}", *arguments).request.url) == url


@pytest.mark.parametrize("method", ["of_path", "of_operation"])
def test_a_base_url_of_the_caller_replaces_every_server(method: str) -> None:
    exchange = call(spec(PATHS), f"s.{method}", "1", settings={"base_url": "https://mine.example.com/x"})

    assert str(exchange.request.url) == "https://mine.example.com/x/a/1"


@pytest.mark.parametrize(
    "base",
    [
        "https://h.example.com",
        "https://h.example.com/",
        "https://h.example.com/a/b",
        "https://h.example.com/a/b/",
        "http://127.0.0.1:8080/x",
        "http://localhost",
        "https://h.example.com:8443/a%20b",
    ],
)
def test_a_base_path_is_kept(base: str) -> None:
    exchange = call(spec(ONE), "s.get", settings={"base_url": base})

    assert str(exchange.request.url) == base.rstrip("/") + "/b"


@pytest.mark.parametrize(
    "server", ["/v1", "v1", "//host.example.com/v1", "{scheme}://x", "ftp://x.example.com", ""]
)
def test_without_an_absolute_server_the_caller_names_one(server: str) -> None:
    package = package_of(spec(f"servers: [{{url: '{server}'}}]\n{ONE}", server=None))

    with pytest.raises(TypeError, match="base_url"):
        call(package, "s.get")
    assert call(package, "s.get", settings={"base_url": "https://x.example.com"}).raw_path == "/b"


def test_no_server_at_all() -> None:
    package = package_of(spec(ONE, server=None))

    with pytest.raises(TypeError, match="base_url"):
        call(package, "s.get")


def test_variables_take_their_defaults() -> None:
    document = spec(
        "servers: [{url: 'https://{region}.example.com:{port}/{base}', variables: {region: {default: eu}, port: {default: '8443'}, base: {default: v2, enum: [v1, v2]}}}, {url: 'https://second.example.com'}]\n" + ONE,
        server=None,
    )  # fmt: skip

    assert str(call(document, "s.get").request.url) == "https://eu.example.com:8443/v2/b"


@pytest.mark.parametrize(
    "base",
    [
        "http://api.example.com",
        "ftp://x",
        "x",
        "",
        "https://",
        "https://u:p@h.example.com",
        "https://h.example.com?q=1",
        "https://h.example.com/a/../b",
    ],
)
def test_a_base_url_that_could_leak_or_mislead_is_refused(base: str) -> None:
    package = package_of(spec(ONE))

    with pytest.raises(package.errors.ConfigurationError):
        call(package, "s.get", settings={"base_url": base})


ODD_PATHS = spec("""
paths:
  /a b/é: {get: {operationId: spaces, tags: [p], responses: {'204': {description: ok}}}}
  /a%20b/%C3%A9: {get: {operationId: encoded, tags: [p], responses: {'204': {description: ok}}}}
  /files/{name}.{ext}: {get: {operationId: dotted, tags: [p], parameters: [{name: name, in: path, required: true, schema: {type: string}}, {name: ext, in: path, required: true, schema: {type: string}}], responses: {'204': {description: ok}}}}
  /v1/things:batchGet: {post: {operationId: colon, tags: [p], responses: {'204': {description: ok}}}}
  /trailing/: {get: {operationId: trailing, tags: [p], responses: {'204': {description: ok}}}}
  /: {get: {operationId: root, tags: [p], responses: {'204': {description: ok}}}}
  /q?fixed=1: {get: {operationId: fixed, tags: [p], parameters: [{name: x, in: query, schema: {type: string}}], responses: {'204': {description: ok}}}}
  /Users('{user-id}')/x($a={a}): {get: {operationId: odata, tags: [p], parameters: [{name: user-id, in: path, required: true, schema: {type: string}}, {name: a, in: path, required: true, schema: {type: string}}], responses: {'204': {description: ok}}}}
""")


@pytest.mark.parametrize(
    ("method", "arguments", "target"),
    [
        ("spaces", (), "/a%20b/%C3%A9"),
        ("encoded", (), "/a%20b/%C3%A9"),
        ("dotted", ("a/b", "tar.gz"), "/files/a%2Fb.tar.gz"),
        ("colon", (), "/v1/things:batchGet"),
        ("trailing", (), "/trailing/"),
        ("root", (), "/"),
        ("odata", ("me's", "1"), "/Users('me%27s')/x($a=1)"),
    ],
)
def test_paths_with_odd_characters(method: str, arguments: tuple[str, ...], target: str) -> None:
    assert call(ODD_PATHS, f"p.{method}", *arguments).request.url.raw_path.decode() == target


def test_a_query_in_a_path_goes_together_with_parameters() -> None:
    assert call(ODD_PATHS, "p.fixed", x="2").query == [("fixed", "1"), ("x", "2")]
    assert call(ODD_PATHS, "p.fixed").query == [("fixed", "1")]
