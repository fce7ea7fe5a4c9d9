"""Other files for the same description: another notation, and several files instead of one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.files.folder import Files
from clientsmith.document.load import Policies, examine
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.document.text.parse import parse
from clientsmith.json_values.codec import Value, write
from diff_operators import Object, without
from diff_places import Tree, member

Opening: TypeAlias = Callable[[Object], ResolvedDocument | None]
_ROOT, _PARTS = "openapi.json", "parts.json"
_SCHEMAS = '"#/components/schemas/'


@dataclass(frozen=True, slots=True)
class _Memory:
    """Files that are nowhere but here."""

    texts: Mapping[str, bytes]
    bounds: str = "the files of a test"

    def contains(self, uri: str) -> bool:
        return uri in self.texts

    def has(self, uri: str) -> bool:
        return uri in self.texts

    def read(self, uri: str) -> bytes:
        return self.texts[uri]

    def shown(self, uri: str) -> str:
        return uri

    def below(self, folder: str, uri: str) -> tuple[Files, str] | None:
        return None


def _read(text: str, name: str, others: Mapping[str, bytes]) -> ResolvedDocument | None:
    diagnostics = Diagnostics()
    document = parse(text.encode(), diagnostics, uri=name, file=name, files=_Memory(others))
    return None if document is None else examine(document, diagnostics, Policies(), validation="none")


def _text(tree: Tree) -> str:
    return write(cast("Value", tree))


def _as_json(tree: Object) -> ResolvedDocument | None:
    return _read(_text(tree), _ROOT, {})


def _as_yaml(tree: Object) -> ResolvedDocument | None:
    """Each member of the root in the flow style of YAML on a line of its own."""
    text = "".join(f"{json.dumps(key)}: {_text(value)}\n" for key, value in tree.items())
    return _read(text, "openapi.yaml", {})


def _in_two_files(tree: Object) -> ResolvedDocument | None:
    """The schemas in a file of their own."""
    schemas = member(tree, "components").get("schemas")
    text = _text(schemas)
    is_closed = (
        text.count('"#/') == text.count(_SCHEMAS) and '"discriminator"' not in text and '"$id"' not in text
    )
    if not schemas or not is_closed or '"discriminator"' in _text(tree):
        return None
    root = _text({**tree, "components": without(tree["components"], "schemas")})
    parts = _text({"components": {"schemas": schemas}})
    return _read(root.replace(_SCHEMAS, f'"{_PARTS}{_SCHEMAS[1:]}'), _ROOT, {_PARTS: parts.encode()})


OPENINGS: Mapping[str, Opening] = {
    "json-instead-of-yaml": _as_json,
    "yaml-instead-of-json": _as_yaml,
    "schemas-in-another-file": _in_two_files,
}
