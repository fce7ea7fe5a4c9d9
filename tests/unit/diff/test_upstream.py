"""`clientsmith upstream`: what of the vendor's document has changed under ours is found, and nothing else."""

from __future__ import annotations

import io
import json
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from clientsmith.cli.main import main
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diff.upstream.deviations import parse_deviations
from diff_rewrites import SCHEMA_REWRITES, rewritten
from tests.unit.diff.repositories import SEALED, Repository
from tests.unit.diff.vendor import DEVIATIONS, OURS, VENDOR

ROOT = Path(__file__).parents[3]
FLAGS = ("official.yaml", "--against", "ours.yaml", "--deviations", "deviations.yaml")
LISTING = "/paths/~1v1~1Kiosks/**"
Tool = Callable[..., tuple[int, str, str]]
Edit = Callable[[Any], None]


@pytest.fixture
def tool(folder: Path, capsys: pytest.CaptureFixture[str]) -> Tool:
    """Runs the command on the two documents, whose differences all have a deviation."""
    (folder / "official.yaml").write_text(VENDOR)
    (folder / "ours.yaml").write_text(OURS)
    (folder / "deviations.yaml").write_text(DEVIATIONS)

    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            code = main(["upstream", *(words or FLAGS)])
        except SystemExit as ended:
            code = int(ended.code or 0)
        output = capsys.readouterr()
        return code, output.out, output.err

    assert run(*FLAGS, "--write")[0] == 0
    return run


def drifted(edit: Edit) -> None:
    """Change the vendor's document."""
    tree = yaml.safe_load(VENDOR)
    edit(tree)
    Path("official.yaml").write_text(yaml.safe_dump(tree, sort_keys=False))


def found(tool: Tool) -> list[str]:
    """The findings as `id rule place`."""
    code, out, _ = tool(*FLAGS, "--format", "json")
    findings = json.loads(out)["findings"]
    assert code == bool(findings)
    return sorted(f"{one['id']} {one['rule']} {one['place']}" for one in findings)


def put(path: str, value: object) -> Edit:
    """Set what is at a path of the vendor's document; None takes it away. Steps are apart by spaces."""

    def edit(tree: Any) -> None:
        *steps, last = path.split()
        for step in steps:
            tree = tree[int(step) if isinstance(tree, list) else step]
        if value is None:
            del tree[last]
        else:
            tree[last] = value

    return edit


PAGE = "paths /v1/Pages/{Sid} get responses 200"
BODY = f"{PAGE} content application/json schema properties"
FORM = "paths /v1/Pages/{Sid} post requestBody content application/x-www-form-urlencoded schema properties"
ITEM = "components schemas Item properties"
OK = {"200": {"description": "OK"}}


def test_every_difference_is_accounted_for(tool: Tool) -> None:
    code, out, err = tool()
    assert (code, err) == (0, "")
    assert out.endswith(
        "0 findings; 12 differences, 12 of them with a deviation; 10 deviations in deviations.yaml\n"
    )


