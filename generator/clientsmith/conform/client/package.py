"""A generated package as it is on disk: imported under a name of its own, with the surface its manifest states.

The names that callers use come from the manifest and never from the code, which is what is being tested.
"""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from clientsmith.conform.model import Direction
from clientsmith.input_file import InputFileError, read_file

_NUMBERS = itertools.count(1)
MANIFEST = "_manifest.json"
_SURFACE = "_surface.json"
_SETTINGS = frozenset({"journal", "validation"})
"""Settings of clients that a package has only with a feature of the runtime, or with schemas of answers."""
_RESPONSE_SCHEMAS = "_response_schemas.py"


class PackageError(ValueError):
    """A folder holds no package that can be tested, or one that does not import; `hint` says what to do about it."""

    hint = "generate it: clientsmith generate"


class OtherDocumentError(PackageError):
    """A package was generated from another document than the one that it is tested against."""

    hint = "name the document that it was generated from, or generate it anew: clientsmith generate"


class SharedRuntimeError(PackageError):
    """A package has no runtime of its own; what is tested is imported alone."""

    hint = (
        "test a copy: clientsmith generate with a config that has no [runtime] from, and another --out; "
        "then clientsmith conform --package with that folder"
    )


@dataclass(frozen=True, slots=True)
class CallSurface:
    """How one operation is called: `resource.method`, the media type that it sends, and its arguments.

    `arguments` are by place (`path`, `query`, `header`, `cookie`, `body`) and name on the wire; a body that is one
    argument has an empty name there. `renamed` are those of now by old names of arguments.
    """

    method: str
    media_type: str | None
    arguments: Mapping[str, Mapping[str, str]]
    renamed: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class ClientPackage:
    """An imported package. `declared` are the places of keywords that the client does not check, by direction."""

    folder: str
    module: ModuleType
    document_digest: str
    client: str
    async_client: str
    credentials: Mapping[str, tuple[str, ...]]
    environment: Mapping[str, tuple[tuple[str, ...], ...]]
    operations: Mapping[str, CallSurface]
    renamed: Mapping[str, str]
    """By old name of a method (`resource.method`) that of now."""
    fields: Mapping[str, Mapping[str, str]]
    """By class and name of a field its name on the wire, as the surface of the package states them."""
    left_out: tuple[str, ...]
    declared: Mapping[Direction, frozenset[str]]
    features: frozenset[str]
    settings: frozenset[str]
    prefixes: Mapping[str, str]
    """By security scheme how its credential starts if the caller has to give the whole Authorization header."""
    has_converted_files: bool
    """Whether the manifest has the line ends of Windows, which no generated file has."""
    allows_http: bool
    """Whether its clients take addresses without encryption unless they are told otherwise."""

    def takes(self, setting: str) -> bool:
        """Whether its clients have a setting of that name."""
        return setting not in _SETTINGS or setting in self.settings

    def get(self, name: str) -> Any:
        """What the package exports under a name. Raises PackageError if there is no such thing."""
        try:
            return getattr(self.module, name)
        except Exception as error:
            raise PackageError(
                f"{self.folder}: {name} cannot be imported: {type(error).__name__}: {error}"
            ) from error

    def submodule(self, name: str) -> Any:
        """A module inside the package, such as `_runtime`."""
        return importlib.import_module(f"{self.module.__name__}.{name}")


def open_package(
    folder: str, document_digest: str | None = None, prefixes: Mapping[str, str] | None = None
) -> ClientPackage:
    """Import the package in a folder. Raises PackageError, also if it is not of the document with that digest."""
    manifest, has_converted_files = read_manifest(Path(folder))
    made_from = str(manifest.get("document", ""))
    if document_digest not in (None, made_from):
        digests = f"(sha256 {made_from[:12] or 'unknown'}, not {document_digest:.12})"
        raise OtherDocumentError(f"{folder} was generated from another document than this one {digests}")
    surface, needs = _table(manifest.get("surface"), "surface"), _table(manifest.get("needs"), "needs")
    _check_testable(folder, surface, needs)
    entries = _table(surface.get("operations"), "operations").values()
    features = frozenset(_texts(needs.get("features")))
    has_schemas = _RESPONSE_SCHEMAS in _table(manifest.get("files"), "files")
    return ClientPackage(
        folder=folder,
        document_digest=made_from,
        client=str(surface["client"]),
        async_client=str(surface["async_client"]),
        credentials={key: _texts(names) for key, names in _members(surface, "credentials")},
        environment={
            key: tuple(map(_texts, cast("list[object]", alternatives)))
            for key, alternatives in _members(surface, "environment")
        },
        operations=dict(_operation(_table(entry, "operation"), folder) for entry in entries),
        renamed=_renamed(surface),
        fields=_fields(Path(folder)) if _SURFACE in _table(manifest.get("files"), "files") else {},
        left_out=_texts(surface.get("left_out")),
        declared={
            "request": frozenset(_texts(surface.get("not_enforced"))),
            "response": frozenset(_texts(surface.get("not_checked"))),
        },
        features=features,
        settings=(features & {"journal"}) | frozenset(["validation"] if has_schemas else []),
        prefixes=prefixes or {},
        has_converted_files=has_converted_files,
        allows_http=surface.get("allow_http") is True,
        module=_imported(Path(folder)),
    )


