"""The view of the reference page: one section per method, all text of the document escaped for Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from clientsmith.api.model.api import Api, Operation, Resource, Response
from clientsmith.api.signatures import Argument, arguments_of, returns_redirect, succeeds_in_part
from clientsmith.emit.client.client_module import bills, credential_sentences, takes
from clientsmith.emit.reference.usage import general_examples, method_example
from clientsmith.emit.templates.views import ReferenceMethod, ReferencePage, ReferenceResource
from clientsmith.emit.text.docstrings import (
    BILLING_TEXT,
    IDEMPOTENT_TEXT,
    OPTIONS_TEXT,
    PARTIAL_TEXT,
    one_line,
)
from clientsmith.emit.text.imports import Imports
from clientsmith.emit.text.results import response_members, result_text
from clientsmith.emit.text.statuses import error_class, is_error, phrase
from clientsmith.emit.text.type_text import ArgumentText, Catalog, ResultText, joined
from clientsmith.markdown import block, code, fenced, inline


def reference_page(api: Api, catalog: Catalog) -> ReferencePage:
    """The view that REFERENCE.md.j2 renders."""
    examples = general_examples(api, catalog)
    return ReferencePage(
        title=inline(api.title) or api.package,
        description=block(api.description),
        package=api.package,
        client=api.client_class,
        async_client=api.async_client_class,
        base_url=code(api.base_url) if api.base_url is not None else "",
        allow_http=api.allow_http,
        credentials=tuple(inline(sentence) for sentence in credential_sentences(api)),
        requires_credentials=api.requires_credentials,
        bills=bills(api),
        validates=takes(api, "validation"),
        checks=takes(api, "check_requests"),
        construction=_python(examples.construction),
        async_construction=_python(examples.async_construction),
        raw_response=_python(examples.raw_response),
        option_use=_python(examples.options),
        error_handling=_python(examples.errors),
        resources=tuple(
            _resource(api, catalog, resource) for resource in api.resources if resource.operations
        ),
        renamed=tuple((code(old, cell=True), code(new, cell=True)) for old, new in _renamed(api)),
    )


def _renamed(api: Api) -> Iterator[tuple[str, str]]:
    """The old names that still work, with those of now."""
    for one in api.renamed_clients:
        yield one.old, one.new
    for resource in api.resources:
        yield from ((f"{resource.name}.{one.old}", one.new) for one in resource.renamed)
        for operation in resource.operations:
            method = f"{resource.name}.{operation.name}"
            yield from ((f"{method}({one.old}=...)", f"{method}({one.new}=...)") for one in operation.renamed)
    for one in api.renamed_classes:
        yield f"models.{one.old}", f"models.{one.new}"


def _python(program: str) -> str:
    return fenced(program, "python") if program else ""


def _resource(api: Api, catalog: Catalog, resource: Resource) -> ReferenceResource:
    return ReferenceResource(
        heading=code(f"client.{resource.name}"),
        description=block(resource.description),
        methods=tuple(_method(api, catalog, resource, operation) for operation in resource.operations),
    )


def _method(api: Api, catalog: Catalog, resource: Resource, operation: Operation) -> ReferenceMethod:
    # Types are written as a user sees them: from the package's root, with nothing to hide them.
    writer = ArgumentText(Imports(), catalog, api.package)
    arguments = arguments_of(operation)
    rows = [_row(argument, writer) for argument in arguments]
    return ReferenceMethod(
        heading=code(f"{resource.name}.{operation.name}"),
        signature=fenced(_signature(operation, arguments, writer), "python"),
        summary=inline(operation.summary),
        description=block(operation.description),
        request=code(f"{operation.method} {one_line(operation.path)}"),
        notes=tuple(_notes(operation)),
        parameters=(*rows, (_cell("options"), _cell("CallOptions | None"), "no", OPTIONS_TEXT)),
        example=_python(method_example(api, catalog, resource, operation)),
        result=code(_result(operation)),
        statuses=tuple(_status(response, operation) for response in operation.responses),
    )


def _cell(text: str) -> str:
    return code(text, cell=True)


def _row(argument: Argument, writer: ArgumentText) -> tuple[str, str, str, str]:
    text = inline(argument.description, cell=True)
    if argument.wire and argument.wire != argument.name:
        origin = f"{_cell(argument.wire)} of the {argument.place}"
        text = f"{text} ({origin})" if text else origin
    if argument.deprecated:
        text = f"Deprecated. {text}"
    return _cell(argument.name), _cell(_type(argument, writer)), "yes" if argument.required else "no", text


def _type(argument: Argument, writer: ArgumentText) -> str:
    return ArgumentText(writer.imports, writer.catalog, writer.package, files=argument.file).text(
        argument.type
    )


def _signature(operation: Operation, arguments: list[Argument], writer: ArgumentText) -> str:
    positional = [f"{a.name}: {_type(a, writer)}" for a in arguments if a.positional]
    keyword = [
        f"{a.name}: {_type(a, writer)}{'' if a.required else ' = ...'}" for a in arguments if not a.positional
    ]
    listed = [*positional, "*", *keyword, "options: CallOptions | None = None"]
    return f"def {operation.name}({', '.join(listed)}) -> {_result(operation)}: ..."


def _result(operation: Operation) -> str:
    return result_text(operation, ResultText(Imports(), "."))


def _notes(operation: Operation) -> list[str]:
    notes: list[str] = []
    if operation.deprecated:
        notes.append("Deprecated by the API.")
    if operation.bills:
        notes.append(BILLING_TEXT)
    if operation.idempotent is not None:
        notes.append(IDEMPOTENT_TEXT[operation.idempotent])
    if succeeds_in_part(operation):
        notes.append(PARTIAL_TEXT)
    if not operation.security or () in operation.security:
        notes.append("Works without credentials.")
    if operation.server is not None:
        notes.append(f"Served from {code(operation.server)} unless the client is given a base URL.")
    return notes


def _status(response: Response, operation: Operation) -> tuple[str, str, str]:
    text = inline(response.description, cell=True) or phrase(response.status)
    if response.not_processed:
        text = f"{text} (never processed)"
    if response.notification:
        text = f"{text} {inline(response.notification, cell=True)}"
    return _cell(response.status), text, _outcome(response, operation)


def _outcome(response: Response, operation: Operation) -> str:
    if returns_redirect(response, operation):
        return f"returns {_cell('Redirect')}"
    if is_error(response.status):
        return f"raises {_cell(error_class(response.status))}"
    if response.status == "304" and operation.may_not_modify:
        return f"returns {_cell('NotModified')}"
    members = response_members(response, ResultText(Imports(), "."))
    return f"returns {_cell(joined(members) if members else 'None')}"
