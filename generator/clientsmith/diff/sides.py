"""Opens the two descriptions that are compared: files, standard input, or files of a git revision."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostic, Diagnostics, Severity
from clientsmith.diff.wire.messages.identity import match_operations
from clientsmith.document.files.revision import RevisionPath, at_revision, revision_path
from clientsmith.document.load import Policies, examine
from clientsmith.document.model import Document
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.document.text.parse import is_url, load, load_revision
from clientsmith.input_file import InputFileError, stream_number

_LEFT_OUT = frozenset({"dangling-reference", "invalid-reference", "reference-loop"})
"""What is a warning only if references may lead to nothing."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two descriptions, and what of an invalid one may not have been compared."""

    file: str
    document: ResolvedDocument
    revision: str | None
    """The git revision that it is from; None for a file or a stream."""
    left_out: tuple[Diagnostic, ...]

    @property
    def shown(self) -> str:
        """How a report names it: its file, and what it says of itself, which decides nothing."""
        return f"{self.file} ({self.info('title'):.200} {self.info('version'):.200})"

    def info(self, key: str) -> str:
        """What its Info Object says."""
        info = self.document.node().get("info")
        return "" if info is None else info.text(key)


def open_sides(
    old: str, new: str, policies: Policies, diagnostics: Diagnostics, document: str | None = None
) -> tuple[Side, Side] | None:
    """Both descriptions, named `FILE`, `-` or `REV:path`; `REV:` alone is the file of NEW in that revision.

    `document` is that file if NEW names none: `REV:` or `-`. None after reporting the errors of both.
    """
    if stream_number(old) is not None and stream_number(old) == stream_number(new):
        diagnostics.error(
            "usage", "both sides are standard input", hint="name a file or REV:path for one of them"
        )
        return None
    other = document if _names_no_file(new) else new
    before = open_side(old, other, policies, diagnostics)
    after = open_side(new, other, policies, diagnostics)
    return None if before is None or after is None else (before, after)


def open_side(text: str, other: str | None, policies: Policies, diagnostics: Diagnostics) -> Side | None:
    """A description by its name; a file of that very name wins over a revision. `other` is the file of `REV:` alone.

    None after reporting its errors.
    """
    revision, folder = None if _is_file(text) else revision_path(text), Path()
    if revision is None:
        return _opened(load(text, diagnostics), None, policies, diagnostics)
    if other is None and not revision.path:
        hint = f"name it: {text:.200}openapi.yaml, or document.path in a config"
        diagnostics.error("usage", f"{text:.200} is a revision without a file", hint=hint)
        return None
    other = other or ""
    beside = None if _is_file(other) else revision_path(other)
    if not revision.path and beside is not None:
        revision = replace(revision, path=beside.path)
    elif not revision.path:
        folder = Path(other).parent
        try:
            revision = at_revision(other, revision.revision)
        except InputFileError as error:
            diagnostics.error("unreadable-file", f"{text:.200}{other:.200} {error}", hint=error.hint)
            return None
    return _opened(load_revision(revision, folder, diagnostics), revision, policies, diagnostics)


def note_sides(sides: tuple[Side, Side], diagnostics: Diagnostics) -> None:
    """Note what may not have been compared, and sides that are the same or have nothing to do with each other."""
    for side in sides:
        for found in side.left_out:
            diagnostics.add(found)
    old, new = (side.document for side in sides)
    if {uri: one.text for uri, one in old.documents.items()} == {
        uri: one.text for uri, one in new.documents.items()
    }:
        diagnostics.note("same-document", "both sides are the same document, byte for byte")
        return
    note_different(old, new, diagnostics)


DIFFERENT = "no operation is in both documents: these may be two different APIs"


def note_different(old: ResolvedDocument, new: ResolvedDocument, diagnostics: Diagnostics) -> None:
    """Note that two documents have nothing to do with each other."""
    if are_different(old, new):
        diagnostics.note("different-apis", DIFFERENT, new.root.place(("paths",)))


def are_different(old: ResolvedDocument, new: ResolvedDocument) -> bool:
    """Whether both have operations, and none that is in both."""
    matched = match_operations(old, new)
    return bool(matched.gone and matched.added and not matched.both)


def _names_no_file(text: str) -> bool:
    revision = None if _is_file(text) else revision_path(text)
    return stream_number(text) is not None or (revision is not None and not revision.path)


def _is_file(text: str) -> bool:
    return stream_number(text) is not None or is_url(text) or os.path.lexists(text)


def _opened(
    document: Document | None, revision: RevisionPath | None, policies: Policies, diagnostics: Diagnostics
) -> Side | None:
    if document is None:
        return None
    own = Diagnostics()
    resolved = examine(document, own, policies)
    for found in own:
        if found.severity is Severity.ERROR:
            diagnostics.add(found)
    if resolved is None or own.has_errors:
        return None
    left_out = _left_out(document, own, policies)
    return Side(document.file, resolved, None if revision is None else revision.revision, left_out)


def _left_out(document: Document, found: Diagnostics, policies: Policies) -> tuple[Diagnostic, ...]:
    """What would have been an error had the document not been allowed to be invalid."""
    from clientsmith.document.validation.validate import validate

    strict = Diagnostics()
    if policies.allow_invalid:
        validate(document, strict)
    errors = {(one.id, one.place, one.message) for one in strict if one.severity is Severity.ERROR}
    left_out = Diagnostics()
    for one in found:
        if one.id in _LEFT_OUT or (one.id, one.place, one.message) in errors:
            message = f"compared only as far as it can be read: {one.message}"
            left_out.warning("not-compared", message, one.place, hint=one.hint, related=one.related)
    return tuple(left_out)
