"""A package that was released, as the old side for callers: what it says of itself, not what its document makes now."""

from __future__ import annotations

from dataclasses import dataclass, replace

from clientsmith.api.model.api import Api
from clientsmith.api.surface.surface import Surface
from clientsmith.diagnostics.model import Diagnostics, Place, Span
from clientsmith.diff.joined import Description
from clientsmith.diff.wire.messages.identity import match_operations
from clientsmith.document.operations import bare_template
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.openapi.identity import OperationKey, match
from clientsmith.openapi.server import base_path

_HINT = "name a package that this clientsmith generated from the released document"


@dataclass(frozen=True, slots=True)
class Released:
    """A package, and its typed surface; one that an earlier clientsmith generated has none.

    `document` is the digest of the document that it was made from, `old` that of OLD. `file` is where messages about
    the package lead to.
    """

    folder: str
    file: str
    document: str
    old: str
    surface: Surface | None

    def described(self, old: ResolvedDocument, notes: Diagnostics) -> Description | None:
        """OLD with the model of the package; notes say what is not compared, and if the package is not that of OLD."""
        place = Place(span=Span(self.file, 1, 1))
        if self.document != self.old:
            message = (
                f"{self.folder} was not generated from {old.root.file}, with which the wire is compared: the digest of "
                f"its document is {self.document[:12]}, and {self.old[:12]} is that of OLD"
            )
            hint = "name the document that was released as OLD, or the package that was generated from OLD"
            notes.warning("package-of-another-document", message, place, hint=hint)
        if self.surface is None:
            message = f"what callers see was not compared: {self.folder} has no typed surface"
            notes.warning("python-not-compared", message, place, hint=_HINT)
            return None
        if self.surface.lacking:
            message = f"not compared, as {self.folder} does not say it: {', '.join(self.surface.lacking)}"
            notes.warning("older-surface", message, place, hint=_HINT)
        return Description(old, self.surface.api)

    def comparable(self, new: Description) -> Description:
        """NEW without what the surface does not hold."""
        return new if self.surface is None else replace(new, api=self.surface.as_held(new.api))

    def operations(self, old: Description, new: Description) -> dict[str, str]:
        """The id in NEW of each operation of the package that is still there.

        By the documents if OLD is that of the package, else by what both packages say of addresses.
        """
        before, after = _addressed(old.api), _addressed(new.api)
        if self.document != self.old:
            return {one.id: other.id for one, other in match(before, after, _effective_key, _own_key).both}
        ids = {(one.method, one.path): one.id for one in before}
        both = match_operations(old.document, new.document).both
        return {ids[one.method, one.path]: other.id for one, other in both if (one.method, one.path) in ids}


@dataclass(frozen=True, slots=True)
class _Addressed:
    id: str
    method: str
    path: str
    server: str


def _addressed(api: Api) -> list[_Addressed]:
    return [
        _Addressed(one.id, one.method, one.path, one.server or api.base_url or "")
        for resource in api.resources
        for one in resource.operations
    ]


def _effective_key(one: _Addressed) -> OperationKey:
    return one.method, bare_template(base_path(one.server) + one.path)


def _own_key(one: _Addressed) -> OperationKey:
    return one.method, bare_template(one.path)
