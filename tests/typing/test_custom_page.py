"""The example of docs/custom-code.md: a new package breaks the lines that the page names."""

from __future__ import annotations

import re
from pathlib import Path

from clientsmith.cli import main as cli
from clientsmith.custom.check import check_custom
from clientsmith.diagnostics.model import Diagnostics
from tests.readme.test_custom_code import CONFIG, PAGE, SPEC, project

__all__ = ["project"]


def test_a_new_package_breaks_the_line_that_the_page_names(project: Path) -> None:
    changed = SPEC.replace("Pricing", "Prices").replace("pricing:", "prices:")
    (project / "new.yaml").write_text(changed, encoding="utf-8")
    out = "scratch/twilio_marketplace"
    config = CONFIG.replace("openapi.yaml", "new.yaml")
    (project / "new.toml").write_text(config, encoding="utf-8")
    assert cli.main(["generate", "--config", "new.toml", "--out", out, "--quiet"]) == 0
    place, found = Path("src/acme/twilio_marketplace"), Diagnostics()

    assert check_custom(["src/acme/listings.py"], place, place, Path(out), found) is not None

    shown = [f"{one.place.span}: {one.severity.value}[{one.id}]: {one.message}" for one in found]
    example = re.findall(r"^(src/acme/.*custom-code-broken.*?) \.\.\.$", PAGE, re.MULTILINE)
    assert [line.split(":")[1] for line in shown] == ["13", "19"]
    assert shown[0].startswith(example[0])
