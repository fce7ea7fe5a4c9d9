"""Compares credentials: which sets of them, with which scopes, suffice for an operation, whatever they are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.messages.report import MessageReport
from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.openapi.likeness import most_alike
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.security import SecurityScheme, requirements

Credential: TypeAlias = tuple[str, ...]
Alternative: TypeAlias = Mapping[Credential, frozenset[str]]
_ADDRESSES = ("authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl")


@dataclass(frozen=True, slots=True, eq=False)
class Sufficient:
    """One alternative of an operation: its credentials with their scopes, as they are written and as they are sent."""

    sent: Alternative
    schemes: tuple[SecurityScheme, ...]
    written: Mapping[str, frozenset[str]]

    def suffices_for(self, other: Sufficient) -> bool:
        """Whether who has these credentials has those that the other one asks for."""
        return all(
            scheme in self.sent and scopes <= self.sent[scheme] for scheme, scopes in other.sent.items()
        )

    def names(self, *, has_scopes: bool) -> frozenset[str]:
        """What it has in common with alternatives that are like it: credentials, and scopes of these."""
        credentials = {" ".join(one): scopes if has_scopes else () for one, scopes in self.sent.items()}
        scoped = {f"{name} {scope}" for name, scopes in credentials.items() for scope in scopes}
        return frozenset(credentials) | scoped

    @property
    def text(self) -> str:
        """How a report names it."""
        named = (
            f"{key} ({', '.join(sorted(scopes))})" if scopes else key
            for key, scopes in sorted(self.written.items())
        )
        return " and ".join(named) or "a call without credentials"


def compare_security(report: MessageReport, old: DescribedOperation, new: DescribedOperation) -> None:
    """Tell which credentials no longer suffice, and which do in addition."""
    before, after = (sufficient(one.node, one.resolved) for one in (old, new))
    changed = _compare_schemes(report, before, after)
    places = _holders(old, new)
    gone = [
        one for one in before if not any(map(one.suffices_for, after)) and not changed & one.written.keys()
    ]
    added = [
        one for one in after if not any(map(one.suffices_for, before)) and not changed & one.written.keys()
    ]
    for mine, theirs in _exchanged(gone, added):
        report.tell(_finding("security-changed", places, mine.text, theirs.text))
        gone.remove(mine)
        added.remove(theirs)
    for mine in gone:
        report.tell(_finding("security-narrowed", places, was=mine.text))
    for theirs in added:
        report.tell(_finding("security-widened", places, now=theirs.text))


def _exchanged(
    gone: Sequence[Sufficient], added: Sequence[Sufficient]
) -> list[tuple[Sufficient, Sufficient]]:
    """Which alternative takes the place of which: the most alike, first with their scopes, then by their credentials.

    A single one that is left on each side may have nothing in common with the other. A tie matches nothing.
    """
    found: list[tuple[Sufficient, Sufficient]] = []
    left, right = list(gone), list(added)
    for has_scopes in (True, False):
        named = ({one: one.names(has_scopes=has_scopes) for one in side} for side in (left, right))
        pairs, _ = most_alike(*named)
        found += pairs
        left = [one for one in left if one not in {mine for mine, _ in pairs}]
        right = [one for one in right if one not in {theirs for _, theirs in pairs}]
    return [*found, (left[0], right[0])] if len(left) == len(right) == 1 else found


def _finding(rule: str, places: tuple[Node, Node], was: str = "", now: str = "") -> Difference:
    at = next((place for place in reversed(places) if place.key == "security"), places[1])
    return Difference(rule, *places, at, places[1], "security", was, now)


def sufficient(owner: Node, document: ResolvedDocument) -> list[Sufficient]:
    """Those of an operation or the document that can be satisfied; without any requirement no credential suffices."""
    found: list[Sufficient] = []
    every = requirements(owner, document)
    for one in every:
        scopes = {key: _texts(node) for key, node in one.node.items()}
        sent = {sent_of(scheme): scopes.get(scheme.key, frozenset()) for scheme in one.schemes}
        sent |= {("unknown", key): frozenset[str]() for key in one.unknown}
        found.append(Sufficient(sent, one.schemes, scopes))
    return found or [Sufficient({}, (), {})]


def _texts(listed: Node) -> frozenset[str]:
    return frozenset(one.value for one in listed.elements() if isinstance(one.value, str))


def sent_of(scheme: SecurityScheme) -> Credential:
    """What a request carries, whatever the scheme is called."""
    kind = scheme.node.text("type")
    name = scheme.name.lower() if scheme.location == "header" else scheme.name
    return kind, scheme.kind, scheme.location, name, scheme.prefix


def _shown(scheme: SecurityScheme) -> str:
    """How a report describes a credential."""
    words = scheme.node.text("type"), scheme.prefix.strip() or scheme.name, "in the", scheme.location
    return " ".join(word for word in words if word)


def _holders(old: DescribedOperation, new: DescribedOperation) -> tuple[Node, Node]:
    """The requirements of the operations if one of them has its own, else those of the documents."""
    if any("security" in one.node.mapping for one in (old, new)):
        return old.node.get("security") or old.node, new.node.get("security") or new.node
    roots = old.resolved.node(), new.resolved.node()
    return roots[0].get("security") or roots[0], roots[1].get("security") or roots[1]


def _compare_schemes(report: MessageReport, old: Iterable[Sufficient], new: Iterable[Sufficient]) -> set[str]:
    """Tell of schemes that are another credential under the same key, and of other addresses; returns those keys."""
    before, after = ({scheme.key: scheme for one in side for scheme in one.schemes} for side in (old, new))
    changed: set[str] = set()
    by_credential = {sent_of(scheme): scheme for _, scheme in sorted(after.items())}
    kept = {sent_of(scheme) for scheme in before.values()} & by_credential.keys()
    for key, mine in sorted(before.items()):
        theirs = after.get(key)
        if (
            theirs is not None
            and sent_of(mine) != sent_of(theirs)
            and not {sent_of(mine), sent_of(theirs)} & kept
        ):
            changed.add(key)
            names = _shown(mine), _shown(theirs)
            report.tell(
                Difference(
                    "security-scheme-changed", mine.node, theirs.node, theirs.node, theirs.node, key, *names
                )
            )
        same = by_credential.get(sent_of(mine))
        if same is not None:
            _compare_addresses(report, mine.node, same.node)
    return changed


def _compare_addresses(report: MessageReport, old: Node, new: Node) -> None:
    before, after = dict(token_addresses(old)), dict(token_addresses(new))
    for name in sorted(before.keys() & after.keys()):
        places = before[name], after[name]
        if places[0].value != places[1].value:
            values = str(places[0].value), str(places[1].value)
            report.tell(Difference("token-address-changed", *places, places[1], places[1], name, *values))
    flows = old.get("flows"), new.get("flows")
    if flows[0] is not None and flows[1] is not None and flows[0].mapping.keys() - flows[1].mapping.keys():
        names = ", ".join(sorted(flows[0].mapping)), ", ".join(sorted(flows[1].mapping))
        report.tell(Difference("token-address-changed", *flows, flows[1], flows[1], "flow", *names))


def token_addresses(scheme: Node) -> Iterable[tuple[str, Node]]:
    """What a scheme says of where tokens come from, by name."""
    connect, flows = scheme.get("openIdConnectUrl"), scheme.get("flows")
    if connect is not None:
        yield "openIdConnectUrl", connect
    for name, flow in flows.items() if flows is not None else ():
        for keyword in _ADDRESSES:
            node = flow.get(keyword)
            if node is not None:
                yield f"{keyword} of {name}", node