def _check_testable(folder: str, surface: Mapping[str, object], needs: Mapping[str, object]) -> None:
    """Raise PackageError for a package that does not say how it is called, or that has no runtime of its own."""
    if not surface:
        raise PackageError(f"{folder}: its manifest does not say how it is called; generate it anew")
    if needs.get("runtime") is not None:
        shared = f"it shares the runtime of {needs['runtime']}, and only a package with one of its own can be tested"
        raise SharedRuntimeError(f"{folder}: {shared}")


def _operation(entry: Mapping[str, object], folder: str) -> tuple[str, CallSurface]:
    """An operation by its id, which no other one has."""
    if not isinstance(entry.get("id"), str):
        raise PackageError(
            f"{folder}: its manifest does not name the operations by method and path; generate it anew"
        )
    arguments = cast("Mapping[str, Mapping[str, str]]", entry.get("arguments", {}))
    media_type = cast("str | None", entry.get("media_type"))
    return str(entry["id"]), CallSurface(str(entry.get("method")), media_type, arguments, _renamed(entry))


def _renamed(entry: Mapping[str, object]) -> dict[str, str]:
    """Old names with those of now."""
    return {old: str(new) for old, new in _table(entry.get("renamed", {}), "renamed").items()}


def _fields(folder: Path) -> dict[str, dict[str, str]]:
    api = _table(_read(folder / _SURFACE)[0].get("api"), "api", _SURFACE)
    schemas = [_table(one, "schema", _SURFACE) for one in _items(api.get("schemas"))]
    return {str(one.get("name")): dict(_names(one)) for one in schemas}


def _names(schema: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The fields of a class with their names on the wire."""
    for one in _items(schema.get("fields")):
        field = _table(one, "field", _SURFACE)
        yield str(field.get("name")), str(field.get("wire"))


def read_manifest(folder: Path) -> tuple[dict[str, object], bool]:
    """The manifest of a package, and whether its line ends were converted. Raises PackageError."""
    return _read(folder / MANIFEST)


def _read(path: Path) -> tuple[dict[str, object], bool]:
    """An object in a file of a package, and whether its line ends were converted. Raises PackageError."""
    try:
        data = read_file(path)
        read = json.loads(data)
    except InputFileError as error:
        raise PackageError(f"{path} {error}; is this a generated package?") from None
    except (ValueError, RecursionError):
        raise PackageError(f"{path}: it is not JSON; generate the package anew") from None
    return _table(read, "content", path.name), b"\r\n" in data


def _table(value: object, what: str, file: str = MANIFEST) -> dict[str, object]:
    if not isinstance(value, dict):
        raise PackageError(f"the {what} in {file} is not an object; generate the package anew")
    return cast("dict[str, object]", value)


def _members(surface: Mapping[str, object], name: str) -> Iterable[tuple[str, object]]:
    return _table(surface.get(name), name).items()


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, _items(value)))


def _items(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _imported(folder: Path) -> ModuleType:
    """The package under a name that nothing else has, so that several copies can be tested side by side."""
    name = f"clientsmith_conformed_{next(_NUMBERS)}"
    location = folder / "__init__.py"
    found = importlib.util.spec_from_file_location(name, location, submodule_search_locations=[str(folder)])
    if found is None or found.loader is None or not location.is_file():
        raise PackageError(f"{folder}: there is no package here")
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    try:
        found.loader.exec_module(module)
        for part in ("_client", "_runtime", "models"):
            if (folder / f"{part}.py").exists() or (folder / part).is_dir():
                importlib.import_module(f"{name}.{part}")
    except Exception as error:
        raise PackageError(f"{folder}: it does not import: {type(error).__name__}: {error}") from error
    return module
