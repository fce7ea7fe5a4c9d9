"""The runtime as bytes, its licence included: what a package gets a copy of. The tool never imports it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path, PurePosixPath

from clientsmith.runtime_copy.features import FEATURE_OF, FEATURES, with_needs
from clientsmith.runtime_copy.readme import runtime_readme
from clientsmith.tool_marks import marked

_FOLDER = Path(__file__).resolve().parent.parent / "runtime"
_LISTINGS = ("machinery", "public")
_LISTED = re.compile(r"from \.(?P<module>\S+) import (?P<name>\w+) as (?P=name)\n")
_USED = re.compile(r"^from \S*?_runtime import (?:\((?P<lines>[^)]*)\)|(?P<line>.*))$", re.MULTILINE)
_DOCSTRING = re.compile(r'\A(?:#[^\n]*\n|\s)*r?"""(?:[^"\\]|\\.|"(?!""))*"""', re.DOTALL | re.ASCII)
"""The docstring of a module: text of a document in it is no import, whatever it says."""

_OWN = re.compile(r'^(?P<before>\s*from |.*\bimport_module\(")(?P<dots>\.+)_runtime(?=[ .])', re.MULTILINE)


def runtime_files(features: Iterable[str] = FEATURES) -> dict[str, bytes]:
    """The modules of some features and of what they need, the text of the licence and a page about them, by path.

    All modules are copied byte for byte below the marks for other tools, but for three: those that list names lose the
    names of the features that are left out, and `identity.py` says which runtime it is.
    """
    return dict(_copied(frozenset(with_needs(features))))


@cache
def _copied(chosen: frozenset[str]) -> Mapping[str, bytes]:
    modules = {module.replace(".", "/") for name in chosen for module in FEATURES[name].modules}
    folders = {"", *(str(above) for module in modules for above in PurePosixPath(module).parents)} - {"."}
    paths = {f"{module}.py" for module in modules} | {
        f"{folder}/__init__.py".lstrip("/") for folder in folders
    }
    files = {path: (_FOLDER / path).read_bytes() for path in sorted(paths)}
    for listing in _LISTINGS:
        files[f"{listing}.py"] = _listing(listing, chosen).encode()
    files["identity.py"] = _identity(files["identity.py"], sorted(chosen))
    files["README.md"] = runtime_readme(sorted(chosen), files).encode()
    files["LICENSE"] = (_FOLDER / "LICENSE").read_bytes()
    return _marked(files)


def _marked(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: marked(path, files[path].decode()).encode() for path in sorted(files)}


def runtime_digest(files: Mapping[str, bytes]) -> str:
    """The digest of a runtime, as `DIGEST_COMMAND` computes it from the files on disk."""
    paths = sorted(files, key=str.encode)
    lines = [f"{hashlib.sha256(files[path]).hexdigest()}  ./{path}\n" for path in paths]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@cache
def runtime_release() -> str:
    """The digest of all modules of this version with their marks, before any copy is made: of every feature, and the
    same for every package."""
    paths = _FOLDER.rglob("*.py")
    modules = {path.relative_to(_FOLDER).as_posix(): path.read_bytes() for path in paths}
    return runtime_digest(_marked(modules))


def public_names(features: Iterable[str]) -> list[str]:
    """The names that users of a package with these features meet."""
    return [found["name"] for found in _LISTED.finditer(_listing("public", frozenset(features)))]


def used_features(sources: Mapping[str, str]) -> tuple[str, ...]:
    """The features that the sources of a package need, as the runtime names that they import say."""
    names = {
        entry.split()[0]
        for path, source in sources.items()
        if path.endswith(".py")
        for found in _USED.finditer(_DOCSTRING.sub("", source, count=1))
        for entry in (found["lines"] or found["line"]).split(",")
        if entry.strip()
    }
    return with_needs(feature for name, feature in _features_of_names().items() if name in names)


def with_shared_runtime(source: str, shared: str) -> str:
    """The source of a module that imports the runtime of another package in place of its own."""

    def moved(found: re.Match[str]) -> str:
        above = found["dots"][1:] if shared.startswith(".") else ""
        return f"{found['before']}{above}{shared}._runtime"

    return _OWN.sub(moved, source)


def _identity(source: bytes, features: list[str]) -> bytes:
    text = source.decode().replace('"unreleased"', f'"{runtime_release()}"')
    listed = "".join(f'    "{name}",\n' for name in features)
    return text.replace("= ()", f"= (\n{listed})").encode()


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
