"""What the packaging tests share: the built archives and throw-away environments. Nothing here uses an index."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "generated" / "twilio_marketplace"


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command that has to succeed; its output is shown when it does not."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Path], Path]:
    """Build one kind of archive ("wheel" or "sdist") of a source tree and return its path."""

    def build_archive(kind: str, source: Path) -> Path:
        target = tmp_path_factory.mktemp(kind)
        run(sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", target, cwd=source)
        (archive,) = target.iterdir()
        return archive

    return build_archive


@pytest.fixture(scope="session")
def wheel(build: Callable[[str, Path], Path]) -> Path:
    return build("wheel", ROOT)


@pytest.fixture(scope="session")
def sdist(build: Callable[[str, Path], Path]) -> Path:
    return build("sdist", ROOT)


@pytest.fixture
def bare_environment(tmp_path: Path) -> Path:
    """A new environment without clientsmith that borrows the locked dependencies of the running one."""
    folder = tmp_path / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=tmp_path)
    # A path line makes the packages importable and leaves alone the .pth file of our own editable install among them.
    (site_packages,) = folder.glob("lib/python*/site-packages")
    (site_packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder
