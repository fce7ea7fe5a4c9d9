"""Finds the Pythons a generated package promises to run on and gives each an environment; runs no test itself.

`make test-env` runs this file: the package index is used there, so that the tests themselves reach loopback only.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "locks" / "package.lock"
VERSIONS = ("3.10", "3.11", "3.12", "3.13")


def found() -> dict[str, Path]:
    """Every supported version present on this machine, with an interpreter that starts."""
    interpreters: dict[str, Path] = {}
    for version in VERSIONS:
        for candidate in _candidates(version):
            if _runs_as(candidate, version):
                interpreters[version] = candidate
                break
    return interpreters


def environment(version: str) -> Path:
    """The interpreter of the environment that belongs to one version, present or not."""
    return _folder(version) / "bin" / "python"


def _candidates(version: str) -> list[Path]:
    on_path = shutil.which(f"python{version}")
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    installed = sorted((pyenv / "versions").glob(f"{version}.*/bin/python"))
    running = [Path(sys.executable)] if version == f"{sys.version_info[0]}.{sys.version_info[1]}" else []
    return [*([Path(on_path)] if on_path else []), *installed, *running]


def _runs_as(interpreter: Path, version: str) -> bool:
    probe = "import sys, venv, ensurepip; print(*sys.version_info[:2], sep='.')"
    try:
        done = subprocess.run(
            [interpreter, "-c", probe], capture_output=True, text=True, check=False, timeout=30
        )
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == version


def _folder(version: str) -> Path:
    return ROOT / f".venv-py{version}"


def _prepare(version: str, interpreter: Path) -> None:
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    stamp = _folder(version) / ".locked"
    if stamp.is_file() and stamp.read_text() == digest:
        return
    sys.stdout.write(f"test-env: creating {_folder(version).name} from locks/{LOCK.name}\n")
    sys.stdout.flush()
    subprocess.run([interpreter, "-m", "venv", "--clear", _folder(version)], check=True)
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r"]
    subprocess.run([environment(version), *install, LOCK], check=True)
    stamp.write_text(digest)


def main() -> None:
    """Bring the environment of every interpreter found up to the lock."""
    for version, interpreter in found().items():
        _prepare(version, interpreter)


if __name__ == "__main__":
    main()
