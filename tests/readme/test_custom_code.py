"""The example of docs/custom-code.md: it runs, and generation leaves it alone."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import httpx
import pytest

from clientsmith.cli import main as cli

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "custom-code.md").read_text(encoding="utf-8")
CONFIG, CODE = (re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)[0] for kind in ("toml", "python"))
SPEC = (ROOT / "spec" / "marketplace.yaml").read_text(encoding="utf-8")
SID = "XB" + "a" * 32


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for path, text in {
        "src/acme/__init__.py": "",
        CODE.split("\n")[0].removeprefix("# "): CODE,
        "clientsmith.toml": CONFIG,
        "openapi.yaml": SPEC,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert cli.main(["generate", "--quiet"]) == 0
    return tmp_path


def test_the_example_runs_beside_the_package(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(project / "src"))
    try:
        module = importlib.import_module("acme.listings")
        sent: list[bytes] = []

        def answer(request: httpx.Request) -> httpx.Response:
            sent.append(request.read())
            return httpx.Response(200, json={"sid": SID, "pricing": {"body": "Free"}})

        with module.AcmeMarketplace("SK", "secret", transport=httpx.MockTransport(answer)) as client:
            assert client.set_price(SID, "Free") is True
            assert module.price(client.listings.fetch(SID)) == "Free"
        assert b"Pricing=" in sent[0]
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "acme"]:
            del sys.modules[name]
