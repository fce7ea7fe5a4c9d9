from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def package_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the Marketplace package as the tool makes it now."""
    folder = tmp_path_factory.mktemp("package")
    command = [sys.executable, "-m", "clientsmith", "generate", "spec/marketplace.yaml"]
    command += ["--config", "clientsmith.toml", "--out", str(folder / "twilio_marketplace")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder
