"""`_manifest.json`: what a package was made from and the digest of every file in it; no disk access.

Format 1 is canonical JSON (sorted keys, two spaces, a newline at the end) with these members:

- `format`, `tool`: the version of this format, and of clientsmith
- `version`: the release of the package, `__version__`
- `document`, `config`, `templates`, `runtime`, `state`: digests of the inputs (the config's after command-line
  overrides; the state's is empty if nothing was released)
- `versions`: the tools that shape the output
- `files`: path -> SHA-256 of every file but the manifest and those of `parts`
- `parts`: of files of which only parts are generated (`parts`): path -> name and SHA-256 of each part, in order
- `needs`: `features` of the runtime, `packages` (what the runtime imports: range, and version it is tested with), and
  `runtime`, the package whose runtime it shares, or null
- `surface`: how each operation of the document is called in Python (`surface`), for whoever tests the package
- `account`: what became of the members of the document (`lint --account`): `totals`, the same by keyword, and every
  place that is `not_carried_out`, by finding, keyword and direction
- `manifest`: SHA-256 over the canonical JSON of all other members, so that the manifest itself cannot change unseen
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from clientsmith.json_values.canonical import canonical
from clientsmith.package.file_tree import FileTree, path_problem, sha256
from clientsmith.package.line_ends import with_lf
from clientsmith.state.model import UNRELEASED

NAME = "_manifest.json"
FORMAT = 1
_TEXTS = ("tool", "document", "config", "templates", "runtime", "state", "version")
_MEMBERS = frozenset(
    {"format", "manifest", "versions", "files", "parts", "needs", "surface", "account", *_TEXTS}
)
_REQUIRED = frozenset({"format", "manifest", "files"})
"""What the first version of the format had, whatever else was added to it since."""


Parts: TypeAlias = Mapping[str, Mapping[str, str]]
"""The digest of each part by its name, in order, by the path of its file."""


class ManifestError(ValueError):
    """The bytes are not a manifest that clientsmith wrote."""


class NewerManifestError(ManifestError):
    """The manifest was written by a later version of clientsmith."""


class OlderManifestError(ManifestError):
    """An earlier clientsmith wrote the manifest, which is whole; `files` and `parts` are what it lists."""

    def __init__(self, message: str, files: Mapping[str, str], parts: Parts) -> None:
        super().__init__(message)
        self.files = files
        self.parts = parts


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a package is made from: digests (SHA-256, hex) and versions. Equal inputs give equal bytes.

    The digest of the state is empty if there is none; `version` is what the state says of the last release.
    """

    tool: str
    document: str
    config: str
    templates: str
    runtime: str
    versions: Mapping[str, str]
    state: str = ""
    version: str = UNRELEASED

    def facts(self) -> dict[str, str]:
        """Each input under the name that a reader knows it by."""
        facts = {
            "document": self.document,
            "config": self.config,
            "templates": self.templates,
            "runtime": self.runtime,
            "state": self.state or "none",
            "clientsmith": self.tool,
        }
        return facts | dict(sorted(self.versions.items()))


@dataclass(frozen=True, slots=True)
class Needs:
    """What a package needs: see the manifest's member of that name."""

    features: tuple[str, ...] = ()
    packages: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    runtime: str | None = None

    def to_json(self) -> dict[str, object]:
        """As it is in the manifest."""
        packages = {name: dict(facts) for name, facts in self.packages.items()}
        return {"features": list(self.features), "packages": packages, "runtime": self.runtime}


@dataclass(frozen=True, slots=True)
class Manifest:
    """The inputs of a package, the digests of its files by path, its needs; surface and account are plain JSON."""

    inputs: Inputs
    files: Mapping[str, str]
    needs: Needs = field(default_factory=Needs)
    surface: Mapping[str, object] = field(default_factory=dict[str, object])
    account: Mapping[str, object] = field(default_factory=dict[str, object])
    parts: Parts = field(default_factory=dict[str, Mapping[str, str]])

    def to_bytes(self) -> bytes:
        """The canonical JSON of this manifest, its own digest included."""
        body = self._body()
        return canonical(body | {"manifest": sha256(canonical(body))})

    def _body(self) -> dict[str, object]:
        body: dict[str, object] = {
            "format": FORMAT,
            "files": dict(self.files),
            "parts": {path: list(map(list, parts.items())) for path, parts in self.parts.items()},
            "versions": dict(self.inputs.versions),
            "needs": self.needs.to_json(),
            "surface": dict(self.surface),
            "account": dict(self.account),
        }
        return body | {name: getattr(self.inputs, name) for name in _TEXTS}


def with_manifest(
    tree: FileTree,
    inputs: Inputs,
    needs: Needs | None = None,
    surface: Mapping[str, object] | None = None,
    account: Mapping[str, object] | None = None,
) -> FileTree:
    """The tree together with the manifest that describes it."""
    manifest = Manifest(inputs, tree.digests(), needs or Needs(), surface or {}, account or {}, tree.parts)
    return FileTree({**tree, NAME: manifest.to_bytes()}, tree.parts)


def read_manifest(data: bytes) -> Manifest:
    """The manifest in these bytes; raises ManifestError unless they are what `to_bytes` gives, line ends aside."""
    try:
        tree = cast("object", json.loads(data))
    except (ValueError, RecursionError) as error:
        raise ManifestError("it is not JSON") from error
    if not isinstance(tree, dict):
        raise ManifestError("it is not a JSON object")
    members = cast("dict[str, object]", tree)
    version = members.get("format")
    if type(version) is int and version > FORMAT:
        raise NewerManifestError(f"its format is {version}; this clientsmith knows formats up to {FORMAT}")
    if version == FORMAT and _REQUIRED <= members.keys() < _MEMBERS:
        raise _older(members, data)
    if members.keys() != _MEMBERS or version != FORMAT:
        raise ManifestError("its members are not those of a manifest")
    inputs = Inputs(**{name: _text(members[name]) for name in _TEXTS}, versions=_texts(members["versions"]))
    manifest = Manifest(
        inputs,
        _texts(members["files"]),
        _needs(members["needs"]),
        _object(members["surface"]),
        _object(members["account"]),
        _parts(members["parts"]),
    )
    _check_paths([*manifest.files, *manifest.parts])
    try:
        is_ours = manifest.to_bytes() == with_lf(data)
    except RecursionError:
        is_ours = False
    if not is_ours:
        raise ManifestError("its digest does not match its content")
    return manifest


def _older(members: Mapping[str, object], data: bytes) -> ManifestError:
    """What to say of a manifest without members that were added later: that it is older only if its digest is right."""
    missing = ", ".join(sorted(_MEMBERS - members.keys()))
    body = {name: value for name, value in members.items() if name != "manifest"}
    try:
        is_whole = canonical(body | {"manifest": sha256(canonical(body))}) == with_lf(data)
    except RecursionError:
        is_whole = False
    if not is_whole:
        return ManifestError("its digest does not match its content")
    files, parts = _texts(members["files"]), _parts(members.get("parts", {}))
    _check_paths([*files, *parts])
    return OlderManifestError(f"it does not say what this one writes down: {missing}", files, parts)


def _check_paths(files: Iterable[str]) -> None:
    for path in files:
        if path_problem(path) is not None or path == NAME:
            raise ManifestError(f"it lists {path!r}, which is not the path of a generated file")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ManifestError("a member that must be text is not")
    return value


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ManifestError("a member that must be an object is not")
    return cast("dict[str, object]", value)


def _needs(value: object) -> Needs:
    members = _object(value)
    features, runtime = members.get("features"), members.get("runtime")
    if not isinstance(features, list):
        raise ManifestError("a member that must be a list is not")
    packages = {name: _texts(facts) for name, facts in _object(members.get("packages")).items()}
    return Needs(
        tuple(map(_text, cast("list[object]", features))),
        packages,
        None if runtime is None else _text(runtime),
    )


def _parts(value: object) -> dict[str, Mapping[str, str]]:
    """As `Manifest.to_bytes` writes them: pairs in a list, because an object has no order."""
    found: dict[str, Mapping[str, str]] = {}
    for path, pairs in _object(value).items():
        if not isinstance(pairs, list):
            raise ManifestError("a member that must be a list is not")
        found[path] = dict(map(_pair, cast("list[object]", pairs)))
    return found


def _pair(value: object) -> tuple[str, str]:
    match value:
        case [str(name), str(digest)]:
            return name, digest
        case _:
            raise ManifestError("a member that must be a pair of texts is not")


def _texts(value: object) -> dict[str, str]:
    return {path: _text(text) for path, text in _object(value).items()}
