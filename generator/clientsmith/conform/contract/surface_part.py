"""The surface: every operation is a method of both clients, with the arguments that the manifest names."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from clientsmith.conform.client.package import PackageError
from clientsmith.conform.model import MODES, Mode
from clientsmith.conform.run.context import Context
from clientsmith.conform.run.findings import Findings
from clientsmith.openapi import media_type as media_types
from clientsmith.openapi.operation import DescribedOperation


def check_surface(context: Context, operation: DescribedOperation) -> Findings:
    """Check the methods of one operation against the document and against each other."""
    findings = Findings(context, "surface", operation)
    package = context.package
    if operation.id not in package.operations:
        passed = _is_left_out(package.left_out, operation)
        findings.check(passed, "operation-missing", f"the package has no method for {operation.id}")
        return findings
    signatures = {_check_method(context, operation, findings, mode) for mode in MODES} - {""}
    surface = package.operations[operation.id]
    passed = len(signatures) <= 1
    findings.check(passed, "signatures-differ", f"{surface.method} differs between the clients")
    for location in ("path", "query", "header", "cookie"):
        names = {one.name for one in operation.parameters if one.location == location}
        known = surface.arguments.get(location, {}).keys()
        said = f"{location} parameters of the document: {sorted(names)}; of the package: {sorted(known)}"
        findings.check(names == set(known), "parameters-differ", said)
    _check_body(context, operation, findings)
    return findings


def _is_left_out(places: tuple[str, ...], operation: DescribedOperation) -> bool:
    """Whether an operation is among those left out, each of which is known by the place of its obstacle."""
    return any(node.place.pointer in places for _, node in operation.obstacles)


def _check_method(context: Context, operation: DescribedOperation, findings: Findings, mode: Mode) -> str:
    """Check the method of one client; returns its signature, empty if there is no method."""
    surface = context.package.operations[operation.id]
    try:
        method = context.caller(mode, retries=None).method(operation.id)
    except PackageError as error:
        findings.check(False, "method-missing", str(error), mode=mode)
        return ""
    parameters = inspect.signature(method).parameters
    own = {name for names in surface.arguments.values() for name in names.values()} | {"options"}
    expected = own | surface.renamed.keys()
    said = f"{surface.method} takes {sorted(parameters)}, the manifest says {sorted(expected)}"
    findings.check(set(parameters) == expected, "arguments-differ", said, mode=mode)
    passed = inspect.iscoroutinefunction(inspect.unwrap(method)) is (mode == "async")
    said = f"{surface.method} of the {mode} client is of the wrong kind"
    findings.check(passed, "not-awaitable", said, mode=mode)
    for old in (old for old, new in context.package.renamed.items() if new == surface.method):
        _check_old_name(context, old, method, findings, mode)
    demanded = [one for one in operation.parameters if one.required]
    required = {surface.arguments.get(one.location, {}).get(one.name) for one in demanded}
    optional = {name for name, one in parameters.items() if one.default is not inspect.Parameter.empty}
    said = f"{sorted(map(str, required & optional))} can be missing"
    # One that may be given by its old name, and what comes after it, is demanded only when the method is called.
    passed = not required & optional or bool(surface.renamed)
    findings.check(passed, "required-not-demanded", said, mode=mode)
    return str([(one.name, one.kind, str(one.annotation)) for one in parameters.values()])


def _check_old_name(
    context: Context, old: str, method: Callable[..., object], findings: Findings, mode: Mode
) -> None:
    """Check that a method is there under its old name too, and is called in the same way."""
    resource, _, name = old.partition(".")
    found = getattr(getattr(context.caller(mode, retries=None).client, resource, None), name, None)
    passed = callable(found) and inspect.signature(found) == inspect.signature(method)
    findings.check(
        passed, "old-name-missing", f"{old} is not {method.__name__} under its old name", mode=mode
    )


def _check_body(context: Context, operation: DescribedOperation, findings: Findings) -> None:
    surface = context.package.operations[operation.id]
    offered = operation.body_contents
    sent = surface.media_type
    passed = not offered if sent is None else media_types.best(offered, sent) is not None
    said = f"the package sends {sent or 'no body'}, the document has {sorted(offered) or 'none'}"
    findings.check(passed, "media-type-differs", said)
    arguments = surface.arguments.get("body", {})
    media = context.body_media(operation)
    if media is None or not arguments or "" in arguments:
        return
    properties = context.checker.branches.properties(media.get("schema"))
    is_marked = context.checker.reader.is_marked
    expected = {name for name, node in properties.items() if name and not is_marked(node, "readOnly")}
    said = f"properties of the body in the document: {sorted(expected)}; of the package: {sorted(arguments)}"
    findings.check(expected == set(arguments), "properties-differ", said)
