"""Packages of descriptions under names of their own, which share the runtimes that they need."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from clientsmith.api.model.api import Api
from clientsmith.callers.caller import caller_of
from clientsmith.callers.elements import Caller
from clientsmith.config.model import Config
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.package.manifest import NAME, Needs, read_manifest
from clientsmith.runtime_copy.files import runtime_files, with_shared_runtime
from tests.behavior.packages import generate
from tests.cases.diff.descriptions import opened


@dataclass(frozen=True)
class Side:
    """A description, and the package that it makes under a name of its own."""

    package: str
    document: ResolvedDocument
    api: Api
    needs: Needs

    def caller(self, package: str) -> Caller:
        """What calls everything in this package, as a caller of another one."""
        return caller_of(self.api, package)


class Packages:
    """The packages of all descriptions, each made once, in one folder."""

    def __init__(self, folder: Path, config: Config | None = None) -> None:
        self.folder = folder
        self._config = config
        self._known: dict[str, Side] = {}
        self._runtimes: dict[tuple[str, ...], str] = {}

    def of(self, text: str) -> Side:
        """The side that a description is."""
        if text not in self._known:
            name = f"package_{len(self._known)}"
            generated, diagnostics, _ = generate({"openapi.json": text}, self._config)
            assert generated is not None, [str(one) for one in diagnostics]
            needs = read_manifest(generated.tree[NAME]).needs
            runtime = self._runtime(needs.features)
            for path, content in generated.tree.items():
                if path.endswith(".py") and not path.startswith("_runtime/"):
                    own = with_shared_runtime(content.decode(), runtime)
                    self._write(self.folder / name / path, own.encode())
            self._known[text] = Side(name, opened(text), generated.api, needs)
        return self._known[text]

    def _runtime(self, features: tuple[str, ...]) -> str:
        """The package whose runtime those with these features share, so that it is checked once."""
        name = self._runtimes.setdefault(features, f"runtime_{len(self._runtimes)}")
        if not (self.folder / name).exists():
            self._write(self.folder / name / "__init__.py", b"")
            for path, content in runtime_files(features).items():
                self._write(self.folder / name / "_runtime" / path, content)
        return name

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
