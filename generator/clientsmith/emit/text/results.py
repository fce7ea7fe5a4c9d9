"""What a call gives back, as Python text: the bodies, what can succeed in part, and the outcomes without a body."""

from __future__ import annotations

from clientsmith.api.model.api import Operation, Response
from clientsmith.api.signatures import can_be_nothing
from clientsmith.emit.text.type_text import RUNTIME, ResultText, joined


def result_text(operation: Operation, writer: ResultText) -> str:
    """The annotation of a method's result."""
    members = writer.members(operation.result) if operation.result is not None else []
    for response in operation.responses:
        if response.partial is not None:
            members += response_members(response, writer)
    if operation.may_not_modify:
        members.append(writer.imports.symbol(f"{writer.package}{RUNTIME}", "NotModified"))
    if operation.may_redirect:
        members.append(writer.imports.symbol(f"{writer.package}{RUNTIME}", "Redirect"))
    return joined([*members, "None"] if can_be_nothing(operation) else members)


def response_members(response: Response, writer: ResultText) -> list[str]:
    """The members of the union that one response decodes to; none where it has no body."""
    bodies = [text for media in response.media for text in writer.members(media.type)]
    partial = response.partial
    if partial is None:
        return bodies
    types = [joined(bodies), writer.text(partial.sent_item), writer.text(partial.received_item)]
    name = writer.imports.symbol(f"{writer.package}{RUNTIME}", "PartialSuccess")
    return [f"{name}[{', '.join(types)}]"]
