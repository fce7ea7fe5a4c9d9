"""What a package exports beside its clients and modules: the public names of those features that callers may need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from clientsmith.api.model.api import Api, Operation
from clientsmith.api.model.expressions import children, schema_types
from clientsmith.api.model.types import ScalarType, TypeExpr
from clientsmith.api.signatures import arguments_of, succeeds_in_part
from clientsmith.runtime_copy.features import FEATURES, with_needs
from clientsmith.runtime_copy.files import public_names

_IN_TEXT = (ScalarType("Base64"), ScalarType("str", "bytes"))
_FILE = ScalarType("bytes")
_FILE_CODECS = ("binary", "multipart")


def with_exports(api: Api, wanted: Iterable[str]) -> Api:
    """The same API with what its package exports and its clients take; the config asks for the `wanted` features."""
    wanted = tuple(wanted)
    return replace(api, exports=_exports(api, wanted), settings=_settings(api, wanted))


def _exports(api: Api, wanted: Iterable[str]) -> tuple[str, ...]:
    features = with_needs([*_features(api), *(name for name in wanted if name in FEATURES)])
    return tuple(sorted({*public_names(features)} - {api.client_class, api.async_client_class}))


def _settings(api: Api, wanted: Iterable[str]) -> tuple[str, ...]:
    """The arguments of a client that only some clients have: as the API has a use for them, or as the config asks.

    A feature that is among the `wanted` ones brings its argument even if there is nothing to check.
    """
    features = with_needs(name for name in wanted if name in FEATURES)
    operations = list(_operations(api))
    known = {
        "check_requests": bool(api.request_schemas) or "request_checks" in features,
        "journal": any(operation.bills for operation in operations),
        "validation": bool(api.response_schemas) or "json_schema" in features,
    }
    return tuple(name for name, is_there in known.items() if is_there)


def _features(api: Api) -> Iterator[str]:
    operations = list(_operations(api))
    sent = [kind for schema in api.schemas if schema.direction == "request" for kind in schema_types(schema)]
    sent += [argument.type for operation in operations for argument in arguments_of(operation)]
    read = [kind for schema in api.schemas if schema.direction == "response" for kind in schema_types(schema)]
    read += [media.type for one in operations for response in one.responses for media in response.media]
    bodies = [operation.body for operation in operations if operation.body is not None]
    places = [one.base64 for one in bodies] + [one.base64 for each in operations for one in each.parameters]
    known = {
        "base64": any(places) or any(_holds(kind, _IN_TEXT) for kind in (*sent, *read)),
        "files": any(_holds(kind, (_FILE,)) for kind in sent)
        or any(body.codec in _FILE_CODECS or body.takes_any for body in bodies),
        "journal": any(operation.bills for operation in operations),
        "json_schema": bool(api.response_schemas or api.request_schemas),
        "partial_success": any(map(succeeds_in_part, operations)),
    }
    yield from (name for name, is_there in known.items() if is_there)


def _operations(api: Api) -> Iterator[Operation]:
    for resource in api.resources:
        yield from resource.operations


def _holds(kind: TypeExpr, scalars: tuple[ScalarType, ...]) -> bool:
    return kind in scalars or any(_holds(child, scalars) for child in children(kind))
