"""Every finding about a document by id, with its weight and what it means: for help texts, README and tests."""

from __future__ import annotations

from dataclasses import dataclass

from clientsmith.diagnostics.model import Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding; `severity` is its usual weight."""

    id: str
    severity: Severity
    summary: str


RULES: tuple[Rule, ...] = (
    Rule(
        "contradicting-extensions",
        _ERROR,
        "one x-clientsmith- extension says the opposite of another one in the same place",
    ),
    Rule("dangling-reference", _ERROR, "a $ref leads to nothing"),
    Rule("dangling-discriminator", _WARNING, "a discriminator maps a value to a schema that does not exist"),
    Rule("duplicate-key", _ERROR, "a key occurs twice in one mapping"),
    Rule(
        "duplicate-operation-id",
        _ERROR,
        "two operations have the same operationId; a warning with allow_invalid",
    ),
    Rule("duplicate-parameter", _ERROR, "a parameter is listed twice; a warning with allow_invalid"),
    Rule("duplicate-tag", _WARNING, "a tag is defined twice"),
    Rule("empty-document", _ERROR, "the file is empty"),
    Rule("equal-paths", _WARNING, "two paths differ only in the names of their parameters"),
    Rule("example-mismatch", _WARNING, "an example or a default does not satisfy its schema"),
    Rule("insecure-server", _WARNING, "a server is reached over plain http and is not this machine"),
    Rule("invalid-alias", _ERROR, "a YAML alias has no anchor before it, or contains itself"),
    Rule("invalid-extension", _ERROR, "the value of an x-clientsmith- extension is not what it has to be"),
    Rule("invalid-key", _ERROR, "a key is neither a string nor an integer"),
    Rule("invalid-merge", _ERROR, "the value of the YAML merge key << is not a mapping"),
    Rule("invalid-number", _ERROR, "a number is infinite, not a number, or too long"),
    Rule(
        "invalid-openapi",
        _ERROR,
        "the published schema of OpenAPI refuses it; a warning where harmless or allowed",
    ),
    Rule("invalid-pattern", _WARNING, "a pattern is no regular expression of ECMA-262"),
    Rule("invalid-reference", _ERROR, "the value of a $ref is no reference"),
    Rule("invalid-tag", _ERROR, "a YAML tag does not fit its value"),
    Rule("misplaced-extension", _ERROR, "an x-clientsmith- extension stands where nothing reads it"),
    Rule("missing-description", _NOTE, "an operation or a parameter has no description"),
    Rule(
        "missing-operation-id",
        _WARNING,
        "an operation has no operationId, so its method is named after its path",
    ),
    Rule("missing-security", _WARNING, "neither the operation nor the document says what security applies"),
    Rule("missing-tag", _WARNING, "an operation has no tag to group it by"),
    Rule("multiple-documents", _ERROR, "the file holds more than one YAML document"),
    Rule("not-openapi", _ERROR, "the file is not an OpenAPI document"),
    Rule("not-text", _ERROR, "the file is not text in UTF-8 or UTF-16"),
    Rule("reference-loop", _ERROR, "references lead only to each other"),
    Rule("refused-by-validator", _ERROR, "openapi-spec-validator refuses it, which only lint asks"),
    Rule("reference-outside", _ERROR, "a $ref leaves the directory of the root document"),
    Rule("remote-limit", _ERROR, "the remote documents of a run are too many, too large or too slow"),
    Rule("remote-reference", _ERROR, "a $ref leads to another machine and that is not allowed"),
    Rule("repeated-path-parameter", _WARNING, "a path has the same parameter twice"),
    Rule("syntax-error", _ERROR, "the file is neither YAML nor JSON"),
    Rule("too-costly", _ERROR, "schemas or patterns take more work than the size of the document allows"),
    Rule("too-deep", _ERROR, "the document nests too deep"),
    Rule("too-large", _ERROR, "the file is too large"),
    Rule("too-many-findings", _ERROR, "the text has so many defects that it was not read to its end"),
    Rule(
        "too-many-nodes",
        _ERROR,
        "the document holds too many values, or YAML aliases multiply them beyond measure",
    ),
    Rule("undeclared-path-parameter", _WARNING, "a path has a parameter that is not declared"),
    Rule("unknown-extension", _ERROR, "an x-clientsmith- extension does not exist"),
    Rule(
        "unknown-security-scheme",
        _ERROR,
        "security names a scheme that is not defined; a warning with allow_invalid",
    ),
    Rule("unreadable-file", _ERROR, "the file is missing or cannot be read"),
    Rule("unsupported-tag", _ERROR, "a YAML tag means nothing in an OpenAPI document"),
    Rule("unsupported-version", _ERROR, "the document is in another version of OpenAPI, or in Swagger"),
    Rule("unused-component", _NOTE, "nothing refers to a component"),
    Rule("unused-path-parameter", _WARNING, "a path parameter is declared that the path does not have"),
    Rule("validator-limit", _WARNING, "a validator could not cope, so a check was left out"),
)
"""By id in alphabetical order."""
