"""The suite: units of work over one document and one package, cheap ones first; `suite_run` runs them."""

from __future__ import annotations

import inspect
import re
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from clientsmith.conform.client.credentials import tokens_of
from clientsmith.conform.client.hidden import hidden_exchange, hidden_failure
from clientsmith.conform.client.package import ClientPackage, open_package
from clientsmith.conform.contract.both_ends.both_ends_part import check_both_ends
from clientsmith.conform.contract.requests.request_part import check_requests
from clientsmith.conform.contract.responses.response_part import check_responses
from clientsmith.conform.contract.surface_part import check_surface
from clientsmith.conform.contract.tapes_part import check_tape
from clientsmith.conform.inputs.bounds import check_branches
from clientsmith.conform.inputs.drawing.draws import Draws
from clientsmith.conform.model import (
    MODES,
    PARTS,
    Failure,
    Mode,
    Part,
    UnitResult,
)
from clientsmith.conform.promises.package_part import check_package
from clientsmith.conform.promises.promises_part import check_promises
from clientsmith.conform.run.context import Context
from clientsmith.conform.run.findings import Findings
from clientsmith.conform.run.promised import Promised
from clientsmith.conform.run.proof import release_that_proves
from clientsmith.conform.run.server import Wrap, server_under_test
from clientsmith.conform.run.shard import Shard
from clientsmith.conform.run.tally import Tally
from clientsmith.conform.run.unit_outcome import UnitOutcome
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.budget import is_over_budget
from clientsmith.document.digest import digest
from clientsmith.document.load import STRICT, Policies, open_document
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.openapi.security import read_scheme, scheme_nodes
from clientsmith.serve.answers.document_answers import DocumentAnswers
from clientsmith.traffic.check import MessageChecker
from clientsmith.traffic.tapes.taped_exchanges import Tapes, load_tapes

_OWN_ADDRESS = "https://conform.invalid"
"""For documents that name no host; nothing is ever sent there."""
_LOOPBACK = ("localhost", "127.", "[::1]")
"""Hosts to which clients speak plain http."""
_VARIABLE = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run is made: draws per schema, seed, seconds to spend, a server of one's own, parts, policies, share."""

    examples: int = 30
    seed: int | None = None
    budget: float | None = None
    server: str | None = None
    parts: tuple[Part, ...] = PARTS
    policies: Policies = STRICT
    shard: Shard | None = None
    skips_proven: bool = False
    """Whether to leave out the part for the package if a release has proven what it would look at."""
    draws_folder: Path | None = None
    """In which the processes of a run share what they draw."""

    @property
    def number(self) -> int:
        """The seed in use."""
        return 0 if self.seed is None else self.seed


@dataclass(frozen=True, slots=True)
class Unit:
    """One part of the suite for one operation, or a part for all of them."""

    name: str
    part: Part
    operation: str
    work: Callable[[], Findings]

    def run(self) -> UnitResult:
        """Do it; an error that no part expected is a failure of the package too, since nothing else was changed."""
        began = time.perf_counter()
        checks = 1
        failures: tuple[Failure, ...] = ()
        try:
            findings = self.work()
            checks, failures = findings.checks, tuple(findings.found.values())
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(place.filename).name}:{place.lineno}"
            message = f"{type(error).__name__}: {error} ({where})"
            failures = (Failure("unexpected-error", self.part, self.operation, message[:600]),)
        seconds = time.perf_counter() - began
        shown = tuple(map(hidden_failure, failures))
        return UnitResult(self.part, self.name, self.operation, checks, seconds, shown)


