"""Faults of the domain by name: file, text, what takes its place, and the part of the suite that it belongs to.

Among them is every defect that was measured in the clients of other generators on these operations.
"""

from __future__ import annotations

_USAGES, _LISTINGS, _RUNTIME = "resources/usages.py", "resources/listings.py", "_runtime"
FAULTS: dict[str, tuple[str, str, str, str]] = {
    "wrong method": (_USAGES, 'method="POST"', 'method="PUT"', "request"),
    "wrong path": (_LISTINGS, 'path="/Listing/{Sid}"', 'path="/Listings/{Sid}"', "request"),
    "wrong host": ("_client.py", "https://marketplace.twilio.com/v1", "https://marketplace.example.com/v1", "request"),
    "arguments swapped": (_LISTINGS, '"Pricing": pricing', '"Pricing": policies', "request"),
    "argument dropped by the async client": (
        _USAGES, 'return await self._call(\n            _REPORT, (installed_add_on_sid,), {"billable_items": billable_items}',
        'return await self._call(\n            _REPORT, (installed_add_on_sid,), {"billable_items": billable_items[:1]}', "request",
    ),
    "pattern lost": (_LISTINGS, 'Annotated[str, Field(pattern="^XB[0-9a-fA-F]{32}$")]', "str", "request"),
    "JSON in a form field written as a Python repr": (
        f"{_RUNTIME}/messages/form_body.py", "quote_plus(write(value))", "quote_plus(str(value))", "request",
    ),
    "keys of a form field sent, values lost": (
        f"{_RUNTIME}/messages/form_body.py", "return [(quote_plus(name), quote_plus(write(value)))]",
        "return [(quote_plus(name), quote_plus(key)) for key in value]", "request",
    ),
    "dicts refused": (
        f"{_RUNTIME}/types/schemas.py", "            if type(value) not in SCALARS:",
        "            if isinstance(value, dict):\n                raise RecursionError\n            if type(value) not in SCALARS:", "request",
    ),
    "amounts written through a float": (
        f"{_RUNTIME}/values/json_codec.py", "def decimal_token(value: Decimal) -> str:\n",
        "def decimal_token(value: Decimal) -> str:\n    return repr(float(value))\n\n\ndef _exact(value: Decimal) -> str:\n", "request",
    ),
    "amounts written as JSON strings": (
        f"{_RUNTIME}/values/json_codec.py", "def decimal_token(value: Decimal) -> str:\n",
        "def decimal_token(value: Decimal) -> str:\n    return f'\"{value}\"'\n\n\ndef _exact(value: Decimal) -> str:\n", "request",
    ),
    "Decimal ends in a TypeError": (
        f"{_RUNTIME}/types/request_types.py", "    if isinstance(value, Decimal):", "    if isinstance(value, Decimal):\n        raise TypeError", "request",
    ),
    "amounts read as floats": (f"{_RUNTIME}/values/json_codec.py", "parse_float=Decimal", "parse_float=float", "response"),
    "304 gives None": (f"{_RUNTIME}/messages/response.py", "return _NOT_MODIFIED", "return None", "response"),
    "304 is decoded as JSON": (f"{_RUNTIME}/messages/response.py", "        return _NOT_MODIFIED", "        return response.json()", "response"),
    "every status is the same error": (f"{_RUNTIME}/messages/response.py", "kind = class_for(response.status)", "kind = StatusError", "response"),
    "results without types": (f"{_RUNTIME}/messages/response.py", "        return media.schema.decode(value, decimals=response.decimals)\n    except ValidationError:\n        if whole", "        return value\n    except ValidationError:\n        if whole", "response"),
    "form sent as JSON": (f"{_RUNTIME}/messages/form_body.py", 'return self.media_type, "&".join(pairs).encode()', 'return "application/json", write(self._checked(value, extra, check)).encode()', "request"),
    "amounts are floats": ("models.py", "quantity: Annotated[Decimal,", "quantity: Annotated[float,", "request"),
    "credentials left out": (_USAGES, 'security=(("basicAuth",),)', "security=()", "request"),
    "billing call retried": (_USAGES, "bills=True", "bills=False, idempotent=True", "promises"),
    "304 is an error": (_LISTINGS, 'Response("304"),', "", "response"),
    "500 gives nothing": (
        f"{_RUNTIME}/messages/response.py", "    raise _status_error(", "    if status >= 500:\n        return None\n    raise _status_error(", "response",
    ),
    "error without its text": (f"{_RUNTIME}/messages/response.py", 'f"{answered.operation.id}: {words} ', 'f" ', "response"),
    "error without its body": (f"{_RUNTIME}/messages/response.py", "body=_error_body(answered, value, check)", "body=None", "response"),
    "wrong model for a status": (_LISTINGS, 'Response("404", (Media("application/json", "json", models.Error, "Error"),))', 'Response("404", (Media("application/json", "json", models.Listing, "Listing"),))', "response"),
    "two fields of an answer read for each other": (
        "models.py", '    tag: str | None = None\n    """Occurs in results only; its meaning and values are not documented."""\n    tagline: str | None = None',
        '    tagline: Annotated[str | None, Field(alias="tag")] = None\n    tag: Annotated[str | None, Field(alias="tagline")] = None', "response",
    ),
    "unknown keys dropped": (
        f"{_RUNTIME}/types/models.py", 'no value changes, so that nothing is lost."""\n\n    model_config = ConfigDict(extra="allow")',
        'no value changes, so that nothing is lost."""\n\n    model_config = ConfigDict(extra="ignore")', "response",
    ),
    "strict mode is lenient": (f"{_RUNTIME}/messages/validation.py", "if violations and self.strict:", "if violations and not self.strict:", "response"),
    "warn mode is silent": (f"{_RUNTIME}/messages/validation.py", "        warn(answered, violations)\n", "", "response"),
    "totals not compared": (_USAGES, 'total=("total_submitted",)', 'total=("total",)', "promises"),
    "rejected items taken for accepted": (_USAGES, 'accepted="submitted"', 'accepted="sid"', "promises"),
    "redirect followed": (f"{_RUNTIME}/client/retry.py", "    if error.outcome is not Outcome.UNKNOWN or", "    if isinstance(error, StatusError) and error.status == 302:\n        return True\n    if error.outcome is not Outcome.UNKNOWN or", "promises"),
    "second answer taken for the next": (f"{_RUNTIME}/http/sockets/carried.py", 'parser.trailing_data[0] == b""', "True", "package"),
    "unresolved intent sent again": (f"{_RUNTIME}/sqlite/sqlite_journal.py", "(None, Outcome.UNKNOWN, Outcome.SUCCEEDED)", "(Outcome.SUCCEEDED,)", "package"),
    "Retry-After ignored": (f"{_RUNTIME}/client/retry.py", '"retry-after"', '"retry-later"', "promises"),
    "method missing": (_LISTINGS, "    async def fetch(", "    async def fetch_it(", "surface"),
}  # fmt: skip
