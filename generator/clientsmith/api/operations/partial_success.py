"""Calls that can succeed in part: the extension held against the types of request and response.

It works on the types that the client will have, not on the schemas, so that references, `allOf` and unions are solved.
Every mistake is reported, each at its place; None stands for what could not be found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from clientsmith.api.model.api import Operation, PartialSuccess, Response
from clientsmith.api.model.expressions import union
from clientsmith.api.model.type_paths import Kind, TypePaths
from clientsmith.api.model.types import TypeExpr
from clientsmith.api.operations.responses import outcome
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.extensions import PARTIAL_SUCCESS
from clientsmith.document.model import Node, Pointer, render_pointer
from clientsmith.document.operations import FoundOperation
from clientsmith.document.partial_success import PartialSuccessNode, read_partial_success
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.openapi.response import responses

_NOT_EQUAL = "match properties that are text, a number or a boolean, of the same kind on both sides"


@dataclass(frozen=True, slots=True)
class PartialSuccessReader:
    """Reads the extension of the responses of operations whose types have their final names."""

    document: ResolvedDocument
    types: TypePaths
    diagnostics: Diagnostics

    def read(self, found: FoundOperation, operation: Operation) -> Operation:
        """The operation with what its responses say about single items."""
        declared = responses(found.node, self.document)
        extensions = {status: one.node.get(PARTIAL_SUCCESS) for status, one in declared.items()}
        if not any(extensions.values()):
            return operation
        read = tuple(
            self._response(operation, response, extensions.get(response.status))
            for response in operation.responses
        )
        return replace(operation, responses=read, result=outcome(read, operation.method).result)

    def _response(self, operation: Operation, response: Response, node: Node | None) -> Response:
        declared = read_partial_success(node, self.diagnostics) if node is not None else None
        if declared is None:
            return response
        why = _misplaced(operation, response)
        if why or operation.body is None:
            message = f"{PARTIAL_SUCCESS} means nothing here: {why}"
            hint = "it belongs on a 2xx response with a JSON body, of an operation that sends one"
            self.diagnostics.error("misplaced-extension", message, declared.node.place, hint=hint)
            return response
        answer = union(media.type for media in response.media)
        return replace(response, partial=self._checked(operation.body.type, answer, declared))

    def _checked(
        self, body: TypeExpr, answer: TypeExpr, declared: PartialSuccessNode
    ) -> PartialSuccess | None:
        node = declared.node
        sent = self._items(body, declared.sent, node.child("sent"), "request")
        received = self._items(answer, declared.received, node.child("received"), "response")
        good = [self._holds(received, declared.accepted, node.child("accepted"), "boolean")]
        good += [self._matches(sent, received, item) for item in node.child("match").elements()]
        if declared.amount is not None and declared.total is not None:
            good.append(self._holds(received, declared.amount, node.child("amount"), "number"))
            total = self._at(answer, declared.total, node.child("total"), "response")
            good.append(total is not None and self._is(total, "number", node.child("total")))
        if sent is None or received is None or not all(good):
            return None
        return PartialSuccess(
            sent=declared.sent,
            received=declared.received,
            accepted=declared.accepted,
            match=declared.match,
            sent_item=sent,
            received_item=received,
            amount=declared.amount,
            total=declared.total,
        )

    def _items(self, body: TypeExpr, path: Pointer, node: Node, side: str) -> TypeExpr | None:
        """The type of the items of an array of objects."""
        array = self._at(body, path, node, side)
        if array is None:
            return None
        items = self.types.items(array)
        if items is None:
            self._dangling(node, f"{node.key} does not lead to an array in the {side} body")
        elif not self.types.is_object(items):
            hint = "each item has to be of a schema with properties"
            self._dangling(node, f"{node.key} leads to an array whose items are not objects", hint)
            return None
        return items

    def _at(self, body: TypeExpr, path: Pointer, node: Node, side: str) -> TypeExpr | None:
        current = body
        for number, step in enumerate(path):
            found = self.types.step(current, step)
            if found is None:
                where = f"at {render_pointer(path[:number]):.120}" if number else "at its root"
                message = f"{node.key} leads nowhere: the {side} body has no {step!r:.80} {where}"
                self._dangling(node, message, self.types.hint(current, step))
                return None
            current = found
        return current

    def _matches(self, sent: TypeExpr | None, received: TypeExpr | None, node: Node) -> bool:
        name = str(node.value)
        mine, theirs = (
            self._property(sent, name, node, "a sent"),
            self._property(received, name, node, "an answered"),
        )
        if mine is None or theirs is None:
            return False
        if not self.types.kinds(mine) & self.types.kinds(theirs):
            self._dangling(
                node, f"the {name!r:.80} of a sent and an answered item are never equal", _NOT_EQUAL
            )
            return False
        return True

    def _holds(self, item: TypeExpr | None, name: str, node: Node, kind: Kind) -> bool:
        found = self._property(item, name, node, "an answered")
        return found is not None and self._is(found, kind, node)

    def _property(self, item: TypeExpr | None, name: str, node: Node, which: str) -> TypeExpr | None:
        if item is None:
            return None
        found = self.types.step(item, name)
        if found is None:
            message = f"{which} item has no property {name!r:.80}"
            self._dangling(node, message, self.types.hint(item, name))
        return found

    def _is(self, expression: TypeExpr, kind: Kind, node: Node) -> bool:
        good = kind in self.types.kinds(expression)
        if not good:
            self._dangling(node, f"{node.key} names something that is never a {kind}")
        return good

    def _dangling(
        self, node: Node, message: str, hint: str = "compare it with the schema of the body"
    ) -> None:
        self.diagnostics.error("dangling-extension", message, node.place, hint=hint)


def _misplaced(operation: Operation, response: Response) -> str:
    """Why the extension says nothing there, empty where it does."""
    if not response.status.startswith("2"):
        return f"{response.status} of {operation.id} is no 2xx"
    if not response.media or any(media.codec != "json" for media in response.media):
        return f"{response.status} of {operation.id} has no JSON body"
    if operation.body is None or operation.body.codec != "json":
        return f"{operation.id} sends no JSON body"
    return ""
