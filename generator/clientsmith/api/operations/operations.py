"""Operations of the document: found, grouped into resources, and given their method names.

Names are decided for all operations of a resource at once, so that no name depends on which operation came first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from clientsmith.api.model.naming import METHOD_RESERVED, RESOURCE_RESERVED, Scope, argument_forms
from clientsmith.api.names.contest import Collision, uncontested
from clientsmith.api.names.keeper import NameKeeper, Wish
from clientsmith.api.names.method_names import method_wishes
from clientsmith.api.names.operation_ids import VERSION
from clientsmith.diagnostics.model import Diagnostics, Related
from clientsmith.document.model import Node
from clientsmith.document.operations import FoundOperation
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.openapi.external_docs import with_external_docs


@dataclass(frozen=True, slots=True)
class Placed:
    """An operation with the resource and the method name it got."""

    found: FoundOperation
    resource: str
    tag: str
    name: str


def place(
    found: list[FoundOperation],
    resource_names: Mapping[str, str],
    method_names: Mapping[str, str],
    keeper: NameKeeper,
    diagnostics: Diagnostics,
) -> list[Placed]:
    """Group operations into resources and name their methods; those of the last release keep both."""
    groups: dict[str, list[tuple[FoundOperation, str]]] = {}
    names = _resource_names(found)
    for operation in found:
        tag = first_tag(operation)
        for other in _other_tags(operation):
            message = f"the method is grouped under {tag!r:.80} alone, not under {other.value!r:.80} too"
            diagnostics.note("tag-not-used", message, other.place)
        name = resource_names.get(tag) or names[tag or _first_segment(operation.path)]
        groups.setdefault(name, []).append((operation, tag))
    placed: list[Placed] = []
    collisions: list[Collision[str]] = []
    for resource, group in sorted(groups.items()):
        placed += _named(resource, group, method_names, collisions)
    kept = _kept(placed, resource_names, method_names, keeper)
    _report(collisions, kept, method_names, diagnostics)
    return kept


def _kept(
    placed: list[Placed],
    resource_names: Mapping[str, str],
    method_names: Mapping[str, str],
    keeper: NameKeeper,
) -> list[Placed]:
    """The operations under the names that they had; what the configuration chose comes first."""
    joined = _resources_of_tags(placed, keeper)
    wishes: list[Wish] = []
    for one in placed:
        thing = keeper.identities.operation(one.found.key), ""
        kept = (keeper.kept("methods", thing) or "").partition(".")
        is_chosen = one.tag in resource_names or one.found.key in method_names
        resource = resource_names.get(one.tag) or (kept[0] if is_chosen else "") or joined.get(one.tag)
        name = method_names.get(one.found.key) or (kept[2] if is_chosen else "") or one.name
        wished = f"{resource or one.resource}.{name}"
        wishes.append(Wish(thing, wished, f"the method of {one.found.label:.200}", one.found.node, is_chosen))
    reserved = [name for wish in wishes if _is_reserved(name := keeper.kept("methods", wish.thing) or "")]
    names = [name.split(".") for name in keeper.settle("methods", wishes, reserved=reserved)]
    found = [
        replace(one, resource=resource, name=name)
        for one, (resource, name) in zip(placed, names, strict=True)
    ]
    return sorted(found, key=lambda one: one.resource)


def _is_reserved(name: str) -> bool:
    """Whether a name cannot be one any more, because a client has another use for it."""
    resource, _, method = name.partition(".")
    return resource in RESOURCE_RESERVED or method in METHOD_RESERVED


def _resources_of_tags(placed: list[Placed], keeper: NameKeeper) -> dict[str, str]:
    """The resource that all known operations of a tag are in, unless another tag has that by rule.

    New operations of a tag with another name than in the last release join the others.
    """
    kept: dict[str, set[str]] = {}
    by_rule: dict[str, set[str]] = {}
    for one in placed:
        by_rule.setdefault(one.resource, set()).add(one.tag)
        name = keeper.kept("methods", (keeper.identities.operation(one.found.key), ""))
        if name is not None and one.tag:
            kept.setdefault(one.tag, set()).add(name.partition(".")[0])
    return {
        tag: min(resources)
        for tag, resources in kept.items()
        if len(resources) == 1 and by_rule.get(min(resources), {tag}) == {tag}
    }


def _resource_names(found: list[FoundOperation]) -> dict[str, str]:
    """The name of the resource of each tag or first segment; different long ones are not cut to the same."""
    texts = dict.fromkeys(first_tag(operation) or _first_segment(operation.path) for operation in found)
    forms = [argument_forms(text, RESOURCE_RESERVED) for text in texts]
    return dict(zip(texts, uncontested([[(name, 0) for name in listed] for listed in forms]), strict=True))


def first_tag(operation: FoundOperation) -> str:
    """The tag that decides the resource of an operation, empty if there is none."""
    tags = operation.node.mapping.get("tags")
    return tags[0] if isinstance(tags, list) and tags and isinstance(tags[0], str) else ""


def tag_descriptions(document: ResolvedDocument) -> dict[str, str]:
    """The descriptions of the tags that a document defines, by name."""
    tags = document.node().get("tags")
    return {
        tag.text("name"): with_external_docs(tag.text("description"), tag)
        for tag in (tags.elements() if tags is not None else ())
    }


def _other_tags(operation: FoundOperation) -> list[Node]:
    tags = operation.node.get("tags")
    return list(tags.elements())[1:] if tags is not None else []


def _first_segment(path: str) -> str:
    segments = [segment for segment in path.split("/") if segment and "{" not in segment]
    return next((segment for segment in segments if not VERSION.fullmatch(segment.lower())), "root")


def _named(
    resource: str,
    group: list[tuple[FoundOperation, str]],
    method_names: Mapping[str, str],
    collisions: list[Collision[str]],
) -> list[Placed]:
    by_rule = uncontested([method_wishes(operation, tag) for operation, tag in group])
    wanted_by = {operation.key: name for (operation, _), name in zip(group, by_rule, strict=True)}
    scope = Scope()
    first: dict[str, str] = {}
    placed: list[Placed] = []
    # Names that the configuration chose come first: no rule may take one away.
    for operation, tag in sorted(group, key=lambda item: (item[0].key not in method_names,)):
        wanted = method_names.get(operation.key) or wanted_by[operation.key]
        name = scope.claim(wanted)
        if name != wanted:
            collisions.append(Collision(f"{resource}.{wanted}", operation.key, first[wanted]))
        first.setdefault(name, operation.key)
        placed.append(Placed(operation, resource, tag, name))
    order = {operation.key: index for index, (operation, _) in enumerate(group)}
    return sorted(placed, key=lambda item: order[item.found.key])


def _report(
    collisions: Iterable[Collision[str]],
    placed: Iterable[Placed],
    method_names: Mapping[str, str],
    diagnostics: Diagnostics,
) -> None:
    """Say who did not get the method that it asks for; names that the configuration chose have to be free."""
    found = {one.found.key: one for one in placed}
    names = {key: f"{one.resource}.{one.name}" for key, one in found.items()}
    for collision in collisions:
        chosen = collision.one in method_names
        settled = collision if chosen else collision.settled(names)
        report = diagnostics.error if chosen else diagnostics.warning
        report(
            "name-collision",
            f"two operations ask for the method '{settled.name}'"
            + ("" if chosen else f"; this one is called '{found[settled.one].name}'"),
            found[settled.one].found.node.place,
            hint="choose names under [names.methods] in the configuration",
            related=(Related("the other one", found[settled.first].found.node.place),),
        )
