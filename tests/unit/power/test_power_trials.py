"""Trials whose document has moved on reach the suite: the digest in the manifest does not answer for it."""

from __future__ import annotations

import json
from pathlib import Path

from clientsmith.conform.suite import Settings
from power_trials import document_trials

SPEC = "spec/marketplace.yaml"
PACKAGE = "generated/twilio_marketplace"


def test_a_changed_document_is_tried_on_a_package_that_claims_to_be_of_it(tmp_path: Path) -> None:
    ours = json.loads(Path(PACKAGE, "_manifest.json").read_text(encoding="utf-8"))["document"]
    trials = list(document_trials(SPEC, PACKAGE, "clientsmith.toml", Settings(examples=1), complete=False))
    for number, trial in enumerate((trials[0], trials[len(trials) // 2], trials[-1])):
        folder = tmp_path / str(number)
        folder.mkdir()
        (suite,) = trial.suites(folder)
        suite.close()
        assert suite.package.document_digest != ours
