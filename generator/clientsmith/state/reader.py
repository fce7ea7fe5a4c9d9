"""JSON to a state: every member is looked at, and what is wrong has a pointer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import cast

from clientsmith.document.model import JSON, Pointer
from clientsmith.state.model import FORMAT, VERSION, Release, State, StoredDocument, version_numbers

_DIGEST = re.compile(r"[0-9a-f]{64}")
_MEMBERS = ("format", "release", "names", "aliases", "changelog")


class DamagedError(ValueError):
    """A value of the state is not what clientsmith writes; `pointer` leads to it."""

    def __init__(self, message: str, pointer: Pointer) -> None:
        super().__init__(message)
        self.pointer = pointer


class NewerError(DamagedError):
    """A later clientsmith wrote the state."""


def state_of(tree: JSON) -> State:
    """The state that a JSON value means; raises DamagedError."""
    members = _object(tree, ())
    version = members.get("format")
    if type(version) is int and version > FORMAT:
        message = f"the format of the state is {version}; this clientsmith knows formats up to {FORMAT}"
        raise NewerError(message, ("format",))
    if version != FORMAT:
        raise DamagedError("it does not state a format that clientsmith writes", ("format",))
    _check_members(members, _MEMBERS, ())
    release = members["release"]
    state = State(
        None if release is None else _release(_object(release, ("release",))),
        cast("Mapping[str, object]", _object(members["names"], ("names",))),
        tuple(_list(members["aliases"], ("aliases",))),
        tuple(_list(members["changelog"], ("changelog",))),
    )
    try:
        json.dumps(tree)
    except TypeError:
        raise DamagedError("a number in it has more digits than clientsmith writes", ()) from None
    _check_changelog(state)
    _check_aliases(state)
    return state


def _check_changelog(state: State) -> None:
    """Compare the release with the versions of the entries; what else they hold is read when it is needed."""
    entries = (
        (str(index), cast("Mapping[str, object]", entry).get("version"))
        for index, entry in enumerate(state.changelog)
        if isinstance(entry, dict)
    )
    versions = {
        version: at for at, version in entries if isinstance(version, str) and VERSION.fullmatch(version)
    }
    if not versions:
        return
    if state.release is None:
        raise DamagedError("there is no release, and the changelog has entries", ("release",))
    newest = max(versions, key=version_numbers)
    if version_numbers(newest) > version_numbers(state.version):
        message = f"the entry of {newest} is newer than the last release, which is {state.version}"
        raise DamagedError(message, ("changelog", versions[newest], "version"))
    if state.version not in versions:
        message = f"the changelog has no entry of the last release, {state.version}"
        raise DamagedError(message, ("release", "version"))


def _check_aliases(state: State) -> None:
    """Compare the release with the versions that brought old names; these are read when they are needed."""
    for index, alias in enumerate(state.aliases):
        since = cast("Mapping[str, object]", alias).get("since") if isinstance(alias, dict) else None
        if not isinstance(since, str):
            continue
        at = ("aliases", str(index), "since")
        if not VERSION.fullmatch(since):
            raise DamagedError(f"{since!r:.40} is not a version such as 1.2.3", at)
        if version_numbers(since) > version_numbers(state.version):
            last = "there is no release" if state.release is None else f"the last release is {state.version}"
            raise DamagedError(f"an old name works since {since}, and {last}", at)


def _release(members: Mapping[str, JSON]) -> Release:
    at = ("release",)
    _check_members(members, ("version", "document", "surface", "content"), at)
    version = _text(members["version"], (*at, "version"))
    if not VERSION.fullmatch(version):
        raise DamagedError(f"{version!r:.40} is not a version such as 1.2.3", (*at, "version"))
    content = _text(members["content"], (*at, "content"))
    if not _DIGEST.fullmatch(content):
        raise DamagedError("content is not a digest", (*at, "content"))
    surface = cast("Mapping[str, object]", _object(members["surface"], (*at, "surface")))
    return Release(version, _document(members["document"], (*at, "document")), surface, content)


def _document(value: JSON, at: Pointer) -> StoredDocument:
    members = _object(value, at)
    _check_members(members, ("file", "texts"), at)
    file = _text(members["file"], (*at, "file"))
    texts = _object(members["texts"], (*at, "texts"))
    if file not in texts:
        raise DamagedError(f"there is no text of {file!r:.200}", (*at, "file"))
    return StoredDocument(file, {uri: _joined(lines, (*at, "texts", uri)) for uri, lines in texts.items()})


def _joined(value: JSON, at: Pointer) -> str:
    lines = [_text(line, (*at, str(index))) for index, line in enumerate(_list(value, at))]
    return "\n".join(lines)


def _check_members(members: Mapping[str, JSON], known: tuple[str, ...], at: Pointer) -> None:
    missing = [name for name in known if name not in members]
    if missing:
        raise DamagedError(f"{missing[0]} is missing", at)
    unknown = next((name for name in members if name not in known), None)
    if unknown is not None:
        raise DamagedError(f"it has no member {unknown!r:.80}", (*at, unknown))


def _object(value: JSON, at: Pointer) -> Mapping[str, JSON]:
    if not isinstance(value, dict):
        raise DamagedError(f"{_name(at)} is not an object", at)
    return value


def _list(value: JSON, at: Pointer) -> list[JSON]:
    if not isinstance(value, list):
        raise DamagedError(f"{_name(at)} is not a list", at)
    return value


def _text(value: JSON, at: Pointer) -> str:
    if not isinstance(value, str):
        raise DamagedError(f"{_name(at)} is not text", at)
    return value


def _name(at: Pointer) -> str:
    return f"{at[-1]:.80}" if at else "it"
