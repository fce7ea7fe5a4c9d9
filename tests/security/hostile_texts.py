"""Reading a text as a command does, and what texts are made of."""

from __future__ import annotations

from clientsmith.config.load import parse_config
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diagnostics.render import render_json, render_text
from clientsmith.document.text.parse import parse

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"


def numbered(form: str, count: int) -> str:
    return "".join(form.format(number) for number in range(count))


def read_document(text: str) -> Diagnostics:
    """Parses a document and renders all that is found with its excerpts, as a command does."""
    diagnostics = Diagnostics()
    document = parse(text.encode(), diagnostics, uri="api", file="api")
    for found in list(diagnostics)[:1]:
        assert found.place.span is not None
    render_text(diagnostics, {"api": text})
    render_json(diagnostics)
    if document is not None:
        document.place(("no", "such", "place"))
    return diagnostics


def read_config(text: str) -> Diagnostics:
    diagnostics = Diagnostics()
    parse_config(text, "c.toml", diagnostics)
    return diagnostics
