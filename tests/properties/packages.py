"""Random documents become packages here: the same stages as in a run, with all that does not change kept between them."""

from __future__ import annotations

import itertools
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from clientsmith import pipeline
from clientsmith.config.model import Config
from clientsmith.config.request import PackageRequest
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.package.file_tree import FileTree
from tests.behavior.packages import load, models_worker, share_runtime

_NUMBERS = itertools.count(1)
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def deterministic(examples: int) -> settings:
    """The same examples in every run, however long one takes; a package is too slow to make for a failure to be shrunk."""
    return settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=examples,
        phases=(Phase.generate,),
        suppress_health_check=_SLOW,
    )


def tree_of(document: Any, config: Config | None = None) -> FileTree:
    """The files of a document that has to be accepted."""
    generated = generated_from(document, config)
    return generated.tree


def generated_from(document: Any, config: Config | None = None) -> pipeline.Generated:
    """Everything that generation gives for a document, which is a JSON value or a text."""
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=True)
    with tempfile.TemporaryDirectory(prefix="clientsmith-properties-") as folder:
        path = Path(folder) / "openapi.json"
        path.write_text(text)
        diagnostics = Diagnostics()
        request = PackageRequest(str(path), config or Config(), str(Path(folder) / "out"))
        generated = pipeline.generate(request, models_worker(), diagnostics)
    assert generated is not None, [(found.id, found.message, found.place.pointer) for found in diagnostics]
    return generated


@contextmanager
def imported(files: Mapping[str, bytes]) -> Iterator[ModuleType]:
    """A package, imported for as long as it is needed; the runtime is compiled once for all of them."""
    name = f"random_package_{next(_NUMBERS)}"
    folder = Path(tempfile.mkdtemp(prefix="clientsmith-properties-"))
    try:
        for path, content in files.items():
            target = folder / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        share_runtime(files, name)
        yield load(folder / name, name)
    finally:
        for module in [module for module in sys.modules if module.split(".")[0] == name]:
            del sys.modules[module]
        shutil.rmtree(folder)
