"""Which references are followed, which are refused, and how each failure is told."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.digest import digest
from clientsmith.document.load import open_document
from clientsmith.document.references import remote
from clientsmith.document.references.resolve import ResolvedDocument

from .conftest import HEAD, ResolveText, ids


def target(resolved: ResolvedDocument | None, pointer: str) -> tuple[str, tuple[str, ...]]:
    assert resolved is not None
    return resolved.deref(resolved.node(pointer)).identity


def schemas(text: str, head: str = HEAD) -> str:
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    return f"{head}paths: {{}}\ncomponents:\n  schemas:\n{lines}"


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("#/components/schemas/B", ("components", "schemas", "B")),
        ("api.yaml#/components/schemas/B", ("components", "schemas", "B")),
        ("./api.yaml#/components/schemas/B", ("components", "schemas", "B")),
        ("#/components/schemas/B/properties/a~1b", ("components", "schemas", "B", "properties", "a/b")),
        ("#/components/schemas/B/properties/t~0", ("components", "schemas", "B", "properties", "t~")),
        ("#/components/schemas/B/properties/sp%20ce", ("components", "schemas", "B", "properties", "sp ce")),
        ("#/components/schemas/B/properties/%C3%A9", ("components", "schemas", "B", "properties", "é")),
        ("#/components/schemas/B/allOf/1", ("components", "schemas", "B", "allOf", "1")),
        ("#named", ("components", "schemas", "B", "properties", "anchor")),
        ("#dynamic", ("components", "schemas", "B", "properties", "dynamic")),
        ("#/components/schemas/Through/properties/a~1b", ("components", "schemas", "B", "properties", "a/b")),
        ("#/components/schemas/Chain", ("components", "schemas", "B")),
        ("#", ()),
    ],
)
@pytest.mark.parametrize("keyword", ["$ref", "$dynamicRef"])
def test_a_reference_leads_to_its_place(
    reference: str, expected: tuple[str, ...], keyword: str, resolve_text: ResolveText
) -> None:
    text = schemas(
        f"A: {{{keyword}: '{reference}'}}\n"
        "B: {properties: {a/b: {}, t~: {}, sp ce: {}, é: {}, anchor: {$anchor: named}, "
        "dynamic: {$dynamicAnchor: dynamic}}, allOf: [{}, {}]}\n"
        "Through: {$ref: '#/components/schemas/B'}\n"
        "Chain: {$ref: '#/components/schemas/Through'}"
    )
    resolved, diagnostics = resolve_text(text)
    assert not ids(diagnostics)
    assert target(resolved, "/components/schemas/A") == ("api.yaml", expected)


def test_a_schema_with_an_id_is_found_by_it_and_is_the_base_of_what_is_in_it(
    resolve_text: ResolveText,
) -> None:
    text = schemas(
        "A: {$id: 'https://example.com/a', $defs: {x: {$anchor: here}}, properties: {p: {$ref: '#/$defs/x'}, "
        "q: {$ref: '#/components/schemas/B'}, r: {$ref: '#here'}}}\n"
        "B: {$ref: 'https://example.com/a#/$defs/x'}"
    )
    resolved, diagnostics = resolve_text(text)
    assert not list(diagnostics)
    x = ("api.yaml", ("components", "schemas", "A", "$defs", "x"))
    assert target(resolved, "/components/schemas/A/properties/p") == x
    assert target(resolved, "/components/schemas/A/properties/q") == x
    assert target(resolved, "/components/schemas/A/properties/r") == x


def test_recursive_schemas_are_fine(resolve_text: ResolveText) -> None:
    text = schemas("A: {properties: {a: {$ref: '#/components/schemas/A'}}, items: {$ref: '#'}}")
    resolved, diagnostics = resolve_text(text)
    assert not list(diagnostics) and resolved is not None


def test_a_ref_in_data_or_as_the_name_of_a_property_is_no_reference(resolve_text: ResolveText) -> None:
    nowhere = "{$ref: '#/nowhere'}"
    text = schemas(
        f"A: {{properties: {{$ref: {{type: string}}}}, example: {nowhere}, examples: [{nowhere}], "
        f"default: {nowhere}, const: {nowhere}, enum: [{nowhere}], x-data: {nowhere}}}"
    )
    text += f"  examples: {{e: {{value: {nowhere}}}}}\nx-root: {nowhere}\n"
    resolved, diagnostics = resolve_text(text)
    assert not list(diagnostics)
    assert resolved is not None and not resolved.references


@pytest.mark.parametrize("value", ["3", "null", "[a]", "{type: string}"])
def test_a_ref_that_is_no_string_is_refused(value: str, resolve_text: ResolveText) -> None:
    resolved, diagnostics = resolve_text(schemas(f"A: {{$ref: {value}}}"))
    assert resolved is None and ids(diagnostics) == ["invalid-reference"]


@pytest.mark.parametrize(
    ("reference", "hint"),
    [
        ("#/components/schemas/Pett", "did you mean #/components/schemas/Pet?"),
        ("#/component/schemas/Pet", "did you mean #/components/schemas/Pet?"),
        ("#/definitions/Pet", "did you mean #/components/schemas/Pet?"),
        ("#/components/schemas/Zzzz", None),
        ("#nope", None),
        ("none.yaml", None),
    ],
)
def test_a_dangling_reference_is_told_at_its_own_place(
    reference: str, hint: str | None, resolve_text: ResolveText
) -> None:
    resolved, diagnostics = resolve_text(schemas(f"A:\n  $ref: '{reference}'\nPet: {{}}"))
    assert resolved is None
    (found,) = diagnostics
    assert (found.id, found.hint) == ("dangling-reference", hint)
    assert found.place.pointer == "/components/schemas/A/$ref"
    assert found.place.span is not None and (found.place.span.line, found.place.span.column) == (7, 7)


def test_all_dangling_references_are_told_in_one_run(resolve_text: ResolveText) -> None:
    _, diagnostics = resolve_text(schemas("A: {allOf: [{$ref: '#/x'}, {$ref: '#/y'}, {$ref: 'z.yaml'}]}"))
    assert ids(diagnostics) == ["dangling-reference"] * 3


def test_a_loop_with_nothing_in_it_is_told_once_with_its_chain(resolve_text: ResolveText) -> None:
    ref = "{$ref: '#/components/schemas/%s'}"
    text = schemas(f"A: {ref % 'B'}\nB: {ref % 'C'}\nC: {ref % 'B'}\nD: {ref % 'D'}")
    resolved, diagnostics = resolve_text(text)
    assert resolved is None and ids(diagnostics) == ["reference-loop"] * 2
    first, second = diagnostics
    assert "/components/schemas/B -> /components/schemas/C -> /components/schemas/B" in first.message
    assert [one.place.pointer for one in first.related] == ["/components/schemas/C"]
    assert "/components/schemas/D -> /components/schemas/D" in second.message


def test_files_beside_the_root_are_read_and_named_relative_to_it(resolve_text: ResolveText) -> None:
    files = {
        "parts/a.yaml": "Pet: {$ref: 'b.json#/Name'}\nBack: {$ref: '../api.yaml#/components/schemas/Local'}\n",
        "parts/b.json": '{"Name": {"type": "string"}}',
    }
    text = schemas("A: {$ref: 'parts/a.yaml#/Pet'}\nB: {$ref: parts/a.yaml#/Back}\nLocal: {}")
    resolved, diagnostics = resolve_text(text, files)
    assert not list(diagnostics) and resolved is not None
    assert sorted(resolved.documents) == ["api.yaml", "parts/a.yaml", "parts/b.json"]
    assert target(resolved, "/components/schemas/A") == ("parts/b.json", ("Name",))
    assert target(resolved, "/components/schemas/B") == ("api.yaml", ("components", "schemas", "Local"))
    name = resolved.deref(resolved.node("/components/schemas/A"))
    assert name.place.pointer == "parts/b.json#/Name"
    assert name.place.span is not None and name.place.span.file.endswith("parts/b.json")


def test_defects_of_referenced_files_are_told_in_those_files(resolve_text: ResolveText) -> None:
    resolved, diagnostics = resolve_text(schemas("A: {$ref: 'b.yaml#/x'}"), {"b.yaml": "x: 1\nx: 2\n"})
    assert resolved is None and ids(diagnostics) == ["duplicate-key"]
    (found,) = diagnostics
    assert found.place.pointer == "b.yaml#/x"


@pytest.mark.parametrize(
    "reference", ["../b.yaml", "/etc/passwd", "a/../../b.yaml", "%2e%2e/b.yaml", "link/b.yaml"]
)
def test_references_never_leave_the_directory_of_the_root(
    reference: str, resolve_text: ResolveText, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "b.yaml").write_text("x: 1")
    (tmp_path / "link").symlink_to(outside)
    resolved, diagnostics = resolve_text(schemas(f"A: {{$ref: '{reference}'}}"))
    assert resolved is None and ids(diagnostics) == ["reference-outside"]


@pytest.mark.parametrize(
    "reference", ["https://example.com/a.yaml#/x", "http://example.com/", "file:///etc/passwd"]
)
def test_remote_references_are_refused(reference: str, resolve_text: ResolveText) -> None:
    resolved, diagnostics = resolve_text(schemas(f"A: {{$ref: '{reference}'}}"))
    assert resolved is None and ids(diagnostics) == ["remote-reference"]


@pytest.mark.parametrize(
    "reference", ["http://example.com/a.yaml", "file:///etc/passwd", "ftp://127.0.0.1/a"]
)
def test_only_https_is_fetched_even_where_remote_references_are_allowed(
    reference: str, resolve_text: ResolveText
) -> None:
    resolved, diagnostics = resolve_text(schemas(f"A: {{$ref: '{reference}'}}"), allow_remote=True)
    assert resolved is None and ids(diagnostics) == ["remote-reference"]


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved.yaml":
            self.send_response(302)
            self.send_header("Location", "http://example.com/")
            self.end_headers()
            return
        body = b"x: {$ref: 'sub/two.yaml#/y'}\n" if self.path == "/one.yaml" else b"y: {type: string}\n"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on stderr."""