@pytest.mark.parametrize(
    ("edit", "findings"),
    [
        # A difference without a deviation.
        (put("paths /v1/Stands", {"get": {"responses": OK}}), ["upstream-difference operation-removed /paths/~1v1~1Stands/get"]),
        (put("paths /v1/Usage get", {"responses": OK}), ["upstream-difference operation-removed /paths/~1v1~1Usage/get"]),
        (put(f"{ITEM} unit", {"type": "string"}), ["upstream-difference property-removed /components/schemas/ReportItem/properties/unit"]),
        (put(f"{ITEM} sid pattern", "^IT"), ["upstream-difference pattern-removed /components/schemas/ReportItem/properties/sid"]),
        (put(f"{PAGE} headers Retry-After", {"schema": {"type": "integer"}}), ["upstream-difference header-removed /paths/~1Pages~1{sid}/get/responses/200/headers/Retry-After"]),
        (put("paths /v1/Usage post responses 200", {"description": "OK"}), ["upstream-difference success-status-removed /paths/~1Usage/post/responses/200"]),
        (put("paths /v1/Usage post parameters", [{"name": "Dry", "in": "query", "schema": {"type": "boolean"}}]), ["upstream-difference parameter-removed /paths/~1Usage/post/parameters/query.Dry"]),
        (put("security", []), [f"deviation-changed operation-removed {LISTING}", "upstream-difference security-narrowed /security"]),
        (put("components schemas Usage additionalProperties", False), ["upstream-difference object-opened /components/schemas/Report"]),
        # One whose difference is gone.
        (put(f"{BODY} body maxLength", None), ["deviation-gone bound-widened /components/schemas/Page/**"]),
        (put(f"{ITEM} note", None), ["deviation-gone property-removed /components/schemas/ReportItem/properties/note"]),
        (put(f"{BODY} owner properties email", {"type": "string"}), ["deviation-gone property-added /components/schemas/Page/**"]),
        (put("components schemas Usage properties items minItems", 1), ["deviation-gone bound-narrowed /components/schemas/Report/**"]),
        (put("paths /v1/Kiosks", None), [f"deviation-gone operation-removed {LISTING}"]),
        (put(f"{PAGE} headers", None), ["deviation-gone header-removed /paths/*/get/responses/200/headers/Access-Control-*"]),
        # The vendor's part has changed under a deviation.
        (put(f"{BODY} body maxLength", 200), ["deviation-changed bound-widened /components/schemas/Page/**"]),
        (put("paths /v1/Pages/{Sid} parameters 0 schema minLength", 32), ["deviation-changed bound-widened /components/parameters/PageSid/schema"]),
        (put(f"{ITEM} quantity minimum", -5), ["deviation-changed bound-narrowed /components/schemas/ReportItem/**"]),
        (put(f"{ITEM} note maxLength", 30), ["deviation-changed property-removed /components/schemas/ReportItem/properties/note"]),
        (put(f"{FORM} Layout enum", ["wide", "narrow"]), ["deviation-changed type-changed /components/schemas/Layout"]),
        (put(f"{FORM} Layout default", "wide"), ["deviation-changed type-changed /components/schemas/Layout", "upstream-difference default-removed /components/schemas/Layout"]),
        (put(f"{PAGE} headers Access-Control-Max-Age schema type", "number"), ["deviation-changed header-removed /paths/*/get/responses/200/headers/Access-Control-*"]),
        (put(f"{PAGE} headers Access-Control-Max-Age schema default", 90), ["deviation-changed header-removed /paths/*/get/responses/200/headers/Access-Control-*"]),
        # What is left out as a whole.
        (put("paths /v1/Kiosks delete", {"responses": OK}), [f"deviation-changed operation-removed {LISTING}"]),
        (put("paths /v1/Kiosks post", None), [f"deviation-changed operation-removed {LISTING}"]),
        (put("paths /v1/Kiosks get parameters 0 schema maximum", 1000), [f"deviation-changed operation-removed {LISTING}"]),
        (put("paths /v1/Kiosks get parameters 0 required", True), [f"deviation-changed operation-removed {LISTING}"]),
        (put("paths /v1/Kiosks get deprecated", True), [f"deviation-changed operation-removed {LISTING}"]),
        (put("paths /v1/Kiosks post security", [{}]), [f"deviation-changed operation-removed {LISTING}"]),
        (put("paths /v1/Kiosks post servers", [{"url": "https://eu.kiosk.example"}]), [f"deviation-changed operation-removed {LISTING}"]),
    ],
)  # fmt: skip
def test_each_kind_of_drift_is_found_and_nothing_beside_it(
    edit: Edit, findings: list[str], tool: Tool
) -> None:
    drifted(edit)
    assert found(tool) == findings


def move_schemas(tree: Any) -> None:
    """Inline schemas become components, and the other way round."""
    get = tree["paths"]["/v1/Pages/{Sid}"]["get"]["responses"]["200"]
    media = get["content"]["application/json"]
    tree["components"]["schemas"]["pages.v1.page"] = media["schema"]
    media["schema"] = {"$ref": "#/components/schemas/pages.v1.page"}
    usage = tree["components"]["schemas"].pop("Usage")
    usage["properties"]["items"]["items"] = tree["components"]["schemas"].pop("Item")
    tree["paths"]["/v1/Usage"]["post"]["requestBody"]["content"]["application/json"]["schema"] = usage


