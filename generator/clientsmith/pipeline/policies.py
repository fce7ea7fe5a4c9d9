"""What a config accepts of a document, as the stage that opens documents takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clientsmith.config.model import Config
    from clientsmith.document.load import Policies


def policies_of(config: Config) -> Policies:
    """What the config, and the flags over it, accept of a document."""
    from clientsmith.document.load import Policies

    place = config.place("document", "overlapping")
    return Policies(
        allow_invalid=config.allow_invalid,
        skip_unsupported=config.unsupported == "skip",
        allow_remote_refs=config.allow_remote_refs,
        remote_hosts=config.remote_hosts,
        root=config.document_root,
        root_place=config.place("document", "root"),
        overlapping=dict.fromkeys(config.overlapping, place),
    )
