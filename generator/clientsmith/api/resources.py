"""The client and its resources: what their classes and modules are called."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from clientsmith.api.model.api import Operation, Resource
from clientsmith.api.model.lengths import LONGEST
from clientsmith.api.model.naming import (
    CLASS_RESERVED,
    MODULE_RESERVED,
    RESOURCE_CLASS_RESERVED,
    RESOURCE_RESERVED,
    Scope,
    argument_name,
    class_forms,
    class_name,
    module_name,
    pascal_case,
)
from clientsmith.api.model.words import capitalized, title_words, words
from clientsmith.api.names.keeper import NameKeeper, Wish
from clientsmith.api.names.operation_ids import VERSION
from clientsmith.api.operations.operations import Placed, tag_descriptions
from clientsmith.characters import file_name_key
from clientsmith.document.resolved import ResolvedDocument


def client_class(title: str) -> str:
    """The class of the client of an API of that title."""
    said = [word for word in title_words(title) if word.lower() not in ("api", "client")]
    name = "".join(pascal_case(word, "") for word in said)
    if not name[:1].isupper() or all(VERSION.fullmatch(word.lower()) for word in said):
        name = f"Api{name}"
    if name.isascii():
        return _class_of(f"{name}Client", CLASS_RESERVED, "Model")
    # Its words cannot be found again without the spaces between them.
    return class_forms(f"{name}Client", LONGEST - len("Async"))[0]


def _class_of(name: str, reserved: Collection[str], suffix: str) -> str:
    """A class of the client or of a resource: short enough with `Async` before it, too."""
    return class_name(class_forms(name, LONGEST - len("Async"))[0], reserved, suffix)


def _spelled(name: str, tag: str) -> str:
    """The class of a resource, with the capitals inside the words of the tag that it is called by."""
    text = " ".join(map(capitalized, words(tag))) if argument_name(tag, RESOURCE_RESERVED) == name else name
    return pascal_case(text, "Resource")


def resources_of(
    document: ResolvedDocument,
    drafts: list[tuple[Placed, Operation]],
    base_url: str | None,
    keeper: NameKeeper,
) -> tuple[Resource, ...]:
    """The resources by name, with classes, modules and constants that differ from each other."""
    descriptions = tag_descriptions(document)
    groups: dict[str, list[tuple[Placed, Operation]]] = {}
    for item, operation in drafts:
        groups.setdefault(item.resource, []).append((item, operation))
    classes = Scope(set(RESOURCE_CLASS_RESERVED))
    modules = Scope(set(map(file_name_key, MODULE_RESERVED)), file_name_key)
    resources: list[Resource] = []
    wishes: list[Wish] = []
    for name, group in sorted(groups.items()):
        wanted = _class_of(_spelled(name, group[0][0].tag), RESOURCE_CLASS_RESERVED, "Resource")
        own = classes.claim(wanted, f"{wanted}Resource")
        wishes.append(Wish(("", name), own, f"the class of the resource {name}", group[0][0].found.node))
        constants = Scope()
        resources.append(
            Resource(
                name=name,
                module=modules.claim(module_name(name), f"{module_name(name)}_"),
                class_name=own,
                async_class_name=classes.claim(f"Async{own}"),
                description=descriptions.get(group[0][0].tag, ""),
                operations=tuple(
                    replace(
                        operation,
                        constant=constants.claim(f"_{operation.name.strip('_').upper()}"),
                        server=operation.server if operation.server != base_url else None,
                    )
                    for _, operation in group
                ),
            )
        )
    return _kept_classes(resources, wishes, keeper)


def _kept_classes(resources: list[Resource], wishes: list[Wish], keeper: NameKeeper) -> tuple[Resource, ...]:
    """The resources with the classes that they had."""
    names = keeper.settle("resources", wishes, reserved=RESOURCE_CLASS_RESERVED)
    return tuple(
        one if one.class_name == name else replace(one, class_name=name, async_class_name=f"Async{name}")
        for one, name in zip(resources, names, strict=True)
    )
