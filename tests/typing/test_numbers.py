"""What type checkers make of numbers: arguments take every exact one, results are what config and document say."""

from __future__ import annotations

from pathlib import Path

import pytest

from clientsmith.config.model import Config
from tests.behavior.packages import package_from, spec
from tests.typing import checkers

DOCUMENT = spec("""
    paths:
      /x/{ratio}:
        post:
          operationId: send
          tags: [things]
          parameters:
            - {name: ratio, in: path, required: true, schema: {$ref: '#/components/schemas/Ratio'}}
            - {name: flag, in: query, schema: {type: integer, enum: [1, 18446744073709551616]}}
          requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
          responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
    components:
      schemas:
        Ratio: {type: number, minimum: 0, multipleOf: 0.25}
        Thing:
          type: object
          properties:
            plain: {type: number}
            exact: {type: number, format: decimal}
            text: {type: string, format: decimal}
            ratios: {type: array, items: {$ref: '#/components/schemas/Ratio'}}
            only: {type: integer, const: 18000000000000000000}
            any: {$ref: '#/components/schemas/Any'}
        Any: {anyOf: [{type: number}, {type: string}, {type: array, items: {$ref: '#/components/schemas/Any'}}]}
""")
SNIPPET = """
from decimal import Decimal

from numbers_{kind} import MiniClient, inputs, models

send = MiniClient().things.send

result = send(Decimal("0.25"), plain=Decimal("1.10"), exact=1, ratios=[1, 0.5, Decimal("0.75")], only=18000000000000000000)
send(1, text=Decimal("1.50"))
send(0.5, text="1.50", plain=2, flag=18446744073709551616, any=[Decimal(1), "x", [0.5]])
thing: inputs.ThingInputDict = {{"plain": Decimal("1.10"), "ratios": [Decimal(1)]}}
models.ThingInput(plain=Decimal("1.10"), ratios=[1, Decimal("0.5")], only=18000000000000000000)
send("0.25")  # error: mypy[arg-type] pyright[reportArgumentType]
send(1, plain="1.5")  # error: mypy[arg-type] pyright[reportArgumentType]
send(1, exact=0.5)  # error: mypy[arg-type] pyright[reportArgumentType]
send(1, text=5)  # error: mypy[arg-type] pyright[reportArgumentType]
send(1, only="x")  # error: mypy[arg-type] pyright[reportArgumentType]
models.ThingInput(plain="1.5")  # error: mypy[arg-type] pyright[reportArgumentType]

plain: {type} | None = result.plain
exact: Decimal | None = result.exact
text: str | None = result.text
only: int | None = result.only
"""


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_numbers_are_typed_as_they_are_taken_and_read(checker: str, tmp_path: Path) -> None:
    packages, snippets, work = tmp_path / "packages", tmp_path / "snippets", tmp_path / "work"
    for folder in (packages, snippets, work):
        folder.mkdir()
    for kind, config in {"float": Config(), "Decimal": Config(numbers="decimal")}.items():
        made = package_from({"openapi.yaml": DOCUMENT}, config)
        made.folder.rename(packages / f"numbers_{kind}")
        (snippets / f"read_{kind}.py").write_text(SNIPPET.format(kind=kind, type=kind))

    run = checkers.mypy if checker == "mypy" else checkers.pyright
    assert run(snippets, packages, work) == checkers.wanted(snippets, checker)
