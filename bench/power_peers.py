"""What was measured in the clients of other tools on these very operations, put into ours one defect at a time.

The measurements: openapi-python-client 0.29.1 (opc), openapi-generator 7.26.0 (oag), dmcg's experimental client,
clientele 2.3.1, pyopenapi-gen 5.1.19 (pag), the official SDKs (twilio, node), and SDKs that bill more than once.
"""

from __future__ import annotations

from power_patterns import Begin, Fault, Swap, fault, repeated

_STATUS = "status = response.status"
_UNSET_DUMP = "self._dump(valid, by_alias=True, exclude_unset=True, warnings=False)"
_BEGIN = "call = self._core.begin(operation, arguments, body, options)"
_WRITTEN = "quote_plus(write(value))"
_LISTINGS, _USAGES = "resources/listings.py", "resources/usages.py"
_FORM = """FormBody("application/x-www-form-urlencoded", models.ListingUpdate, required=False, encodings=(
    Encoding("Configuration", content_type="application/json"),
    Encoding("Description", content_type="application/json"),
    Encoding("Documentation", content_type="application/json"), Encoding("ModuleInfo", content_type="application/json"),
    Encoding("Policies", content_type="application/json", warn_above=5000000),
    Encoding("Pricing", content_type="application/json"), Encoding("Support", content_type="application/json")))"""
_JSON = 'JsonBody("application/json", models.ListingUpdate, required=False)'
_IMPORT = "from .. import inputs, models"

