"""Tapes: HAR entries held against the document at load, and found again by what a request asks for."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics, Place, Span
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.traffic.check import CheckedRequest, MessageChecker
from clientsmith.traffic.message import Finding, HttpResponse
from clientsmith.traffic.tapes.har import HarEntry, read_har

_SHOWN = 5
_LOOPBACK = ("localhost", "127.", "[::1]", "testserver")
_TEXTS = ("scenario", "source", "description")


@dataclass(frozen=True, slots=True)
class TapedExchange:
    """One exchange that conforms to the document; `label` is the file and the index of its entry."""

    label: str
    request: CheckedRequest
    response: HttpResponse
    scenario: str | None
    source: str
    description: str
    redacted: frozenset[str] = frozenset()
    """The places of what a recorder took out of the request, as `SecretPlace` writes them."""

    @property
    def operation(self) -> DescribedOperation:
        """The operation of the exchange."""
        operation = self.request.operation
        if operation is None:
            raise TypeError("a taped exchange has an operation")
        return operation


@dataclass(slots=True)
class Tapes:
    """All taped exchanges: those in play always by what they ask for, the others by scenario."""

    exchanges: list[TapedExchange] = field(default_factory=list[TapedExchange])
    by_key: dict[Hashable, list[TapedExchange]] = field(default_factory=dict[Hashable, list[TapedExchange]])
    by_scenario: dict[tuple[str, str], list[TapedExchange]] = field(
        default_factory=dict[tuple[str, str], list[TapedExchange]]
    )
    """By operation id and name, in the order of the tape."""
    redacted: list[TapedExchange] = field(default_factory=list[TapedExchange])
    """Those in play whose requests had secrets that a request is recognised by."""

    def add(self, exchange: TapedExchange) -> None:
        """Take one exchange in; equal requests are answered in the order in which they came in."""
        self.exchanges.append(exchange)
        if exchange.scenario is not None:
            self.by_scenario.setdefault((exchange.operation.id, exchange.scenario), []).append(exchange)
            return
        request = exchange.request
        if exchange.redacted and request.refusal is None:
            self.redacted.append(exchange)
        self.by_key.setdefault(request.raw_key if request.refusal else request.key, []).append(exchange)


def load_tapes(
    checker: MessageChecker,
    paths: Sequence[str | Path],
    diagnostics: Diagnostics,
    *,
    ignore_foreign: bool = False,
) -> Tapes:
    """The exchanges of HAR files and of folders of them; every one that does not conform is reported."""
    tapes = Tapes()
    for path in paths:
        for file in _files(Path(path), diagnostics):
            entries = read_har(file, diagnostics) or []
            hosts = {entry.host for entry in entries}
            for entry in entries:
                exchange = _Loader(checker, diagnostics, ignore_foreign, len(hosts) > 1).load(entry)
                if exchange is not None:
                    tapes.add(exchange)
    return tapes


def _files(path: Path, diagnostics: Diagnostics) -> list[Path]:
    if not path.is_dir():
        return [path]
    tapes = sorted(path.glob("*.har"))
    if not tapes:
        place = Place(span=Span(path.as_posix(), 1, 1))
        diagnostics.error("no-tape", f"there is no .har file in {path.as_posix()}", place)
    return tapes


@dataclass(frozen=True, slots=True)
class _Loader:
    checker: MessageChecker
    diagnostics: Diagnostics
    ignore_foreign: bool
    has_several_hosts: bool

    def load(self, entry: HarEntry) -> TapedExchange | None:
        """An entry as an exchange; None where it is not the document's, or breaks it."""
        checked = self.checker.check_request(entry.request, demand_credentials=False)
        if checked.operation is None or self._is_elsewhere(entry):
            self._foreign(entry, checked)
            return None
        # What a server refused need not be valid: such a request is known again byte by byte.
        is_refused = 400 <= entry.response.status < 500
        if checked.refusal is not None and not is_refused:
            self._report(entry, "request", checked.findings)
            return None
        wrong = self.checker.check_response(checked.operation, entry.response)
        if wrong:
            self._report(entry, "response", wrong)
            return None
        custom = self._custom(entry)
        if custom is None:
            return None
        return TapedExchange(
            entry.label, checked, entry.response, custom.get("scenario"),
            custom.get("source", "recording"), custom.get("description", ""), _redacted(entry),
        )  # fmt: skip

    def _is_elsewhere(self, entry: HarEntry) -> bool:
        """In a tape of several hosts only those of the document, and the own machine, count."""
        if not self.has_several_hosts or entry.custom is not None or entry.host.startswith(_LOOPBACK):
            return False
        hosts = self.checker.index.hosts()
        return bool(hosts) and entry.host not in hosts

    def _foreign(self, entry: HarEntry, checked: CheckedRequest) -> None:
        if self.ignore_foreign:
            return
        request = entry.request
        path = request.target.partition("?")[0]
        if checked.refusal == "method":
            said = f"{path} has no {request.method}: it has {', '.join(checked.allowed)}"
        elif checked.refusal == "path":
            said = f"no operation has the path {path}"
        else:
            said = f"{entry.host} is no server of the document"
        self.diagnostics.error(
            "foreign-entry", f"entry {entry.index}: {said:.300}", entry.place("request", "url"),
            hint="remove the entry, or leave out what belongs to other services with --ignore-foreign",
        )  # fmt: skip

    def _report(self, entry: HarEntry, part: str, wrong: Sequence[Finding]) -> None:
        for finding in wrong[:_SHOWN]:
            at = f" at {finding.pointer}" if finding.pointer else ""
            message = (
                f"entry {entry.index}: the {part} does not conform: {finding.part}{at}: {finding.message}"
            )
            self.diagnostics.error(
                "stale-tape", message, entry.place(part, *_part_of_entry(part, finding)),
                hint="record it again, or correct the document",
            )  # fmt: skip

    def _custom(self, entry: HarEntry) -> dict[str, str] | None:
        custom = entry.custom
        if custom is None:
            return {}
        stated = {key: custom.mapping[key] for key in _TEXTS if key in custom.mapping}
        texts = {key: value for key, value in stated.items() if isinstance(value, str) and value}
        if not isinstance(custom.value, dict) or len(texts) < len(stated):
            said = f"entry {entry.index}: {', '.join(_TEXTS)} are texts that are not empty"
            self.diagnostics.error("broken-entry", said, custom.place)
            return None
        return texts


def _redacted(entry: HarEntry) -> frozenset[str]:
    listed = entry.custom.get("redacted") if entry.custom is not None else None
    places = [place.value for place in listed.elements()] if listed is not None else []
    parts = ("request body", "request path", "request query")
    return frozenset(place for place in places if isinstance(place, str) and place.startswith(parts))


def _part_of_entry(part: str, finding: Finding) -> tuple[str, ...]:
    """Where in an entry the part of the message stands that a finding is about."""
    if finding.part == "body":
        return ("postData", "text") if part == "request" else ("content", "text")
    if finding.part == "status":
        return ("status",)
    return ("headers",) if finding.part.startswith(("header", "cookie")) else ("url",)
