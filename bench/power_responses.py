"""Faults of the domain in how the runtime reads an answer: results, statuses, errors, validation modes."""

from __future__ import annotations

from power_patterns import Begin, Fault, Swap, fault

_STATUS = "status = response.status"

RESPONSE: tuple[Fault, ...] = (
    fault(
        "amounts read as floats",
        "values/json_codec.py",
        Swap(
            "",
            "JSONDecoder(parse_float=Decimal, parse_constant=_refuse_constant)",
            "JSONDecoder(parse_constant=_refuse_constant)",
        ),
    ),
    fault(
        "NaN read",
        "values/json_codec.py",
        Swap(
            "",
            "JSONDecoder(parse_float=Decimal, parse_constant=_refuse_constant)",
            "JSONDecoder(parse_float=Decimal)",
        ),
    ),
    fault(
        "nesting without a bound",
        "values/json_codec.py",
        Swap("parse", "text.count('[') + text.count('{') > depth and _depth(text) > depth", "False"),
    ),
    fault(
        "JSON in Latin-1",
        "values/json_codec.py",
        Swap("parse", "content.decode(charset)", "content.decode('latin-1')"),
    ),
    fault("values of responses converted", "types/response_types.py", Begin("keep_values", "return schema")),
    fault(
        "unknown keys of responses dropped",
        "_runtime/types/models.py",
        Swap("ResponseModel", "ConfigDict(extra='allow')", "ConfigDict(extra='ignore')"),
    ),
    fault(
        "unknown keys of responses refused",
        "_runtime/types/models.py",
        Swap("ResponseModel", "ConfigDict(extra='allow')", "ConfigDict(extra='forbid')"),
    ),
    fault(
        "unknown keys of requests dropped",
        "_runtime/types/models.py",
        Swap("RequestModel", "ConfigDict(extra='forbid')", "ConfigDict(extra='ignore')"),
    ),
    fault(
        "results without types",
        "messages/response.py",
        Swap(
            "_decode_media", "return media.schema.decode(value, decimals=response.decimals)", "return value"
        ),
    ),
    fault("304 gives None", "messages/response.py", Swap("decode", "return _NOT_MODIFIED", "return None")),
    fault(
        "304 raises",
        "messages/response.py",
        Swap(
            "_says_not_modified",
            "status == 304 and declared is not None and declared.status != 'default'",
            "False",
        ),
    ),
    fault(
        "304 never raises",
        "messages/response.py",
        Swap(
            "_says_not_modified",
            "status == 304 and declared is not None and declared.status != 'default'",
            "status == 304",
        ),
    ),
    fault(
        "304 is read as JSON",
        "messages/response.py",
        Swap("decode", "return _NOT_MODIFIED", "return response.json()"),
    ),
    *(
        fault(
            f"{name} gives None",
            "messages/response.py",
            Swap("decode", _STATUS, f"{_STATUS}\nif {test}:\n    return None"),
        )
        for name, test in (
            ("400", "status == 400"),
            ("401", "status == 401"),
            ("403", "status == 403"),
            ("404", "status == 404"),
            ("429", "status == 429"),
            ("500", "status == 500"),
            ("503", "status == 503"),
            ("202", "status == 202"),
            ("200", "status == 200"),
            ("any error", "status >= 400"),
            ("an undocumented error", "operation.by_status.get(str(status)) is None and status >= 400"),
        )
    ),
    fault(
        "errors read as results",
        "messages/response.py",
        Swap("decode", "200 <= status < 300", "status != 304 and status != 299"),
    ),
    fault(
        "redirects read as results",
        "messages/response.py",
        Swap("decode", "200 <= status < 300", "200 <= status < 400"),
    ),
    fault("202 is an error", "messages/response.py", Swap("decode", "200 <= status < 300", "status == 200")),
    fault(
        "undocumented successes give None",
        "messages/response.py",
        Swap("_decode_success", "operation.gives_nothing", "True"),
    ),
    fault(
        "empty success gives None",
        "messages/response.py",
        Swap(
            "_decode_success",
            "not response.content and response.status in (204, 205)",
            "not response.content",
        ),
    ),
    fault(
        "any content type read as JSON",
        "messages/response.py",
        Begin("_choose", "if declared:\n    return declared[0]"),
    ),
    fault(
        "content type has to be there",
        "messages/response.py",
        Swap("_choose", "actual is None or actual in _TOLERATED", "False"),
    ),
    fault(
        "broken JSON gives None",
        "messages/answered.py",
        Begin("Answered.refused", "return ValueError(reason)"),
    ),
    fault(
        "wrong shape gives the plain value",
        "messages/response.py",
        Swap(
            "_decode_media",
            "return media.schema.decode(value, decimals=response.decimals)",
            "try:\n    return media.schema.decode(value)\nexcept ValidationError:\n    return value",
        ),
    ),
    fault("compressed answers not unpacked", "http/bounded_body.py", Begin("unpack", "return content, ''")),
    fault("answers without a limit", "http/bounded_body.py", Begin("loaded", "return response.content, ''")),
    fault(
        "one class for every error",
        "messages/response.py",
        Swap("_status_error", "class_for(response.status)", "StatusError"),
    ),
    fault(
        "classes by hundreds only",
        "results/status_errors.py",
        Begin("class_for", "return _BY_CLASS.get(status // 100, StatusError)"),
    ),
    fault(
        "5xx as 500",
        "results/status_errors.py",
        Begin("class_for", "status = 500 if status >= 500 else status"),
    ),
    fault(
        "error without its object",
        "messages/response.py",
        Swap(
            "_status_error",
            "None if value is _NOTHING else read_error_body(_any_json(response, value))",
            "None",
        ),
    ),
    fault(
        "error without its body",
        "messages/response.py",
        Swap("_status_error", "_error_body(answered, value, check)", "None"),
    ),
    fault(
        "body of an error not decoded",
        "messages/response.py",
        Swap("_error_body", "return media.schema.decode(value, decimals=response.decimals)", "return value"),
    ),
    fault(
        "error without a text",
        "messages/response.py",
        Swap("_status_error", "f'{answered.operation.id}: {words} ({answered.where(outcome)})'", "''"),
    ),
    fault(
        "error without status and reason",
        "messages/response.py",
        Swap("_status_error", "f'{response.status} {reason}'.strip()", "''"),
    ),
    fault(
        "error without the service's words",
        "messages/response.py",
        Swap("_status_error", "answered.excerpt(error.summary, MOST_SHOWN) if error else ''", "''"),
    ),
    fault("code of the error lost", "results/error_body.py", Begin("_code", "return None")),
    fault(
        "problem documents not known",
        "results/error_body.py",
        Swap(
            "read_error_body",
            "'title' in data or ('message' not in data and not data.keys().isdisjoint({'type', 'detail', 'instance'}))",
            "False",
        ),
    ),
    fault(
        "usual errors read as problems",
        "results/error_body.py",
        Swap(
            "read_error_body",
            "'title' in data or ('message' not in data and not data.keys().isdisjoint({'type', 'detail', 'instance'}))",
            "True",
        ),
    ),
    fault(
        "unknown keys of an error lost",
        "results/error_body.py",
        Swap(
            "read_error_body",
            "data = value",
            "data = {key: value[key] for key in ('code', 'message', 'more_info', 'status', 'title') if key in value}",
        ),
    ),
    fault(
        "response headers lost",
        "client/core.py",
        Swap("Core.received", "response.headers", "httpx.Headers()"),
    ),
    fault("reason lost", "client/core.py", Swap("Core.received", "response.reason_phrase", "''")),
    fault("raw body lost", "client/core.py", Swap("Core.received", "content", "b''")),
    fault("request id lost", "results/api_response.py", Begin("ApiResponse.request_id", "return None")),
    fault(
        "raw response not kept", "client/core.py", Swap("Core.received", "captured.response = answer", "pass")
    ),
    fault(
        "charset ignored",
        "results/api_response.py",
        Swap("ApiResponse.text", "parse_content_type(self.content_type).charset or 'utf-8'", "'ascii'"),
    ),
    fault(
        "strict is lenient",
        "messages/validation.py",
        Swap("_Check.success", "violations and self.strict", "False"),
    ),
    fault(
        "lenient is strict",
        "client/core.py",
        Swap("Core._check_of", "checked_validation(mode) == 'lenient'", "False"),
        Swap("Core._check_of", "mode == 'strict'", "mode != 'warn'"),
    ),
    fault("warn is silent", "messages/validation.py", Begin("warn", "return None")),
    fault(
        "warn raises",
        "messages/validation.py",
        Swap("_Check.success", "violations and self.strict", "violations"),
    ),
    fault("first violation only", "messages/validation.py", Begin("warn", "violations = violations[:1]")),
    fault(
        "violations never found", "messages/validation.py", Begin("ResponseSchemas.violations", "return ()")
    ),
    fault(
        "validation of the client ignored",
        "client/core.py",
        Swap("Core.__init__", "self._check_of(settings.validation)", "None"),
    ),
    fault(
        "validation of the call ignored",
        "client/core.py",
        Swap("Core._plan", "check = self._check_of(options.validation)", "pass"),
    ),
)
