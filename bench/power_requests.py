"""Faults of the domain in how the runtime writes a request: headers, path, form, JSON and amounts."""

from __future__ import annotations

from power_patterns import Begin, Fault, Swap, fault

_ANSWER = '(b"Accept", operation.accept)'
_TYPE = '(_CONTENT_TYPE, header_value("Content-Type", content_type))'
_LENGTH = 'framed.append((b"Content-Length", b"%d" % len(content)))'
_JSON_FIELD = "return [(quote_plus(name), quote_plus(write(value)))]"

REQUEST: tuple[Fault, ...] = (
    fault("Accept is anything", "messages/request.py", Swap("prepare", _ANSWER, '(b"Accept", b"*/*")')),
    fault(
        "Accept lost",
        "messages/request.py",
        Swap(
            "prepare",
            "parts.finish(credentials, options)",
            '(parts.headers.pop("accept"), parts.finish(credentials, options))',
        ),
    ),
    fault(
        "Accept asks for XML",
        "messages/request.py",
        Swap("prepare", _ANSWER, '(b"Accept", b"application/xml")'),
    ),
    fault(
        "Content-Type lost",
        "messages/request.py",
        Swap("_Parts.add_arguments", f'self.headers["content-type"] = {_TYPE}', "pass"),
    ),
    fault(
        "Content-Type wrong",
        "messages/request.py",
        Swap("_Parts.add_arguments", _TYPE, '(_CONTENT_TYPE, b"text/plain")'),
    ),
    fault(
        "Content-Type twice",
        "messages/request.py",
        Swap(
            "_Parts.add_arguments",
            _TYPE,
            '(_CONTENT_TYPE, header_value("Content-Type", f"{content_type}, {content_type}"))',
        ),
    ),
    fault("Content-Length lost", "messages/request.py", Swap("PreparedRequest.request", _LENGTH, "pass")),
    fault(
        "Content-Length one too many",
        "messages/request.py",
        Swap("PreparedRequest.request", "len(content)", "(len(content) + 1)"),
    ),
    fault(
        "Content-Length only with a body",
        "messages/request.py",
        Swap("PreparedRequest.request", "self.content is not None or self.method in _WITH_LENGTH", "content"),
    ),
    fault(
        "Host wrong",
        "messages/request.py",
        Swap("PreparedRequest.request", "url.netloc", 'b"elsewhere.example"'),
    ),
    fault(
        "body lost",
        "messages/request.py",
        Swap("PreparedRequest.request", "content = self.content or b''", "content = b''"),
    ),
    fault(
        "body twice",
        "messages/request.py",
        Swap(
            "PreparedRequest.request", "content = self.content or b''", "content = (self.content or b'') * 2"
        ),
    ),
    fault(
        "Authorization lost",
        "messages/request.py",
        Swap("_Parts.__init__", "{**credentials.headers, **headers}", "{**headers}"),
    ),
    fault(
        "headers of the client lost",
        "messages/request.py",
        Swap("_Parts.__init__", "{**credentials.headers, **headers}", "{**credentials.headers}"),
    ),
    fault(
        "headers of the options lost",
        "messages/request.py",
        Swap("_Parts.finish", "add_given(self.headers, options.headers)", "pass"),
    ),
    fault(
        "base URL ignored",
        "messages/request.py",
        Swap("prepare", "base_url + path", "'https://elsewhere.example' + path"),
    ),
    fault(
        "slash doubled", "messages/request.py", Swap("prepare", "base_url + path", "base_url + '/' + path")
    ),
    fault(
        "query of the options lost",
        "messages/request.py",
        Swap("prepare", "parts.add_extra_query(options)", "pass"),
    ),
    fault(
        "method in small letters",
        "messages/request.py",
        Swap("prepare", "operation.method", "operation.method.lower()"),
    ),
    fault("dot segments sent", "http/base_url.py", Swap("filled_path", "segment", "segment + 'x'")),
    fault("path not escaped", "messages/parameters.py", Begin("percent", "return text")),
    fault(
        "path escaped but for slashes",
        "messages/parameters.py",
        Swap("percent", 'quote(text, safe="")', 'quote(text, safe="/?#")'),
    ),
    fault(
        "path escaped twice",
        "messages/parameters.py",
        Swap("percent", 'quote(text, safe="")', 'quote(quote(text, safe=""), safe="")'),
    ),
    fault(
        "empty path value sent",
        "messages/parameters.py",
        Swap("path_text", "not text", "False"),
    ),
    fault(
        "JSON in a form field is a repr",
        "messages/form_body.py",
        Swap("_pairs", "write(value)", "str(value)"),
    ),
    fault(
        "form field not escaped",
        "messages/form_body.py",
        Swap("_pairs", "quote_plus(write(value))", "write(value)"),
    ),
    fault(
        "form field escaped twice",
        "messages/form_body.py",
        Swap("_pairs", "quote_plus(write(value))", "quote_plus(quote_plus(write(value)))"),
    ),
    fault(
        "form field is JSON in JSON",
        "messages/form_body.py",
        Swap("_pairs", "quote_plus(write(value))", "quote_plus(write(write(value)))"),
    ),
    fault(
        "form names in small letters",
        "messages/form_body.py",
        Swap("_pairs", _JSON_FIELD, "return [(name.lower(), quote_plus(write(value)))]"),
    ),
    fault(
        "first field of a form only",
        "messages/form_body.py",
        Swap("FormBody._written", '"&".join(pairs).encode()', "pairs[0].encode() if pairs else b''"),
    ),
    fault(
        "fields joined by a semicolon",
        "messages/form_body.py",
        Swap("FormBody._written", '"&".join(pairs).encode()', '";".join(pairs).encode()'),
    ),
    fault(
        "form in Latin-1",
        "messages/form_body.py",
        Swap(
            "_pairs",
            "quote_plus(write(value))",
            'quote_plus(write(value), encoding="latin-1", errors="replace")',
        ),
    ),
    fault(
        "empty object is no body",
        "messages/body.py",
        Swap(
            "Body.encode",
            "given if given or not fields or self.required or extra else UNSET",
            "given if given else UNSET",
        ),
    ),
    fault(
        "no field is an empty body",
        "messages/body.py",
        Swap("Body.encode", "given if given or not fields or self.required or extra else UNSET", "given"),
    ),
    fault(
        "extra body lost",
        "messages/body.py",
        Swap("JsonBody._written", "self._checked(value, extra, check)", "self._checked(value, None, check)"),
    ),
    fault(
        "required body not demanded",
        "messages/body.py",
        Swap("Body.encode", "self.required and not extra", "False"),
    ),
    fault(
        "defaults and nulls sent",
        "types/schemas.py",
        Swap(
            "RequestSchema._dumped",
            "self._dump(valid, by_alias=True, exclude_unset=True, warnings=False)",
            "self._dump(valid, by_alias=True, warnings=False)",
        ),
    ),
    fault(
        "exclude_none for exclude_unset",
        "types/schemas.py",
        Swap(
            "RequestSchema._dumped",
            "self._dump(valid, by_alias=True, exclude_unset=True, warnings=False)",
            "self._dump(valid, by_alias=True, exclude_none=True, warnings=False)",
        ),
    ),
    fault(
        "Python names sent",
        "types/schemas.py",
        Swap(
            "RequestSchema._dumped",
            "self._dump(valid, by_alias=True, exclude_unset=True, warnings=False)",
            "self._dump(valid, by_alias=False, exclude_unset=True, warnings=False)",
        ),
    ),
    fault(
        "unset fields of a model sent",
        "types/taken_apart.py",
        Swap(
            "dumped",
            "model.model_dump(by_alias=True, exclude_unset=True, warnings=False)",
            "model.model_dump(by_alias=True, warnings=False)",
        ),
    ),
    fault(
        "arguments not checked", "types/schemas.py", Begin("RequestSchema.encode", "return Plain().of(value)")
    ),
    fault(
        "unknown keys of dicts sent",
        "types/schemas.py",
        Swap("RequestSchema._encoded", "self._validate(value)", "self._validate(value, extra='allow')"),
    ),
    fault(
        "unknown keys of dicts dropped",
        "types/schemas.py",
        Swap("RequestSchema._encoded", "self._validate(value)", "self._validate(value, extra='ignore')"),
    ),
    fault(
        "null sent where it may not be",
        "_runtime/types/models.py",
        Begin("_RequestGuard.__call__", "return data"),
    ),
    fault("numbers of requests not tightened", "types/request_types.py", Begin("tighten", "return schema")),
    fault(
        "floats taken for amounts", "types/request_types.py", Begin("_from_float", "return Decimal(value)")
    ),
    fault(
        "bools taken for amounts",
        "types/request_types.py",
        Swap("exact_decimal", "isinstance(value, bool)", "False"),
    ),
    fault(
        "numbers sent as doubles",
        "types/request_types.py",
        Swap("exact_number", "return value", "return float(value)"),
    ),
    fault(
        "multiples told in binary",
        "values/exact_numbers.py",
        Begin("is_multiple", "return float(value) % float(divisor) == 0"),
    ),
    fault("NaN sent", "types/request_types.py", Swap("exact_decimal", "not value.is_finite()", "False")),
    fault(
        "amounts rounded to cents", "values/json_codec.py", Begin("decimal_token", "value = round(value, 2)")
    ),
    fault(
        "amounts through a float", "values/json_codec.py", Begin("decimal_token", "return repr(float(value))")
    ),
    fault("amounts as JSON strings", "values/json_codec.py", Begin("decimal_token", "return f'\"{value}\"'")),
    fault(
        "amounts cut to an integer", "values/json_codec.py", Begin("decimal_token", "return str(int(value))")
    ),
    fault("amounts with 28 digits", "values/json_codec.py", Begin("decimal_token", "value = +value")),
    fault(
        "text of JSON not escaped", "values/json_codec.py", Swap("_write", "quote(value)", "f'\"{value}\"'")
    ),
    fault(
        "bools as in Python",
        "values/json_codec.py",
        Swap("_write", "'true' if value else 'false'", "str(value)"),
    ),
    fault("null as in Python", "values/json_codec.py", Swap("_write", "out('null')", "out('None')")),
    fault(
        "last key of an object lost",
        "values/json_codec.py",
        Swap("_write_object", "value.items()", "list(value.items())[:-1]"),
    ),
    fault("first item of an array only", "values/json_codec.py", Begin("_write_array", "value = value[:1]")),
)
