"""Members of an object by the patterns that their names match: the schemas that hold for them (Core 10.3.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, permutations

from clientsmith.document.model import Node
from clientsmith.jsonschema.keywords import asserts
from clientsmith.jsonschema.pattern_samples import examples
from clientsmith.jsonschema.pattern_syntax import searches, to_rust
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.shape import Part

_MOST_COMPARED = 20
"""With more patterns, nobody looks for names that match several of them."""


@dataclass(frozen=True, slots=True)
class MemberKind:
    """The members whose names match exactly these patterns; without patterns, all others that no property names."""

    patterns: tuple[str, ...]
    schemas: tuple[Node, ...]
    """They all hold for such a member; none of them is a schema that allows every value."""

    @property
    def is_forbidden(self) -> bool:
        """Whether there must be no such member."""
        return any(schema.value is False for schema in self.schemas)


def member_kinds(
    reader: SchemaReader, parts: Iterable[Part], *, with_forbidden: bool
) -> tuple[MemberKind, ...]:
    """The kinds of members that a conjunction tells apart by name; empty if all that it allows are of one kind.

    With `with_forbidden`, members that there must not be are a kind of their own. It is empty as well if nothing can
    read one of the patterns. A name may match patterns that are not together in any kind; nothing but the schema as a
    whole says what such a member is.
    """
    nodes = [part.node for part in parts if not reader.is_bare_reference(part.node)]
    patterns = list(dict.fromkeys(pattern for node in nodes for pattern, _ in _patterned(node)))
    if not patterns or any(to_rust(pattern) is None for pattern in patterns):
        return ()
    kinds = tuple(MemberKind(names, tuple(_schemas(nodes, names))) for names in _together(patterns))
    told_apart = {
        None if kind.is_forbidden else frozenset(_key(reader, one) for one in kind.schemas) for kind in kinds
    }
    return kinds if len(told_apart if with_forbidden else told_apart - {None}) > 1 else ()


def _patterned(node: Node) -> Iterator[tuple[str, Node]]:
    holder = node.get("patternProperties")
    return iter(()) if holder is None else holder.items()


def _schemas(nodes: Sequence[Node], names: tuple[str, ...]) -> Iterator[Node]:
    """What each schema of a conjunction says of a member that matches these patterns."""
    closes = any("additionalProperties" in node.mapping for node in nodes)
    for node in nodes:
        matching = [schema for pattern, schema in _patterned(node) if pattern in names]
        others = node.get("additionalProperties")
        if others is None and not (names or closes):
            others = node.get("unevaluatedProperties")
        said = matching or ([] if others is None else [others])
        yield from filter(asserts, said)


def _together(patterns: list[str]) -> dict[tuple[str, ...], None]:
    """The patterns that some name matches together, as far as samples show; each pattern alone, and none."""
    found: dict[tuple[str, ...], None] = {(): None}
    found.update({(pattern,): None for pattern in patterns})
    if 1 < len(patterns) <= _MOST_COMPARED:
        samples = [list(dict.fromkeys(examples(pattern))) for pattern in patterns]
        pairs = permutations((texts[0] for texts in samples if texts), 2)
        for text in (*chain.from_iterable(samples), *map("".join, pairs)):
            found[tuple(pattern for pattern in patterns if searches(pattern, text))] = None
    return found


def _key(reader: SchemaReader, schema: Node) -> object:
    target, nullable, _ = reader.canonical(schema)
    return target.identity, nullable
