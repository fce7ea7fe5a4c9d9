"""Finds every example and default of a document together with the schema it claims to satisfy, and checks each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

import jsonschema_rs

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.budget import TOO_COSTLY, is_over_budget
from clientsmith.document.grammar import Kind
from clientsmith.document.model import Node, Pointer
from clientsmith.document.resolved import ResolvedDocument, reference_text
from clientsmith.document.validation.specification import MASK, PATTERNS
from clientsmith.document.validation.violations import violations
from clientsmith.jsonschema.dialect import Direction, JsonSchemaExport
from clientsmith.jsonschema.evaluation_cost import EvaluationCost
from clientsmith.jsonschema.keywords import Plain, exact_value
from clientsmith.jsonschema.satisfiability.one_direction import COUNTED, Counted
from clientsmith.openapi.example import examples as documented
from clientsmith.openapi.media_type import is_json

_MAX_PER_EXAMPLE = 5
_FREE_LOOKS = 5_000
_BYTES_PER_LOOK = 8
"""How many looks at values checking all examples may take: some for free, then one for so many bytes of the document.
The dearest real document takes one for 33 bytes."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An example value and the schema it stands beside."""

    example: Node
    schema: Node
    direction: Direction


def check_examples(
    resolved: ResolvedDocument, found: Iterable[tuple[Node, Kind]], diagnostics: Diagnostics
) -> None:
    """Report every example, and every default, that its own schema refuses."""
    claims = [claim for node, kind in found for claim in _claims(resolved, node, kind)]
    for direction in ("request", "response", "any"):
        some = {claim.example.identity: claim for claim in claims if claim.direction == direction}
        if some and not is_over_budget(diagnostics):
            _check([some[identity] for identity in sorted(some)], resolved, diagnostics)


def _claims(resolved: ResolvedDocument, node: Node, kind: Kind) -> Iterator[Claim]:
    if kind == "schema":
        if resolved.version < (3, 1) and reference_text(node) is not None:
            return
        for key in ("example", "default"):
            example = node.get(key)
            if example is not None:
                yield Claim(example, node, "any")
        listed = node.get("examples")
        for example in listed.elements() if listed is not None else ():
            yield Claim(example, node, "any")
        return
    schema = node.get("schema")
    if kind not in ("parameter", "header", "media-type") or schema is None:
        return
    direction = _direction(node.pointer)
    for given in documented(node, resolved):
        if kind == "media-type" and isinstance(given.value.value, str) and not is_json(node.key):
            continue  # Text in a format of its own: XML, CSV, a form that is already encoded.
        yield Claim(given.value, schema, direction)


def _direction(pointer: Pointer) -> Direction:
    for step in reversed(pointer):
        if step in ("requestBody", "requestBodies"):
            return "request"
        if step in ("responses", "headers"):
            return "response"
    return "request" if "parameters" in pointer else "any"


def _check(claims: list[Claim], resolved: ResolvedDocument, diagnostics: Diagnostics) -> None:
    """One validator for all examples at once: each is a member of an object, under its number."""
    schemas = JsonSchemaExport(resolved, claims[0].direction)
    properties: dict[str, Plain] = {
        str(number): schemas.reference(one.schema) for number, one in enumerate(claims)
    }
    dialect = "https://json-schema.org/draft/2020-12/schema"
    whole: dict[str, Plain] = {"$schema": dialect, "properties": properties, "$defs": schemas.finish()}
    instance = {str(number): exact_value(one.example.value) for number, one in enumerate(claims)}
    if _too_costly(claims, whole, instance, resolved, diagnostics):
        return
    by_claim: dict[int, list[jsonschema_rs.ValidationError]] = {}
    try:
        validator = jsonschema_rs.validator_for(
            whole,
            validate_formats=False,
            mask=MASK,
            pattern_options=PATTERNS,
            keywords={COUNTED: Counted},
            offline=True,
        )
        for error in validator.iter_errors(instance):
            by_claim.setdefault(int(error.instance_path[0]), []).append(error)
    except (
        ValueError,
        RecursionError,
        jsonschema_rs.ValidationError,
        jsonschema_rs.ReferencingError,
    ) as error:
        message = f"the examples could not be checked: {' '.join(str(error).split()):.150}"
        diagnostics.warning("validator-limit", message, resolved.node().place)
        return
    for number, errors in sorted(by_claim.items()):
        _report(claims[number], errors, diagnostics)


def _too_costly(
    claims: list[Claim],
    whole: dict[str, Plain],
    instance: dict[str, Plain],
    resolved: ResolvedDocument,
    diagnostics: Diagnostics,
) -> bool:
    """Report the example with which checking would take more looks than the size of the document allows."""
    left = _FREE_LOOKS + sum(len(one.text) for one in resolved.documents.values()) // _BYTES_PER_LOOK
    cost = EvaluationCost(cast("dict[str, Plain]", whole["$defs"]), left)
    for key, schema in cast("dict[str, Plain]", whole["properties"]).items():
        looks = cost.of(schema, instance[key])
        left -= left + 1 if looks is None else looks
        if left < 0:
            message = "the schemas of this example refer to each other in more ways than can be checked"
            hint = "refer to each schema once: the same one in several branches multiplies"
            diagnostics.error(TOO_COSTLY, message, claims[int(key)].example.place, hint=hint)
            return True
    return False


def _report(claim: Claim, errors: list[jsonschema_rs.ValidationError], diagnostics: Diagnostics) -> None:
    example = claim.example
    word = "default" if example.key == "default" else "example"
    found = violations(errors)
    for violation in found[:_MAX_PER_EXAMPLE]:
        place = example.document.place(example.pointer + violation.pointer[1:])
        message = f"the {word} does not satisfy its schema: {violation.message}"
        values = (violation.keyword, violation.property or "")
        diagnostics.warning("example-mismatch", message, place, values=values)
