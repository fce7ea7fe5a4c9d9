"""`lint`: every finding in a document, what generating would find among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from clientsmith.pipeline.policies import policies_of

if TYPE_CHECKING:
    from clientsmith.accepted.places import Places
    from clientsmith.config.model import Config
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.lint.account.model import Account


@dataclass(frozen=True, slots=True)
class Linted:
    """Whether a document can be read with the work that it may take, and the account of one that is valid.

    `places` are those of a document that could be looked at with every rule.
    """

    is_readable: bool
    account: Account | None = None
    places: Places | None = None


def lint(path: str, config: Config, diagnostics: Diagnostics) -> Linted:
    """Collect every finding in the document at `path`, what generating would find among them."""
    from clientsmith.accepted.places import Places
    from clientsmith.api.builder import build
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.document.budget import is_over_budget
    from clientsmith.document.load import examine
    from clientsmith.document.text.parse import load
    from clientsmith.lint.account.notes import merged, notes
    from clientsmith.lint.account.reader import read_account
    from clientsmith.lint.lint import lint as find
    from clientsmith.lint.published_validator import second_opinion

    document = load(path, diagnostics)
    if document is None:
        return Linted(False)
    account: Account | None = None
    resolved = examine(document, diagnostics, policies_of(config), validation="all")
    if resolved is not None and not diagnostics.has_errors:
        built = Diagnostics()
        uses = build(resolved, config, built).uses
        if not is_over_budget(built):
            find(resolved, diagnostics)
        if not is_over_budget(diagnostics) and not is_over_budget(built):
            second_opinion(resolved, diagnostics, allow_invalid=config.allow_invalid)
        if not is_over_budget(built):
            account = read_account(resolved, uses, (*diagnostics, *built))
        for found in (*merged(built), *(notes(account, diagnostics) if account is not None else ())):
            diagnostics.add(found)
    if account is None or resolved is None:
        return Linted(not is_over_budget(diagnostics))
    places = Places(resolved.root, resolved.documents, resolved.references)
    return Linted(not is_over_budget(diagnostics), account, places)
