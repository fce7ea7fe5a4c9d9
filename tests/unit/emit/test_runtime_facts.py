"""What the page about the runtime claims is so: what it imports, in which ranges, and what touches the world outside."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from clientsmith.runtime_copy.facts import DEPENDENCIES, DISK, ENVIRONMENT, NETWORK
from clientsmith.runtime_copy.features import FEATURE_OF, FEATURES
from clientsmith.runtime_copy.files import runtime_digest, runtime_files
from clientsmith.runtime_copy.readme import DIGEST_COMMAND

ROOT = Path(__file__).parents[3]
RUNTIME = ROOT / "generator" / "clientsmith" / "runtime"
MODULES = sorted(FEATURE_OF)
_WAITING = {"CancelScope", "sleep", "current_time"}
"""Names of anyio that wait and reach nothing."""
_OF_THE_PROCESS = {
    "os.getpid",
    "os.register_at_fork",
    "os.strerror",
    "os.PathLike",
    "os.fspath",
    "os.fsencode",
    "os.name",
}
"""What may be used of `os` anywhere: names that open nothing and read no variable."""


def tree(module: str) -> ast.Module:
    return ast.parse((RUNTIME / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))


def imported(module: str) -> Iterator[tuple[str, str]]:
    """The outside modules that a module imports, with the name that is taken from each, if one is."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((str(node.module), alias.name) for alias in node.names)


def attributes(module: str, of: str) -> set[str]:
    return {
        node.attr
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == of
    }


def test_every_distribution_that_is_imported_is_listed() -> None:
    names = {name.partition(".")[0] for module in MODULES for name, _ in imported(module)}
    assert names - sys.stdlib_module_names == DEPENDENCIES.keys()


def test_ranges_are_those_of_the_project_and_versions_those_of_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    stated = [*project["dependency-groups"]["package"], *project["project"]["dependencies"]]
    ranges = {re.match(r"[\w-]+", one)[0]: re.sub(r"^[\w-]+", "", one) for one in reversed(stated)}  # type: ignore[index]
    locked = dict(re.findall(r"^([\w-]+)==(\S+)", (ROOT / "locks/package.lock").read_text(), re.MULTILINE))
    for dependency in DEPENDENCIES.values():
        assert dependency.tested == locked[dependency.name]
        if dependency.name in ranges:
            assert dependency.range == ranges[dependency.name]
        else:
            assert re.fullmatch(r"what (httpx|pydantic) requires", dependency.range)


@pytest.mark.parametrize("module", MODULES)
def test_only_the_listed_modules_reach_the_network(module: str) -> None:
    names = {name.partition(".")[0] for name, _ in imported(module)}
    if module in NETWORK:
        assert names & {"socket", "ssl", "httpcore", "anyio", "httpx"}
    else:
        assert not names & {"socket", "ssl", "httpcore", "urllib3", "http", "asyncio.streams"}
        assert attributes(module, "anyio") <= _WAITING
        assert not {
            name for name in attributes(module, "asyncio") if "connection" in name or "server" in name
        }
        assert not [name for name, _ in imported(module) if name in ("urllib.request", "asyncio.streams")]
        assert not attributes(module, "httpx") & {
            "get",
            "post",
            "request",
            "stream",
            "HTTPTransport",
            "AsyncHTTPTransport",
        }


@pytest.mark.parametrize("module", MODULES)
def test_only_the_listed_modules_reach_the_disk(module: str) -> None:
    names = {name for name, _ in imported(module)}
    taken = {name for origin, name in imported(module) if origin in ("pathlib", "os")}
    calls = {
        node.func.id
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    used = {f"os.{name}" for name in attributes(module, "os")} - _OF_THE_PROCESS - {"os.environ"}
    reaches = bool(
        names & {"sqlite3", "shutil", "tempfile", "io", "subprocess"}
        or taken - {"", "PurePath"}
        or "open" in calls
        or used
    )
    assert reaches is (module in DISK), (names, taken, used)


@pytest.mark.parametrize("module", MODULES)
def test_only_the_listed_modules_read_the_environment(module: str) -> None:
    used = attributes(module, "os") & {"environ", "getenv", "environb", "putenv"}
    proxies = {name for origin, name in imported(module) if origin == "urllib.request"}
    assert bool(used or proxies) is (module in ENVIRONMENT)


@pytest.mark.parametrize("features", [("core",), tuple(FEATURES)])
def test_the_digest_is_what_the_command_of_the_page_computes(
    features: tuple[str, ...], tmp_path: Path
) -> None:
    files = runtime_files(features)
    for path, content in files.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (tmp_path / "client/__pycache__").mkdir()
    (tmp_path / "client/__pycache__/call.cpython-311.pyc").write_bytes(b"compiled")
    page = files["README.md"].decode()
    assert DIGEST_COMMAND in page
    assert by_command(tmp_path) == runtime_digest(files)


@pytest.mark.parametrize("planted", ["values/more.py", "values/__pycache__/more.py", "more"])
def test_the_command_of_the_page_sees_links_and_what_is_not_compiled(planted: str, tmp_path: Path) -> None:
    runtime = tmp_path / "runtime"
    (runtime / "values/__pycache__").mkdir(parents=True)
    (runtime / "values/unset.py").write_text("UNSET = 1\n")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/evil.py").write_text("")
    before = by_command(runtime)
    (runtime / planted).symlink_to(tmp_path / ("outside" if planted == "more" else "outside/evil.py"))
    assert by_command(runtime) != before


def by_command(folder: Path) -> str:
    """The digest of a runtime as the command of the page gives it."""
    command = ["sh", "-c", DIGEST_COMMAND]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.split()[0]


def test_the_page_speaks_of_nothing_that_is_left_out() -> None:
    page = runtime_files(["core"])["README.md"].decode()
    assert "sqlite" not in page and "json_schema" not in page
    assert "- **disk**: `http/environment.py`\n" in page
    assert (
        "| `http` | Connections: pools, proxies, base URLs, headers. | network, disk, environment |" in page
    )
