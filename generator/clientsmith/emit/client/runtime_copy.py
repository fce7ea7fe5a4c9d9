"""The runtime as bytes, its licence included: what a package gets a copy of. The tool never imports it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path, PurePosixPath

from clientsmith.emit.client.features import FEATURE_OF, FEATURES, with_needs

_FOLDER = Path(__file__).resolve().parent.parent.parent / "runtime"
_LISTINGS = ("machinery", "public")
_LISTED = re.compile(r"from \.(?P<module>\S+) import (?P<name>\w+) as (?P=name)\n")
_USED = re.compile(r"^from \S*?_runtime import (?:\((?P<lines>[^)]*)\)|(?P<line>.*))$", re.MULTILINE)


def runtime_files(features: Iterable[str] = FEATURES) -> dict[str, bytes]:
    """The modules of some features and of what they need, and the text of the licence: by path, in sorted order.

    All are copied byte for byte; the two modules that list names lose the names of the features that are left out.
    """
    chosen = frozenset(with_needs(features))
    modules = {module.replace(".", "/") for name in chosen for module in FEATURES[name].modules}
    folders = {"", *(str(above) for module in modules for above in PurePosixPath(module).parents)} - {"."}
    paths = {f"{module}.py" for module in modules} | {
        f"{folder}/__init__.py".lstrip("/") for folder in folders
    }
    files = {path: (_FOLDER / path).read_bytes() for path in sorted({*paths, "LICENSE"})}
    for listing in _LISTINGS:
        files[f"{listing}.py"] = _listing(listing, chosen).encode()
    return files


def public_names(features: Iterable[str]) -> list[str]:
    """The names that users of a package with these features meet."""
    return [found["name"] for found in _LISTED.finditer(_listing("public", frozenset(features)))]


def used_features(sources: Mapping[str, str]) -> tuple[str, ...]:
    """The features that the sources of a package need, as the runtime names that they import say."""
    names = {
        entry.split()[0]
        for source in sources.values()
        for found in _USED.finditer(source)
        for entry in (found["lines"] or found["line"]).split(",")
        if entry.strip()
    }
    return with_needs(feature for name, feature in _features_of_names().items() if name in names)


def _listing(name: str, features: frozenset[str]) -> str:
    lines = (_FOLDER / f"{name}.py").read_text(encoding="utf-8").splitlines(keepends=True)
    return "".join(
        line
        for line in lines
        if not (found := _LISTED.match(line)) or FEATURE_OF[found["module"]] in features
    )


@cache
def _features_of_names() -> dict[str, str]:
    listings = [(_FOLDER / f"{name}.py").read_text(encoding="utf-8") for name in _LISTINGS]
    found = [found for listing in listings for found in _LISTED.finditer(listing)]
    return {entry["name"]: FEATURE_OF[entry["module"]] for entry in found}
