"""Which member of a union a value is of, and which subtype of a base class."""

from __future__ import annotations

from dataclasses import dataclass

from clientsmith.document.model import Node
from clientsmith.json_values.codec import Value
from clientsmith.jsonschema.discriminator import TagReader
from clientsmith.jsonschema.keywords import CHOICES, elements, is_null
from clientsmith.traffic.check import MessageChecker

_DEEPEST = 10


@dataclass(frozen=True, slots=True)
class Union:
    """The members of a union that are not null, the properties beside it, and the values that name each member."""

    members: list[Node]
    beside: dict[str, Node]
    tag: str
    tags: list[list[str]]

    def named(self, value: Value) -> list[Node]:
        """The members that the tag of a value names."""
        tag = value.get(self.tag) if isinstance(value, dict) else None
        return [one for one, tags in zip(self.members, self.tags, strict=True) if tag in tags]


def union(checker: MessageChecker, schema: Node) -> Union | None:
    """The union that a schema states; None if it states none."""
    target = checker.resolved.deref(schema)
    for keyword in CHOICES:
        members = [one for one in elements(target, keyword) if _is_other(checker.resolved.deref(one), target)]
        if len(members) > 1:
            discriminator, properties = target.get("discriminator"), target.get("properties")
            tag = "" if discriminator is None else discriminator.text("propertyName")
            tags = TagReader(checker.reader).of_members(discriminator, members)
            return Union(members, dict(properties.items()) if properties is not None else {}, tag, tags)
    return None


def _is_other(one: Node, whole: Node) -> bool:
    """Whether a member of a union is neither null nor the union itself."""
    return not is_null(one) and one.identity != whole.identity


def family(checker: MessageChecker, schema: Node) -> Union | None:
    """The schemas that derive from a base class with a discriminator, like the members of a union; None without any."""
    base = checker.reader.canonical(schema)[0]
    discriminator = base.get("discriminator")
    if discriminator is None or any(keyword in base.mapping for keyword in CHOICES):
        return None
    listed = [node for _, node in sorted(checker.resolved.components("schemas").items())]
    named = {one.identity: one for node in listed for one in (checker.reader.canonical(node)[0],)}
    derived = [one for one in named.values() if _derives(checker, one, base)]
    tags = TagReader(checker.reader).of_subtypes(base, derived)
    return Union(derived, {}, discriminator.text("propertyName"), tags) if derived else None


def _derives(checker: MessageChecker, schema: Node, base: Node) -> bool:
    parts = (part.node.identity for part in checker.reader.parts(schema))
    return schema.identity != base.identity and base.identity in parts


def member(checker: MessageChecker, schema: Node, value: Value) -> Node | None:
    """The schema that says all about a value of an answer: of a union the only member that it can be, else its own.

    A tag decides; without one the only member that takes the value. None if that leaves several, or none.
    """
    for _ in range(_DEEPEST):
        stated = union(checker, schema)
        found = stated or family(checker, schema)
        if found is None:
            return schema
        tagged = found.named(value)
        if stated is None and not tagged:
            return schema
        candidates = tagged or found.members
        fitting = [one for one in candidates if checker.schemas.is_valid(one, value, "response")]
        if len(fitting) != 1:
            return None
        schema = fitting[0]
    return None


def named_member(checker: MessageChecker, schema: Node | None, value: Value) -> Node | None:
    """The schema that the tags of a value name, whether it is valid or not; the given one where none does."""
    for _ in range(_DEEPEST):
        found = None if schema is None else union(checker, schema) or family(checker, schema)
        named = [] if found is None else found.named(value)
        if len(named) != 1:
            break
        schema = named[0]
    return schema


def is_of_one_branch(checker: MessageChecker, schema: Node | None, value: Value, depth: int = 0) -> bool:
    """Whether a request has, in every union, only keys that one member which takes it names; False if it is not clear.

    The client takes a key that only another member names for a typing mistake.
    """
    if schema is None or not isinstance(value, dict | list) or depth > _DEEPEST:
        return depth <= _DEEPEST
    found = union(checker, schema)
    if found is not None:
        fitting = [one for one in found.members if checker.schemas.is_valid(one, value, "request")]
        return not found.beside and any(is_of_one_branch(checker, one, value, depth + 1) for one in fitting)
    branches = checker.branches
    if branches.has_choice(schema):
        return False
    if isinstance(value, list):
        items = [branches.item(schema, place) for place in range(len(value))]
        return all(
            is_of_one_branch(checker, one, item, depth + 1) for one, item in zip(items, value, strict=True)
        )
    inner = {key: branches.property(schema, key) for key in value}
    return all(
        one is not None and is_of_one_branch(checker, one, value[key], depth + 1)
        for key, one in inner.items()
    )
