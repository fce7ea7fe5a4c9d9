"""The stages of an update in order. Nothing outside of the scratch folder is touched before the last of them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from clientsmith.config.request import PackageRequest
from clientsmith.diagnostics.model import Diagnostics, Severity
from clientsmith.diff.changelog.entry import read_entries
from clientsmith.diff.joined import Description
from clientsmith.diff.model import Level
from clientsmith.diff.sides import DIFFERENT
from clientsmith.emit.models.worker import ModelsWorker
from clientsmith.exchange.journal import SCRATCH
from clientsmith.exchange.lock import working_folder, working_folder_of
from clientsmith.exchange.mix import report_mix
from clientsmith.exchange.recovery import recover
from clientsmith.exchange.staging import parents, real_path, remove
from clientsmith.package.plan import make_plan
from clientsmith.package.write import Beside, reporting, target_of, write_owned
from clientsmith.pipeline.generation import Generated, generate
from clientsmith.pipeline.linting import lint
from clientsmith.pipeline.update.changes import Changes, find_changes
from clientsmith.pipeline.update.checks import callers, conformance, custom_code
from clientsmith.pipeline.update.model import STAGES, Options, Outcome, Stage, Updated
from clientsmith.pipeline.update.naming import renamed
from clientsmith.pipeline.update.source import Source, read_source
from clientsmith.pipeline.update.trial import lay_out
from clientsmith.pipeline.writing import beside_of, knows_release
from clientsmith.state.file import state_path
from clientsmith.state.model import UNRELEASED

T = TypeVar("T")
_ALLOWING = "--allow breaking lets them, --dry-run shows which lines of custom code they break"


def update(
    request: PackageRequest, options: Options, worker: ModelsWorker, diagnostics: Diagnostics
) -> Updated | None:
    """Settle an update that was interrupted, then try the new one and carry it out; None after an error.

    Without findings everything is replaced as one, or after a failure nothing. A dry run ends before that.
    """
    out = Path(request.out)
    target = target_of(out, diagnostics)
    # A dry run does not settle anything, and another config may have left what this one must not settle.
    targets = [request.out, request.document]
    if target is None or (options.is_dry and report_mix(targets, diagnostics, is_dry=True)):
        return None
    updated = Updated()
    with ExitStack() as owned:
        with reporting(out, diagnostics):
            owned.enter_context(parents(target))
            owned.enter_context(working_folder(target))
            updated.settled = recover(target, _known(request), completes=not options.is_dry)
        if updated.settled is not None:
            options.tell_settled(updated.settled)
        if diagnostics.has_errors or report_mix([request.document], diagnostics):
            return None
        if not knows_release(request, diagnostics):
            return None
        scratch = working_folder_of(target) / SCRATCH
        try:
            run = _Run(request, options, worker, diagnostics, target, scratch, updated)
            return updated if run.go() else None
        finally:
            remove(scratch)


def _known(request: PackageRequest) -> list[Path]:
    path = state_path(request.config)
    return [real_path(one) for one in (request.document, path) if one is not None]


class _BadInputError(Exception):
    """Something that was given cannot be used; the diagnostics say so."""


class _StopError(Exception):
    """A stage has findings, and nothing is tried any more."""


@dataclass(slots=True)
class _Run:
    """One update whose package folder nobody else writes meanwhile."""

    request: PackageRequest
    options: Options
    worker: ModelsWorker
    diagnostics: Diagnostics
    target: Path
    scratch: Path
    updated: Updated
    is_breaking: bool = False
    """Whether something changed that breaks clients or callers."""

    def go(self) -> bool:
        """Run every stage, or those up to the first with findings; False after an error."""
        try:
            self._stages()
        except _StopError:
            pass
        except BrokenPipeError:
            raise
        except OSError as error:
            self._report_unwritable(error)
            return False
        except _BadInputError:
            return False
        return True

    def _report_unwritable(self, error: OSError) -> None:
        """Report what the system refused outside of the exchange, which reports its own."""
        stage = STAGES[min(len(self.updated.stages), len(STAGES) - 1)]
        place = error.filename if error.filename is not None else self.scratch
        message = f"{stage}: cannot write {place}: {error.strerror or error}"
        hint = "nothing was exchanged; make room, or see to the permissions and limits of files (`ulimit -f`)"
        self.diagnostics.error("output-unwritable", message, hint=hint)

    def _stages(self) -> None:
        source = self._given(
            read_source(self.request, self.options.new, self.scratch / "document", self.diagnostics)
        )
        self._lint(source)
        changes = self._given(find_changes(self.request, source, self.options.today, self.diagnostics))
        is_other = changes.is_other_api and not self.options.allows_other_api
        allowing = f"; {DIFFERENT}: --allow different-apis lets it" if is_other else ""
        self._tell("diff", f"{changes.text}{allowing}", "findings" if is_other else "done")
        generated = self._generated(source)
        self._step(generated, changes)
        beside = beside_of(self.request, generated, {**source.files, **changes.pruned})
        if self._is_new(generated, beside):
            self._try(source, generated, changes)
            self._changelog(generated)
        self._exchange(generated, beside)

    def _given(self, value: T | None) -> T:
        if value is None or self.diagnostics.has_errors:
            raise _BadInputError
        return value

    def _tell(self, name: str, text: str, outcome: Outcome = "done", details: Iterable[str] = ()) -> None:
        self._told(Stage(name, outcome, text, tuple(details)))

    def _told(self, stage: Stage) -> None:
        self.updated.stages.append(stage)
        self.options.tell(stage)
        if stage.outcome == "findings" and not self.options.is_dry:
            raise _StopError

    def _lint(self, source: Source) -> None:
        found = Diagnostics()
        linted = lint(source.request.document, source.request.config, found)
        errors = [one for one in found if one.severity is Severity.ERROR]
        renamed(errors, source.names, self.diagnostics)
        if not linted.is_readable:
            raise _BadInputError
        counts = [(found.count(severity), severity.value) for severity in Severity]
        listed = ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts)
        self._tell("lint", f"{source.shown}: {listed}", "findings" if errors else "done")
        if errors:
            raise _StopError

    def _generated(self, source: Source) -> Generated:
        found = Diagnostics()
        options = self.options
        generated = generate(source.request, self.worker, found, options.bump, options.published)
        renamed(found, source.names, self.diagnostics)
        return self._given(generated)

    def _step(self, generated: Generated, changes: Changes) -> None:
        bump = self.updated.bump = generated.bump
        assert bump is not None
        since = changes.found if bump.old == UNRELEASED else bump.changes
        breaking = [one for one in since if one.level is Level.BREAKING]
        self.is_breaking = bool(breaking)
        text = f"{bump.step}: {bump.old} -> {bump.new}" if bump.step != "none" else f"none: still {bump.old}"
        if not breaking or self.options.allows_breaking:
            self._tell("step", text)
            return
        listed = [f"breaking[{one.rule}]: {one.text}" for one in breaking]
        self._tell("step", f"{text}, with breaking changes: {_ALLOWING}", "findings", listed)

    def _is_new(self, generated: Generated, beside: Beside) -> bool:
        """Whether anything is to be replaced."""
        out = Path(self.request.out)
        plan = self._given(make_plan(self.target, out, generated.tree, self.diagnostics, force=False))
        is_changed = bool(plan.write or plan.removed)
        replaced = [out] if is_changed else []
        with reporting(out, self.diagnostics):
            replaced = [*beside.changed(), *replaced]
        self._given(replaced)
        self.updated.replaced = tuple(path.as_posix() for path in replaced)
        counts = f"{len(plan.write)} written, {len(plan.unchanged)} unchanged, {len(plan.removed)} removed"
        self._tell("regenerate", f"{len(generated.tree)} files, {counts}")
        return is_changed

    def _try(self, source: Source, generated: Generated, changes: Changes) -> None:
        shared = source.request.config.runtime_from
        package = lay_out(generated.tree, self.scratch / "package", self.target, shared)
        tried = replace(source.request, out=str(package))
        if shared is not None:
            tried = self._with_own_runtime(source.request)
        self._told(self._given(conformance(tried, self.options, self.diagnostics)))
        new = Description(generated.document, generated.api)
        self._told(callers(self.request, changes.old, new, package))
        may_break = self.options.allows_breaking and self.is_breaking
        self._told(self._given(custom_code(self.request, package, self.diagnostics, may_break=may_break)))

    def _with_own_runtime(self, request: PackageRequest) -> PackageRequest:
        """The same package with a runtime of its own: what is tested for conformance is imported alone."""
        apart = replace(request, config=replace(request.config, runtime_from=None))
        options = self.options
        generated = generate(apart, self.worker, Diagnostics(), options.bump, options.published)
        assert generated is not None  # as it was with a shared one
        return replace(apart, out=str(lay_out(generated.tree, self.scratch / "apart", self.target)))

    def _changelog(self, generated: Generated) -> None:
        bump = generated.bump
        if bump is None or bump.step == "none":
            self._tell("changelog", "nothing to say", "not run")
            return
        entry = read_entries(generated.state.changelog)[0]
        details = [f"{one.section}: {one.text}" for one in entry.lines]
        self._tell("changelog", f"an entry for {entry.version}", details=details)

    def _exchange(self, generated: Generated, beside: Beside) -> None:
        listed = ", ".join(self.updated.replaced) or "nothing"
        if self.options.is_dry:
            self._tell("exchange", f"a dry run; otherwise replaced: {listed}", "not run")
            return
        out = Path(self.request.out)
        with reporting(out, self.diagnostics):
            plan = write_owned(generated.tree, self.target, out, self.diagnostics, beside=beside)
            self.updated.is_done = plan is not None
        if not self.updated.is_done:
            raise _BadInputError
        self._tell("exchange", f"replaced: {listed}" if self.updated.replaced else "nothing to replace")
