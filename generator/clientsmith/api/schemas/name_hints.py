"""The name a schema asks for, from its place in the document: components by key, inline schemas by their path.

A hint depends on the JSON pointer and the name of the operation alone, so that neither key order nor the order of use
can change a name.
"""

from __future__ import annotations

from collections.abc import Mapping

from clientsmith.api.model.naming import class_name, pascal_case
from clientsmith.document.grammar import FIELDS
from clientsmith.document.model import JSON, Node
from clientsmith.document.resolved import Identity, ResolvedDocument
from clientsmith.jsonschema.discriminator import component_key
from clientsmith.jsonschema.keywords import COMBINATORS

_METHODS = frozenset({"get", "put", "post", "patch", "delete", "head", "options", "trace", "query"})
_NAMED_BELOW = frozenset({"paths", "webhooks", "components", "$defs", "definitions"})
_IN_A_SCHEMA = frozenset(
    {*COMBINATORS, "additionalProperties", "items", "not", "patternProperties", "prefixItems", "properties"}
)
_BY_POSITION: Mapping[int, str] = {}
_WORDS = {"items": "Item", "prefixItems": "Item", "additionalProperties": "Value", "not": "Not"}


def schema_hint(
    node: Node,
    document: ResolvedDocument,
    overrides: Mapping[str, str],
    operations: Mapping[Identity, str],
    numbers: Mapping[int, str] = _BY_POSITION,
) -> str:
    """The class name that the place of a schema suggests; `operations` says what those of an operation begin with.

    `numbers` are those of members of unions, by index in the pointer; without one the position counts.
    """
    key = component_key(node)
    if key is not None:
        return overrides.get(key) or class_name(key)
    pieces = [*_start(node, document, operations), *_pieces(node, overrides, operations, numbers)]
    return class_name("".join(pieces) or "Schema")


def _start(node: Node, document: ResolvedDocument, operations: Mapping[Identity, str]) -> list[str]:
    """What a schema in another file is called by: its key there, else the operation or the file it is part of."""
    if node.document is document.root:
        return []
    first = node.pointer[0] if node.pointer else ""
    root = node.document.root
    if first in FIELDS["operation"] and (root.identity in operations or root.text("operationId")):
        return [operations.get(root.identity) or pascal_case(root.text("operationId"), "Operation")]
    if not first or first in _IN_A_SCHEMA or first in FIELDS["operation"]:
        stem = node.document.uri.rsplit("/", 1)[-1].partition(".")[0]
        return [pascal_case(stem, "File")]
    return [] if first in _NAMED_BELOW else [pascal_case(first, "Schema")]


def _pieces(
    node: Node,
    overrides: Mapping[str, str],
    operations: Mapping[Identity, str],
    numbers: Mapping[int, str],
) -> list[str]:
    pieces: list[str] = []
    tokens = node.pointer
    above: JSON = node.document.tree
    for index, token in enumerate(tokens):
        parent = tokens[index - 1] if index else ""
        tree = _step(above, token)
        above = tree
        if (name := operations.get((node.document.uri, tokens[: index + 1]))) is not None:
            pieces.append(name)
        elif index == 2 and tokens[:2] == ("components", "schemas"):
            pieces.append(overrides.get(token) or class_name(token))
        elif index == 2 and tokens[0] == "components":
            suffix = {"responses": "Response", "requestBodies": "Request"}.get(tokens[1], "")
            pieces.append(pascal_case(token, "Component") + suffix)
        elif tokens[0] in ("paths", "webhooks") and index in (1, 2):
            _operation_piece(pieces, tokens[1], "".join(tokens[2:3]), index, tree)
        elif parent in ("properties", "patternProperties", "$defs", "definitions"):
            pieces.append(pascal_case(token, "Field"))
        elif parent == "parameters" and isinstance(tree, dict):
            pieces.append(pascal_case(str(tree.get("name", "")), "Parameter"))
        elif parent in COMBINATORS:
            title = tree.get("title") if isinstance(tree, dict) else None
            number = numbers.get(index) or int(token) + 1
            pieces.append(pascal_case(title, "Option") if isinstance(title, str) else f"Option{number}")
        elif parent == "responses" and tokens[0] != "components":
            pieces.append("Response" if token.startswith("2") else f"Response{pascal_case(token, '')}")
        elif token == "requestBody":
            pieces.append("Request")
        elif token in _WORDS and parent != "properties":
            pieces.append(_WORDS[token])
    return pieces


def _operation_piece(pieces: list[str], path: str, method: str, index: int, tree: JSON) -> None:
    """The operation id if there is one, else path and method; the path alone for what is beside methods."""
    if index == 1 and method not in _METHODS:
        pieces.append(pascal_case(path, "Path"))
    if index == 2 and method in _METHODS:
        operation_id = tree.get("operationId") if isinstance(tree, dict) else None
        pieces.append(
            pascal_case(operation_id, "Operation")
            if isinstance(operation_id, str)
            else pascal_case(method, "") + pascal_case(path, "Root")
        )


def _step(tree: JSON, token: str) -> JSON:
    if isinstance(tree, list):
        return tree[int(token)] if token.isdigit() and int(token) < len(tree) else None
    return tree.get(token) if isinstance(tree, dict) else None
