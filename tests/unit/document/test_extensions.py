"""Extensions of ours with more to them than true or false: each mistake is named at its place, in every document."""

from __future__ import annotations

import pytest

from clientsmith.diagnostics.model import Diagnostics, Severity
from clientsmith.document.extensions import check_extensions, check_other_documents
from clientsmith.document.partial_success import NAME, read_partial_success
from tests.unit.document.conftest import HEAD, LoadText, ResolveText

GOOD = "sent: /a, received: /b, accepted: ok, match: [id]"
TEXT = f"""{HEAD}paths:
  /x:
    post:
      responses:
        '202':
          description: d
          {NAME}: {{{{{{}}}}}}
"""


def checked(load_text: LoadText, extension: str) -> Diagnostics:
    document, diagnostics = load_text(TEXT.replace("{{{}}}", f"{{{extension}}}"))
    assert document is not None
    check_extensions(document, diagnostics)
    return diagnostics


@pytest.mark.parametrize(
    ("extension", "place", "message", "hint"),
    [
        ("", "", "has no sent and no received and no accepted and no match", "for example {sent:"),
        ("sent: /a, received: /b, accepted: ok", "", "has no match", "for example {sent:"),
        (f"{GOOD}, matches: [id]", "/matches", "has no key 'matches'", "did you mean match?"),
        (f"{GOOD}, zzz: 1", "/zzz", "has no key 'zzz'", "known are sent, received"),
        (f"{GOOD}, amount: n", "/amount", "amount and total come together", "or neither"),
        (f"{GOOD}, total: /n", "/total", "amount and total come together", "or neither"),
        (GOOD.replace("/a", "a"), "/sent", "sent is no JSON pointer (RFC 6901)", "starts at the root"),
        (GOOD.replace("/b", "/~2"), "/received", "received is no JSON pointer", "starts at the root"),
        (GOOD.replace("/b", "null"), "/received", "received is no JSON pointer", "starts at the root"),
        (f"{GOOD}, amount: n, total: 1", "/total", "total is no JSON pointer", "starts at the root"),
        (f"{GOOD}, amount: [n], total: /n", "/amount", "amount is not the name", "write one name"),
        (GOOD.replace("ok", "true"), "/accepted", "accepted is not the name", "write one name"),
        (GOOD.replace("[id]", "id"), "/match", "match is not a list", "for example [id"),
        (GOOD.replace("[id]", "[]"), "/match", "match is not a list", "for example [id"),
        (GOOD.replace("[id]", "[id, 1]"), "/match", "match is not a list", "for example [id"),
        (GOOD.replace("[id]", "[id, id]"), "/match", "match is not a list", "for example [id"),
    ],
)
def test_a_mistake_in_partial_success_is_an_error_with_its_place(
    extension: str, place: str, message: str, hint: str, load_text: LoadText
) -> None:
    [found] = checked(load_text, extension)
    assert (found.id, found.severity) == ("invalid-extension", Severity.ERROR)
    assert message in found.message and hint in (found.hint or "")
    assert found.place.pointer == f"/paths/~1x/post/responses/202/{NAME}{place}"
    assert found.place.span is not None and found.place.span.line == 9
    assert found.place.span.column == (
        11 if not place else 11 + len(NAME) + 3 + extension.index(place[1:] + ":")
    )


def test_every_mistake_is_reported_at_once(load_text: LoadText) -> None:
    found = checked(load_text, "sent: 1, received: 1, accepted: 1, match: 1, amount: 1, more: 1")
    assert len(found) == 7


@pytest.mark.parametrize(
    "extension", [GOOD, GOOD.replace("/a", "''"), f"{GOOD}, amount: n, total: '/a~1b/~0'"]
)
def test_a_good_one_is_read(extension: str, load_text: LoadText) -> None:
    assert list(checked(load_text, extension)) == []
    document, diagnostics = load_text(TEXT.replace("{{{}}}", f"{{{extension}}}"))
    assert document is not None
    node = document.root
    for step in ("paths", "/x", "post", "responses", "202", NAME):
        node = node.child(step)
    read = read_partial_success(node, diagnostics)
    assert read is not None and (read.accepted, read.match) == ("ok", ("id",))
    assert read.received == ("b",) and read.sent in (("a",), ())
    assert read.total == (("a/b", "~") if read.amount else None)


def test_beside_a_reference_an_extension_would_not_be_read(load_text: LoadText) -> None:
    text = (
        f"{HEAD}paths: {{/x: {{get: {{responses: {{'429': {{$ref: '#/components/responses/R',"
        " x-clientsmith-not-processed: true}}}}}\ncomponents: {responses: {R: {description: d}}}\n"
    )
    document, diagnostics = load_text(text)
    assert document is not None
    check_extensions(document, diagnostics)
    [found] = diagnostics
    assert found.id == "misplaced-extension" and "$ref" in found.message
    assert found.place.pointer == "/paths/~1x/get/responses/429/x-clientsmith-not-processed"


def test_the_documents_that_references_lead_to_are_checked_as_well(resolve_text: ResolveText) -> None:
    item = "post:\n  x-clientsmith-bill: true\n  responses: {'200': {description: d, x-clientsmith-not-processed: 1}}\n"
    text = f"{HEAD}paths: {{/x: {{$ref: item.yaml}}}}\n"
    resolved, diagnostics = resolve_text(text, {"item.yaml": item})
    assert resolved is not None
    check_other_documents(resolved, diagnostics)
    assert [(found.id, found.place.pointer) for found in diagnostics] == [
        ("unknown-extension", "item.yaml#/post/x-clientsmith-bill"),
        ("invalid-extension", "item.yaml#/post/responses/200/x-clientsmith-not-processed"),
    ]