@pytest.fixture
def origin() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_allowed_remote_documents_are_fetched_with_what_they_refer_to(
    origin: str, resolve_text: ResolveText
) -> None:
    resolved, diagnostics = resolve_text(
        schemas(f"A: {{$ref: '{origin}/one.yaml#/x'}}"), remote_hosts=["127.0.0.1"]
    )
    assert not list(diagnostics)
    assert target(resolved, "/components/schemas/A") == (f"{origin}/sub/two.yaml", ("y",))


def test_redirects_and_large_answers_are_refused(
    origin: str, resolve_text: ResolveText, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, diagnostics = resolve_text(schemas(f"A: {{$ref: '{origin}/moved.yaml'}}"), remote_hosts=["127.0.0.1"])
    assert "302" in next(iter(diagnostics)).message
    monkeypatch.setattr(remote, "MAX_BYTES", 3)
    _, diagnostics = resolve_text(schemas(f"A: {{$ref: '{origin}/one.yaml'}}"), remote_hosts=["127.0.0.1"])
    assert "larger" in next(iter(diagnostics)).message


def test_a_server_that_is_not_there_is_a_finding(resolve_text: ResolveText) -> None:
    _, diagnostics = resolve_text(
        schemas("A: {$ref: 'http://127.0.0.1:1/a.yaml'}"), remote_hosts=["127.0.0.1"]
    )
    assert ids(diagnostics) == ["dangling-reference"]


def test_a_discriminator_mapping_can_be_looked_up(resolve_text: ResolveText) -> None:
    resolved, _ = resolve_text(schemas("A: {}"))
    assert resolved is not None
    found = resolved.lookup(resolved.node("/components"), "#/components/schemas/A")
    assert found is not None and found.key == "A"
    assert resolved.lookup(resolved.node(), "#/nowhere") is None
    assert resolved.lookup(resolved.node(), "http://[") is None


def test_the_digest_ignores_order_and_comments_and_sees_content(resolve_text: ResolveText) -> None:
    def of(text: str, files: dict[str, str] | None = None) -> str:
        resolved, diagnostics = resolve_text(text, files)
        assert resolved is not None, list(diagnostics)
        return digest(resolved)

    plain = of(HEAD + "paths: {}\n")
    assert plain == of("# comment\npaths:   {}\n" + HEAD)
    assert plain != of(HEAD + "paths: {/a: {}}\n")
    text = schemas("A: {$ref: 'b.yaml'}")
    assert of(text, {"b.yaml": "type: string"}) == of(text, {"b.yaml": "{type: string} # same"})
    assert of(text, {"b.yaml": "type: string"}) != of(text, {"b.yaml": "type: number"})


def test_a_version_is_read_from_the_document(resolve_text: ResolveText) -> None:
    for stated, version in (("3.0.4", (3, 0)), ("3.2.0", (3, 2)), ("none", (3, 1))):
        resolved, _ = resolve_text(f"openapi: '{stated}'\n")
        assert resolved is not None and resolved.version == version


def test_a_long_chain_is_followed_to_its_end(resolve_text: ResolveText) -> None:
    lines = [f"S{n}: {{$ref: '#/components/schemas/S{n + 1}'}}" for n in range(300)]
    resolved, diagnostics = resolve_text(schemas("\n".join([*lines, "S300: {}"])))
    assert not list(diagnostics)
    assert target(resolved, "/components/schemas/S0") == ("api.yaml", ("components", "schemas", "S300"))


def test_the_digest_of_several_files_does_not_depend_on_the_name_of_the_root(tmp_path: Path) -> None:
    (tmp_path / "parts.yaml").write_text("ok: {description: ok}\n")
    text = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {'200': {$ref: 'parts.yaml#/ok'}}}}}\n"
    digests: set[str] = set()
    for name in ("api.yaml", "zoo.yaml"):
        (tmp_path / name).write_text(text)
        resolved = open_document(str(tmp_path / name), Diagnostics())
        assert resolved is not None and len(resolved.documents) == 2
        digests.add(digest(resolved))
    assert len(digests) == 1


