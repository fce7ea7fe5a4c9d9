"""What the classes of inline schemas of an operation begin with: its method, and the noun that names the resource."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from clientsmith.api.model.naming import class_name, pascal_case
from clientsmith.api.model.words import singular, words
from clientsmith.api.names.contest import Wish, uncontested
from clientsmith.api.names.operation_ids import segments, verb_of_path, without_class, without_path
from clientsmith.api.names.path_names import Form, whole_paths
from clientsmith.document.operations import FoundOperation, operations
from clientsmith.document.resolved import Identity, ResolvedDocument

_SUFFIXES = ("", "Request", "Response")


def operation_classes(document: ResolvedDocument, overrides: Mapping[str, str]) -> Mapping[Identity, str]:
    """The beginnings by operation; none makes a class with the name of a component, if another one is free."""
    holder = document.node().get("components")
    schemas = holder.get("schemas") if holder is not None else None
    keys = [key for key, _ in schemas.items()] if schemas is not None else []
    components = frozenset(overrides.get(key) or class_name(key) for key in keys)
    every = list(operations(document.node(), document.deref))
    names = uncontested([_wishes(operation, components) for operation in every])
    # An operation that several paths refer to has one node, and is called by the first path.
    return {one.node.identity: name for one, name in reversed(list(zip(every, names, strict=True)))}


def _wishes(operation: FoundOperation, components: Collection[str]) -> list[Wish]:
    verb = verb_of_path(operation)
    if verb:
        forms = [_joined(form) for form in whole_paths(verb, segments(operation))]
    else:
        owner, own = without_class(operation.node.text("operationId"))
        text = without_path(operation, own)
        forms = [pascal_case(text if _says(text, owner) else f"{owner} {text}", "Operation")]
    free = [name for name in forms if not any(f"{name}{suffix}" in components for suffix in _SUFFIXES)]
    return [(name, 1) for name in dict.fromkeys([*free, _whole(operation)])]


def _joined(form: Form) -> str:
    return pascal_case(" ".join(form.words), "Operation")


def _says(text: str, noun: str) -> bool:
    said, own = ([singular(word.lower()) for word in words(one)] for one in (text, noun))
    return set(own) <= set(said)


def _whole(operation: FoundOperation) -> str:
    operation_id = operation.node.text("operationId")
    if operation_id:
        return pascal_case(operation_id, "Operation")
    return pascal_case(operation.method.lower(), "") + pascal_case(operation.path, "Root")
