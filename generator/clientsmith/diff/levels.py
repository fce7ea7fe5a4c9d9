"""Compares two descriptions on the levels that are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from clientsmith.api.builder import build
from clientsmith.api.names.kept import NONE, Names
from clientsmith.api.operations.overrides import without_unknown
from clientsmith.config.model import Config
from clientsmith.diagnostics.model import Diagnostics, Severity
from clientsmith.diff.joined import Description, joined
from clientsmith.diff.model import Change, Level
from clientsmith.diff.released import Released
from clientsmith.diff.wire.compare import compare, compare_wire
from clientsmith.diff.wire.messages.identity import match_operations
from clientsmith.document.resolved import ResolvedDocument


def compare_levels(
    old: ResolvedDocument,
    new: ResolvedDocument,
    config: Config,
    level: str,
    notes: Diagnostics,
    released: Released | None = None,
    kept: Names = NONE,
) -> list[Change]:
    """The changes on the `wire`, for callers (`python`), or on `both` levels.

    The packages of both sides are made with the same config, unless OLD is a `released` one: then NEW has the `kept`
    names. If a side has no package, the changes are those on the wire, and a warning in `notes` says why. A package
    that neither the config nor a release names keeps the import name of OLD: its own is that of the folder to come.
    """
    if level == "wire":
        return compare(old, new)
    before = described(old, config, notes) if released is None else released.described(old, notes)
    after = described(new, config, notes, NONE if released is None else kept)
    if before is not None and after is not None and not _has_package_name(config, kept):
        after = replace(after, api=replace(after.api, package=before.api.package))
    if before is None or after is None:
        changes = compare(old, new)
    else:
        changes = compare_described(before, after, released, is_released=bool(kept.tables))
    return _for_callers(changes) if level == "python" else changes


def _has_package_name(config: Config, kept: Names) -> bool:
    return config.package_name is not None or "package" in kept.tables.get("client", {}).get("", {})


def compare_described(
    old: Description, new: Description, released: Released | None = None, *, is_released: bool = False
) -> list[Change]:
    """The changes on both levels between two documents whose packages are known.

    Without the `released` package both have names by rule; one that `is_released` nevertheless may have others.
    """
    on_wire = compare_wire(old.document, new.document)
    if released is None:
        operations = {one.id: other.id for one, other in match_operations(old.document, new.document).both}
    else:
        new = released.comparable(new)
        operations = released.operations(old, new)
    return joined(on_wire, old, new, operations, has_kept=released is not None, is_released=is_released)


def described(
    document: ResolvedDocument, config: Config, notes: Diagnostics, kept: Names = NONE
) -> Description | None:
    """A document with the model of its package; None, and why in `notes`, if it makes none."""
    found = Diagnostics()
    api = build(document, without_unknown(config, document), found, kept).api
    if api is not None:
        return Description(document, api)
    error = next(one for one in found if one.severity is Severity.ERROR)
    message = f"what callers see was not compared: {document.root.file} makes no package: {error.message}"
    notes.warning("python-not-compared", message, error.place, hint=error.hint)
    return None


def _for_callers(changes: Iterable[Change]) -> list[Change]:
    return [
        replace(change, request=Level.NONE, response=Level.NONE)
        for change in changes
        if change.python is not Level.NONE
    ]