@pytest.mark.parametrize("version", ["3.1.0", "3.2.0"])
@pytest.mark.parametrize("uri", ["https://[bad/pet", "http://[::1", "//[x"])
def test_an_id_that_is_no_uri_is_a_finding_with_its_place(
    uri: str, version: str, resolve_text: ResolveText
) -> None:
    text = schemas(f"A: {{$id: '{uri}', properties: {{p: {{$ref: '#/components/schemas/B'}}}}}}\nB: {{}}")
    text = text.replace("3.1.0", version)

    resolved, diagnostics = resolve_text(text)

    assert resolved is None
    assert [(found.id, found.place.pointer) for found in diagnostics] == [
        ("invalid-reference", "/components/schemas/A/$id")
    ]
    resolved, diagnostics = resolve_text(text, allow_dangling=True)
    assert target(resolved, "/components/schemas/A/properties/p") == (
        "api.yaml",
        ("components", "schemas", "B"),
    )


@pytest.mark.parametrize("name", ["$id: 'https://example.com/a'", "$anchor: a", "$dynamicAnchor: a"])
def test_a_name_that_two_schemas_claim_is_a_warning_and_the_order_of_keys_decides_nothing(
    name: str, resolve_text: ResolveText
) -> None:
    reference = "https://example.com/a" if "$id" in name else "#a"
    lines = [f"A: {{{name}}}", f"B: {{{name}}}", f"C: {{$ref: '{reference}'}}"]

    for order in (lines, lines[::-1]):
        resolved, diagnostics = resolve_text(schemas("\n".join(order)))

        assert [(one.id, one.place.pointer) for one in diagnostics] == [
            ("duplicate-schema-id", f"/components/schemas/B/{name.partition(':')[0]}")
        ]
        assert target(resolved, "/components/schemas/C") == ("api.yaml", ("components", "schemas", "A"))


def test_a_relative_id_is_relative_to_the_uri_of_the_description(resolve_text: ResolveText) -> None:
    text = schemas(
        "A: {$id: pet}\nB: {$ref: 'https://example.com/pet'}\nC: {$ref: pet}", HEAD.replace("3.1.0", "3.2.0")
    )

    resolved, diagnostics = resolve_text(f"$self: https://example.com/api\n{text}")

    assert not list(diagnostics)
    for key in ("B", "C"):
        assert target(resolved, f"/components/schemas/{key}") == ("api.yaml", ("components", "schemas", "A"))
