from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.emit.generated_packages import write_package
from tests.unit.emit.sample_api import MARKETPLACE, ODD


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the packages of both sample APIs."""
    folder = tmp_path_factory.mktemp("generated")
    for api in (MARKETPLACE, ODD):
        write_package(api, folder)
    return folder


@pytest.fixture
def importable(packages: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The same folder, importable for one test and forgotten after it."""
    names = (MARKETPLACE.package, ODD.package)
    own = {name: module for name, module in sys.modules.items() if name.split(".")[0] in names}
    for name in own:
        del sys.modules[name]
    monkeypatch.syspath_prepend(str(packages))
    yield packages
    for name in [name for name in sys.modules if name.split(".")[0] in names]:
        del sys.modules[name]
    sys.modules.update(own)
