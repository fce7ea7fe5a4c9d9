"""The table of features is right: about the modules there are, about what they import, and about what a package gets."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clientsmith.runtime_copy.features import CORE, FEATURE_OF, FEATURES, with_needs
from clientsmith.runtime_copy.files import public_names, runtime_files, used_features

RUNTIME = Path(__file__).parents[3] / "generator" / "clientsmith" / "runtime"
LISTINGS = {"machinery", "public"}
RENDERED = {"README.md", "identity.py", "machinery.py", "public.py"}
"""Files that depend on the features of the package that they are in."""


def _modules() -> set[str]:
    paths = (path.relative_to(RUNTIME).with_suffix("") for path in RUNTIME.rglob("*.py"))
    return {".".join(path.parts) for path in paths if path.name != "__init__"}


def _imports(module: str) -> Iterator[str]:
    """The modules of the runtime that a module imports, inside of functions and for type checkers too."""
    package = module.split(".")[:-1]
    for node in ast.walk(ast.parse((RUNTIME / f"{module.replace('.', '/')}.py").read_text())):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        base = [*package[: len(package) + 1 - node.level], *(node.module or "").split(".")]
        name = ".".join(part for part in base if part)
        yield from [name] if name in FEATURE_OF else [f"{name}.{alias.name}" for alias in node.names]


def test_each_module_belongs_to_one_feature() -> None:
    listed = [module for feature in FEATURES.values() for module in feature.modules]
    assert sorted(listed) == sorted(_modules())


@pytest.mark.parametrize("module", sorted(FEATURE_OF.keys() - LISTINGS))
def test_a_module_imports_only_what_its_feature_needs(module: str) -> None:
    known = {FEATURE_OF[imported] for imported in _imports(module)}
    assert known <= set(with_needs([FEATURE_OF[module]]))


def test_what_a_feature_says_it_needs_is_imported() -> None:
    for name, feature in FEATURES.items():
        imported = {
            FEATURE_OF[one]
            for module in feature.modules
            if module not in LISTINGS
            for one in _imports(module)
        }
        assert set(feature.needs) == imported - {name}


@pytest.mark.parametrize("feature", FEATURES)
def test_the_runtime_of_one_feature_imports_as_a_whole(feature: str, tmp_path: Path) -> None:
    for path, content in runtime_files([feature]).items():
        file = tmp_path / "runtime" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    modules = sorted(
        FEATURE_OF[module] and module for module in FEATURE_OF if FEATURE_OF[module] in with_needs([feature])
    )
    program = f"import importlib\nfor name in {modules}: importlib.import_module(f'runtime.{{name}}')"
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)


def test_left_out_features_leave_neither_files_nor_folders_nor_names() -> None:
    core, everything = runtime_files([CORE]), runtime_files()
    assert core.keys() < everything.keys()
    assert not [path for path in core if path.startswith(("sqlite/", "json_schema/"))]
    assert "SqliteJournal" in public_names(FEATURES)
    assert not {"SqliteJournal", "JournalError", "InvalidResponseError", "FileContent"} & {
        *public_names([CORE])
    }
    assert all(content == everything[path] for path, content in core.items() if path not in RENDERED)


def test_the_names_that_code_imports_decide_the_features() -> None:
    assert used_features({"a.py": "from ._runtime import UNSET, Settings\n"}) == ("core",)
    lines = "from .._runtime import (\n    UNSET,\n    JournaledClient,\n    MultipartBody,\n)\n"
    assert used_features({"a.py": lines}) == ("core", "encodings", "files", "journal", "multipart")
    assert used_features({"a.py": "from ._runtime import FileContent as _FileContent\n"}) == ("core", "files")
    assert used_features({"a.py": "x = 'from ._runtime import JournaledClient'\n"}) == ("core",)


@pytest.mark.parametrize("head", ["", "# made\n\n"])
@pytest.mark.parametrize("text", ["", 'a "quoted" word\n', '\\"""\n', "x\n" * 100_000])
def test_what_a_document_says_is_no_import(head: str, text: str) -> None:
    said = f"{text}from ._runtime import SqliteJournal\n"
    module = f'{head}"""{said}"""\n\nfrom ._runtime import FileContent\n'
    assert used_features({"a.py": module, "REFERENCE.md": said}) == ("core", "files")