PEERS: tuple[Fault, ...] = (
    fault(
        "update sends a Python repr",
        "messages/form_body.py",
        Swap("_pairs", _WRITTEN, "quote_plus(repr(value))"),
        peer="opc, pag",
    ),
    fault(
        "update refuses a dict",
        "types/schemas.py",
        Begin(
            "RequestSchema.encode",
            "if is_mapping(value) and any(map(is_mapping, value.values())):\n"
            "    raise RequestValidationError.because(subject, 'a dict')",
        ),
        peer="oag, dmcg",
    ),
    fault(
        "update sends JSON, not a form",
        _LISTINGS,
        Swap("", _FORM, _JSON),
        Swap("", _IMPORT, f"{_IMPORT}\nfrom .._runtime.messages.body import JsonBody"),
        peer="clientele",
    ),
    fault(
        "no Authorization",
        "messages/request.py",
        Swap("_Parts.__init__", "{**credentials.headers, **headers}", "{**headers}"),
        peer="clientele",
    ),
    fault(
        "keys only, values lost",
        "messages/form_body.py",
        Swap(
            "_pairs",
            "return [(quote_plus(name), quote_plus(write(value)))]",
            "return [(quote_plus(name), quote_plus(key)) for key in value]",
        ),
        peer="twilio",
    ),
    fault(
        "free objects come back empty",
        "messages/response.py",
        Swap(
            "_decode_media",
            "media.schema.decode(value, decimals=response.decimals)",
            "media.schema.decode({key: {} if isinstance(item, dict) else item for key, item in value.items()}, "
            "decimals=response.decimals)",
        ),
        peer="pag",
    ),
    fault(
        "money comes back as float",
        "values/json_codec.py",
        Swap(
            "",
            "JSONDecoder(parse_float=Decimal, parse_constant=_refuse_constant)",
            "JSONDecoder(parse_constant=_refuse_constant)",
        ),
        peer="opc, oag, dmcg, pag, twilio",
    ),
    fault(
        "money of models is float",
        "models.py",
        Swap("SubmittedItem", "Decimal | None", "float | None"),
        Swap("UsageResult", "Decimal | None", "float | None"),
        peer="opc, oag, dmcg, pag, twilio",
    ),
    fault(
        "money is untyped",
        "messages/response.py",
        Swap("_decode_media", "media.schema.decode(value, decimals=response.decimals)", "value"),
        peer="clientele",
    ),
    fault(
        "Decimal ends in a TypeError",
        "types/request_types.py",
        Begin(
            "exact_decimal", "if isinstance(value, Decimal):\n    raise TypeError('not JSON serializable')"
        ),
        peer="opc, pag, twilio",
    ),
    fault(
        "Decimal loses digits",
        "values/json_codec.py",
        Begin("decimal_token", "return repr(float(value))"),
        peer="oag, dmcg",
    ),
    fault(
        "Decimal is a JSON string",
        "values/json_codec.py",
        Begin("decimal_token", "return f'\"{value}\"'"),
        peer="clientele",
    ),
    fault(
        "Decimal with the digits of a float",
        "types/request_types.py",
        Swap("exact_decimal", "return value", "return Decimal(float(value))"),
        peer="twilio",
    ),
    fault(
        "304 returns None",
        "messages/response.py",
        Swap("decode", "return _NOT_MODIFIED", "return None"),
        peer="opc, clientele",
    ),
    fault(
        "304 raises",
        "messages/response.py",
        Swap("decode", "return _NOT_MODIFIED", "raise _status_error(answered)"),
        peer="oag, dmcg, pag, twilio",
    ),
    fault(
        "304 raises JSONDecodeError",
        "messages/response.py",
        Swap("decode", "return _NOT_MODIFIED", "return response.json()"),
        peer="twilio",
    ),
    fault(
        "500 returns None, silently",
        "messages/response.py",
        Swap("decode", _STATUS, f"{_STATUS}\nif status == 500:\n    return None"),
        peer="opc",
    ),
    fault(
        "error with an empty text",
        "messages/response.py",
        Swap("_status_error", "f'{answered.operation.id}: {words} ({answered.where(outcome)})'", "''"),
        peer="clientele",
    ),
    fault("generic error", "results/status_errors.py", Begin("class_for", "return StatusError"), peer="pag"),
    fault("result without a type", _USAGES, Swap("", "models.UsageResult", "dict"), peer="clientele"),
    fault(
        "usage posts a form of Python reprs, asyncio",
        "client/async_client.py",
        Swap(
            "AsyncClient._call",
            _BEGIN,
            f"{_BEGIN}\nif operation.bills:\n    call.prepared.content = str(body).encode()",
        ),
        peer="twilio",
    ),
    fault(
        "billing repeated on 500, asyncio",
        "client/async_client.py",
        Swap(
            "AsyncClient._run",
            "failed = error",
            "if getattr(error, 'status', 0) != 500 or call.number >= 3:\n    raise\ncontinue",
        ),
        peer="twilio",
    ),
    *(
        fault(
            f"billing repeated on {name}",
            "client/call.py",
            *repeated(f"self.operation.bills and {test}"),
            peer=peer,
        )
        for name, test, peer in (
            ("500", "getattr(error, 'status', 0) == 500", "openai, anthropic, Fern, azure-core"),
            ("503", "getattr(error, 'status', 0) == 503", "openai, anthropic, Fern, Kiota, azure-core"),
            (
                "a connection dropped after the body",
                "type(error).__name__ in ('ReadError', 'ProtocolError')",
                "openai, anthropic",
            ),
            ("a read timeout", "type(error).__name__ == 'ReadTimeoutError'", "openai, anthropic"),
        )
    ),
    fault(
        "fetch never retried",
        "client/retry.py",
        Begin("may_retry", "if not operation.bills and error.outcome is Outcome.UNKNOWN:\n    return False"),
        peer="opc, oag, clientele, pag, twilio",
    ),
    fault(
        "0, negative and missing items sent unchecked",
        "types/schemas.py",
        Begin("RequestSchema.encode", "return Plain().of(value)"),
        peer="twilio",
    ),
    fault(
        "NaN refused late",
        "types/request_types.py",
        Swap("exact_decimal", "not value.is_finite()", "False"),
        peer="twilio",
    ),
    fault(
        "items of the answer stay dicts",
        "models.py",
        Swap("UsageResult", "list[SubmittedItem] | None", "list[dict[str, Any]] | None"),
        peer="twilio",
    ),
    fault(
        "302 raises JSONDecodeError",
        "messages/response.py",
        Swap("decode", _STATUS, f"{_STATUS}\nif status == 302:\n    return response.json()"),
        peer="twilio",
    ),
    fault(
        "empty body raises AttributeError",
        "messages/response.py",
        Begin("_decode_success", "if not response.content:\n    raise AttributeError('content')"),
        peer="twilio",
    ),
    fault("SID not escaped", "messages/parameters.py", Begin("percent", "return text"), peer="twilio"),
    fault(
        "SID neither checked nor escaped",
        _LISTINGS,
        Swap("", 'Annotated[str, Field(pattern="^XB[0-9a-fA-F]{32}$")]', "str"),
        peer="twilio",
    ),
    fault(
        "exceptions drop the headers",
        "results/errors.py",
        Begin("ResponseError.headers", "return {}"),
        peer="twilio",
    ),
    fault(
        "no timeout",
        "messages/options.py",
        Begin("timeout_steps", "return dict.fromkeys(('connect', 'read', 'write', 'pool'))"),
        peer="twilio",
    ),
    fault(
        "usage sends billableItems",
        _USAGES,
        Swap("Usages.report", '"billable_items"', '"billableItems"'),
        peer="node",
    ),
    fault(
        "models write billableItems",
        "models.py",
        Swap("UsageReport", "Field(min_length=1)", 'Field(min_length=1, alias="billableItems")'),
        peer="node",
    ),
    fault(
        "key from the environment ignored",
        "messages/credentials.py",
        Begin("_from_environment", "return None"),
        peer="twilio",
    ),
    fault(
        "nulls sent",
        "types/schemas.py",
        Swap("RequestSchema._dumped", _UNSET_DUMP, "self._dump(valid, by_alias=True, warnings=False)"),
        peer="oag",
    ),
)
