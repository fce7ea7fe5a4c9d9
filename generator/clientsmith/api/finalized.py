"""Operations once all types are made: with final names, and with what a package carries for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from clientsmith.api.base64_places import with_untyped_places
from clientsmith.api.model.api import Operation, Parameter, Response
from clientsmith.api.model.expressions import renamed
from clientsmith.api.model.type_paths import TypePaths
from clientsmith.api.operations.bodies import finalized


def finalized_operation(
    operation: Operation, name_of: Callable[[str], str], kept: frozenset[str], types: TypePaths
) -> Operation:
    """The operation with final names, and with the keys of those request schemas that are carried."""

    def parameter(draft: Parameter) -> Parameter:
        key = draft.schema_key if draft.schema_key in kept else None
        return replace(draft, type=renamed(draft.type, name_of), schema_key=key)

    def response(draft: Response) -> Response:
        media = tuple(replace(media, type=renamed(media.type, name_of)) for media in draft.media)
        return replace(draft, media=media)

    named = replace(
        operation,
        parameters=tuple(map(parameter, operation.parameters)),
        body=finalized(operation.body, name_of, kept),
        responses=tuple(map(response, operation.responses)),
        result=None if operation.result is None else renamed(operation.result, name_of),
    )
    return with_untyped_places(named, types)
