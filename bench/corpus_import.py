"""Imports every module of one generated package and lists its operations and methods; knows nothing of the tool."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import sys
from pathlib import Path
from types import ModuleType


def modules(folder: Path) -> list[ModuleType]:
    """The package in this folder and all modules below it, imported."""
    sys.path.insert(0, str(folder.parent))
    package = importlib.import_module(folder.name)
    below = pkgutil.walk_packages(package.__path__, f"{folder.name}.")
    return [package, *(importlib.import_module(module.name) for module in below)]


def operations(module: ModuleType, operation: type) -> list[tuple[str, str]]:
    """(method, path template) of every operation that a resource module describes."""
    described = [value for value in vars(module).values() if isinstance(value, operation)]
    return [(str(getattr(value, "method", "")), str(getattr(value, "path", ""))) for value in described]


def methods(module: ModuleType, base: type) -> int:
    """Public methods of the resource classes that this module defines."""
    classes = [
        value
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, base) and value.__module__ == module.__name__
    ]
    return sum(
        inspect.isfunction(member) and not name.startswith("_")
        for value in classes
        for name, member in vars(value).items()
    )


def main() -> None:
    """Print what the package in the folder given holds, as JSON."""
    folder = Path(sys.argv[1])
    loaded = modules(folder)
    runtime = importlib.import_module(f"{folder.name}._runtime")
    resources = [module for module in loaded if module.__name__.startswith(f"{folder.name}.resources")]
    found = {
        "modules": len(loaded),
        "operations": [found for module in resources for found in operations(module, runtime.Operation)],
        "methods": sum(methods(module, runtime.Resource) for module in resources),
        "async_methods": sum(methods(module, runtime.AsyncResource) for module in resources),
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