def move_messages(tree: Any) -> None:
    """Parameters, headers, bodies and responses become components."""
    components = tree["components"]
    page, kiosks = tree["paths"]["/v1/Pages/{Sid}"], tree["paths"]["/v1/Kiosks"]
    components["parameters"] = {"Sid": page["parameters"][0], "Size": kiosks["get"].pop("parameters")[0]}
    page["parameters"][0] = {"$ref": "#/components/parameters/Sid"}
    kiosks["get"]["parameters"] = [{"$ref": "#/components/parameters/Size"}]
    headers = page["get"]["responses"]["200"]["headers"]
    components["headers"] = {
        "Origin": headers["Access-Control-Allow-Origin"],
        "Age": headers["Access-Control-Max-Age"],
    }
    headers["Access-Control-Allow-Origin"] = {"$ref": "#/components/headers/Origin"}
    headers["Access-Control-Max-Age"] = {"$ref": "#/components/headers/Age"}
    components["responses"] = {"Page": page["get"]["responses"]["200"]}
    page["get"]["responses"]["200"] = {"$ref": "#/components/responses/Page"}
    components["requestBodies"] = {"Page": page["post"]["requestBody"]}
    page["post"]["requestBody"] = {"$ref": "#/components/requestBodies/Page"}


def document_everything(tree: Any) -> None:
    """Descriptions, examples, titles, tags and extensions."""
    tree["info"] |= {"description": "All about kiosks.", "version": "2.0.0"}
    item = tree["components"]["schemas"]["Item"]
    item["properties"]["note"] |= {"description": "A note.", "example": "blue", "title": "Note", "x-rank": 1}
    get = tree["paths"]["/v1/Kiosks"]["get"]
    get |= {"summary": "List", "tags": ["kiosks"], "operationId": "AllKiosks"}
    get["parameters"][0] |= {"description": "How many.", "example": 50}
    get["responses"]["200"]["description"] = "Here they are."


