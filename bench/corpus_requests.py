"""Counts what requests are checked for beyond the models, over the documents of a folder: places by keyword.

A place is a schema object of a request and a keyword of it that no model checks. Before there was a check of these,
values that break one were sent.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import combinations, starmap
from pathlib import Path

from clientsmith.api.names.identities import Identities
from clientsmith.api.names.kept import NONE
from clientsmith.api.schemas.rest import Rests
from clientsmith.api.schemas.sources import Sources
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.load import Policies, open_document
from clientsmith.document.model import Node
from clientsmith.document.operations import operations
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.jsonschema.keywords import elements
from clientsmith.jsonschema.satisfiability.disjoint import Pairs
from clientsmith.openapi.media_type import codec, preferred
from clientsmith.openapi.operation import DescribedOperation
from corpus import entries


def request_schemas(document: ResolvedDocument) -> Iterator[Node]:
    """The schema of each body and parameter that a client sends."""
    for found in operations(document.node(), document.deref):
        operation = DescribedOperation(found, document)
        yield from (one.schema for one in operation.parameters if one.schema is not None)
        chosen = preferred(operation.body_contents)
        schema = None if chosen is None else operation.body_contents[chosen].get("schema")
        if chosen is not None and schema is not None and codec(chosen) not in ("text", "binary"):
            yield schema


@dataclass(frozen=True)
class Counted:
    """What there is in one document: bodies and parameters, those with a rest, and places by keyword."""

    schemas: int
    with_rest: int
    seconds: float
    places: dict[str, int]


def count(path: Path) -> Counted | None:
    """The counts of one document; None if it cannot be read."""
    diagnostics = Diagnostics()
    document = open_document(path, diagnostics, Policies(allow_invalid=True), validation="none")
    if document is None:
        return None
    start = time.perf_counter()
    schemas = list(request_schemas(document))
    rests = Rests(Sources(document, diagnostics, {}, Identities(document, (), NONE, diagnostics)))
    places = {(node.identity, keyword): node for node, keyword in rests.every(schemas)}
    keywords = Counter(keyword for _, keyword in places)
    overlapping = [
        node for (_, keyword), node in places.items() if keyword == "oneOf" and _overlaps(rests, node)
    ]
    keywords["oneOf, certainly overlapping"] = len(overlapping)
    seconds = round(time.perf_counter() - start, 2)
    return Counted(len(schemas), sum(map(rests.has, schemas)), seconds, dict(+keywords))


def _overlaps(rests: Rests, node: Node) -> bool:
    pairs = Pairs(rests.sources.reader)
    return any(starmap(pairs.surely_overlap, combinations(elements(node, "oneOf"), 2)))


def main() -> None:
    """Print the counts of each document as a line of JSON, then the totals as a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take each document of so many")
    arguments = parser.parse_args()
    every: list[Counted] = []
    for entry in entries(arguments.corpus)[:: arguments.every]:
        found = count(entry.path)
        told = {"unreadable": True} if found is None else asdict(found)
        print(json.dumps({"document": entry.name, **told}), flush=True)
        every += [] if found is None else [found]
    total, with_rest = sum(one.schemas for one in every), sum(one.with_rest for one in every)
    print(f"\n{with_rest} of {total} bodies and parameters have a rest")
    places = sum((Counter(one.places) for one in every), Counter[str]())
    for keyword, number in places.most_common():
        documents = sum(keyword in one.places for one in every)
        print(f"{keyword:32}{number:6} places in {documents:3} documents")


if __name__ == "__main__":
    main()
