"""Docstrings of generated methods and classes, made of what the document says; `literals` does the escaping."""

from __future__ import annotations

from clientsmith.api.model.api import Operation, Resource
from clientsmith.api.signatures import Argument, returns_redirect, succeeds_in_part
from clientsmith.characters import visible
from clientsmith.emit.text.literals import docstring, paragraphs
from clientsmith.emit.text.statuses import BASE_ERROR, error_class, is_error

INDENT = "    "
BILLING_TEXT = "Creates a billing event: never repeated by itself once the request may have arrived."
IDEMPOTENT_TEXT = {
    True: "Idempotent: may be repeated by itself after an unknown outcome.",
    False: "Not idempotent: never repeated by itself once the request may have arrived.",
}
PARTIAL_TEXT = (
    "Can succeed in part: `all_submitted` of the result says whether every item was accepted, and `accepted`, "
    "`rejected`, `undecided`, `unmentioned` and `unexpected` name them one by one. `result` is the answer itself."
)
OPTIONS_TEXT = "Timeout, headers and other choices for this call alone."


def one_line(text: str) -> str:
    """`text` on one line, for reading."""
    return " ".join(visible(text).split())


def headline(operation: Operation) -> str:
    """The first line of a method's docstring."""
    summary = one_line(operation.summary)
    if summary:
        return summary if summary[-1] in ".!?" else f"{summary}."
    return f"{operation.method} {one_line(operation.path)}"


def method_docstring(operation: Operation, arguments: list[Argument], result: str) -> str:
    """The docstring of a method, indented for its class body."""
    lines = [headline(operation), ""]
    if operation.deprecated:
        lines += ["Deprecated by the API.", ""]
    if operation.description.strip():
        lines += [*paragraphs(operation.description), ""]
    if operation.bills:
        lines += [BILLING_TEXT, ""]
    if operation.idempotent is not None:
        lines += [IDEMPOTENT_TEXT[operation.idempotent], ""]
    if succeeds_in_part(operation):
        lines += [*paragraphs(PARTIAL_TEXT), ""]
    lines += ["Args:"]
    for argument in arguments:
        lines += _entry(argument.name, _argument_text(argument))
    lines += _entry("options", OPTIONS_TEXT)
    lines += ["", "Returns:", *_entry("", _result_text(operation, result)), "", "Raises:"]
    for name, text in _raised(operation):
        lines += _entry(name, text)
    lines += ["", *paragraphs(f"Spec: {one_line(operation.pointer)}", hanging=INDENT)]
    return docstring(lines, INDENT * 2)


def async_method_docstring(operation: Operation, twin: str) -> str:
    """The docstring of the asyncio method, which refers to its blocking twin instead of repeating it."""
    text = f"Arguments, result and errors are those of `{twin}`; to be awaited."
    return docstring([headline(operation), "", *paragraphs(text)], INDENT * 2)


def resource_docstring(resource: Resource, *, asynchronous: bool) -> str:
    """The docstring of a resource class."""
    text = paragraphs(resource.description) or [f"The operations of `{one_line(resource.name)}`."]
    if asynchronous:
        text = [*text, "", f"The methods are those of `{resource.class_name}`, to be awaited."]
    return docstring(text, INDENT)


def schema_docstring(description: str, fallback: str, pointer: str, indent: str) -> str:
    """The docstring of a class made from a schema."""
    text = paragraphs(description) or [fallback]
    return docstring([*text, "", f"Spec: {one_line(pointer)}"], indent)


def _entry(name: str, text: str) -> list[str]:
    said = text.strip() or "see the API's documentation."
    if not name:
        return paragraphs(said, indent=INDENT)
    return paragraphs(f"{name}: {said}", indent=INDENT, hanging=INDENT * 2)


def _argument_text(argument: Argument) -> str:
    fallback = (
        f"`{one_line(argument.wire)}` of the {argument.place}." if argument.wire else "The request body."
    )
    text = argument.description.strip() or fallback
    return f"Deprecated. {text}" if argument.deprecated else text


def _result_text(operation: Operation, result: str) -> str:
    successes = [response for response in operation.responses if not is_error(response.status)]
    described = " ".join(
        one_line(r.description) for r in successes if r.description.strip() and r.status != "304"
    )
    text = described or ("Nothing." if result == "None" else "The decoded response.")
    if operation.may_not_modify:
        text += " `NotModified` where the service answers 304."
    if operation.may_redirect:
        text += " `Redirect` where the service answers with the described redirect."
    if operation.may_be_empty and result != "None":
        text += " None where the response has no body."
    return text


def _raised(operation: Operation) -> list[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for response in operation.responses:
        if is_error(response.status) and not returns_redirect(response, operation):
            text = one_line(response.description).rstrip(".")
            status = "any other status" if response.status == "default" else response.status
            entry = f"{status}: {text}." if text else f"{status}."
            found.setdefault(error_class(response.status), []).append(entry)
    entries = [(name, " ".join(texts)) for name, texts in found.items()]
    return [*entries, (BASE_ERROR, "anything else that kept the call from a clear result.")]
