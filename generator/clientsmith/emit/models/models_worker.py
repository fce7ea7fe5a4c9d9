"""The process that runs datamodel-code-generator: one JSON request on stdin, one JSON answer on stdout.

A process of its own, because importing that library takes longer than all other stages of a small document together:
it loads while the document is read and validated. This is the only module that imports it.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import warnings
from typing import Any

RUNTIME = "clientsmith_runtime"
"""Stands for the package's own runtime, whose relative import the library cannot spell."""


def main() -> int:
    """Answer the request on stdin."""
    gc.disable()  # nearly all of what is made stays in use: collecting takes a fifth of the time and frees 3 %
    warnings.simplefilter("ignore")
    answer_stream = sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing the library prints may get into the answer
    # Whatever the library imports late is imported now, while the other stages work.
    answer({"schemas": {"Warm": {"type": "object", "properties": {"up": {}}}}, "bases": {}, "aliases": {}})
    text = sys.stdin.buffer.read()
    if text:
        answer_stream.write(json.dumps(_answer_to(text)).encode())
        answer_stream.flush()
    return 0


def _answer_to(text: bytes) -> dict[str, Any]:
    try:
        request: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        return {"error": f"the request is no JSON: {error}"}
    match request:
        case {"schemas": dict(), "bases": dict(), "aliases": dict()}:
            return answer(request)
        case _:
            return {"error": "the request has no schemas, bases and aliases"}


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """The module text under "models", or the reason there is none under "error"."""
    from datamodel_code_generator import generate

    document = {
        "openapi": "3.1.0",
        "info": {"title": "models", "version": "0"},
        "paths": {},
        "components": {"schemas": request["schemas"]},
    }
    try:
        made = generate(
            document,
            base_class_map={name: f"{RUNTIME}.{base}" for name, base in request["bases"].items()},
            aliases=request["aliases"],
            **_options(),
        )
    except Exception as error:  # the library's own errors share no base class; the parent reports every one
        return {"error": f"{type(error).__name__}: {error}"}
    return {"models": made} if isinstance(made, str) else {"error": "more than one module came out"}


def _options() -> dict[str, Any]:
    """The settings of datamodel-code-generator that are the same for every package."""
    from datamodel_code_generator import InputFileType, LiteralType
    from datamodel_code_generator.enums import DataModelType
    from datamodel_code_generator.format import DatetimeClassType, PythonVersion

    return {
        "input_file_type": InputFileType.OpenAPI,
        "output_model_type": DataModelType.PydanticV2BaseModel,
        "formatters": [],
        "disable_timestamp": True,
        "custom_file_header": "# models",
        "target_python_version": PythonVersion.PY_310,
        "base_class": f"{RUNTIME}.ResponseModel",
        "use_annotated": True,
        "field_constraints": True,
        "enum_field_as_literal": LiteralType.All,
        "use_type_alias": True,
        "use_union_operator": True,
        "use_standard_collections": True,
        "use_schema_description": True,
        "use_field_description": True,
        "use_single_line_docstring": True,
        "use_double_quotes": True,
        "use_decimal_for_multiple_of": True,
        "output_datetime_class": DatetimeClassType.Datetime,
        "model_extra_keys": {"x-closed", "x-decimals", "x-read-only"},
        "field_extra_keys": {"x-file", "x-nullable"},
        "keep_model_order": True,
    }


if __name__ == "__main__":
    status = main()
    sys.stderr.flush()
    # Taking down what the library has built takes a tenth of a second that the parent would wait for.
    os._exit(status)
