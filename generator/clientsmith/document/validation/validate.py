"""Whether a document is OpenAPI of a version that can be read, by its published schema and by rules of our own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import jsonschema_rs

from clientsmith.diagnostics.model import Diagnostics, Place, Severity
from clientsmith.document.extensions import check_extensions
from clientsmith.document.grammar import Kind
from clientsmith.document.model import Document, Node, Pointer
from clientsmith.document.references.resolve import version_of
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.document.validation.structure import Structure
from clientsmith.document.validation.violations import Violation, violations
from clientsmith.document.walk import parts

_VERSION = re.compile(r"3\.[0-2](\.[0-9]+)?(-[\w.]+)?\Z", re.ASCII)
_ABOVE: dict[Kind, Pointer] = {
    "parameter": ("parameters",),
    "response": ("responses",),
    "responses": ("responses",),
    "schema": ("schema",),
}
"""The steps above an object of that kind in a document of one file, as far as `is_harmless` looks at them."""
_KEEP_GOING = "--allow-invalid (config: document.allow_invalid = true) goes on all the same"


def validate(document: Document, diagnostics: Diagnostics, *, allow_invalid: bool = False) -> None:
    """Report everything that is wrong with a document as OpenAPI.

    With `allow_invalid` only what generation cannot cope with is an error, the rest are warnings.
    """
    if not _check_version(document, diagnostics):
        return
    tolerable = Severity.WARNING if allow_invalid else Severity.ERROR
    for violation in _schema_violations(document, diagnostics):
        _report(document, violation, tolerable, diagnostics, harmless=is_harmless(violation))
    Structure(document, diagnostics, tolerable).check()
    check_extensions(document, diagnostics)


def _check_version(document: Document, diagnostics: Diagnostics) -> bool:
    root = document.root
    if not isinstance(root.value, dict):
        kind = "an array" if isinstance(root.value, list) else "a single value"
        diagnostics.error(
            "not-openapi", f"the document is {kind}, not an object with the key 'openapi'", root.place
        )
        return False
    stated = root.get("openapi")
    if stated is None:
        _report_other_format(root, diagnostics)
        return False
    if isinstance(stated.value, str) and _VERSION.match(stated.value):
        return True
    if isinstance(stated.value, str):
        message = f"OpenAPI {stated.value!r:.40} is not supported: versions 3.0, 3.1 and 3.2 are"
        hint = None
    else:
        message, hint = "the value of 'openapi' is not a string", 'write it in quotes: openapi: "3.1.0"'
    diagnostics.error("unsupported-version", message, stated.place, hint=hint)
    return False


def _report_other_format(root: Node, diagnostics: Diagnostics) -> None:
    swagger = root.get("swagger")
    if swagger is not None:
        message = f"this is Swagger {swagger.value!r:.10}: versions 3.0, 3.1 and 3.2 of OpenAPI are supported"
        hint = "convert it first, for example with swagger2openapi"
        diagnostics.error("unsupported-version", message, swagger.place, hint=hint)
        return
    message = "the key 'openapi' is missing, so this is not an OpenAPI document"
    diagnostics.error("not-openapi", message, root.place, hint='state the version: openapi: "3.1.0"')


def validate_parts(
    resolved: ResolvedDocument, diagnostics: Diagnostics, *, allow_invalid: bool = False
) -> None:
    """Report what is wrong in the other files of a set: each object that a reference leads to, and the whole of them.

    Meant for a document that `validate` has been through; what has been found already is not repeated.
    """
    if len(resolved.documents) < 2:
        return
    found = Diagnostics()
    tolerable = Severity.WARNING if allow_invalid else Severity.ERROR
    for part, kind in parts(resolved):
        for violation in _part_violations(part, kind, resolved.version, found):
            at = replace(violation, pointer=part.pointer + violation.pointer)
            as_in_one_file = replace(violation, pointer=_ABOVE.get(kind, ()) + violation.pointer)
            _report(part.document, at, tolerable, found, harmless=is_harmless(as_in_one_file))
    Structure(resolved.root, found, tolerable, resolved.deref).check()
    known = {(one.id, one.place, one.message) for one in diagnostics}
    for one in found:
        if (one.id, one.place, one.message) not in known:
            diagnostics.add(one)


def _schema_violations(document: Document, diagnostics: Diagnostics) -> list[Violation]:
    from clientsmith.document.validation.specification import specification

    return _violations(lambda: specification(version_of(document)), document.root, diagnostics)


def _part_violations(
    part: Node, kind: Kind, version: tuple[int, int], diagnostics: Diagnostics
) -> list[Violation]:
    from clientsmith.document.validation.specification import specification_of

    return _violations(lambda: specification_of(version, kind), part, diagnostics)


def _violations(
    validator: Callable[[], jsonschema_rs.Validator], node: Node, diagnostics: Diagnostics
) -> list[Violation]:
    """What the published schema refuses. A crash in the validator is a warning: the rest can still be checked."""
    try:
        return violations(validator().iter_errors(node.value))
    except (ValueError, RecursionError) as error:
        message = f"the document could not be held against the schema of OpenAPI: {error!s:.120}"
        diagnostics.warning("validator-limit", message, node.place)
        return []


def _report(
    document: Document,
    violation: Violation,
    tolerable: Severity,
    diagnostics: Diagnostics,
    *,
    harmless: bool,
) -> None:
    place: Place = document.place(violation.pointer)
    if violation.keyword == "type" and violation.pointer[-1:] == ("$ref",):
        message = "a $ref cannot stand in the place of a map, only in that of one of its members"
        violation = Violation("type", violation.pointer, message)
    values = (violation.keyword, violation.property or "")
    if harmless or tolerable is not Severity.ERROR:
        diagnostics.warning("invalid-openapi", violation.message, place, values=values)
    else:
        diagnostics.error("invalid-openapi", violation.message, place, hint=_KEEP_GOING)


def is_harmless(violation: Violation) -> bool:
    """Whether what was meant is beyond doubt, so that even a strict run may go on with a warning."""
    pointer, keyword = violation.pointer, violation.keyword
    if keyword in ("additionalProperties", "unevaluatedProperties"):
        return True
    if keyword == "required" and violation.property == "description":
        return "responses" in pointer
    if keyword == "required" and violation.property == "required":
        return "parameters" in pointer
    if keyword == "type" and pointer[-1:] == ("required",):
        return "schema" in pointer or "schemas" in pointer
    return keyword == "minProperties" and pointer[-1:] == ("responses",)
