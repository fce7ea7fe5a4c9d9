"""Options of the whole test suite."""

from __future__ import annotations

from collections.abc import Iterator
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings

from clientsmith.cli import main as cli
from tests import compiled
from tests.behavior.packages import models_worker

compiled.install()
# How long an example takes says how busy the machine is: no test fails for that.
settings.register_profile("any-speed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-speed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-cases",
        action="store_true",
        help="write what tests/cases/ give now as what is expected; read the diff before you commit it",
    )


@pytest.fixture(scope="session", autouse=True)
def _one_models_process() -> Iterator[None]:
    """Commands that run in this process share a models process, which makes models anew for each of them."""
    with mock.patch.object(cli, "start_worker", models_worker):
        yield
