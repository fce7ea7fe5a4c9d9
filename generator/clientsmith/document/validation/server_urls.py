"""Templates of server URLs and the variables that they name: what JSON Schema cannot say of them."""

from __future__ import annotations

import re
from typing import Protocol

from clientsmith.diagnostics.model import Severity
from clientsmith.document.model import Node
from clientsmith.document.operations import template_names

_VARIABLE = re.compile(r"\{[^{}]+\}")


class Report(Protocol):
    """Takes a finding at a node; `values` are what tells it from others of its kind at that place."""

    def __call__(
        self, severity: Severity, id: str, message: str, node: Node, *, values: tuple[str, ...] = ()
    ) -> None: ...


def check_servers(owner: Node, report: Report) -> None:
    """Report what is wrong with the servers of a document, a path item or an operation."""
    listed = owner.get("servers")
    for server in listed.elements() if listed is not None else ():
        url, variables = server.get("url"), server.get("variables")
        if url is None or not isinstance(url.value, str):
            continue
        known = dict(variables.items()) if variables is not None else {}
        _check_template(url, url.value, known, report)
        for name, variable in known.items():
            _check_variable(url.value, name, variable, report)


def _check_template(url: Node, template: str, known: dict[str, Node], report: Report) -> None:
    if set("{}") & set(_VARIABLE.sub("", template)):
        message = f"the server URL {template!r:.120} has a brace that is not around a name"
        report(Severity.WARNING, "misplaced-braces", message, url)
    for name in dict.fromkeys(template_names(template)):
        if name and name not in known:
            message = f"the server URL has {{{name:.80}}}, and 'variables' does not define that"
            report(Severity.WARNING, "undefined-server-variable", message, url, values=(name,))


def _check_variable(template: str, name: str, variable: Node, report: Report) -> None:
    if name not in template_names(template):
        message = f"the server URL does not have {{{name:.80}}}; the variable is left out"
        report(Severity.WARNING, "unused-server-variable", message, variable, values=(template,))
    default, listed = variable.get("default"), variable.get("enum")
    if default is None or listed is None or not isinstance(listed.value, list):
        return
    if listed.value and default.value not in listed.value:
        message = f"the default {default.value!r:.80} of {name!r:.80} is not one of its listed values"
        report(Severity.WARNING, "default-not-listed", message, default)
