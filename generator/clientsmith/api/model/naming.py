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
from itertools import dropwhile

# Words with capitals inside, which no rule could tell from two words: names of products and of standards.
_INNER_CAPITALS = (
    "[aA]dWords", "[bB]itBucket", "[dD]evOps", "[dD]ocuSign", "[fF]edEx", "[gG]itHub", "[gG]itLab",
    "[gG]raphQL", "[hH]ubSpot", "[iI]dP", "[iI]oT", "[jJ]avaScript", "[lL]inkedIn", "[mM]ariaDB",
    "[mM]ongoDB", "[oO]Auth[0-9]*", "[oO]penAPI", "[pP]ayPal", "[pP]ostgreSQL", "[qQ]uickBooks", "[sS]aaS",
    "[pP]aaS", "[iI]aaS", "[sS]endGrid", "[tT]ypeScript", "[wW]ebAuthn", "[wW]hatsApp", "[wW]iFi",
    "[wW]ordPress", "[yY]ouTube", "NoSQL", "MySQL", "IPv[46]", "iOS", "iPad", "iPhone", "macOS", "MacOS",
    "eBay",
)  # fmt: skip
_WHOLE = (
    rf"(?:(?:(?<![a-zA-Z])(?=[a-z])|(?=[A-Z]))(?:{'|'.join(_INNER_CAPITALS)})|[A-Z]{{2,}}(?=s))s?(?![a-z])"
)
_KEPT = re.compile(_WHOLE)
_WORD = re.compile(rf"{_WHOLE}|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+[0-9]*|[A-Z]+[0-9]*|[0-9]+")
_ANY_WORD = re.compile(r"[^\W_]+")
_PLAIN_CLASS = re.compile(r"[A-Z][A-Za-z0-9]*")
_MAX_LENGTH = 100
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
        "Annotated", "Any", "AnyUrl", "AwareDatetime", "Base64Str", "BaseModel", "ByPosition", "ConfigDict",
        "Decimal", "Dict", "ExactNumber", "Field", "List", "Literal", "OpenRequestModel", "Optional",
        "RequestModel", "RequestUnion", "ResponseModel", "ResponseUnion", "RootModel", "TypeAlias",
        "TypeAliasType", "Union",
    }
)  # fmt: skip
RESOURCE_CLASS_RESERVED = CLASS_RESERVED | {
    "AsyncResource", "Body", "CallOptions", "Encoding", "FileContent", "Final", "Mapping", "Media", "NotModified",
    "Operation", "Parameter", "Redirect", "Resource", "Response", "Sequence", "UNSET", "Unset",
}  # fmt: skip


JOINING_WORDS = frozenset(
    {
        "a", "an", "the", "my", "your", "its", "their",
        "about", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "per", "to", "under", "via",
        "with",
    }
)  # fmt: skip
"""Articles, prepositions and the like: a name that begins or ends with one is cut off from what it belongs to."""
_TITLE_WORDS = frozenset(
    {
        "api",
        "apis",
        "documentation",
        "docs",
        "openapi",
        "reference",
        "spec",
        "specification",
        "specifications",
        "specs",
    }
)


def words(text: str) -> list[str]:
    """The words of a name in any case style; accents are dropped, letters with no ASCII base are kept as they are."""
    text = unicodedata.normalize("NFKD", text.replace("'", ""))
    base = "".join(character for character in text if not unicodedata.combining(character))
    if base.isascii():
        return _WORD.findall(base)
    return [
        word for word in _ANY_WORD.findall(unicodedata.normalize("NFKC", base)) if f"x{word}".isidentifier()
    ]


def snake_case(text: str, fallback: str) -> str:
    """A lower-case identifier; `fallback` leads where the text gives no letter to start with."""
    parts = [word.lower() for word in words(text)]
    if not parts:
        return fallback
    name = _composed("_".join(parts))
    return (name if name.isidentifier() else f"{fallback}_{name}")[:_MAX_LENGTH].rstrip("_")


def pascal_case(text: str, fallback: str) -> str:
    """A class name: kept where it already is one, else each word capitalised ("http_URL" -> "HttpUrl").

    It starts with a capital in every script, so that no field can have the name of the class that it is annotated with.
    """
    if _PLAIN_CLASS.fullmatch(text):
        return text[:_MAX_LENGTH]
    parts = [
        word[0].upper() + (word[1:] if _KEPT.fullmatch(word) else word[1:].lower()) for word in words(text)
    ]
    if not parts:
        return fallback
    name = _composed("".join(parts))
    return (name if name.isidentifier() and name[0].isupper() else f"{fallback}{name}")[:_MAX_LENGTH]


def _composed(name: str) -> str:
    """The spelling that Python takes an identifier for (NFKC), so that names that differ are different names."""
    return name if name.isascii() else unicodedata.normalize("NFKC", name)


def module_name(name: str) -> str:
    """A name of a module that is short enough for a file in every file system, compiled bytecode included."""
    return name.lower().encode()[:_MAX_FILE_NAME].decode("utf-8", "ignore")


def argument_name(text: str, reserved: Iterable[str] = ARGUMENT_RESERVED) -> str:
    """A snake_case name that is neither a keyword nor reserved."""
    name = snake_case(text, "value")
    return f"{name}_" if keyword.iskeyword(name) or name in reserved else name


def title_words(title: str) -> list[str]:
    """The words of a title without those that say what kind of document it is the title of, if any are left."""
    every = words(title)
    kept = [word for word in every if word.lower() not in _TITLE_WORDS]
    if kept and every[0].lower() in _TITLE_WORDS:
        kept = list(dropwhile(_joins, kept))
    if kept and every[-1].lower() in _TITLE_WORDS:
        kept = list(dropwhile(_joins, reversed(kept)))[::-1]
    return kept or every


def _joins(word: str) -> bool:
    return word.lower() in JOINING_WORDS


def package_name(title: str) -> str:
    """The name of the package: one that Python can import, and that nothing else is imported by."""
    name = snake_case(" ".join(title_words(title)), "client")
    return f"{name}_client" if keyword.iskeyword(name) or name in PACKAGE_RESERVED else name


def class_name(text: str, reserved: Iterable[str] = CLASS_RESERVED, suffix: str = "Model") -> str:
    """A PascalCase name that does not shadow what its module imports."""
    name = pascal_case(text, suffix)
    return f"{name}{suffix}" if name in reserved else name


def singular(word: str) -> str:
    """The singular of an English plural as far as spelling tells: enough to match a tag with an operation id."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith("ss") and len(word) > 2:
        return word[:-1]
    return word


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
