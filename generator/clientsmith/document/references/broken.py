"""References that are not followed: loops, and the objects that need such a reference."""

from __future__ import annotations

from collections.abc import Mapping

from clientsmith.document.grammar import Kind, children
from clientsmith.document.grammar import misplaced as places
from clientsmith.document.model import Node
from clientsmith.document.resolved import BrokenReference, Identity, ResolvedDocument

_OPTIONAL: frozenset[Kind] = frozenset({"example", "link", "callback"})
"""Kinds that an operation does without; a warning names the reference all the same."""
_TOLERABLE: frozenset[Kind] = frozenset({"schema", "header"})
"""Kinds that an operation of an invalid document does without: any value is taken."""


def broken_parts(
    resolved: ResolvedDocument,
    dead: Mapping[Identity, tuple[Kind, BrokenReference]],
    misplaced: Mapping[Identity, BrokenReference],
    *,
    is_lenient: bool,
) -> dict[Identity, BrokenReference]:
    """Each object that needs a reference to nothing, or one that is not followed, with the first such reference."""
    optional = _OPTIONAL | (_TOLERABLE if is_lenient else frozenset[Kind]())
    found = {at: broken for at, (kind, broken) in dead.items() if kind not in optional} | dict(misplaced)
    holders = _holders(resolved) if found else {}
    pending = sorted(found)
    while pending:
        identity = pending.pop()
        for holder in holders.get(identity, ()):
            if holder not in found:
                found[holder] = found[identity]
                pending.append(holder)
    return found


def loops(targets: Mapping[Identity, Node]) -> list[list[Identity]]:
    """Every chain of references that comes back to itself, once."""
    found: list[list[Identity]] = []
    done: set[Identity] = set()
    for start in sorted(targets):
        chain: list[Identity] = []
        step = start
        while step in targets and step not in done:
            done.add(step)
            chain.append(step)
            step = targets[step].identity
        if step in chain:
            found.append(chain[chain.index(step) :])
    return found


def _holders(resolved: ResolvedDocument) -> dict[Identity, list[Identity]]:
    """What each object is a part of, and which references lead to it."""
    holders: dict[Identity, list[Identity]] = {}
    seen: set[tuple[Identity, Kind]] = set()
    stack: list[tuple[Node, Kind]] = [(resolved.node(), "document")]
    while stack:
        node, kind = stack.pop()
        if not isinstance(node.value, dict) or (node.identity, kind) in seen:
            continue
        seen.add((node.identity, kind))
        for steps, value, member in children(node.value, kind):
            stack.append((Node(node.document, node.pointer + steps, value), member))
            holders.setdefault(stack[-1][0].identity, []).append(node.identity)
        for steps in filter(None, places(node.value, kind)):
            holders.setdefault((node.document.uri, node.pointer + steps), []).append(node.identity)
        target = resolved.references.get(node.identity)
        if target is not None:
            stack.append((target, kind))
            holders.setdefault(target.identity, []).append(node.identity)
    return holders
