from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def _without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the device holds makes no difference to a process that is killed."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
