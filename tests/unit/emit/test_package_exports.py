"""The root of a package: short, imported on first use, with every public name for programs and for type checkers."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from clientsmith.runtime_copy.features import FEATURES
from clientsmith.runtime_copy.files import public_names
from tests.unit.emit.generated_packages import render_sample, write_package
from tests.unit.emit.sample_api import MARKETPLACE

GENERATED = Path(__file__).parents[3] / "generated"


def run(program: str, folder: Path = GENERATED) -> str:
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("description", ["", "Short.", "A long\n" * 1000, "word " * 10_000])
def test_the_root_of_a_package_has_at_most_60_lines(description: str) -> None:
    files, _ = render_sample(replace(MARKETPLACE, description=description))
    assert files is not None
    assert len(files["__init__.py"].decode().splitlines()) <= 60


def test_importing_the_package_imports_none_of_its_modules_but_its_version() -> None:
    program = "import sys, twilio_marketplace\nprint([name for name in sys.modules if 'pydantic' in name or '_market' in name])"
    assert run(program) == "['twilio_marketplace._version', 'twilio_marketplace']\n"


def test_a_private_or_magic_name_is_refused_without_an_import() -> None:
    program = (
        "import sys, twilio_marketplace as t\n"
        "print(hasattr(t, '_nothing'), hasattr(t, '__wrapped__'), 'pydantic' in sys.modules, hasattr(t, 'Nothing'))"
    )
    assert run(program) == "False False False False\n"


def test_star_import_and_dir_give_every_public_name() -> None:
    program = (
        "from twilio_marketplace import *\nimport twilio_marketplace as t\n"
        "print(sorted(t.__all__) == t.__all__, all(name in globals() for name in t.__all__), {*t.__all__} <= {*dir(t)})\n"
        "print(*t.__all__)"
    )
    checks, names = run(program).splitlines()
    assert checks == "True True True"
    own = {"AsyncMarketplaceClient", "MarketplaceClient", "inputs", "models"}
    features = [name for name in FEATURES if name not in ("base64", "files", "multipart")]
    assert {*names.split()} == {*public_names(features)} | own


def test_a_client_that_is_called_like_a_name_of_the_runtime_comes_first(tmp_path: Path) -> None:
    api = replace(
        MARKETPLACE, package="shadowing", client_class="NotFound", async_client_class="AsyncNotFound"
    )
    write_package(api, tmp_path)
    program = (
        "import shadowing as s\n"
        "print(s.NotFound.__module__, s.Conflict.__module__, s.__all__.count('NotFound'))"
    )
    assert run(program, tmp_path) == "shadowing._client shadowing._runtime.results.status_errors 1\n"
