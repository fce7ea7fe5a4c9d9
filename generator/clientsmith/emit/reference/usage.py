"""Snippets of user code for the reference page: whole programs that type-check and run as they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clientsmith.api.model.api import Api, Operation, Resource
from clientsmith.api.signatures import Argument, arguments_of, can_be_nothing, succeeds_in_part
from clientsmith.emit.reference.examples import ExampleText
from clientsmith.emit.text.imports import Imports
from clientsmith.emit.text.literals import string
from clientsmith.emit.text.type_text import Catalog

_PLACEHOLDER_URL = "https://api.example.com"


class Snippet:
    """One program in the making: its imports, and how it makes a client."""

    def __init__(self, api: Api, catalog: Catalog) -> None:
        self._api = api
        self._catalog = catalog
        self.imports = Imports({"client", "result", "error"})

    def from_package(self, name: str) -> str:
        """A public name of the package."""
        return self.imports.symbol(self._api.package, name)

    def client(self, *, asynchronous: bool = False) -> str:
        """The expression that makes a client."""
        name = self.from_package(self._api.async_client_class if asynchronous else self._api.client_class)
        return f"{name}({', '.join(construction_arguments(self._api))})"

    def call(self, resource: Resource, operation: Operation) -> str | None:
        """The expression that calls an operation, or None where no value is known for an argument it needs."""
        texts: list[str] = []
        for argument in arguments_of(operation):
            text = self._value(argument)
            if text is not None:
                texts.append(text if argument.positional else f"{argument.name}={text}")
            elif argument.required:
                return None
        return f"client.{resource.name}.{operation.name}({', '.join(texts)})"

    def _value(self, argument: Argument) -> str | None:
        if not argument.required and argument.example is None:
            return None
        return ExampleText(self.imports, self._catalog, self._api.package).of(argument.type, argument.example)

    def program(self, lines: Iterable[str]) -> str:
        """The whole program."""
        body = "\n".join(lines)
        return f"{self.imports.render()}\n\n{body}\n"


def construction_arguments(api: Api) -> list[str]:
    """What a client needs to be told: the address where the description has none, credentials no variable can hold."""
    missing = [scheme for scheme in api.security_schemes if not scheme.environment][:1]
    if not api.requires_credentials or any(scheme.environment for scheme in api.security_schemes):
        missing = []
    arguments = [
        f"{name}={string('your ' + name.replace('_', ' '))}" for s in missing for name in s.arguments
    ]
    return arguments if api.base_url is not None else [*arguments, f"base_url={string(_PLACEHOLDER_URL)}"]


def method_example(api: Api, catalog: Catalog, resource: Resource, operation: Operation) -> str:
    """A program that calls one operation; empty where no value is known for one of its arguments."""
    snippet = Snippet(api, catalog)
    call = snippet.call(resource, operation)
    if call is None:
        return ""
    lines = [f"with {snippet.client()} as client:"]
    lines += _call_lines(call, operation, snippet)
    return snippet.program(lines)


def _call_lines(call: str, operation: Operation, snippet: Snippet) -> list[str]:
    shown = [f"    result = {call}", "    print(result)"]
    if succeeds_in_part(operation):
        if operation.result is None and not operation.may_not_modify and not can_be_nothing(operation):
            return [*shown[:1], "    print(result.all_submitted, result.rejected, result.unmentioned)"]
        partial = snippet.from_package("PartialSuccess")
        return [*shown, f"    if isinstance(result, {partial}):", "        print(result.all_submitted)"]
    return shown if operation.result is not None or operation.may_not_modify else [f"    {call}"]


@dataclass(frozen=True, slots=True)
class GeneralExamples:
    """The programs at the head of the page, around one operation of the API."""

    construction: str
    async_construction: str
    raw_response: str
    options: str
    errors: str


def general_examples(api: Api, catalog: Catalog) -> GeneralExamples:
    """The programs at the head of the page; empty where no operation can be called by example."""
    for resource in api.resources:
        for operation in resource.operations:
            if not operation.deprecated and Snippet(api, catalog).call(resource, operation) is not None:
                writer = _General(api, catalog, resource, operation)
                return GeneralExamples(
                    method_example(api, catalog, resource, operation),
                    writer.asynchronous(),
                    writer.raw_response(),
                    writer.options(),
                    writer.errors(),
                )
    return GeneralExamples("", "", "", "", "")


class _General:
    """Writes the programs that show one thing each about every call."""

    def __init__(self, api: Api, catalog: Catalog, resource: Resource, operation: Operation) -> None:
        self._api = api
        self._resource = resource
        self._operation = operation
        self._catalog = catalog

    def _start(self) -> tuple[Snippet, str]:
        snippet = Snippet(self._api, self._catalog)
        return snippet, snippet.call(self._resource, self._operation) or ""

    def asynchronous(self) -> str:
        """The asynchronous client."""
        snippet, call = self._start()
        run = snippet.imports.module("asyncio")
        lines = [
            "async def main() -> None:",
            f"    async with {snippet.client(asynchronous=True)} as client:",
        ]
        lines += [f"    {line}" for line in _call_lines(f"await {call}", self._operation, snippet)]
        return snippet.program([*lines, "", "", f"{run}.run(main())"])

    def raw_response(self) -> str:
        """The response beside the result."""
        snippet, call = self._start()
        method, _, arguments = call.partition("(")
        inside = f"{method}, {arguments}" if arguments != ")" else f"{method})"
        lines = [f"with {snippet.client()} as client:", f"    reply = client.with_response({inside}"]
        lines += ["    print(reply.response.status, reply.response.headers)", "    print(reply.result)"]
        return snippet.program(lines)

    def options(self) -> str:
        """Options of one call."""
        snippet, call = self._start()
        options = f"options={snippet.from_package('CallOptions')}(timeout=5.0)"
        separator = "" if call.endswith("()") else ", "
        return snippet.program(
            [f"with {snippet.client()} as client:", f"    {call[:-1]}{separator}{options})"]
        )

    def errors(self) -> str:
        """What can be caught."""
        snippet, call = self._start()
        status, base = snippet.from_package("StatusError"), snippet.from_package("ClientError")
        lines = [f"with {snippet.client()} as client:", "    try:", f"        {call}"]
        lines += [
            f"    except {status} as error:",
            "        print(error.response.status, error.response.text)",
        ]
        lines += [f"    except {base} as error:", "        print(error, error.outcome)"]
        return snippet.program(lines)