def spell_otherwise(tree: Any) -> None:
    """The same in 3.1, with defaults spelled out and names of no meaning changed."""
    tree["openapi"] = "3.1.0"
    page = tree["paths"].pop("/v1/Pages/{Sid}")
    page["parameters"][0]["name"] = "PageSid"
    tree["paths"]["/v1/Pages/{PageSid}"] = page
    body = page["get"]["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
    body["sid"] = {"anyOf": [{"type": "null"}, {"type": "string"}]}
    headers = page["get"]["responses"]["200"]["headers"]
    headers["access-control-max-age"] = headers.pop("Access-Control-Max-Age") | {"required": False}
    size = tree["paths"]["/v1/Kiosks"]["get"]["parameters"][0]
    size |= {"style": "form", "explode": True, "required": False, "schema": {"allOf": [size["schema"]]}}
    tree["components"]["schemas"]["Item"]["properties"]["quantity"]["minimum"] = 0.0
    tree["components"]["securitySchemes"] = {"login": {"type": "http", "scheme": "Basic"}}
    tree["security"] = [{"login": []}]


@pytest.mark.parametrize("edit", [move_schemas, move_messages, document_everything, spell_otherwise])
def test_another_way_to_write_the_same_is_no_drift(edit: Edit, tool: Tool) -> None:
    drifted(edit)
    assert found(tool) == []


@pytest.mark.parametrize("name", SCHEMA_REWRITES)
def test_no_rewritten_schema_is_drift(name: str, tool: Tool) -> None:
    tree = rewritten(yaml.safe_load(VENDOR), SCHEMA_REWRITES[name], random.Random(3))
    Path("official.yaml").write_text(json.dumps(tree))
    assert found(tool) == []


def test_what_is_written_is_proposed_without_reasons_and_once(tool: Tool) -> None:
    Path("deviations.yaml").unlink()
    code, out, err = tool(*FLAGS, "--write")
    first = Path("deviations.yaml").read_text()
    entries = yaml.safe_load(first)["deviations"]
    assert code == 1 and "12 proposed" in err
    assert out.count("error[deviation-without-reason]") == len(entries) == 12
    assert [(one["place"], one["rule"]) for one in entries] == sorted(
        (one["place"], one["rule"]) for one in entries
    )
    assert all(re.fullmatch(r"wire1-[0-9a-f]{20}", one["digest"]) for one in entries)

    assert tool(*FLAGS, "--write")[0] == 1
    assert Path("deviations.yaml").read_text() == first
    Path("deviations.yaml").write_text(first.replace('reason: ""', "reason: We decided so."))
    assert found(tool) == []


def test_of_several_entries_the_most_specific_one_is_about_a_difference(tool: Tool) -> None:
    inner = {
        "type": "object",
        "properties": {"a": {"type": "object", "properties": {"b": {"type": "integer"}}}},
    }
    tree = yaml.safe_load(OURS)
    tree["components"]["schemas"]["Page"]["properties"]["owner"]["properties"]["more"] = inner
    tree["components"]["schemas"]["Page"]["properties"]["C#"] = {"type": "string"}
    Path("ours.yaml").write_text(yaml.safe_dump(tree))
    drifted(put(f"{BODY} owner properties more", {"type": "object", "minProperties": 1, "properties": {"a": {"type": "object", "minProperties": 2}}}))  # fmt: skip
    Path("deviations.yaml").unlink()
    tool(*FLAGS, "--write")
    text = Path("deviations.yaml").read_text()
    assert "properties/C*" in text
    Path("deviations.yaml").write_text(text.replace('reason: ""', "reason: We decided so."))
    assert found(tool) == []

    drifted(put(f"{BODY} owner properties more", {"type": "object", "minProperties": 1, "properties": {"a": {"type": "object", "minProperties": 3}}}))  # fmt: skip
    assert found(tool) == ["deviation-changed bound-widened /components/schemas/Page/properties/owner/properties/more/properties/a"]  # fmt: skip


def test_what_people_wrote_stays(tool: Tool) -> None:
    written = Path("deviations.yaml").read_text()
    assert re.sub(r" +digest: .*\n", "", written) == DEVIATIONS
    drifted(put(f"{ITEM} unit", {"type": "string"}))

    assert tool(*FLAGS, "--write")[0] == 1

    extended = Path("deviations.yaml").read_text()
    added = re.search(
        r"  # [^\n]*unit[^\n]*\n  - rule: property-removed\n    place: [^\n]*unit\"\n.*?\n.*?\n", extended
    )
    assert added is not None and extended.replace(added[0], "") == written
    assert found(tool) == [
        "deviation-without-reason property-removed /components/schemas/ReportItem/properties/unit"
    ]


def test_a_changed_part_is_not_accepted_by_writing(tool: Tool) -> None:
    drifted(put(f"{BODY} body maxLength", 200))
    before = Path("deviations.yaml").read_text()
    code, out, _ = tool(*FLAGS, "--write")
    assert code == 1 and Path("deviations.yaml").read_text() == before
    (digest,) = re.findall(r"set the digest to (wire1-[0-9a-f]{20})", out)
    stale = re.search(r"Page/\*\*\n    reason: \"Results are lenient.\"\n    digest: (\S+)", before)
    assert stale is not None
    Path("deviations.yaml").write_text(before.replace(stale[1], digest))
    assert found(tool) == []


@pytest.mark.parametrize(
    "start", ["", "# Ours.\n", "deviations: []\n", "deviations:\n", "# Ours.\ndeviations: []  # none yet\n"]
)
def test_entries_can_be_added_to_a_file_without_any(start: str, tool: Tool) -> None:
    Path("deviations.yaml").write_text(start)
    code, _, err = tool(*FLAGS, "--write")
    assert (code, err) == (1, "clientsmith upstream: deviations.yaml: 12 proposed, 0 digests added\n")
    text = Path("deviations.yaml").read_text()
    assert len(yaml.safe_load(text)["deviations"]) == 12 and text.startswith(start.partition("deviations")[0])


def test_a_file_that_cannot_be_added_to_stays_as_it_is(tool: Tool) -> None:
    text = "deviations: [{rule: operation-removed, place: /paths/**, reason: because}]\n"
    Path("deviations.yaml").write_text(text)
    code, _, err = tool(*FLAGS, "--write")
    assert code == 2 and "deviations.yaml:1:14: error[deviations-wrong]" in err
    assert Path("deviations.yaml").read_text() == text


@pytest.mark.parametrize("reason", ["", '    reason: ""\n', "    reason: '  '\n", "    reason:\n"])
def test_an_entry_without_a_reason_is_a_finding(reason: str, tool: Tool) -> None:
    text = Path("deviations.yaml").read_text()
    Path("deviations.yaml").write_text(text.replace("    reason: Seen in examples.\n", reason))
    assert found(tool) == ["deviation-without-reason property-added /components/schemas/Page/**"]


def test_a_missing_file_is_told_with_its_remedy(tool: Tool) -> None:
    Path("deviations.yaml").unlink()
    code, out, _ = tool()
    assert code == 1 and out.count("error[upstream-difference]") == 12
    assert "note[deviations-missing]" in out and "--write" in out


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("deviations: {a: 1}\n", "1:1", "must be an array"),
        ("- rule: operation-removed\n", "1:1", "not a mapping"),
        ("deviations:\n  - rule: [\n", "3:1", ""),
        ("deviations:\n  - operation-removed\n", "2:5", "must be a table"),
        (
            "deviations:\n  - {rule: operation-remove, place: /paths/**}\n",
            "2:6",
            "did you mean 'operation-removed'",
        ),
        ("deviations:\n  - place: /paths/**\n", "2:5", "is missing"),
        ("deviations:\n  - rule: operation-removed\n", "2:5", "is missing"),
        ("deviations:\n  - rule: operation-removed\n    place: paths\n", "3:5", "not a pattern"),
        (
            "deviations:\n  - rule: operation-removed\n    place: /paths/**\n    why: so\n",
            "4:5",
            "unknown key",
        ),
        (
            "deviations:\n  - rule: operation-removed\n    place: /paths/**\n    digest: abc\n",
            "4:5",
            "not a digest",
        ),
        (
            "deviations:\n  - rule: operation-removed\n    place: /paths/**\n    reason: 7\n",
            "4:5",
            "must be a text",
        ),
        ("deviation: []\n", "1:1", "did you mean 'deviations'"),
        (
            "deviations:\n  - {rule: body-added, place: /a}\n  - {rule: body-added, place: /a}\n",
            "3:5",
            "already in line 2",
        ),
        ("a: 1\na: 2\n", "2:1", ""),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(text: str, place: str, words: str, tool: Tool) -> None:
    Path("deviations.yaml").write_text(text)
    code, out, err = tool()
    assert (code, out) == (2, "")
    assert f"deviations.yaml:{place}: error[" in err and words in err and "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "no document of the vendor given"),
        (("official.yaml",), "no document of ours given"),
        (("none.yaml", "--against", "ours.yaml"), "none.yaml:1:1: error[unreadable-file]"),
        (("HEAD:official.yaml", "--against", "ours.yaml"), "error[unreadable-file]"),
        (
            ("https://kiosk.example/api.yaml", "--against", "ours.yaml"),
            "is a URL; a document is read from a file",
        ),
        (("-", "--against", "-"), "both sides are standard input"),
        (("deviations.yaml", "--against", "broken.yaml"), "broken.yaml:1:"),
        (("deviations.yaml", "--against", "broken.yaml"), "deviations.yaml:"),
    ],
)
def test_bad_input_is_refused(words: tuple[str, ...], message: str, tool: Tool) -> None:
    Path("broken.yaml").write_text("openapi: [")
    code, out, err = main_of(tool, words)
    assert (code, out) == (2, "") and message in err and "Traceback" not in err


