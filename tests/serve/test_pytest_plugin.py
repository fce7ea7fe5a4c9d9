"""The fixture `clientsmith_server` as a publisher's own suite uses it, run by pytest inside of pytest."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

# Loaded before the inner runs, which forget what they import: compiled modules cannot be loaded twice.
import clientsmith.serve.fixture  # noqa: F401

pytest_plugins = "pytester"

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "spec" / "marketplace.yaml"
HEAD = """
import httpx
import pytest
from decimal import Decimal

LISTING = "/Listing/XBaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
USAGE = "/InstalledAddOns/XEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Usage"
ITEM = '{"billable_items": [{"sid": "BIaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "quantity": 12.3550}]}'

def call(server, method, path, **more):
    return httpx.request(method, server.url + path, auth=("SK", "secret"), trust_env=False, timeout=60, **more)

def report(server):
    return call(server, "POST", USAGE, content=ITEM, headers={"Content-Type": "application/json"})
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An empty suite that knows the document; installed plugins are left out, ours comes by name."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makeini(f"[pytest]\naddopts = --strict-markers\nclientsmith_spec = {SPEC}\n")
    return pytester


def run(suite: pytest.Pytester, code: str, *arguments: str) -> pytest.RunResult:
    suite.makepyfile(test_suite=HEAD + code)
    return suite.runpytest_inprocess("-p", "clientsmith.pytest_plugin", *arguments)


def test_a_suite_starts_the_server_picks_scenarios_and_asserts_on_what_arrived(
    suite: pytest.Pytester,
) -> None:
    code = """
def test_report(clientsmith_server):
    clientsmith_server.use("not-installed")
    assert report(clientsmith_server).status_code == 404
    clientsmith_server.use(None)
    assert report(clientsmith_server).status_code == 202
    first, second = clientsmith_server.requests
    assert (first.operation, first.method, first.status, second.status) == ("reportUsage", "POST", 404, 202)
    assert first.path == "/v1" + USAGE and clientsmith_server.url.endswith("/v1")
    assert first.parameters == {"InstalledAddOnSid": "XEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}
    assert first.body == {"billable_items": [{"sid": "BI" + "a" * 32, "quantity": Decimal("12.355")}]}
    assert first.header("authorization").startswith("Basic ")
    assert first.raw.body == ITEM.encode()

def test_form(clientsmith_server):
    call(clientsmith_server, "POST", LISTING, data={"Pricing": '{"body": "x"}'})
    assert clientsmith_server.requests[0].body == {"Pricing": {"body": "x"}}

def test_what_breaks_the_document(clientsmith_server):
    assert call(clientsmith_server, "POST", USAGE, json={"billable_items": []}).status_code == 400
    assert call(clientsmith_server, "GET", "/nothing?x=1").status_code == 404
    bad, unknown = clientsmith_server.requests
    assert [one.pointer for one in bad.findings] == ["/billable_items"]
    assert (unknown.operation, unknown.path) == (None, "/v1/nothing")

def test_clear(clientsmith_server):
    clientsmith_server.use("not-installed", "reportUsage")
    clientsmith_server.fault("reset-before-headers@reportUsage")
    with pytest.raises(httpx.TransportError):
        report(clientsmith_server)
    clientsmith_server.clear()
    assert clientsmith_server.requests == []
    assert report(clientsmith_server).status_code == 202
"""
    run(suite, code).assert_outcomes(passed=4)


def test_nothing_is_left_of_an_earlier_test_and_one_server_serves_the_session(suite: pytest.Pytester) -> None:
    code = """
urls = set()

@pytest.mark.parametrize("number", range(3))
def test_fresh(clientsmith_server, number):
    urls.add(clientsmith_server.url)
    assert clientsmith_server.requests == []
    assert report(clientsmith_server).status_code == 202
    clientsmith_server.use("not-installed")
    clientsmith_server.fault("too-many-requests")

def test_one_server():
    assert len(urls) == 1
"""
    run(suite, code).assert_outcomes(passed=4)


def test_markers_choose_scenario_faults_tapes_and_strictness_the_closest_first(
    suite: pytest.Pytester,
) -> None:
    code = f"""
pytestmark = pytest.mark.clientsmith(scenario="not-installed", tape={str(ROOT / "spec" / "recordings")!r})

def test_of_the_module(clientsmith_server):
    assert report(clientsmith_server).status_code == 404

@pytest.mark.clientsmith(scenario="account-mismatch")
def test_of_the_test(clientsmith_server):
    assert report(clientsmith_server).status_code == 403

@pytest.mark.clientsmith(scenario=None, fault=["too-many-requests#1", "server-error:503@reportUsage#2"])
def test_faults(clientsmith_server):
    assert [report(clientsmith_server).status_code for _ in range(3)] == [429, 503, 202]

@pytest.mark.clientsmith(scenario=None, tape=[], strict=True)
def test_strict(clientsmith_server):
    assert report(clientsmith_server).status_code == 501
"""
    run(suite, code).assert_outcomes(passed=4)


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ('spec="missing.yaml"', "missing.yaml does not exist"),
        ('tape="missing.har"', "missing.har does not exist"),
        ('scenario="nope"', "there is no scenario 'nope'; there are: account-mismatch, "),
        ('fault="nope"', "no fault is called 'nope'"),
        (
            'scenarios="not-installed"',
            "the marker clientsmith takes fault, scenario, spec, strict, tape: not scenarios",
        ),
        ('"spec.yaml"', "by name"),
    ],
)
def test_a_mistake_in_a_marker_is_one_message(suite: pytest.Pytester, mark: str, said: str) -> None:
    code = f"""
@pytest.mark.clientsmith({mark})
def test_it(clientsmith_server):
    raise AssertionError
"""
    result = run(suite, code)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*{said.replace('[', '[[]')}*"])
    result.stdout.no_fnmatch_line("*fixture_server.py*")
    result.stdout.no_fnmatch_line("*During handling*")


def test_without_a_document_the_fixture_says_how_to_name_one(suite: pytest.Pytester) -> None:
    suite.makeini("[pytest]\n")
    result = run(suite, "def test_it(clientsmith_server): pass")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*no document: set clientsmith_spec*"])


def test_paths_in_the_settings_count_from_the_root_directory(suite: pytest.Pytester) -> None:
    (suite.path / "api").mkdir()
    (suite.path / "api" / "m.yaml").write_bytes(SPEC.read_bytes())
    (suite.path / "api" / "m.har").write_bytes((ROOT / "spec" / "recordings" / "usages.har").read_bytes())
    suite.makeini(
        "[pytest]\nclientsmith_spec = api/m.yaml\nclientsmith_tapes = api/m.har\nclientsmith_strict = true\n"
    )
    code = "def test_it(clientsmith_server): assert clientsmith_server.service.strict\n"
    run(suite, code, "--rootdir", str(suite.path)).assert_outcomes(passed=1)


def test_the_plugin_imports_nothing_but_pytest_until_a_test_asks() -> None:
    code = (
        "import sys, pytest; before = set(sys.modules); import clientsmith.pytest_plugin;"
        "print(sorted(name for name in set(sys.modules) - before if not name.startswith('clientsmith.pytest_plugin')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['clientsmith']"


def test_every_environment_with_the_tool_has_the_plugin() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["pytest11"] == {"clientsmith": "clientsmith.pytest_plugin"}
