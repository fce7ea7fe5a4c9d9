"""Is the runtime in a package that of this clientsmith? Proven from the files alone, without a document.

A package that shares the runtime of another one is proven by the files and the features of that one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from clientsmith import __version__
from clientsmith.input_file import read_file
from clientsmith.package.folder import list_folder
from clientsmith.package.line_ends import with_lf
from clientsmith.package.manifest import NAME, Needs
from clientsmith.runtime_copy.facts import used_dependencies
from clientsmith.runtime_copy.features import FEATURES
from clientsmith.runtime_copy.files import runtime_digest, runtime_files

FOLDER = "_runtime"
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ComparedRuntime:
    """A runtime beside that of this clientsmith: the digests of both, and the files in which they differ."""

    place: str
    """The package that it is in."""
    features: tuple[str, ...]
    digest: str
    expected: str
    differences: tuple[str, ...] = ()
    converted: tuple[str, ...] = ()
    """The files, by path in the package, that differ in nothing but line ends (CRLF)."""

    @property
    def same(self) -> bool:
        """Whether they are byte for byte the same."""
        return self.digest == self.expected

    @property
    def text(self) -> str:
        """The comparison in one line."""
        if self.same:
            return f"identical to clientsmith {__version__} (sha256 {self.digest})"
        shown = ", ".join(self.differences[:_SHOWN]) or "line ends only"
        more = f" and {len(self.differences) - _SHOWN} more" if len(self.differences) > _SHOWN else ""
        return f"differs from clientsmith {__version__} in {shown}{more} (sha256 {self.digest}, not {self.expected})"


@cache
def needs_of(features: tuple[str, ...], runtime: str | None) -> Needs:
    """What a package with these features needs; `runtime` is the package whose runtime it shares."""
    used = used_dependencies(runtime_files(features)).values()
    return Needs(features, {one.name: {"range": one.range, "tested": one.tested} for one in used}, runtime)


def runtime_facts(compared: ComparedRuntime) -> dict[str, object]:
    """The comparison for a program."""
    return {
        "package": compared.place,
        "features": list(compared.features),
        "same": compared.same,
        "sha256": compared.digest,
        "expected": compared.expected,
        "differences": [*compared.differences, *(f"{path} (line ends)" for path in compared.converted)],
    }


def expected_digest(features: Iterable[str] = FEATURES) -> str:
    """The digest of the runtime of this clientsmith with those features."""
    return runtime_digest(runtime_files(features))


def owner_of(folder: Path, runtime: str) -> Path | None:
    """The folder of the package whose runtime a package shares; None if none is found.

    An absolute name is looked for in every folder above the package, the closest one first.
    """
    name = runtime.lstrip(".")
    dots = len(runtime) - len(name)
    above = list(folder.resolve().parents)
    bases = above[dots - 2 : dots - 1] if dots else above
    places = (base.joinpath(*name.split(".")) for base in bases)
    return next((place for place in places if (place / NAME).is_file()), None)


def compare_runtime(folder: Path, needs: Needs) -> ComparedRuntime:
    """Compare the runtime in a package with that of this clientsmith. Raises OSError."""
    expected = runtime_files(name for name in needs.features if name in FEATURES)
    present = _files(folder / FOLDER)
    unlike = sorted(path for path in expected.keys() & present.keys() if expected[path] != present[path])
    changed = [path for path in unlike if expected[path] != with_lf(present[path])]
    differences = [
        *(f"{path} (changed)" for path in changed),
        *(f"{path} (missing)" for path in expected.keys() - present.keys()),
        *(f"{path} (not ours)" for path in present.keys() - expected.keys()),
    ]
    return ComparedRuntime(
        str(folder),
        needs.features,
        runtime_digest(present),
        runtime_digest(expected),
        tuple(sorted(differences)),
        tuple(f"{FOLDER}/{path}" for path in unlike if path not in changed),
    )


def _files(folder: Path) -> dict[str, bytes]:
    """Every file of a runtime; a link counts as the empty file that it must not be."""
    if not folder.is_dir():
        return {}
    return {
        path: read_file(folder / path) if kind == "file" else b""
        for path, kind in list_folder(folder).entries.items()
    }
