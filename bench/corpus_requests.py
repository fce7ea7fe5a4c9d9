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
from pathlib import Path

from clientsmith.api.schemas.rest import Rests
from clientsmith.api.schemas.sources import Sources
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.load import Policies, open_document
from clientsmith.document.model import Node
from clientsmith.document.operations import operations
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.jsonschema.disjoint import surely_overlap
from clientsmith.jsonschema.keywords import elements
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


def count(path: Path) -> dict[str, object] | None:
    """What there is in one document; None if it cannot be read."""
    diagnostics = Diagnostics()
    document = open_document(path, diagnostics, Policies(allow_invalid=True), validation="none")
    if document is None:
        return None
    start = time.perf_counter()
    schemas = list(request_schemas(document))
    rests = Rests(Sources(document, diagnostics, {}))
    places = {(node.identity, keyword): node for node, keyword in rests.every(schemas)}
    with_rest = sum(map(rests.has, schemas))
    keywords = Counter(keyword for _, keyword in places)
    keywords["oneOf, certainly overlapping"] = sum(
        keyword == "oneOf" and _overlaps(rests, node) for (_, keyword), node in places.items()
    )
    return {
        "schemas": len(schemas),
        "with a rest": with_rest,
        "seconds": round(time.perf_counter() - start, 2),
        "places": dict(keywords),
    }


def _overlaps(rests: Rests, node: Node) -> bool:
    members = elements(node, "oneOf")[:20]
    reader = rests.sources.reader
    return any(
        surely_overlap(reader, one, other)
        for number, one in enumerate(members)
        for other in members[number + 1 :]
    )


def main() -> None:
    """Print the counts of each document as a line of JSON, then the totals as a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take each document of so many")
    arguments = parser.parse_args()
    places, documents, schemas, with_rest = Counter[str](), Counter[str](), 0, 0
    for entry in entries(arguments.corpus)[:: arguments.every]:
        found = count(entry.path)
        print(json.dumps({"document": entry.name, **(found or {"unreadable": True})}), flush=True)
        for keyword, number in dict(found["places"] if found else {}).items():  # type: ignore[call-overload]
            places[keyword] += number
            documents[keyword] += number > 0
        schemas += int(str(found["schemas"])) if found else 0
        with_rest += int(str(found["with a rest"])) if found else 0
    print(f"\n{with_rest} of {schemas} bodies and parameters have a rest")
    for keyword, number in places.most_common():
        print(f"{keyword:32}{number:6} places in {documents[keyword]:3} documents")


if __name__ == "__main__":
    main()
