"""The pytest fixture `clientsmith_server`: the API of a document on 127.0.0.1, for the test suite of whoever calls it.

pytest loads this module in every project of the environment, so nothing but pytest is imported before a test asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

if TYPE_CHECKING:
    from clientsmith.serve.fixture import ClientsmithServer, Servers

_MARKER = (
    "clientsmith(spec=PATH, tape=PATH or [PATH, ...], scenario=NAME, fault=FAULT or [FAULT, ...], strict=BOOL): what "
    "the fixture clientsmith_server serves; paths are relative to the root directory"
)
_ARGUMENTS = frozenset({"spec", "tape", "scenario", "fault", "strict"})


def pytest_addoption(parser: pytest.Parser) -> None:
    """The settings of a whole suite; the marker of a test goes before them."""
    parser.addini(
        "clientsmith_spec", "the OpenAPI document that clientsmith_server serves", type="string", default=""
    )
    parser.addini(
        "clientsmith_tapes", "HAR files, or folders of them, with its answers", type="linelist", default=[]
    )
    parser.addini(
        "clientsmith_strict", "501 where no tape matches, not an example", type="bool", default=False
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(scope="session")
def _clientsmith_servers() -> Iterator[Servers]:
    """The servers of this session, one for each document with its tapes."""
    from clientsmith.serve.fixture import Servers

    servers = Servers()
    yield servers
    servers.close()


@pytest.fixture
def clientsmith_server(
    request: pytest.FixtureRequest, _clientsmith_servers: Servers
) -> Iterator[ClientsmithServer]:
    """A running server as this test, its class or its module is marked; nothing of an earlier test is left in it."""
    options = _options(request)
    spec = str(options.get("spec") or request.config.getini("clientsmith_spec"))
    if not spec:
        pytest.fail(
            'no document: set clientsmith_spec, or mark the test: clientsmith(spec="...")', pytrace=False
        )
    server = _prepared(_clientsmith_servers, request.config, spec, options)
    if isinstance(server, str):
        from clientsmith.characters import escape_lines

        pytest.fail(escape_lines(server), pytrace=False)
    yield server
    server.clear()


def _prepared(
    servers: Servers, config: pytest.Config, spec: str, options: dict[str, object]
) -> ClientsmithServer | str:
    """The server as it was asked for; in its place what is wrong with that."""
    from clientsmith.serve.fixture import FixtureError

    tapes = _listed(options.get("tape", config.getini("clientsmith_tapes")))
    strict = bool(options.get("strict", config.getini("clientsmith_strict")))
    root = config.rootpath
    try:
        server = servers.get(root / spec, tuple(root / tape for tape in tapes), strict=strict)
        server.clear()
        scenario = options.get("scenario")
        if scenario is not None:
            server.use(str(scenario))
        for fault in _listed(options.get("fault", ())):
            server.fault(fault)
    except FixtureError as error:
        return str(error)
    return server


def _options(request: pytest.FixtureRequest) -> dict[str, object]:
    """The arguments of all markers, the closest one to the test first."""
    options: dict[str, object] = {}
    for marker in request.node.iter_markers("clientsmith"):
        unknown = sorted(marker.kwargs.keys() - _ARGUMENTS)
        if marker.args or unknown:
            named = f"not {', '.join(unknown)}" if unknown else "by name"
            pytest.fail(
                f"the marker clientsmith takes {', '.join(sorted(_ARGUMENTS))}: {named}", pytrace=False
            )
        options = {**marker.kwargs, **options}
    return options


def _listed(value: object) -> list[str]:
    if isinstance(value, str | Path):
        return [str(value)]
    return [str(one) for one in cast("Iterable[object]", value)] if isinstance(value, list | tuple) else []
