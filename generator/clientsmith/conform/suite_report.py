"""What a suite says of itself before anything is run: a report without counts, and what its shares have to agree on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from clientsmith import __version__
from clientsmith.conform.model import DIRECTIONS, MODES, PARTS, Cell, NotRun, OperationFacts, Report
from clientsmith.conform.run.proof import digest_of_folder, versions
from clientsmith.conform.suite import Settings, Suite, Unit
from clientsmith.openapi.operation import DescribedOperation

PACKAGE = "the package"
"""What the digest of the package is called among the facts."""


def expected_cells(suite: Suite, units: Sequence[Unit]) -> Iterator[Cell]:
    """Every operation and documented status that units look at, in both directions and both modes."""
    looked_at = {(unit.part, unit.operation) for unit in units}
    for operation in suite.context.operations():
        for status in operation.responses:
            for direction in DIRECTIONS:
                if (direction, operation.id) in looked_at:
                    for mode in MODES:
                        yield Cell(operation.id, status, direction, mode)


def blank_report(suite: Suite, units: Sequence[Unit]) -> Report:
    """The report before any of these units has run."""
    info = suite.resolved.node().get("info") or suite.resolved.node()
    return Report(
        spec=suite.spec,
        title=info.text("title"),
        version=info.text("version"),
        package=suite.package.folder,
        client=suite.package.client,
        tool=__version__,
        seed=suite.settings.number,
        deterministic=suite.settings.budget is None,
        budget=suite.settings.budget,
        seconds=0.0,
        rounds=0,
        unfinished="",
        operations=tuple(map(partial(_facts, suite), suite.checker.operations)),
        cells=dict.fromkeys(expected_cells(suite, units), 0),
        parameters={},
        media_types={},
        phases={},
        units=(),
        hindrances={},
        accepted=(),
        left_out=suite.package.left_out,
        has_converted_files=suite.package.has_converted_files,
        exchanges=(),
        exchanged={},
        not_run=_not_run(suite),
        source_folder=str(Path(suite.spec).resolve().parent),
        flags=tuple(_flags(suite.settings)),
    )


def _flags(settings: Settings) -> Iterator[str]:
    usual = Settings()
    if settings.examples != usual.examples:
        yield from ("--examples", str(settings.examples))
    if settings.server is not None:
        yield from ("--server", settings.server)
    if settings.parts != PARTS:
        yield from (word for part in settings.parts for word in ("--part", part))
    elif not settings.skips_proven:
        yield from ("--part", "all")


def _not_run(suite: Suite) -> tuple[NotRun, ...]:
    if suite.proven_by is None or "package" not in suite.settings.parts:
        return ()
    return tuple(
        NotRun("package", f"package:{mode}", f"proven by release {suite.proven_by}") for mode in MODES
    )


def facts(suite: Suite) -> dict[str, str]:
    """What the shares of one run have to agree on, by name."""
    settings = suite.settings
    answers = "".join(
        f"{one.operation.id} {one.request.raw_key} {one.response}" for one in suite.tapes.exchanges
    )
    return {
        "the document": suite.package.document_digest,
        PACKAGE: digest_of_folder(Path(suite.package.folder)),
        "what is on the tapes": hashlib.sha256(answers.encode("utf-8", "backslashreplace")).hexdigest(),
        "--part": ", ".join(settings.parts),
        "--examples": str(settings.examples),
        "--seed": str(settings.number),
        "--server": settings.server or "none",
        "the release that has proven the package part": suite.proven_by or "none",
        "clientsmith": __version__,
    } | {f"the version of {name}": version for name, version in versions().items()}


def _facts(suite: Suite, operation: DescribedOperation) -> OperationFacts:
    surface = suite.package.operations.get(operation.id)
    return OperationFacts(
        operation.id,
        operation.method,
        operation.path,
        operation.node.place,
        tuple(operation.responses),
        {key: one.node.place for key, one in operation.responses.items()},
        _names(suite, operation),
        "" if surface is None else surface.method,
    )


def _names(suite: Suite, operation: DescribedOperation) -> frozenset[tuple[str, str]]:
    properties = suite.checker.branches.properties
    bodies = [properties(media.get("schema")) for media in operation.body_contents.values()]
    return frozenset(
        [(one.location, one.name) for one in operation.parameters]
        + [("body", name) for fields in bodies for name in fields]
    )
