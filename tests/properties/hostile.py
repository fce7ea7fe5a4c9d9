"""Strings that try to become code, and documents that have one in every place that takes text."""

from __future__ import annotations

import copy
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from tests.properties.kitchen_sink import DOCUMENT

SENTINEL = "sentinel_that_nothing_sets"
_CODE = f"__import__('builtins').{SENTINEL}(1)"

FIXED = (
    f'"""; {_CODE}; """',
    f"'''; {_CODE}; '''",
    f'\\"""\n{_CODE}\n"""',
    f'" + {_CODE} + "',
    f"' + {_CODE} + '",
    f"\\' + {_CODE} #",
    f"\n{_CODE}\n",
    f"\r{_CODE}\r",
    f"\x0b{_CODE}\x0c\x1c\x1d\x1e",
    f"\x85{_CODE}\u2028{_CODE}\u2029",
    f"{{{{ {_CODE} }}}}",
    f"{{% set x = {_CODE} %}}{{# comment #}}",
    f"{{{_CODE}}}",
    f"${{{_CODE}}} %({_CODE})s %s",
    f"\u202e{_CODE}\u2066\u200b\ufeff",
    f"x): {_CODE} #",
    f"]\n{_CODE}\nx: list[",
    "\\",
    '"' * 7,
    "'" * 7,
    "`" * 4 + f"python\n{_CODE}\n" + "`" * 4,
    f"</code><script>{_CODE}</script>",
    f"\\N{{BELL}}\\x00\\u0041 {_CODE}",
    "\x00",
    "# type: ignore # noqa\n# fmt: off",
    f"# -*- coding: utf-7 -*-\n{_CODE}",
    f"(?P<{_CODE}>x)",
    "a" * 2000,
)
_ALPHABET = st.sampled_from(
    [*"\"'\\\n\r\t{}%#$()[];:`ab _-", "\x85", "\u2028", "\u2029", "\u202e", "\x00", "é", "\U0001f600"]
)
TEXTS = st.one_of(st.sampled_from(FIXED), st.text(_ALPHABET, max_size=20), st.sampled_from(FIXED))

_FREE = frozenset(
    {
        "description",
        "summary",
        "title",
        "version",
        "pattern",
        "default",
        "example",
        "contentType",
        "bearerFormat",
    }
)
"""Keys whose text is free whatever else a document says."""


def hostile_documents() -> st.SearchStrategy[dict[str, Any]]:
    """The document of everything, with hostile text wherever the specification lets text be free, names included."""
    return st.lists(TEXTS, min_size=12, max_size=12).map(_infested)


def _infested(texts: list[str]) -> dict[str, Any]:
    supply = _Supply(texts)
    document: dict[str, Any] = _described(copy.deepcopy(DOCUMENT), supply)
    schemas = document["components"]["schemas"]
    schemas["Pet"]["properties"] |= {
        supply.next(): {"type": "string", "description": supply.next()} for _ in range(3)
    }
    schemas["Pet"]["properties"]["name"]["pattern"] = supply.next()
    schemas["Trick"]["enum"] = sorted({supply.next(), supply.next(), "sit"})
    schemas["Map"]["const"] = {supply.next(): supply.next()}
    mapping = schemas["Animal"]["discriminator"]["mapping"]
    mapping[supply.next()] = mapping["cat"]
    schemas["Animal"]["discriminator"]["propertyName"] = name = supply.next()
    for key in ("Cat", "Dog"):
        schemas[key]["properties"] = {name: {"type": "string"}}
    document["tags"] = [{"name": supply.next(), "description": supply.next()}]
    pets = document["paths"]["/pets"]
    pets["get"] |= {"tags": [supply.next()], "operationId": supply.next()}
    pets["get"]["parameters"].append(
        {"name": supply.next(), "in": "query", "schema": {"type": "string", "enum": [supply.next()]}}
    )
    pets["parameters"].append({"name": supply.next(), "in": "cookie", "schema": {"type": "string"}})
    document["paths"]["/" + supply.next().replace("{", "").replace("}", "")] = {
        "get": {"tags": [supply.next()], "responses": {"204": {"description": supply.next()}}}
    }
    form = document["paths"]["/form"]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]
    form["schema"]["properties"][supply.next()] = {"type": "string"}
    form["encoding"]["info"]["contentType"] = supply.next()
    document["components"]["securitySchemes"]["key"]["name"] = supply.next()
    scheme, schema = supply.next(), supply.next()
    document["components"]["securitySchemes"][scheme] = {
        "type": "apiKey",
        "in": "header",
        "name": "X-Key",
        "description": supply.next(),
    }
    pets["get"]["security"] = [{scheme: []}]
    schemas[schema] = {
        "type": "object",
        "description": supply.next(),
        "properties": {supply.next(): {"type": "integer"}},
    }
    pointer = quote(schema.replace("~", "~0").replace("/", "~1"))
    schemas["Dog"]["properties"]["other"] = {"$ref": f"#/components/schemas/{pointer}"}
    pets["get"]["responses"]["200"]["headers"] = {
        supply.next(): {"description": supply.next(), "schema": {"type": "string"}}
    }
    schemas["Batch"]["properties"]["items"]["items"]["allOf"][1]["properties"][marked := supply.next()] = {
        "type": "boolean"
    }
    batch = document["paths"]["/batch"]["patch"]["responses"]["202"]["x-clientsmith-partial-success"]
    batch |= {"accepted": marked, "match": [marked, "lower"]}
    document["servers"][0]["variables"]["region"]["default"] = supply.next()
    return document


class _Supply:
    """Hands out texts in turn, each followed by a number, so that no two are the same."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts
        self._count = 0

    def next(self) -> str:
        self._count += 1
        return f"{self._texts[self._count % len(self._texts)]}{self._count}"


def _described(value: Any, supply: _Supply) -> Any:
    """The value with free texts replaced, and with descriptions where there were none."""
    if isinstance(value, list):
        return [_described(item, supply) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: supply.next()
        if key in _FREE - {"pattern"} and isinstance(item, str)
        else _described(item, supply)
        for key, item in value.items()
    }
