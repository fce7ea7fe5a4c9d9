"""The example of docs/custom-code.md: it runs, generation leaves it alone, and a new package breaks the lines that are named."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import httpx
import pytest

from clientsmith.cli import main as cli
from clientsmith.custom.check import check_custom
from clientsmith.diagnostics.model import Diagnostics
from tests.behavior.packages import models_worker

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "custom-code.md").read_text(encoding="utf-8")
CONFIG, CODE = (re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)[0] for kind in ("toml", "python"))
SPEC = (ROOT / "spec" / "marketplace.yaml").read_text(encoding="utf-8")
SID = "XB" + "a" * 32


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cli, "start_worker", models_worker)
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


def test_a_new_package_breaks_the_line_that_the_page_names(project: Path) -> None:
    changed = SPEC.replace("Pricing", "Prices").replace("pricing:", "prices:")
    (project / "new.yaml").write_text(changed, encoding="utf-8")
    out = "scratch/twilio_marketplace"
    config = CONFIG.replace("openapi.yaml", "new.yaml")
    (project / "new.toml").write_text(config, encoding="utf-8")
    assert cli.main(["generate", "--config", "new.toml", "--out", out, "--quiet"]) == 0
    place, found = Path("src/acme/twilio_marketplace"), Diagnostics()

    assert check_custom(["src/acme/listings.py"], place, place, Path(out), found) is not None

    shown = [f"{one.place.span}: {one.severity.value}[{one.id}]: {one.message}" for one in found]
    example = re.findall(r"^(src/acme/.*custom-code-broken.*?) \.\.\.$", PAGE, re.MULTILINE)
    assert [line.split(":")[1] for line in shown] == ["13", "19"]
    assert shown[0].startswith(example[0])
