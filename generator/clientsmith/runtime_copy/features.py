"""The features of the runtime: which modules each one has, and which other features it needs. Data only.

A package gets the features of the runtime names that its generated code imports, what those need, and what its config
asks for. A test compares the table with the imports in the runtime.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

CORE = "core"


@dataclass(frozen=True, slots=True)
class Feature:
    """A part of the runtime that a package has as a whole or not at all; `modules` are dotted names inside it."""

    summary: str
    modules: tuple[str, ...]
    needs: tuple[str, ...] = (CORE,)


@dataclass(frozen=True, slots=True)
class RuntimeChoice:
    """What a config says of the runtime: the package whose runtime is shared, and features that are wanted besides."""

    shared: str | None = None
    features: tuple[str, ...] = ()


FEATURES: dict[str, Feature] = {
    CORE: Feature(
        "calls, retries, connections, errors, typed arguments and results",
        (
            "identity", "machinery", "public",
            "client.async_client", "client.call", "client.client", "client.core", "client.passed_client",
            "client.plan", "client.resource",
            "client.retry", "client.shared",
            "http.async_pool", "http.base_url", "http.bounded_body", "http.connections", "http.environment",
            "http.following", "http.headers", "http.hops", "http.link", "http.loopback", "http.pool", "http.transport",
            "http.sockets.async_streams", "http.sockets.async_wire", "http.sockets.attempt_state",
            "http.sockets.carried", "http.sockets.happy_eyeballs", "http.sockets.parser", "http.sockets.proxied",
            "http.sockets.streams", "http.sockets.tls", "http.sockets.wire",
            "messages.answered", "messages.body", "messages.credentials", "messages.operation", "messages.options",
            "messages.parameters", "messages.request", "messages.response",
            "observe.call_hooks", "observe.hooks", "observe.log",
            "results.api_response", "results.error_body", "results.errors", "results.status_errors",
            "types.absent", "types.files", "types.listed_objects", "types.models", "types.request_types",
            "types.response_types",
            "types.schema_rewrite", "types.schemas", "types.taken_apart",
            "values.cookies", "values.exact_numbers", "values.first_use", "values.forks", "values.json_codec",
            "values.media_type", "values.plain_text", "values.shapes", "values.unset",
        ),
        needs=(),
    ),
    "base64": Feature("bytes that travel as text in base64", ("types.base64_text",)),
    "encodings": Feature("the Encoding Object of form and multipart bodies", ("messages.encoding",)),
    "files": Feature(
        "files as arguments, and bodies that are one file", ("messages.binary_body", "messages.files")
    ),
    "formats": Feature("strings with a format that objects of another one are kept from", ("types.formats",)),
    "forms": Feature("form bodies", ("messages.form_body",), needs=(CORE, "encodings")),
    "journal": Feature(
        "the journal of calls that bill, with one in an SQLite file",
        (
            "client.journaled", "http.uncancelled", "observe.intent_record", "observe.journal",
            "sqlite.async_sqlite_journal", "sqlite.journal_file", "sqlite.sqlite_journal",
        ),
    ),
    "json_schema": Feature(
        "the validation modes `warn` and `strict`, with a JSON Schema engine",
        (
            "json_schema.json_assertions", "json_schema.json_evaluated", "json_schema.json_schema",
            "json_schema.schema_texts", "json_schema.violations", "messages.validation",
        ),
    ),
    "request_checks": Feature(
        "the check of requests against what their schemas say beyond the models",
        ("client.request_check", "client.sent_objects", "json_schema.json_said"),
        needs=(CORE, "json_schema"),
    ),
    "by_name": Feature("maps whose members have types by their names", ("types.by_name",)),
    "multipart": Feature("multipart bodies", ("messages.multipart_body",), needs=(CORE, "encodings", "files")),
    "own_members": Feature("several objects written member by member in one place", ("values.own_members",)),
    "partial_success": Feature(
        "answers that say what became of each item that was sent",
        ("messages.partial_declaration", "results.partial_success"),
    ),
    "positions": Feature("lists whose first items have types of their own", ("types.positions",)),
    "renames": Feature("arguments and classes under their old names", ("values.renamed",)),
    "unions": Feature("unions that say how a value finds its member", ("types.unions",)),
}  # fmt: skip

FEATURE_OF = {module: name for name, feature in FEATURES.items() for module in feature.modules}


def with_needs(names: Iterable[str]) -> tuple[str, ...]:
    """The features, with all that they need, in sorted order."""
    known: set[str] = set()
    waiting = [CORE, *names]
    while waiting:
        name = waiting.pop()
        if name not in known:
            known.add(name)
            waiting += FEATURES[name].needs
    return tuple(sorted(known))
