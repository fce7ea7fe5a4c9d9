"""What an update is asked for, and what came of it stage by stage, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from clientsmith.conform.suite_run import Watch
    from clientsmith.exchange.recovery import Settled
    from clientsmith.pipeline.release import Bump, BumpTo

Outcome: TypeAlias = Literal["done", "findings", "not run"]
STAGES = (
    "lint", "diff", "step", "regenerate", "conformance", "old callers", "custom code", "changelog", "exchange",
)  # fmt: skip
"""In the order in which they run."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage, in a line; `details` are further lines for whoever wants to know."""

    name: str
    outcome: Outcome
    text: str
    details: tuple[str, ...] = ()
    is_missing: bool = False
    """Whether it should have run, and could not."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says of an update.

    `new` names the document to come; None is the configured one, which was edited where it is. `tell` is called with
    each stage as it ends, `tell_settled` with what was made of an earlier update that had been interrupted, `watch`
    sees the conformance test go on.
    """

    new: str | None
    allows_breaking: bool
    allows_other_api: bool
    is_dry: bool
    bump: BumpTo
    published: date | None
    today: date
    examples: int
    tell: Callable[[Stage], None]
    tell_settled: Callable[[Settled], None]
    watch: Watch


@dataclass(slots=True)
class Updated:
    """What came of an update that could be tried.

    `settled` is what was made of one that had been interrupted; `replaced` are the targets that have, or would have,
    another content.
    """

    settled: Settled | None = None
    stages: list[Stage] = field(default_factory=list[Stage])
    bump: Bump | None = None
    replaced: tuple[str, ...] = ()
    is_done: bool = False
    """Whether all is as it should be on disk."""

    @property
    def has_findings(self) -> bool:
        """Whether some stage found a reason not to go on."""
        return any(stage.outcome == "findings" for stage in self.stages)
