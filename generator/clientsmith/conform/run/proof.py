"""Whether a release was tested with the very runtime, templates and libraries that a package has.

If so, promises that hold whatever the API need no other test. Everything is computed from the files that are there.
"""

from __future__ import annotations

import hashlib
import platform
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, cast

from clientsmith import __version__
from clientsmith.conform.client.package import MANIFEST, read_manifest
from clientsmith.runtime_copy.bytecode import foreign_bytecode
from clientsmith.runtime_copy.features import FEATURES
from clientsmith.runtime_copy.files import runtime_digest, runtime_files, runtime_release

RECORD: Final = Path(__file__).parent.parent / "proven.toml"
"""What the release was tested with; `make proven` writes it."""
TESTED: Final = ("httpx", "httpcore", "h11", "anyio", "pydantic")
"""What the runtime is built on, beside Python."""
DRAWING: Final = ("schemathesis", "hypothesis", "jsonschema-rs")
"""What the inputs and the verdicts of a run come from."""
_RUNTIME = "_runtime"


@dataclass(frozen=True, slots=True)
class Record:
    """The digests of the runtime and of the templates that a release was tested with, and with which libraries."""

    release: str
    runtime: str
    templates: str
    environments: tuple[Mapping[str, str], ...]


def read_record() -> Record:
    """What the release was tested with."""
    tree = tomllib.loads(RECORD.read_text(encoding="utf-8"))
    return Record(tree["release"], tree["runtime"], tree["templates"], tuple(tree["environments"]))


def release_that_proves(folder: Path, features: Iterable[str]) -> str | None:
    """The release that was tested with the runtime of a package and the libraries here; None if anything differs."""
    record, (manifest, is_converted) = read_record(), read_manifest(folder)
    is_proven = (
        not is_converted
        and record.release == __version__ == manifest.get("tool")
        and record.runtime == runtime_release()
        and record.templates == manifest.get("templates")
        and environment() in record.environments
        and set(features) <= FEATURES.keys()
        and files_of(folder / _RUNTIME) == runtime_files(features)
        and _is_as_generated(folder, _digests(manifest))
    )
    return record.release if is_proven else None


def environment() -> dict[str, str]:
    """The versions of Python and of what the runtime is built on."""
    found = {name: _version(name) for name in TESTED}
    return {"python": f"{platform.python_implementation()} {platform.python_version()}"} | found


def versions() -> dict[str, str]:
    """The same with what draws and judges."""
    return environment() | {name: _version(name) for name in DRAWING}


def digest_of_folder(folder: Path) -> str:
    """The digest of a package: the files that its manifest lists, and every other module; not what an editor left."""
    listed = _digests(read_manifest(folder)[0])
    files = files_of(folder).items()
    return runtime_digest(
        {path: data for path, data in files if path in listed or path.endswith((".py", ".json"))}
    )


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a package or its runtime by path, bytecode left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.relative_to(folder).parts
    }


def _is_as_generated(folder: Path, digests: Mapping[str, str]) -> bool:
    """Whether the package has the files that were generated and no others: a call goes through more than the runtime,
    and a folder, a link or bytecode beside a module can take its place."""
    if any(foreign_bytecode(folder.rglob("__pycache__"))):
        return False
    present = {path: hashlib.sha256(data).hexdigest() for path, data in files_of(folder).items()}
    present.pop(MANIFEST, None)
    return present == digests and not any(path.is_symlink() for path in folder.rglob("*"))


def _digests(manifest: Mapping[str, object]) -> Mapping[str, str]:
    """The digests of the files that a manifest lists."""
    return cast("Mapping[str, str]", manifest.get("files", {}))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
