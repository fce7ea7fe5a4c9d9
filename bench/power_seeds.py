"""Every fault of the domain and of the peers for a generated package, found in its files by what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from power_domain import CLIENT, RESOURCES, Operator
from power_models import classes, fields, schemas
from power_patterns import planted
from power_peers import PEERS
from power_promises import CREDENTIALS, HOOKS, ITEMS, SECRETS
from power_requests import REQUEST
from power_responses import RESPONSE
from power_retries import OUTCOMES, RETRIES
from power_sites import File, Seeded, seeded
from power_tables import outcomes, tables

_RUNTIME = ("_runtime/results/status_errors.py", "_runtime/results/errors.py", "_runtime/http/transport.py")

PLANTED = (*REQUEST, *RESPONSE, *RETRIES, *OUTCOMES, *ITEMS, *SECRETS, *CREDENTIALS, *HOOKS)


def domain(package: Path) -> Iterator[Seeded]:
    """The faults of the domain; ids are unique. Raises StaleFaultError where one no longer fits the package."""
    for path, operators in _places(package):
        yield from _found(package, path, operators)
    yield from planted(package, PLANTED, "domain")


def peers(package: Path) -> Iterator[Seeded]:
    """The defects that were measured in the clients of other tools."""
    yield from planted(package, PEERS, "peers")


def thinned(faults: Iterator[Seeded]) -> list[Seeded]:
    """Of each operator in each file the first, the last and the middle one: what repeats per field is spread."""
    piles: dict[tuple[str, str], list[Seeded]] = {}
    for one in faults:
        piles.setdefault((one.path, one.id.split("::")[2]), []).append(one)
    return [one for pile in piles.values() for one in spread(pile)]


def spread(pile: list[Any]) -> list[Any]:
    """The first, the middle and the last one."""
    return [pile[0], pile[len(pile) // 2], pile[-1]] if len(pile) > 3 else pile


def _places(package: Path) -> Iterator[tuple[str, tuple[Operator, ...]]]:
    for path in sorted((package / "resources").glob("*.py")):
        yield path.relative_to(package).as_posix(), RESOURCES
    yield "_client.py", CLIENT
    yield "models.py", (classes, fields)
    yield "_response_schemas.py", (schemas,)
    for name in _RUNTIME:
        yield name, (tables, outcomes)


def _found(package: Path, path: str, operators: tuple[Operator, ...]) -> Iterator[Seeded]:
    file = File(path, (package / path).read_text(encoding="utf-8"))
    yield from seeded(file, (edit for operator in operators for edit in operator(file)), "domain")
