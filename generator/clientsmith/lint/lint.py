"""Findings in a valid document that its author will want to know of; nothing here stops generation."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from itertools import combinations
from urllib.parse import urlsplit

from clientsmith.diagnostics.model import Diagnostics, Related
from clientsmith.document.grammar import Kind
from clientsmith.document.model import Node, Pointer
from clientsmith.document.operations import FoundOperation, operations
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.document.walk import all_objects
from clientsmith.jsonschema.branches import Branches
from clientsmith.jsonschema.discriminator import TagReader
from clientsmith.jsonschema.keywords import ALL_OF, elements
from clientsmith.jsonschema.reader import SchemaReader
from clientsmith.jsonschema.satisfiability.disjoint import Pairs
from clientsmith.jsonschema.shape import GROUPS
from clientsmith.lint.ecma import is_ecma
from clientsmith.lint.examples import check_examples
from clientsmith.lint.spelling import check_spelling
from clientsmith.lint.values import check_listed
from clientsmith.openapi.server import servers

_MOST_MEMBERS = 100
"""How many members of a union are compared with each other."""


def lint(resolved: ResolvedDocument, diagnostics: Diagnostics) -> None:
    """Report what every rule finds; no rule depends on another."""
    found = list(all_objects(resolved))
    check_examples(resolved, found, diagnostics)
    for node, kind in found:
        for rule in _OBJECT_RULES.get(kind, ()):
            rule(resolved, node, diagnostics)
    for operation in operations(resolved.node(), resolved.deref):
        _operation(resolved, operation, diagnostics)
    _servers(resolved, diagnostics)
    check_spelling(resolved, found, diagnostics)
    _unused_components(resolved, found, diagnostics)


def _operation(resolved: ResolvedDocument, found: FoundOperation, diagnostics: Diagnostics) -> None:
    node = found.node
    if not node.text("operationId"):
        diagnostics.warning("missing-operation-id", f"{found.label} has no operationId", node.place)
    if not node.mapping.get("tags"):
        diagnostics.warning("missing-tag", f"{found.label} has no tag", node.place)
    if not (node.text("description") or node.text("summary")):
        diagnostics.note(
            "missing-description", f"{found.label} has neither summary nor description", node.place
        )
    if "security" not in node.mapping and "security" not in resolved.node().mapping:
        message = f"neither {found.label} nor the document states its security"
        hint = "write security: [] at the root of the document where no credentials are needed"
        diagnostics.warning("missing-security", message, node.place, hint=hint)


def _parameter(resolved: ResolvedDocument, node: Node, diagnostics: Diagnostics) -> None:
    name = node.text("name")
    if name and not node.text("description"):
        diagnostics.note("missing-description", f"the parameter {name!r:.80} has no description", node.place)


def _pattern(resolved: ResolvedDocument, node: Node, diagnostics: Diagnostics) -> None:
    pattern = node.text("pattern")
    if pattern and not is_ecma(pattern):
        message = f"the pattern {pattern!r:.80} is no regular expression of ECMA-262"
        diagnostics.warning("invalid-pattern", message, node.child("pattern").place)


def _discriminator(resolved: ResolvedDocument, node: Node, diagnostics: Diagnostics) -> None:
    tags = TagReader(SchemaReader(resolved))
    for value, member in _mapping(node):
        if isinstance(member.value, str) and tags.mapped(member) is None:
            message = f"the discriminator maps {value!r:.60} to {member.value!r:.120}, which does not exist"
            diagnostics.warning("dangling-discriminator", message, member.place)


def _choice(resolved: ResolvedDocument, node: Node, diagnostics: Diagnostics) -> None:
    choice = node.get("oneOf")
    members = [] if choice is None else list(choice.elements())
    if choice is None or len(members) > _MOST_MEMBERS or resolved.may_overlap(choice):
        return
    reader = SchemaReader(resolved)
    pairs, named = Pairs(reader), TagReader(reader).of_members(node.get("discriminator"), members)
    for (one, name), (other, other_name) in combinations(zip(members, named, strict=True), 2):
        if not (name and other_name) and pairs.surely_overlap(one, other):
            message = "a value can fit two members of this oneOf, and is then invalid"
            hint = "use anyOf or a discriminator, or allow it by document.overlapping in the config"
            related = (Related("one of them", one.place), Related("the other one", other.place))
            diagnostics.warning("overlapping-members", message, choice.place, hint=hint, related=related)
            return


def _loop(resolved: ResolvedDocument, node: Node, diagnostics: Diagnostics) -> None:
    if GROUPS & node.mapping.keys() and Branches(SchemaReader(resolved)).leads_to_itself(node):
        message = "this schema is a member of itself: whether a value fits it is undefined"
        hint = "leave that member out, or refer to the schema from a property or an item"
        diagnostics.warning("member-of-itself", message, node.place, hint=hint)


_Rule = Callable[[ResolvedDocument, Node, Diagnostics], None]
_OBJECT_RULES: dict[Kind, tuple[_Rule, ...]] = {
    "parameter": (_parameter,),
    "schema": (_pattern, _discriminator, _choice, _loop, check_listed),
}


def _mapping(schema: Node) -> list[tuple[str, Node]]:
    discriminator = schema.get("discriminator")
    mapping = discriminator.get("mapping") if discriminator is not None else None
    return list(mapping.items()) if mapping is not None else []


def _servers(resolved: ResolvedDocument, diagnostics: Diagnostics) -> None:
    root = resolved.node()
    holders = [
        root,
        *(node for found in operations(root, resolved.deref) for node in (found.item, found.node)),
    ]
    for holder in holders:
        for server in servers(holder):
            url = server.node.text("url")
            if url.lower().startswith("http://") and not _is_loopback(url):
                message = f"the server {url!r:.120} is reached without encryption"
                diagnostics.warning(
                    "insecure-server",
                    message,
                    server.node.place,
                    hint="use https, or allow it: allow_http=True",
                )


def _is_loopback(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or host.endswith(".localhost") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _unused_components(
    resolved: ResolvedDocument, found: list[tuple[Node, Kind]], diagnostics: Diagnostics
) -> None:
    used: set[Pointer] = set()
    tags = TagReader(SchemaReader(resolved))
    for (uri, holder), target in resolved.references.items():
        component = target.pointer[:3]
        if target.document.is_root and (uri != resolved.root.uri or holder[:3] != component):
            used.add(component)
        if uri == resolved.root.uri and _is_of_hierarchy(resolved, target):
            used.add(holder[:3])  # A variant of an open hierarchy: found by its name alone.
    for node, kind in found:
        if kind == "schema":
            used |= {mapped.pointer for _, one in _mapping(node) if (mapped := tags.mapped(one)) is not None}
        listed = node.get("security") if kind in ("document", "operation") else None
        for requirement in listed.elements() if listed is not None else ():
            used |= {("components", "securitySchemes", key) for key in requirement.mapping}
    components = resolved.node().get("components")
    for section, members in components.items() if components is not None else ():
        for name, member in members.items() if not section.startswith("x-") else ():
            if member.pointer not in used:
                diagnostics.note("unused-component", f"nothing refers to {section}/{name:.80}", member.place)


def _is_of_hierarchy(resolved: ResolvedDocument, node: Node) -> bool:
    """Whether a schema has a discriminator, or a base class of it does."""
    pending, met = [resolved.deref(node)], set[Identity]()
    while pending:
        one = pending.pop()
        if "discriminator" in one.mapping:
            return True
        if one.identity not in met:
            met.add(one.identity)
            pending += map(resolved.deref, elements(one, ALL_OF))
    return False
