"""Mini-specs become imported packages here, through the real stages and once each; calls live in `calls`.

Only the models process differs from a run of the command: it stays for the next package, because it is slow to load.
"""

from __future__ import annotations

import atexit
import functools
import importlib.util
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from clientsmith import pipeline
from clientsmith.config.model import Config
from clientsmith.config.request import PackageRequest
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.emit.models.worker import ModelsWorker
from tests.compiled import Loader

_FOLDER = Path(tempfile.mkdtemp(prefix="clientsmith-behavior-"))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
_NUMBERS = itertools.count(1)
SERVER = "https://api.example.com"
_MODELS_SERVER = """
import json, sys
from clientsmith.emit.models.models_worker import answer
out, sys.stdout = sys.stdout, sys.stderr
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), file=out, flush=True)
"""


class LastingWorker(ModelsWorker):
    """A models process that answers any number of requests, so that it loads its library once."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", "-c", _MODELS_SERVER]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        pipe = subprocess.PIPE
        super().__init__(subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment))
        atexit.register(super().close)

    def ask(self, request: str) -> tuple[str, str]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(json.loads(request)).encode() + b"\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().decode(), ""

    def close(self) -> None:
        """It lasts as long as this process does."""


class RememberingWorker(ModelsWorker):
    """Asks the models process once for each text of a request: releases of one document have the same models."""

    def __init__(self) -> None:
        super().__init__(models_worker().process)

    @functools.cache  # noqa: B019 - it lasts as long as this process does
    def ask(self, request: str) -> tuple[str, str]:
        return models_worker().ask(request)

    def close(self) -> None:
        """It lasts as long as this process does."""


@functools.cache
def models_worker() -> LastingWorker:
    """The one models process of all tests."""
    return LastingWorker()


@functools.cache
def remembering_worker() -> RememberingWorker:
    """What remembers the answers of that process."""
    return RememberingWorker()


@dataclass(frozen=True)
class Package:
    """A generated package, imported."""

    module: ModuleType
    folder: Path
    files: Mapping[str, bytes]
    diagnostics: tuple[Any, ...]

    @property
    def models(self) -> Any:
        return self.submodule("models")

    @property
    def errors(self) -> Any:
        """The package itself, for the exceptions and values that it exports."""
        return self.module

    def submodule(self, name: str) -> Any:
        return importlib.import_module(f"{self.module.__name__}.{name}")

    def client_class(self, *, asynchronous: bool = False) -> Any:
        base = getattr(self.submodule("_runtime"), "AsyncClient" if asynchronous else "SyncClient")
        module = self.submodule("_client")
        made = [item for item in vars(module).values() if isinstance(item, type)]
        return next(item for item in made if issubclass(item, base) and item.__module__ == module.__name__)

    @property
    def ids(self) -> set[str]:
        """The ids of everything that generation had to say."""
        return {diagnostic.id for diagnostic in self.diagnostics}


def spec(body: str, *, version: str = "3.1.0", server: str | None = SERVER) -> str:
    """A whole document from what is particular to it."""
    head = f"openapi: {version}\ninfo: {{title: Mini, version: '1'}}\n"
    if server is not None:
        head += f"servers: [{{url: '{server}'}}]\n"
    return head + textwrap.dedent(body)


def both_ways(schemas: str, root: str = "Root", version: str = "3.1.0") -> str:
    """A document whose one operation sends and returns the schema called `root`."""
    media = f"application/json: {{schema: {{$ref: '#/components/schemas/{root}'}}}}"
    return spec(
        "paths:\n  /x:\n    post:\n      operationId: send\n      tags: [things]\n"
        f"      requestBody: {{required: true, content: {{{media}}}}}\n"
        f"      responses: {{'200': {{description: ok, content: {{{media}}}}}}}\n"
        f"components:\n  schemas:\n{schemas}",
        version=version,
    )


def generate(
    documents: Mapping[str, str], config: Config | None = None
) -> tuple[pipeline.Generated | None, Diagnostics, Path]:
    """Run the stages over documents by file name, the first one being the root."""
    folder = _FOLDER / f"spec{next(_NUMBERS)}"
    folder.mkdir()
    for name, text in documents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    diagnostics = Diagnostics()
    root = str(folder / next(iter(documents)))
    request = PackageRequest(root, config or Config(), str(folder / "out"))
    return pipeline.generate(request, models_worker(), diagnostics), diagnostics, folder


@functools.cache
def package_of(text: str) -> Package:
    """The package of one document; a document that is refused fails the test with its diagnostics."""
    return package_from({"openapi.yaml": text})


def package_from(documents: Mapping[str, str], config: Config | None = None) -> Package:
    """The package of a set of documents."""
    generated, diagnostics, folder = generate(documents, config)
    assert generated is not None, [str(found) for found in diagnostics]
    files = dict(generated.tree)
    _write(files, folder / "out")
    name = f"mini_package_{folder.name}"
    share_runtime(files, name)
    module = load(folder / "out", name)
    return Package(module, folder / "out", files, tuple(diagnostics))


_RUNTIMES: dict[frozenset[tuple[str, bytes]], Mapping[str, ModuleType]] = {}
"""Every module of the runtimes that packages here have, by what a runtime is made of."""


def share_runtime(files: Mapping[str, bytes], name: str) -> None:
    """Let a package that is about to be imported have the modules of an equal runtime, which are imported once."""
    runtime = frozenset((path, content) for path, content in files.items() if path.startswith("_runtime/"))
    if runtime not in _RUNTIMES:
        _RUNTIMES[runtime] = _imported(dict(runtime))
    for module, imported in _RUNTIMES[runtime].items():
        sys.modules[f"{name}.{module}"] = imported


def _imported(runtime: Mapping[str, bytes]) -> Mapping[str, ModuleType]:
    """The modules of a runtime by their names in a package: all of them, or a package would import one once more."""
    owner = ModuleType(f"shared_{len(_RUNTIMES)}")
    owner.__path__ = [str(_FOLDER / owner.__name__)]
    sys.modules[owner.__name__] = owner
    _write(runtime, _FOLDER / owner.__name__)
    paths = [
        path.removesuffix(".py").removesuffix("/__init__") for path in sorted(runtime) if path.endswith(".py")
    ]
    names = [path.replace("/", ".") for path in paths]
    return {name: importlib.import_module(f"{owner.__name__}.{name}") for name in names}


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def alone(package: Package) -> Package:
    """The same package with a runtime of its own, whose loggers have its name and which loads what it needs."""
    module = load(package.folder, f"{package.module.__name__}_alone")
    return Package(module, package.folder, package.files, package.diagnostics)


def load(folder: Path, name: str) -> ModuleType:
    """Import a package folder under a name of our choice; its place is on no search path."""
    loader = Loader(name, str(folder / "__init__.py"))
    found = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", loader=loader, submodule_search_locations=[str(folder)]
    )
    assert found is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    loader.exec_module(module)
    return module