def main_of(tool: Tool, words: tuple[str, ...]) -> tuple[int, str, str]:
    return tool(*words, "--deviations", "deviations.yaml")


def test_standard_input_and_revisions_are_read(
    tool: Tool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SEALED.items():
        monkeypatch.setenv(name, value)
    Repository(folder).commit({"official.yaml": VENDOR})
    Path("official.yaml").unlink()
    assert tool("HEAD:official.yaml", *FLAGS[1:])[0] == 0
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(VENDOR.encode())))
    Path("official.yaml").write_text(VENDOR)
    with Path("official.yaml").open("rb") as stream:
        assert tool(f"/dev/fd/{stream.fileno()}", *FLAGS[1:])[0] == 0


def test_the_config_names_everything(tool: Tool) -> None:
    Path("api").mkdir()
    for name in ("official.yaml", "ours.yaml", "deviations.yaml"):
        Path(name).rename(Path("api") / name)
    Path("api/clientsmith.toml").write_text(
        '[document]\npath = "ours.yaml"\n'
        '[upstream]\ndocument = "official.yaml"\ndeviations = "deviations.yaml"\n'
    )
    code, out, _ = tool("--config", "api/clientsmith.toml")
    assert code == 0 and out.endswith("10 deviations in api/deviations.yaml\n")
    assert tool("--config", "api/clientsmith.toml", "--deviations", "none.yaml")[0] == 1


