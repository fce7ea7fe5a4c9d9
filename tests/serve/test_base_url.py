"""What `serve`, the fixture and the recorder print as their URL is what a client takes as its base URL."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from clientsmith.serve.fixture import Servers
from tests.behavior.packages import package_of, spec
from tests.patience import PATIENCE

PATHS = """
paths:
  /pets: {get: {operationId: list, tags: [pets], responses: {'204': {description: ok}}}}
  /uploads:
    servers: [{url: 'https://uploads.example.com/up'}]
    get: {operationId: uploads, tags: [pets], responses: {'204': {description: ok}}}
"""
SERVERS = {
    "a version": (
        "servers: [{url: 'https://api.example.com/v1'}, {url: 'https://api.example.com/v2'}]",
        "/v1",
    ),
    "a slash at the end": ("servers: [{url: 'https://api.example.com/a/b/'}]", "/a/b"),
    "a variable": ("servers: [{url: 'https://x.example/{v}', variables: {v: {default: v3}}}]", "/v3"),
    "relative": ("servers: [{url: /api}]", "/api"),
    "no path": ("servers: [{url: 'https://api.example.com'}]", ""),
    "a variable without a value": ("servers: [{url: 'https://api.example.com/{v}'}]", ""),
}


def document(servers: str) -> str:
    return spec(PATHS, server=None) + servers + "\n"


@pytest.mark.parametrize("name", SERVERS)
def test_a_client_with_the_url_of_the_fixture_reaches_every_operation(name: str, tmp_path: Path) -> None:
    servers, path = SERVERS[name]
    text = document(servers)
    (tmp_path / "spec.yaml").write_text(text)
    running = Servers()
    try:
        server = running.get(tmp_path / "spec.yaml", (), strict=False)
        assert server.url.endswith(path) and server.url.count("/") == 2 + path.count("/")
        with package_of(text).client_class()(base_url=server.url) as client:
            assert client.pets.list() is None
            assert client.pets.uploads() is None
        assert [one.operation for one in server.requests] == ["list", "uploads"]
        assert [one.path for one in server.requests] == [f"{path}/pets", f"{path}/uploads"]
    finally:
        running.close()


@pytest.mark.parametrize(("upstream", "path"), [("", "/v1"), ("/v1", ""), ("/staging", "/v1"), ("/x/v1", "")])
def test_the_recorder_prints_what_a_client_takes(upstream: str, path: str, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(document(SERVERS["a version"][0]))
    command = [
        sys.executable,
        "-m",
        "clientsmith",
        "record",
        "spec.yaml",
        "--validate-only",
        "--format",
        "json",
    ]
    running = subprocess.Popen(
        [*command, "--upstream", f"http://127.0.0.1:9{upstream}"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    try:
        assert running.stdout is not None
        assert httpx.URL(json.loads(running.stdout.readline())["url"]).path == (path or "/")
    finally:
        running.terminate()
        running.wait(PATIENCE)
