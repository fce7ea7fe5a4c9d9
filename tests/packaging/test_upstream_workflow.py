"""The scheduled job, its page and its command agree: it fetches one document by HTTPS, and compares it with ours."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest

from clientsmith.cli.registry import parse
from clientsmith.config.load import load_config
from clientsmith.diagnostics.model import Diagnostics
from tests.packaging.conftest import ROOT
from tests.packaging.test_ci_files import ACTIONS, load, steps

WORKFLOW = ROOT / ".github" / "workflows" / "upstream.yml"
PAGE = (ROOT / "docs" / "upstream.md").read_text(encoding="utf-8")
PUBLISHED = "https://raw.githubusercontent.com/twilio/twilio-oai/main/spec/yaml/twilio_marketplace_v1.yaml"


def blocks(kind: str) -> list[str]:
    fences = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
    return [text for info, text in fences if info == kind]


@pytest.fixture(params=["ours", "documented"])
def workflow(request: pytest.FixtureRequest) -> Any:
    (documented,) = [text for text in blocks("yaml") if "jobs:" in text]
    return load(WORKFLOW.read_text(encoding="utf-8") if request.param == "ours" else documented)


def commands(workflow: Any) -> Iterator[list[str]]:
    yield from (shlex.split(step["run"]) for step in steps(workflow) if "run" in step)


def test_the_job_runs_once_a_week_and_may_only_read(workflow: Any) -> None:
    ((schedule,),) = [workflow["on"]["schedule"]]
    minute, hour, day, month, weekday = schedule["cron"].split()
    assert minute.isdigit() and hour.isdigit() and (day, month) == ("*", "*") and weekday.isdigit()
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    assert 0 < int(job["timeout-minutes"]) <= 60
    assert "secrets" not in str(workflow) and "pull_request" not in str(workflow["on"])
    assert {step["uses"] for step in job["steps"] if "uses" in step} <= {one.split()[0] for one in ACTIONS}
    assert job["steps"][0]["with"]["persist-credentials"] == "false"
    assert not [step for step in job["steps"] if "${{" in step.get("run", "")]


def test_one_document_is_fetched_and_given_to_the_command(workflow: Any) -> None:
    (fetch,) = [words for words in commands(workflow) if words[0] == "curl"]
    assert {"--fail", "--show-error"} <= set(fetch) and fetch[fetch.index("--proto") + 1] == "=https"
    (words,) = [words for words in commands(workflow) if words[0].endswith("/clientsmith")]
    options = parse(words[1:])
    assert options.command == "upstream" and options.format == "github"
    assert options.official == fetch[fetch.index("--output") + 1]
    assert "continue-on-error" not in str(workflow)


def test_our_job_fetches_what_twilio_publishes() -> None:
    workflow = load(WORKFLOW.read_text(encoding="utf-8"))
    (job,) = workflow["jobs"].values()
    (fetch,) = [words for words in commands(workflow) if words[0] == "curl"]
    assert job["env"] == {"OFFICIAL": PUBLISHED} and fetch[-1] == "$OFFICIAL"
    assert "twilio_marketplace_v1.yaml" in (ROOT / "spec" / "marketplace.yaml").read_text(encoding="utf-8")


def test_document_and_deviations_come_from_our_config(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    config = load_config(None, Diagnostics())
    assert config is not None
    assert (config.document_path, config.deviations) == ("spec/marketplace.yaml", "spec/deviations.yaml")


@pytest.mark.parametrize("line", [line for text in blocks("") for line in text.splitlines()])
def test_documented_commands_parse(line: str) -> None:
    assert parse(shlex.split(line, comments=True)[1:]).command == "upstream"


def test_nothing_names_a_place_of_ours() -> None:
    for text in (WORKFLOW.read_text(encoding="utf-8"), PAGE):
        assert not re.search(r"TODO|FIXME|pypi\.|/home/|/work/|/root/|--index-url", text)
