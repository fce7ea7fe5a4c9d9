"""The modules that read schemas, as they are or with one fault in their text, loaded beside each other."""

from __future__ import annotations

import itertools
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from clientsmith import jsonschema
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Document, Node
from clientsmith.document.references.resolve import resolve

MODULES = ("bounds", "keywords", "shape", "reader", "branches")
"""In the order of their imports."""
_FOLDER = Path(jsonschema.__file__).parent
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Fault:
    """A text of one module and what takes its place."""

    module: str
    text: str
    fault: str


@dataclass(frozen=True)
class Floor:
    """Modules by name."""

    modules: dict[str, ModuleType]

    def reader(self, version: str, schemas: dict[str, Any]) -> tuple[Any, Node]:
        """A reader of a document that has the schemas as its components, and the one called `Root`."""
        tree: Any = {
            "openapi": version,
            "info": {"title": "Schemas", "version": "1"},
            "paths": {},
            "components": {"schemas": schemas},
        }
        found = resolve(Document("spec.json", "spec.json", b"", tree), Diagnostics())
        assert found is not None
        return self.modules["reader"].SchemaReader(found), found.node("/components/schemas/Root")

    def branches(self, reader: Any) -> Any:
        """What reads branches with that reader."""
        return self.modules["branches"].Branches(reader)


def loaded(fault: Fault | None = None) -> Floor:
    """The modules under names of their own; a fault has to fit exactly once."""
    package = f"schemas_read_{next(_NUMBERS)}"
    modules: dict[str, ModuleType] = {}
    for name in MODULES:
        source = (_FOLDER / f"{name}.py").read_text(encoding="utf-8")
        if fault is not None and fault.module == name:
            assert source.count(fault.text) == 1, f"the fault no longer fits {name}: {fault.text}"
            source = source.replace(fault.text, fault.fault)
        names = "|".join(MODULES)
        source = re.sub(rf"clientsmith\.jsonschema\.({names})\b", rf"{package}.\1", source)
        module = modules[name] = sys.modules[f"{package}.{name}"] = ModuleType(f"{package}.{name}")
        sys.modules.setdefault(package, ModuleType(package))
        exec(compile(source, f"{package}/{name}.py", "exec"), module.__dict__)
    return Floor(modules)
