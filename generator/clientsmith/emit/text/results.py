"""What a call gives back, as Python text: the bodies, what can succeed in part, and the outcomes without a body."""

from __future__ import annotations

from clientsmith.api.model.api import Operation, Response
from clientsmith.api.signatures import can_be_nothing
from clientsmith.emit.text.imports import Imports
from clientsmith.emit.text.type_text import RUNTIME, ResultText, joined


def result_text(operation: Operation, imports: Imports, package: str) -> str:
    """The annotation of a method's result; `package` is the relative name of the package's root."""
    writer = ResultText(imports, package)
    members = writer.members(operation.result) if operation.result is not None else []
    for response in operation.responses:
        if response.partial is not None:
            members += response_members(response, imports, package)
    if operation.may_not_modify:
        members.append(imports.symbol(f"{package}{RUNTIME}", "NotModified"))
    if operation.may_redirect:
        members.append(imports.symbol(f"{package}{RUNTIME}", "Redirect"))
    return joined([*members, "None"] if can_be_nothing(operation) else members)


def response_members(response: Response, imports: Imports, package: str) -> list[str]:
    """The members of the union that one response decodes to; none where it has no body."""
    writer = ResultText(imports, package)
    bodies = [text for media in response.media for text in writer.members(media.type)]
    partial = response.partial
    if partial is None:
        return bodies
    types = [joined(bodies), writer.text(partial.sent_item), writer.text(partial.received_item)]
    return [f"{imports.symbol(f'{package}{RUNTIME}', 'PartialSuccess')}[{', '.join(types)}]"]
