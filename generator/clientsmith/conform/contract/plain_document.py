"""The document as schemathesis can read it, which follows references at the places of the specification only."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from clientsmith.conform.run.context import Context
from clientsmith.document.grammar import METHODS
from clientsmith.document.model import JSON, Node
from clientsmith.document.references.targets import join
from clientsmith.document.resolved import members
from clientsmith.openapi.operation import DescribedOperation


def plain_document(context: Context) -> dict[str, Any]:
    """A copy of the root document with every operation in its place, without those left out, its numbers rounded."""
    resolved = context.checker.resolved
    root = resolved.node()
    operations = [one for one in context.checker.operations if one.id in context.package.operations]
    holders = [one for one in map(root.get, ("paths", "components")) if one is not None]
    is_whole = len(operations) == len(context.checker.operations)
    tree = cast("dict[str, Any]", _rounded(root.value))
    if is_whole and not any("$ref" in one.mapping for one in holders) and all(map(_is_plain, operations)):
        return tree
    paths: dict[str, dict[str, Any]] = {}
    tree["paths"] = paths
    for operation in operations:
        item = paths.setdefault(operation.path, _shared(operation))
        method = operation.found.method
        owner: dict[str, Any] = item if method in METHODS else item.setdefault("additionalOperations", {})
        responses = members(operation.node.get("responses"), resolved.deref)
        own = {"responses": {key: _inlined(one) for key, one in responses.items()}}
        owner[method] = _inlined(operation.node) | own
    sections = members(root.get("components"), resolved.deref)
    tree["components"] = {
        section: {key: _inlined(one) for key, one in members(node, resolved.deref).items()}
        for section, node in sections.items()
    }
    return tree


def _is_plain(operation: DescribedOperation) -> bool:
    """Whether an operation, and its responses, are where the specification allows them."""
    responses = operation.node.get("responses")
    is_in_item = operation.node.pointer[:-1] in (
        operation.found.item.pointer, (*operation.found.item.pointer, "additionalOperations"),
    )  # fmt: skip
    return is_in_item and (responses is None or "$ref" not in responses.mapping)


def _shared(operation: DescribedOperation) -> dict[str, Any]:
    """What a path item says for all of its operations."""
    item = operation.found.item
    return {key: _inlined(item.child(key)) for key in ("parameters", "servers") if key in item.mapping}


def _inlined(node: Node) -> Any:
    """A copy of a node for the root document: its references are relative to that."""
    return _rebased(_rounded(node.value), "" if node.document.is_root else node.document.uri)


def _rounded(value: JSON) -> JSON:
    """A copy in which each number is a float or an int: schemathesis draws by no others."""
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(member) for key, member in value.items()}
    return float(value) if isinstance(value, Decimal) else value


def _rebased(value: JSON, base: str) -> Any:
    if isinstance(value, list):
        return [_rebased(item, base) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: _rebased(member, base) for key, member in value.items()}
    reference = value.get("$ref")
    if base and isinstance(reference, str):
        target, mark, fragment = reference.partition("#")
        made["$ref"] = f"{join(base, target)}{mark}{fragment}"
    return made
