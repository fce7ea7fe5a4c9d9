"""The one way to open a document: read, validated, every reference found, as far as the policies of a run allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from clientsmith.diagnostics.model import NOWHERE, Diagnostics, Place
from clientsmith.document.files.folder import FolderFiles
from clientsmith.document.listed_values import correct_spellings
from clientsmith.document.model import Document
from clientsmith.document.references.resolve import resolve
from clientsmith.document.references.targets import local_uri
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.document.text.parse import load

Validation: TypeAlias = Literal["none", "root", "all"]
"""`none`: known to be valid; `root`: stop if the first file is invalid; `all`: find what can be found in every file."""


@dataclass(frozen=True, slots=True)
class Policies:
    """What a run accepts of a document although it is refused by default."""

    allow_invalid: bool = False
    """Violations of the OpenAPI specification are warnings, and so are references that lead to nothing."""
    skip_unsupported: bool = False
    """References that lead to nothing are warnings; the operations that need them are not supported."""
    allow_remote_refs: bool = False
    """Documents of public hosts are fetched."""
    remote_hosts: tuple[str, ...] = ()
    """Hosts whose documents are fetched wherever these hosts are."""
    root: str | None = None
    """The folder that files of the description may be below; without it that of the document."""
    root_place: Place = NOWHERE
    """Where the config names it."""
    overlapping: Mapping[str, Place] = field(default_factory=dict[str, Place])
    """Where `oneOf`s are of which a value may fit several members, each with its place in the config."""


STRICT = Policies()


def open_document(
    path: str | Path,
    diagnostics: Diagnostics,
    policies: Policies = STRICT,
    *,
    validation: Validation = "root",
) -> ResolvedDocument | None:
    """The document at `path` (`-` is stdin), ready to be worked with; None after reporting why it is not."""
    document = load(path, diagnostics)
    return None if document is None else examine(document, diagnostics, policies, validation=validation)


def examine(
    document: Document,
    diagnostics: Diagnostics,
    policies: Policies = STRICT,
    *,
    validation: Validation = "root",
) -> ResolvedDocument | None:
    """The same for a document that has been read."""
    # Imported here: the published schema is loaded with it, and a check of digests does not validate.
    if validation != "none":
        from clientsmith.document.validation.validate import validate

        validate(document, diagnostics, allow_invalid=policies.allow_invalid)
        if validation == "root" and diagnostics.has_errors:
            return None
    if policies.root is not None and not _move_into(policies.root, document):
        message = f"{policies.root} is not a folder that {document.file} is below"
        diagnostics.error("config-bad-value", f"document.root: {message}", policies.root_place)
        return None
    resolved = resolve(
        document,
        diagnostics,
        allow_remote=policies.allow_remote_refs,
        remote_hosts=policies.remote_hosts,
        allow_dangling=policies.allow_invalid,
        skip_broken=policies.skip_unsupported,
    )
    if resolved is None:
        return None
    for reference, place in policies.overlapping.items():
        if not resolved.let_overlap(reference):
            message = f"{reference!r:.200} is not the place of a oneOf in the document"
            diagnostics.error("config-unknown-name", message, place)
    if validation == "all":
        from clientsmith.document.validation.validate import validate_parts

        validate_parts(resolved, diagnostics, allow_invalid=policies.allow_invalid)
    correct_spellings(resolved, diagnostics)
    return resolved


def _move_into(root: str, document: Document) -> bool:
    """Whether a document is below that folder, which its URI starts at from then on."""
    files = document.files or FolderFiles.beside(Path(document.uri), document.file)
    moved = files.below(root, document.uri)
    if moved is None:
        return False
    document.files, document.uri = moved[0], local_uri(moved[1])
    return True
