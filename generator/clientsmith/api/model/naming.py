"""Python names from names of the document: words, cases, reserved names, and scopes that keep names unique.

Which schema, operation or parameter asks for which name is decided by the builders; how a name is spelt, here.
"""

from __future__ import annotations

import builtins
import keyword
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice

from clientsmith.api.model.lengths import LONGEST, shortened
from clientsmith.api.model.words import capitalized, title_words, words
from clientsmith.document.uses import Direction

_PLAIN_CLASS = re.compile(r"[A-Z][A-Za-z0-9]*")
_LONGEST_WHOLE = 100
"""How many characters a name keeps if none of its shorter forms is free."""
_LONGEST_PLACE = 400
"""How many characters the name of a place in a document has, before it is made short enough for a class."""
_FORMS = 40
"""How many shorter forms of a name are tried."""
_MAX_FILE_NAME = 180
"""Bytes of a module's name; 255 are allowed, and `.cpython-313.opt-2.pyc.140234567890123` is put after it."""

# Soft keywords are fine as attributes and arguments; hard ones and the names below break the code around them.
_TYPES_IN_ANNOTATIONS = {
    "list",
    "dict",
    "str",
    "int",
    "float",
    "bool",
    "bytes",
    "object",
    "tuple",
    "date",
    "datetime",
}
_PYDANTIC_ATTRIBUTES = {
    "construct", "copy", "dict", "from_orm", "json", "model_computed_fields", "model_config", "model_construct",
    "model_copy", "model_dump", "model_dump_json", "model_extra", "model_fields", "model_fields_set",
    "model_json_schema", "model_parametrized_name", "model_post_init", "model_rebuild", "model_validate",
    "model_validate_json", "model_validate_strings", "parse_file", "parse_obj", "parse_raw", "schema", "schema_json",
    "update_forward_refs", "validate",
}  # fmt: skip
ARGUMENT_RESERVED = frozenset({"self", "options"})
FIELD_RESERVED = frozenset(_TYPES_IN_ANNOTATIONS | _PYDANTIC_ATTRIBUTES | ARGUMENT_RESERVED)
"""What no property is called, neither as a field of a model nor as an argument."""
METHOD_RESERVED = frozenset({"str", "int", "float", "bool", "bytes", "object"})
RESOURCE_RESERVED = frozenset(
    {"close", "aclose", "with_response", "base_url", "timeout", "headers", "configuration"}
)
# Windows takes these for devices, whatever the extension; a package has to unpack there too.
MODULE_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)
# What `from <package> import ...` would find instead: modules of any Python from 3.10 on, whichever runs the tool, and
# those that a generated package needs.
PACKAGE_RESERVED = frozenset(
    {
        *sys.stdlib_module_names,
        "aifc", "annotationlib", "asynchat", "asyncore", "audioop", "binhex", "cgi", "cgitb", "chunk", "compression",
        "concurrent", "crypt", "distutils", "imghdr", "imp", "lib2to3", "mailcap", "msilib", "nis", "nntplib",
        "ossaudiodev", "pipes", "smtpd", "sndhdr", "spwd", "sunau", "telnetlib", "test", "tomllib", "uu", "xdrlib",
        "annotated_types", "anyio", "certifi", "h11", "httpcore", "httpx", "idna", "pydantic", "pydantic_core",
        "typing_extensions", "typing_inspection",
    }
)  # fmt: skip
# Names that an annotation before the class would take for something else: the built-ins of Python 3.10 and later, and
# what the module of the models imports.
CLASS_RESERVED = frozenset(
    {
        *(name for name in dir(builtins) if name[0].isupper()),
        "BaseExceptionGroup", "ExceptionGroup", "PythonFinalizationError", "WindowsError",
        "Annotated", "Any", "AnyUrl", "AwareDatetime", "Base64Str", "BaseModel", "ByName", "ByPosition", "ConfigDict",
        "Decimal", "DecimalStr", "Dict", "DurationStr", "ExactNumber", "Field", "FormattedStr", "Ipv4Str", "Ipv6Str",
        "List", "Literal", "OpenRequestModel", "Optional",
        "RequestModel", "RequestUnion", "ResponseModel", "ResponseUnion", "RootModel", "TypeAlias",
        "TimeStr", "TypeAliasType", "Union", "UuidStr",
    }
)  # fmt: skip
RESOURCE_CLASS_RESERVED = CLASS_RESERVED | {
    "AsyncResource", "Base64At", "Body", "CallOptions", "Encoding", "FileContent", "Final", "Mapping", "Media",
    "NotModified", "Operation", "Parameter", "Redirect", "Resource", "Response", "Sequence", "UNSET", "Unset",
}  # fmt: skip


