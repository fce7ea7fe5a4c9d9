"""Clients that send what only Python has, one fault at a time: each has to be found by the part for requests."""

from __future__ import annotations

from pathlib import Path

import pytest

from clientsmith.conform.suite import Suite
from tests.conformance.suites import fails, faulty, suite

FAULTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "NaN goes out as a number": (
        (
            "types/request_types.py",
            "    finite = math.isfinite(value) if isinstance(value, float) else isinstance(value, int) or value.is_finite()\n",
            "    finite = True\n",
        ),
        (
            "values/json_codec.py",
            '    if not math.isfinite(value):\n        raise JsonError(f"{value} is not a JSON number")\n    return float.__repr__(value)',
            '    return "NaN" if value != value else float.__repr__(value)',
        ),
    ),
    "NaN goes out as 0 in a query": (
        (
            "types/request_types.py",
            "    if not finite:\n",
            "    if not finite and not isinstance(value, float):\n",
        ),
        (
            "values/json_codec.py",
            "    if kind is float:\n        return _float_token(value)\n    if value is None",
            '    if kind is float:\n        return _float_token(value) if value == value else "0"\n    if value is None',
        ),
    ),
    "NaN goes out as null in JSON": (
        (
            "types/request_types.py",
            "    if not finite:\n",
            "    if not finite and not isinstance(value, float):\n",
        ),
        (
            "values/json_codec.py",
            "        out(_float_token(value))",
            '        out(_float_token(value) if value == value else "null")',
        ),
    ),
    "infinity goes out as 1e999": (
        (
            "types/request_types.py",
            "    if not finite:\n",
            "    if not finite and not isinstance(value, float):\n",
        ),
        (
            "values/json_codec.py",
            '    if not math.isfinite(value):\n        raise JsonError(f"{value} is not a JSON number")',
            '    if value in (math.inf, -math.inf):\n        return "1e999"',
        ),
    ),
    "a signalling NaN raises an error of decimal": (
        (
            "types/request_types.py",
            '        if not value.is_finite():\n            raise PydanticCustomError("decimal_not_finite"',
            '        if value != value or not value.is_finite():\n            raise PydanticCustomError("decimal_not_finite"',
        ),
    ),
    "an infinite amount goes out": (
        (
            "types/request_types.py",
            '        if not value.is_finite():\n            raise PydanticCustomError("decimal_not_finite"',
            '        if value.is_nan():\n            raise PydanticCustomError("decimal_not_finite"',
        ),
        (
            "values/json_codec.py",
            '    if not isinstance(exponent, int):\n        raise JsonError(f"{value} is not a JSON number")',
            "    if not isinstance(exponent, int):\n        return '1E999999'",
        ),
    ),
    "True goes out as 1": (
        (
            "types/request_types.py",
            "    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):",
            "    value = int(value) if isinstance(value, bool) else value\n    if not isinstance(value, (int, float, Decimal)):",
        ),
    ),
    "half of a surrogate pair goes out as ? in JSON": (
        (
            "values/json_codec.py",
            "        return write(value).encode()",
            "        return write(value).encode('utf-8', 'replace')",
        ),
    ),
    "half of a surrogate pair goes out as ? in URLs": (
        (
            "messages/parameters.py",
            '    return quote(text, safe="")',
            "    return quote(text, safe=\"\", errors='replace')",
        ),
    ),
    "half of a surrogate pair goes out in a form": (
        (
            "messages/form_body.py",
            "quote_plus(_field_text(item))",
            "quote_plus(_field_text(item), errors='surrogatepass')",
        ),
    ),
    "half of a surrogate pair raises a UnicodeEncodeError": (
        (
            "messages/body.py",
            '        except UnicodeEncodeError:\n            raise RequestValidationError.because(\n                SUBJECT, "text with a lone surrogate cannot be sent"\n            ) from None\n',
            "",
        ),
        (
            "values/json_codec.py",
            "    except UnicodeEncodeError:\n        raise JsonError",
            "    except ZeroDivisionError:\n        raise JsonError",
        ),
    ),
    "bytes are decoded where text is due": (
        (
            "types/taken_apart.py",
            "        if type(value) in SCALARS:\n            return value\n        if isinstance(value, BaseModel)",
            "        if isinstance(value, (bytes, bytearray)):\n            return value.decode('latin-1')\n        if type(value) in SCALARS:\n            return value\n        if isinstance(value, BaseModel)",
        ),
    ),
    "a memoryview is a list of numbers": (
        (
            "types/request_types.py",
            '    if isinstance(value, memoryview):\n        raise PydanticCustomError("list_type", "Input should be a valid list")\n',
            "",
        ),
    ),
    "a datetime without a zone gets a Z": (
        ("types/request_types.py", ', "tz_constraint": "aware"', ""),
        (
            "values/json_codec.py",
            "        if offset is None:\n",
            "        if offset is None and isinstance(value, datetime):\n            return value.isoformat() + 'Z'\n        if offset is None:\n",
        ),
    ),
    "a time without a zone gets a Z": (
        (
            "values/json_codec.py",
            "        if offset is None:\n",
            "        if offset is None and isinstance(value, time):\n            return value.isoformat() + 'Z'\n        if offset is None:\n",
        ),
    ),
    "a member of an enumeration is printed by its name": (
        (
            "types/taken_apart.py",
            "        if isinstance(value, Enum):\n            return self.of(value.value, path)",
            "        if isinstance(value, Enum):\n            return str(value)",
        ),
    ),
    "a subclass of str speaks for itself": (
        ("values/json_codec.py", "return str.__str__(value)", "return str(value)"),
    ),
    "a subclass of float speaks for itself": (
        ("values/json_codec.py", "return float.__float__(value)", "return float(value)"),
    ),
    "a subclass of list loses its items": (
        (
            "types/taken_apart.py",
            "        if is_array(value) or is_tuple(value):\n            self._count(len(value))\n            return [",
            "        if is_array(value) and type(value) is not list:\n            return []\n        if is_array(value) or is_tuple(value):\n            self._count(len(value))\n            return [",
        ),
    ),
    "a subclass of dict loses its members": (
        (
            "types/taken_apart.py",
            "                if item is not UNSET\n",
            "                if item is not UNSET and type(value) is dict\n",
        ),
    ),
    "an iterator is read twice": (
        (
            "types/taken_apart.py",
            '    if hasattr(kind, "__next__") and not hasattr(kind, "read"):',
            '    if hasattr(kind, "__next__"):\n        return []\n    if False:',
        ),
    ),
    "a key that is no str raises an AttributeError": (
        (
            "types/taken_apart.py",
            "key if type(key) is str else _key(key, path)",
            "key if type(key) is str else key.encode()",
        ),
    ),
    "the async client alone sends NaN as 0": (
        (
            "client/async_client.py",
            "            call = self._core.begin(operation, arguments, body, options)",
            "            arguments = tuple(0 if isinstance(one, float) and one != one else one for one in arguments)\n            call = self._core.begin(operation, arguments, body, options)",
        ),
    ),
}
"""By name: files of the runtime, texts in them, and what takes their place."""


def _with_fault(fault: str, folder: Path) -> Suite:
    sound = suite("placed")
    copy = sound.package.folder
    for number, (file, old, new) in enumerate(FAULTS[fault]):
        (folder / str(number)).mkdir()
        copy = faulty(folder / str(number), f"_runtime/{file}", old, new, copy)
    return sound.with_package(copy)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_client_that_sends_what_no_message_can_hold_is_found(fault: str, tmp_path: Path) -> None:
    assert fails(_with_fault(fault, tmp_path), "request", "addPlaced")


def test_a_failure_comes_with_a_script_that_makes_the_object(tmp_path: Path) -> None:
    found = _with_fault("NaN goes out as a number", tmp_path)
    unit = next(one for one in found.units if one.name == "request:formPlaced")
    [failure] = [one for one in unit.run().failures if (one.id, one.mode) == ("no-value-sent", "sync")]
    found.close()

    assert 'ratio=float("nan")' in failure.python
    compile(failure.python, "failure.py", "exec")
    assert failure.drawn == '"NaN at body/ratio"'
