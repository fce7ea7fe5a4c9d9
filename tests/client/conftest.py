"""What every test of the client needs: no credentials and no proxies from outside."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [
        name for name in os.environ if name.startswith("TWILIO_") or name.lower().endswith("_proxy")
    ]:
        monkeypatch.delenv(name)