def snake_case(text: str, fallback: str) -> str:
    """A lower-case identifier; `fallback` leads if the text gives no letter to start with."""
    return _snake_forms(text, fallback)[0]


def _snake_forms(text: str, fallback: str) -> tuple[str, ...]:
    name = _composed("_".join(word.lower() for word in words(text))) or fallback
    name = name if name.isidentifier() else f"{fallback}_{name}"
    return _forms(name, name.split("_"), "_", LONGEST)


def _forms(name: str, parts: list[str], separator: str, longest: int) -> tuple[str, ...]:
    """The name if it is short enough; else shorter ones, the best first, and last the first `_LONGEST_WHOLE` of it."""
    if len(name) <= longest:
        return (name,)
    shorter = islice(shortened(parts, separator, longest=longest), _FORMS)
    whole = name[:_LONGEST_WHOLE].rstrip("_")
    return tuple(dict.fromkeys([*(separator.join(form) for form in shorter), whole]))


def pascal_case(text: str, fallback: str) -> str:
    """A class name: kept if it already is one, else each word capitalised ("http_URL" -> "HttpUrl").

    It starts with a capital in every script, so that no field can have the name of the class that it is annotated with.
    """
    if _PLAIN_CLASS.fullmatch(text):
        return text[:_LONGEST_PLACE]
    parts = [capitalized(word) for word in words(text)]
    if not parts:
        return fallback
    name = _composed("".join(parts))
    return (name if name.isidentifier() and name[0].isupper() else f"{fallback}{name}")[:_LONGEST_PLACE]


def class_forms(name: str, longest: int = LONGEST) -> tuple[str, ...]:
    """The names that a class can have, the best first: its own if that is short enough, else shorter ones."""
    return _forms(name, words(name) if name.isascii() else [name], "", longest)


def schema_forms(name: str, direction: Direction) -> tuple[str, ...]:
    """The names that the class of a schema can have: `Dict` behind one of a request has to fit too."""
    return class_forms(name, LONGEST - len("Dict") if direction == "request" else LONGEST)


def _composed(name: str) -> str:
    """The spelling that Python takes an identifier for (NFKC), so that names that differ are different names."""
    return name if name.isascii() else unicodedata.normalize("NFKC", name)


def module_name(name: str) -> str:
    """A name of a module that is short enough for a file in every file system, compiled bytecode included."""
    return name.lower().encode()[:_MAX_FILE_NAME].decode("utf-8", "ignore")


def argument_name(text: str, reserved: Iterable[str] = ARGUMENT_RESERVED) -> str:
    """A snake_case name that is neither a keyword nor reserved."""
    return argument_forms(text, reserved)[0]


def argument_forms(text: str, reserved: Iterable[str] = ARGUMENT_RESERVED) -> tuple[str, ...]:
    """The names that `argument_name` chooses from, the best first; more than one only if the whole name is too long."""
    forms = _snake_forms(text, "value")
    return tuple(f"{name}_" if keyword.iskeyword(name) or name in reserved else name for name in forms)


def package_name(title: str) -> str:
    """The name of the package: one that Python can import, and that nothing else is imported by."""
    name = snake_case(" ".join(title_words(title)), "client")
    return f"{name}_client" if keyword.iskeyword(name) or name in PACKAGE_RESERVED else name


def class_name(text: str, reserved: Iterable[str] = CLASS_RESERVED, suffix: str = "Model") -> str:
    """A PascalCase name that does not shadow what its module imports."""
    name = pascal_case(text, suffix)
    return f"{name}{suffix}" if name in reserved else name


@dataclass(slots=True)
class Scope:
    """Names that must differ from each other; who asks first keeps the plain name, so ask in a stable order.

    They differ if what `key` makes of them differs; `taken` holds such keys.
    """

    taken: set[str] = field(default_factory=set[str])
    key: Callable[[str], str] = str
    _numbers: dict[str, int] = field(default_factory=dict[str, int])

    def claim(self, wanted: str, *alternatives: str) -> str:
        """The wanted name, else the first free alternative, else the wanted name with the lowest free number."""
        for name in (wanted, *alternatives):
            if self._take(name):
                return name
        number = self._numbers.get(wanted, 2)  # every lower one is taken for good
        separator = "_" if wanted.islower() else ""
        while not self._is_free(f"{wanted}{number}", f"{wanted}_{number}"):
            number += 1
        self._numbers[wanted] = number
        name = f"{wanted}{separator}{number}"
        self._take(name)
        return name

    def _is_free(self, *names: str) -> bool:
        return not any(self.key(name) in self.taken for name in names)

    def _take(self, name: str) -> bool:
        free = self._is_free(name)
        self.taken.add(self.key(name))
        return free
