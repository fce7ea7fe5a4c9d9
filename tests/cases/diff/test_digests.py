"""What `upstream` takes a digest of differs for every labelled change, and for no pair that means the same."""

from __future__ import annotations

from typing import Any

import pytest

from clientsmith.diff.upstream.canonical import number_of
from clientsmith.diff.upstream.reading import WireReading
from clientsmith.diff.wire.messages.operations import webhooks_of
from clientsmith.document.operations import operations
from clientsmith.openapi.operation import DescribedOperation
from tests.cases.diff.descriptions import opened
from tests.cases.diff.test_pairs import PAIRS, LabelledPair, description

BACK = {pair.name.removesuffix("<-"): pair for pair in PAIRS if pair.name.endswith("<-")}
OF_BYTES = "written-"
"""Pairs of other types whose bytes are the same: a vendor who exchanges the type is looked at all the same."""
THERE = [pair for pair in PAIRS if pair.name.endswith("->")]


def read(tree: dict[str, Any]) -> int:
    """A number for all that the wire level reads of a document."""
    document = opened(tree)
    reading = WireReading(document)
    listed = (DescribedOperation(one, document) for one in operations(document.node(), document.deref))
    found = frozenset((one.method, reading.operation(one)) for one in listed)
    received = frozenset(
        (key, reading.operation(one, is_turned=True)) for key, one in webhooks_of(document).items()
    )
    return number_of((found, received))


@pytest.mark.parametrize("pair", [pytest.param(one, id=one.name) for one in THERE])
def test_a_digest_changes_with_the_meaning_and_only_with_it(pair: LabelledPair) -> None:
    is_equal = not pair.label and not BACK[pair.name.removesuffix("->")].label
    is_same = read(description(pair, 0)) == read(description(pair, 1))
    assert is_same == is_equal or (is_equal and pair.name.startswith(OF_BYTES))