@dataclass(slots=True)
class Suite:
    """Everything that is opened for a run; `close` closes the clients."""

    spec: str
    resolved: ResolvedDocument
    checker: MessageChecker
    tapes: Tapes
    package: ClientPackage
    settings: Settings
    draws: Draws
    wrap: Wrap | None = None
    proven_by: str | None = None
    """The release that has proven what the part for the package would look at, if that part is left out."""
    tally: Tally = field(default_factory=Tally)
    _context: Context | None = None

    @classmethod
    def open(
        cls, spec: str, package: str, tapes: Sequence[str], diagnostics: Diagnostics, settings: Settings
    ) -> Suite | None:
        """The suite for a document, a package and tapes; None after an error. Raises PackageError."""
        resolved = open_document(spec, diagnostics, settings.policies)
        if resolved is None:
            return None
        opened = open_package(package, digest(resolved), _prefixes(resolved))
        check_branches(resolved, diagnostics)
        if is_over_budget(diagnostics):
            return None
        checker = MessageChecker(resolved, None, tokens_of(opened))
        loaded = load_tapes(checker, tapes, diagnostics)
        if diagnostics.has_errors:
            return None
        draws = Draws(
            checker, number=settings.number, examples=settings.examples, folder=settings.draws_folder
        )
        proven_by = release_that_proves(Path(package), opened.features) if settings.skips_proven else None
        return cls(spec, resolved, checker, loaded, opened, settings, draws, proven_by=proven_by)

    @property
    def context(self) -> Context:
        """What the parts share, made when first asked for."""
        if self._context is None:
            client = self.package.get(self.package.client)
            is_demanded = inspect.signature(client).parameters["base_url"].default is inspect.Parameter.empty
            base_url = _base_url(self.checker.index.addresses(), is_demanded=is_demanded)
            answers = DocumentAnswers(self.checker)
            promised = Promised(self.resolved, self.checker.schemas, self.package.declared)
            self._context = Context(
                self.checker, self.package, self.draws, self.tally, answers, promised, base_url
            )
        return self._context

    def close(self) -> None:
        """Close every client that was made."""
        if self._context is not None:
            self._context.close()
            self._context = None

    def prepare(self) -> None:
        """Draw everything now; copies made with `with_package` and its like then share it."""
        for operation in self.context.operations():
            media = self.context.body_media(operation)
            schemas = [one.schema for one in operation.parameters]
            schemas += [media.get("schema")] if media is not None else []
            for schema in schemas:
                self.draws.valid(schema, "request")
                self.draws.invalid(schema, "request")
            for response in operation.responses.values():
                for content in response.contents.values():
                    self.draws.valid(content.get("schema"), "response")
                    self.draws.invalid(content.get("schema"), "response")

    def with_package(self, folder: str) -> Suite:
        """The same suite over another copy of the package. Raises PackageError if it does not import."""
        package = open_package(folder, self.package.document_digest, self.package.prefixes)
        return replace(self, package=package, tally=Tally(), _context=None)

    def with_tapes(self, tapes: Sequence[str], diagnostics: Diagnostics) -> Suite:
        """The same suite with other tapes; what is wrong with them is in the diagnostics."""
        loaded = load_tapes(self.checker, tapes, diagnostics)
        return replace(self, tapes=loaded, tally=Tally(), _context=None)

    def with_service_wrapper(self, wrap: Wrap) -> Suite:
        """The same suite in front of a server whose answers are changed."""
        return replace(self, wrap=wrap, tally=Tally(), _context=None)

    @property
    def units(self) -> tuple[Unit, ...]:
        """Every unit, cheap ones first."""
        found = [unit for part in PARTS if part in self.settings.parts for unit in self._units(part)]
        return tuple(found)

    def _units(self, part: Part) -> Iterator[Unit]:
        if part == "both-ends":
            # A server of one's own may answer each call differently, so that each client has a run for itself.
            if self.settings.server is None:
                yield Unit(part, part, "", partial(self._both_ends, MODES))
            else:
                for mode in MODES:
                    yield Unit(f"{part}:{mode}", part, "", partial(self._both_ends, (mode,)))
            return
        if part == "package":
            for mode in MODES if self.proven_by is None else ():
                yield Unit(f"package:{mode}", part, "", partial(check_package, self.context, mode))
            return
        if part == "surface":
            for operation in self.checker.operations:
                work = partial(check_surface, self.context, operation)
                yield Unit(f"surface:{operation.id}", part, operation.id, work)
            return
        for operation in self.context.operations():
            checks = {"request": check_requests, "response": check_responses, "promises": check_promises}
            if part in checks:
                yield Unit(
                    f"{part}:{operation.id}",
                    part,
                    operation.id,
                    partial(checks[part], self.context, operation),
                )
            elif taped := [one for one in self.tapes.exchanges if one.operation is operation]:
                yield Unit(
                    f"tapes:{operation.id}",
                    part,
                    operation.id,
                    partial(check_tape, self.context, operation, taped),
                )

    def outcome(self, round_: int, number: int, unit: Unit) -> UnitOutcome:
        """Run a unit, and keep what it counts apart from what others count."""
        self.tally = self.context.tally = Tally()
        result = unit.run()
        self.tally.exchanges = list(map(hidden_exchange, self.tally.exchanges))
        return UnitOutcome(round_, number, result, self.tally)

    def _both_ends(self, modes: Sequence[Mode]) -> Findings:
        serve = partial(server_under_test, self.settings.server, self.context, self.tapes, self.wrap)
        return check_both_ends(
            self.context,
            modes,
            self.spec,
            serve,
            examples=self.settings.examples,
            number=self.settings.number,
        )


def _prefixes(resolved: ResolvedDocument) -> dict[str, str]:
    """By security scheme how the Authorization headers start that callers give as a whole, such as `Digest `."""
    schemes = [read_scheme(key, resolved.deref(node)) for key, node in scheme_nodes(resolved).items()]
    return {one.key: one.prefix.capitalize() for one in schemes if one.kind == "authorization"}


def _base_url(addresses: Sequence[str], *, is_demanded: bool) -> str | None:
    """The base URL to give a client whose document names no address, or one that no client of ours accepts."""
    if not addresses:
        return _OWN_ADDRESS
    scheme, _, rest = addresses[0].partition("://")
    if is_demanded:  # an address with variables that have no default
        return f"https://{_VARIABLE.sub('any', rest)}"
    if scheme.lower() != "http" or rest.startswith(_LOOPBACK):
        return None
    return f"https://{rest}"