def test_the_json_fits_its_schema(tool: Tool) -> None:
    schema = json.loads((ROOT / "docs" / "upstream.schema.json").read_text())
    validator = jsonschema_rs.validator_for(schema)
    drifted(put("paths /v1/Stands", {"get": {"responses": OK}}))
    Path("deviations.yaml").write_text(DEVIATIONS)
    kinds: set[str] = set()
    for words in (FLAGS, (*FLAGS[:3], "--deviations", "none.yaml")):
        report = json.loads(tool(*words, "--format", "json")[1])
        validator.validate(report)
        kinds |= {one["id"] for one in report["findings"]}
    assert kinds == {"upstream-difference", "deviation-without-digest"}


def test_annotations_stand_at_our_lines_and_the_summary_has_all(
    tool: Tool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("deviations.yaml").unlink()
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    code, out, _ = tool(*FLAGS, "--format", "github")
    assert code == 1 and out.count("::error ") == 10
    line = OURS.splitlines().index("        '404': {description: There is none.}") + 1
    assert f"::error file=ours.yaml,line={line},col=9,title=upstream-difference::" in out
    assert "2 findings more" in out
    summary = (folder / "summary.md").read_text()
    assert summary.count("`upstream-difference`") == 12 and summary.startswith(
        "### clientsmith upstream: 12 findings"
    )


def test_the_same_input_gives_the_same_bytes(tool: Tool) -> None:
    Path("deviations.yaml").unlink()
    first = [tool(*FLAGS, "--format", shape)[1] for shape in ("text", "json", "markdown", "github")]
    tree = yaml.safe_load(VENDOR)
    Path("official.yaml").write_text(yaml.safe_dump(tree, sort_keys=False))
    again = [tool(*FLAGS, "--format", shape)[1] for shape in ("json",)]
    strip = re.compile(r'"(line|column)": \d+')
    assert strip.sub("", again[0]) == strip.sub("", first[1])
    assert all(first)


def test_our_deviations_all_have_a_reason_and_a_digest() -> None:
    diagnostics = Diagnostics()
    path = ROOT / "spec" / "deviations.yaml"
    file = parse_deviations(path.read_bytes(), "spec/deviations.yaml", diagnostics)
    assert file is not None and not list(diagnostics)
    assert len(file.entries) >= 15 and all(one.reason and one.digest for one in file.entries)


LISTED = """
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a:
    parameters:
      - {name: Accept, in: header, schema: {type: string}}
      - {name: low, in: query, schema: {type: integer, maximum: 10}}
      - {name: X-Low, in: header, schema: {type: integer, maximum: 10}}
    get:
      parameters:
        - $ref: '#/components/parameters/First'
        - {name: min, in: query, schema: {type: integer, maximum: 10}}
        - {name: max, in: query, schema: {type: integer, maximum: 10}}
        - {name: body, in: query, schema: {allOf: [{type: string}, {maxLength: 10}, {minLength: 1}]}}
      responses: {"204": {description: ok}}
components:
  parameters:
    First: {name: first, in: query, schema: {type: string}}
"""
QUERY, SHARED = "/paths/~1a/get/parameters/query.", "/paths/~1a/parameters/"


@pytest.mark.parametrize(
    ("line", "narrowed", "place"),
    [
        ("name: min,", "maximum: 5", f"{QUERY}min/schema/maximum"),
        ("name: max,", "maximum: 5", f"{QUERY}max/schema/maximum"),
        ("name: low,", "maximum: 5", f"{SHARED}query.low/schema/maximum"),
        ("name: X-Low,", "maximum: 5", f"{SHARED}header.X-Low/schema/maximum"),
        ("name: body,", "maxLength: 5", f"{QUERY}body/schema/allOf/maxLength"),
    ],
)
def test_the_place_of_a_parameter_is_what_identifies_it(
    tool: Tool, line: str, narrowed: str, place: str
) -> None:
    lines = LISTED.splitlines(keepends=True)
    changed = re.compile("(maximum|maxLength): 10")
    ours = [changed.sub(narrowed, one) if line in one else one for one in lines]
    Path("official.yaml").write_text(LISTED)
    Path("ours.yaml").write_text("".join(ours))
    Path("deviations.yaml").unlink()
    assert tool(*FLAGS, "--write")[0] == 1
    text = Path("deviations.yaml").read_text()
    assert f'place: "{place}"' in text
    Path("deviations.yaml").write_text(text.replace('reason: ""', 'reason: "known"'))
    for side in ("official.yaml", "ours.yaml"):
        tree = yaml.safe_load(Path(side).read_text())
        item = tree["paths"]["/a"]
        for owner in (item, item["get"]):
            owner["parameters"].reverse()
        item["parameters"] = [one for one in item["parameters"] if one["name"] != "Accept"]
        Path(side).write_text(yaml.safe_dump(tree))
        assert found(tool) == []


def test_a_reason_is_not_taken_for_another_parameter_in_the_same_place(tool: Tool) -> None:
    lines = LISTED.splitlines(keepends=True)
    Path("official.yaml").write_text(LISTED)
    for name in ("min", "max"):
        ours = [one.replace("maximum: 10", "maximum: 5") if f"name: {name}," in one else one for one in lines]
        if name == "max":
            index = next(number for number, one in enumerate(ours) if "name: min," in one)
            ours[index : index + 2] = reversed(ours[index : index + 2])
        Path("ours.yaml").write_text("".join(ours))
        if name == "min":
            Path("deviations.yaml").unlink()
            tool(*FLAGS, "--write")
    assert [one.split()[0] for one in found(tool)] == [
        "deviation-gone", "deviation-without-reason", "upstream-difference",
    ]  # fmt: skip


def test_documents_of_different_apis_are_noted(tool: Tool) -> None:
    Path("official.yaml").write_text(LISTED)
    code, out, _ = tool(*FLAGS)
    assert code == 1 and "note[different-apis]" in out


def test_an_interrupted_update_of_the_vendors_document_is_recognized(tool: Tool) -> None:
    work = Path(".official.yaml.clientsmith")
    work.mkdir()
    (work / "staged").write_text("{}")
    code, out, err = tool(*FLAGS)
    assert (code, out) == (2, "") and "error[update-interrupted]" in err


@pytest.mark.parametrize(
    ("rule", "message", "hint"),
    [
        ("class-renamed", "class-renamed is about what callers of a package notice", "remove the entry"),
        ("bound-narowed", "no difference has the rule 'bound-narowed'", "did you mean 'bound-narrowed'?"),
        ("class-renamd", "no difference has the rule 'class-renamd'", "known: "),
    ],
)
def test_a_rule_that_no_document_can_break(rule: str, message: str, hint: str) -> None:
    found = Diagnostics()
    parse_deviations(f"deviations:\n- rule: {rule}\n  place: /info\n".encode(), "d.yaml", found)
    (one,) = found
    assert message in one.message and str(one.hint).startswith(hint) and "class-" not in str(one.hint)


def test_an_entry_in_braces_is_named_if_nothing_can_be_added(tool: Tool) -> None:
    text = "deviations:\n  - rule: property-removed\n    place: /info\n  - {rule: operation-removed, place: /paths/**}\n"
    Path("deviations.yaml").write_text(text)
    code, _, err = tool(*FLAGS, "--write")
    assert code == 2 and "deviations.yaml:4:5: error[deviations-wrong]" in err
    assert Path("deviations.yaml").read_text() == text


def test_an_operation_has_one_path_although_a_server_has_a_part_of_it(tool: Tool) -> None:
    """The vendor's `/a` below `/v1` is our `/v1/a`, in what is gone as well."""
    tree = yaml.safe_load(LISTED)
    tree["servers"] = [{"url": "https://x.example/v1"}]
    Path("official.yaml").write_text(yaml.safe_dump(tree))
    tree["servers"] = [{"url": "https://x.example"}]
    tree["paths"] = {"/v1/a": tree["paths"]["/a"]}
    listed = tree["paths"]["/v1/a"]["get"]["parameters"]
    listed[1]["schema"]["maximum"] = 5
    del listed[2]
    Path("ours.yaml").write_text(yaml.safe_dump(tree))
    Path("deviations.yaml").write_text("deviations: []\n")
    messages = [one["message"] for one in json.loads(tool(*FLAGS, "--format", "json")[1])["findings"]]
    assert len(messages) == 2 and all("GET /v1/a /parameters/query." in one for one in messages)
