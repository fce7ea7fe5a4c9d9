"""The surface: every operation is a method of both clients, with the arguments that the manifest names."""

from __future__ import annotations

import inspect

from clientsmith.conform.client.package import PackageError
from clientsmith.conform.model import MODES
from clientsmith.conform.run.context import Context, Findings
from clientsmith.openapi import media_type as media_types
from clientsmith.openapi.operation import DescribedOperation


def check_surface(context: Context, operation: DescribedOperation) -> Findings:
    """Hold the methods of one operation against the document and against each other."""
    findings = Findings(context, "surface", operation)
    package = context.package
    if operation.id not in package.operations:
        findings.check(
            _is_left_out(package.left_out, operation), "operation-missing",
            f"the package has no method for {operation.id}",
        )  # fmt: skip
        return findings
    surface = package.operations[operation.id]
    expected = {name for names in surface.arguments.values() for name in names.values()} | {"options"}
    signatures: list[str] = []
    for mode in MODES:
        try:
            method = context.caller(mode, retries=None).method(operation.id)
        except PackageError as error:
            findings.check(False, "method-missing", str(error), mode=mode)
            continue
        parameters = inspect.signature(method).parameters
        findings.check(
            set(parameters) == expected, "arguments-differ",
            f"{surface.method} takes {sorted(parameters)}, the manifest says {sorted(expected)}", mode=mode,
        )  # fmt: skip
        findings.check(
            inspect.iscoroutinefunction(inspect.unwrap(method)) is (mode == "async"), "not-awaitable",
            f"{surface.method} of the {mode} client is of the wrong kind", mode=mode,
        )  # fmt: skip
        signatures.append(str([(one.name, one.kind, str(one.annotation)) for one in parameters.values()]))
        required = {
            surface.arguments.get(one.location, {}).get(one.name)
            for one in operation.parameters
            if one.required
        }
        optional = {name for name, one in parameters.items() if one.default is not inspect.Parameter.empty}
        findings.check(
            not required & optional, "required-not-demanded",
            f"{sorted(map(str, required & optional))} can be missing",
            mode=mode,
        )  # fmt: skip
    findings.check(
        len(set(signatures)) <= 1, "signatures-differ", f"{surface.method} differs between the clients"
    )
    for location in ("path", "query", "header", "cookie"):
        names = {one.name for one in operation.parameters if one.location == location}
        known = surface.arguments.get(location, {}).keys()
        findings.check(
            names == set(known), "parameters-differ",
            f"{location} parameters of the document: {sorted(names)}; of the package: {sorted(known)}",
        )  # fmt: skip
    _check_body(context, operation, findings)
    return findings


def _is_left_out(places: tuple[str, ...], operation: DescribedOperation) -> bool:
    """Whether an operation is among those left out, each of which is known by the place of its obstacle."""
    return any(node.place.pointer in places for _, node in operation.obstacles)


def _check_body(context: Context, operation: DescribedOperation, findings: Findings) -> None:
    surface = context.package.operations[operation.id]
    offered = operation.body_contents
    findings.check(
        not offered if surface.media_type is None else media_types.best(offered, surface.media_type) is not None,
        "media-type-differs",
        f"the package sends {surface.media_type or 'no body'}, the document has {sorted(offered) or 'none'}",
    )  # fmt: skip
    arguments = surface.arguments.get("body", {})
    media = context.body_media(operation)
    if media is None or not arguments or "" in arguments:
        return
    properties = context.checker.branches.properties(media.get("schema"))
    is_marked = context.checker.reader.is_marked
    expected = {name for name, node in properties.items() if name and not is_marked(node, "readOnly")}
    findings.check(
        expected == set(arguments), "properties-differ",
        f"properties of the body in the document: {sorted(expected)}; of the package: {sorted(arguments)}",
    )  # fmt: skip
