"""What a user is told when a template of theirs is wrong; and names that two modules must agree on."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from clientsmith.emit.text.statuses import BASE_ERROR, error_class
from clientsmith.runtime_copy.files import public_names, runtime_files
from tests.packaging.lint_output import unmarked
from tests.unit.emit.generated_packages import render_sample
from tests.unit.emit.sample_api import MARKETPLACE

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("name", "text", "id", "words"),
    [
        ("resource.py.j2", "{% for %}", "template-invalid", "not Jinja2"),
        ("resource.py.j2", "{{ module.nothing }}", "template-invalid", "nothing"),
        ("resource.py.j2", "{{ 1 / 0 }}", "template-invalid", "ZeroDivisionError"),
        ("REFERENCE.md.j2", "{% include 'missing' %}", "template-invalid", "missing"),
        ("resource.py.j2", "def (", "format-failed", "resources/listings.py"),
        ("inputs.py.j2", "return 1", "output-invalid", "inputs.py"),
    ],
)
def test_a_wrong_template_is_a_diagnostic(tmp_path: Path, name: str, text: str, id: str, words: str) -> None:
    (tmp_path / name).write_text(text)

    files, diagnostics = render_sample(MARKETPLACE, str(tmp_path))

    assert files is None
    assert [found.id for found in diagnostics] == [id]
    found = next(iter(diagnostics))
    assert words in found.message
    assert found.hint


def test_an_overridden_template_is_used(tmp_path: Path) -> None:
    (tmp_path / "REFERENCE.md.j2").write_text("{{ page.title }}!")

    files, _ = render_sample(MARKETPLACE, str(tmp_path))

    assert files is not None
    assert unmarked(files["REFERENCE.md"].decode()) == "Twilio Marketplace!"
    assert b"class Listings" in files["resources/listings.py"]


def test_every_error_class_named_in_docstrings_is_exported() -> None:
    named = {error_class(status) for status in [*map(str, range(300, 600)), "3XX", "4XX", "5XX", "default"]}

    assert named | {BASE_ERROR} <= set(public_names(("core",)))


def test_status_classes_are_those_of_the_runtime() -> None:
    table = next(
        node.value
        for node in ast.parse(runtime_files()["results/status_errors.py"]).body
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "_BY_STATUS"
    )
    assert isinstance(table, ast.Dict)
    for key, value in zip(table.keys, table.values, strict=True):
        assert key is not None
        assert error_class(ast.unparse(key)) == ast.unparse(value)


def test_templates_name_their_context_and_stay_short() -> None:
    for path in (ROOT / "templates").glob("*.j2"):
        lines = path.read_text().splitlines()
        assert lines[0].startswith("{# context: clientsmith.emit.templates.views."), path
        assert len(lines) < 100, path
