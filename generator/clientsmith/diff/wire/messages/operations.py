"""Compares operations: which there are, and all that their messages are made of; webhooks and callbacks too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from clientsmith.diff.model import ReachedOperation
from clientsmith.diff.wire.differences import Difference
from clientsmith.diff.wire.messages.bodies import compare_request_bodies
from clientsmith.diff.wire.messages.identity import addresses, match_operations, server_holder
from clientsmith.diff.wire.messages.parameters import compare_parameters
from clientsmith.diff.wire.messages.report import Collected, MessageReport
from clientsmith.diff.wire.messages.responses import compare_responses
from clientsmith.diff.wire.messages.security import compare_security
from clientsmith.diff.wire.schema.annotations import announced, compare_deprecation
from clientsmith.document.grammar import METHODS
from clientsmith.document.model import Node
from clientsmith.document.operations import FoundOperation, label
from clientsmith.document.resolved import Identity, ResolvedDocument, members
from clientsmith.openapi.operation import DescribedOperation

_Operations = Mapping[tuple[str, str], DescribedOperation]


@dataclass(slots=True)
class OperationComparison:
    """Compares the operations of two documents; `reached` are all of them, by the number that findings know."""

    old: ResolvedDocument
    new: ResolvedDocument
    collected: Collected
    reached: list[ReachedOperation] = field(default_factory=list[ReachedOperation])
    _open: set[tuple[Identity, Identity]] = field(default_factory=set[tuple[Identity, Identity]])

    def run(self) -> None:
        """Compare everything."""
        found = match_operations(self.old, self.new)
        root = self.new.node()
        paths = root.get("paths") or root
        for one in found.gone:
            self._tell_whole(self._report(one), "operation-removed", one.node, None, paths)
        for one in found.added:
            self._tell_whole(self._report(one), "operation-added", None, one.node, paths)
        for before, after in found.both:
            report = self._report(after)
            compare_security(report, before, after)
            _compare_servers(report, before, after)
            self._compare(report, before, after)
        self._compare_webhooks()

    def _report(self, one: DescribedOperation) -> MessageReport:
        self.reached.append(ReachedOperation(one.path, one.method, one.id))
        return MessageReport(self.collected, len(self.reached) - 1)

    def _tell_whole(
        self, report: MessageReport, rule: str, old: Node | None, new: Node | None, anchor: Node
    ) -> None:
        said = announced(old) if old is not None else ""
        report.tell(Difference(rule, old, new, new or old or anchor, anchor, note=said))

    def _compare(self, report: MessageReport, old: DescribedOperation, new: DescribedOperation) -> None:
        for side in (report.of("request"), report.of("response")):
            compare_deprecation(side.tell, [old.node], [new.node], "operation")
        compare_parameters(report.of("request"), old, new)
        compare_request_bodies(report.of("request"), old, new)
        compare_responses(report, old, new)
        self._compare_callbacks(report, old, new)

    def _compare_callbacks(
        self, report: MessageReport, old: DescribedOperation, new: DescribedOperation
    ) -> None:
        pair = old.node.identity, new.node.identity
        if pair in self._open:
            return
        self._open.add(pair)
        before, after = callbacks_of(old), callbacks_of(new)
        for key in sorted(before.keys() | after.keys()):
            mine, theirs = before.get(key), after.get(key)
            inner = report.turned()
            if mine is not None and theirs is not None:
                self._compare(inner, mine, theirs)
            else:
                self._tell_sent(report, mine, theirs, new.node)
        self._open.discard(pair)

    def _compare_webhooks(self) -> None:
        before, after = webhooks_of(self.old), webhooks_of(self.new)
        root = self.new.node()
        for key in sorted(before.keys() | after.keys()):
            mine, theirs = before.get(key), after.get(key)
            report = self._report(theirs or before[key])
            if mine is not None and theirs is not None:
                self._compare(report.turned(), mine, theirs)
            else:
                self._tell_sent(report, mine, theirs, root.get("webhooks") or root)

    def _tell_sent(
        self,
        report: MessageReport,
        old: DescribedOperation | None,
        new: DescribedOperation | None,
        anchor: Node,
    ) -> None:
        """A webhook or callback that only one side has."""
        one = new or old
        if one is not None:
            rule = "webhook-removed" if new is None else "webhook-added"
            places = old.node if old else None, new.node if new else None
            self._tell_whole(report.of("response"), rule, *places, anchor)


def _compare_servers(report: MessageReport, old: DescribedOperation, new: DescribedOperation) -> None:
    """Report addresses that an operation no longer has, and a new default address."""
    before, after = addresses(old), addresses(new)
    gone = [url for address, url in before.items() if address not in after]
    added = [url for address, url in after.items() if address not in before]
    usual = next(iter(before)), next(iter(after))
    if gone or usual[0] != usual[1]:
        moved = usual[0] != usual[1] and usual[0] in after
        was = dict.fromkeys([before[usual[0]], *gone] if moved else gone)
        now = dict.fromkeys([after[usual[1]], *added] if moved else added or [after[usual[1]]])
        holders = server_holder(old), server_holder(new)
        places = holders[0].get("servers") or holders[0], holders[1].get("servers") or holders[1]
        at = places[1]
        report.tell(Difference("server-changed", *places, at, at, "address", ", ".join(was), ", ".join(now)))


def webhooks_of(document: ResolvedDocument) -> _Operations:
    """The operations of the webhooks of a document, by name and method."""
    listed = members(document.node().get("webhooks"), document.deref)
    return {
        (name, method): one for name, item in listed.items() for method, one in _of_item(document, name, item)
    }


def callbacks_of(operation: DescribedOperation) -> _Operations:
    """The operations of its callbacks, by name and expression, and by method."""
    document = operation.resolved
    found: dict[tuple[str, str], DescribedOperation] = {}
    for name, callback in members(operation.node.get("callbacks"), document.deref).items():
        for expression, item in document.deref(callback).items():
            if not expression.startswith("x-"):
                for method, one in _of_item(document, f"{name} {expression}", item):
                    found[f"{name} {expression}", method] = one
    return found


def _of_item(document: ResolvedDocument, name: str, item: Node) -> Iterator[tuple[str, DescribedOperation]]:
    """The operations of a path item that is not below `paths`."""
    target = document.deref(item)
    for method in METHODS:
        node = target.get(method)
        if node is not None and isinstance(node.value, dict):
            found = FoundOperation(
                name, method, target, node, node.text("operationId") or label(method, name)
            )
            yield method, DescribedOperation(found, document)
