"""The view of the inputs module: a dict type for every request class, with the names of the wire as keys."""

from __future__ import annotations

import keyword
from dataclasses import replace

from clientsmith.api.model.api import Api, Renamed
from clientsmith.api.model.types import ANY, Field, MapType, ModelClass, Schema, TypeAlias
from clientsmith.emit.templates.views import InputsModule, InputView
from clientsmith.emit.text.docstrings import INDENT, schema_docstring
from clientsmith.emit.text.imports import Imports
from clientsmith.emit.text.literals import docstring, string
from clientsmith.emit.text.old_classes import RUNTIME_NAME, TYPING_NAMES, module_tail
from clientsmith.emit.text.type_text import RUNTIME, TYPING, ArgumentText, Catalog

EXTENSIONS = "typing_extensions"
PACKAGE = "."
_SUMMARY = "The dicts that request arguments take beside model instances; keys are names on the wire."

# Names that annotations inside a class body may use: a key of that name would hide them.
_USED_IN_ANNOTATIONS = frozenset(
    {
        "Any", "Decimal", "Literal", "Mapping", "Required", "Sequence", "TypedDict", "bool", "bytes", "datetime",
        "float", "int", "ipaddress", "models", "str", "tuple", "uuid",
    }
)  # fmt: skip


def inputs_module(api: Api, catalog: Catalog) -> InputsModule:
    """The view that inputs.py.j2 renders."""
    chosen = [schema for schema in api.schemas if schema.name in catalog.with_input]
    imports = Imports(f"{schema.name}Dict" for schema in chosen)
    writer = _Writer(imports, catalog)
    inputs = tuple(writer.view(schema) for schema in chosen)
    names = {name: imports.symbol(EXTENSIONS, name) for name in ("TypedDict",) if writer.dicts}
    names |= {"TypeAlias": imports.symbol(TYPING, "TypeAlias")} if writer.aliases else {}
    renamed = [
        Renamed(f"{one.old}Dict", f"{one.new}Dict")
        for one in api.renamed_classes
        if one.new in catalog.with_input
    ]
    if renamed:
        imports.symbol(f".{RUNTIME}", RUNTIME_NAME)
    for name in TYPING_NAMES if renamed else ():
        imports.symbol(TYPING, name)
    return InputsModule(
        docstring=docstring([_SUMMARY], ""),
        imports=imports.render(),
        names=names,
        inputs=inputs,
        tail=module_tail(renamed),
    )


class _Writer:
    """Turns schemas into dict types and counts what kinds there were."""

    def __init__(self, imports: Imports, catalog: Catalog) -> None:
        self._imports = imports
        self._plain = ArgumentText(imports, catalog, PACKAGE, files=True, local=True)
        self._quoted = ArgumentText(imports, catalog, PACKAGE, files=True, local=True, quoted=True)
        self.dicts = False
        self.aliases = False

    def view(self, schema: Schema) -> InputView:
        """The entry for one schema."""
        name = f"{schema.name}Dict"
        if isinstance(schema, TypeAlias) or (schema.open and not schema.fields):
            self.aliases = True
            target = schema.type if isinstance(schema, TypeAlias) else MapType(ANY)
            return InputView(name, _docstring(schema, ""), (), self._quoted.text(target), alias=True)
        self.dicts = True
        if all(_fits_class_body(field.wire) for field in schema.fields):
            return InputView(name, _docstring(schema, INDENT), tuple(map(self._member, schema.fields)), None)
        return InputView(name, _docstring(schema, ""), (), self._functional(name, schema))

    def _member(self, field: Field) -> str:
        return f"{field.wire}: {self._required(field, self._plain.text(field.type))}"

    def _functional(self, name: str, schema: ModelClass) -> str:
        writer = replace(self._quoted, within=schema.name)
        members = [
            f"{string(field.wire)}: {self._required(field, writer.text(field.type))}"
            for field in schema.fields
        ]
        typed_dict = self._imports.symbol(EXTENSIONS, "TypedDict")
        return f"{typed_dict}({string(name)}, {{{', '.join(members)}}}, total=False)"

    def _required(self, field: Field, text: str) -> str:
        return f"{self._imports.symbol(EXTENSIONS, 'Required')}[{text}]" if field.required else text


def _docstring(schema: Schema, indent: str) -> str:
    return schema_docstring(schema.description, f"What `{schema.name}` is made of.", schema.pointer, indent)


def _fits_class_body(wire: str) -> bool:
    plain = wire.isascii() and wire.isidentifier() and not keyword.iskeyword(wire)
    # Two leading underscores would be mangled, and a name that annotations use would be hidden.
    return (
        plain and not wire.startswith("__") and wire not in _USED_IN_ANNOTATIONS and not wire.endswith("Dict")
    )
