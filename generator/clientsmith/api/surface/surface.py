"""What callers of a package see, kept with the package: the API model without what only its own code reads.

Texts, examples, embedded schemas and how values are written are left out: another model is compared with this one by
names, types and marks. Format 1 is an object with these members:

- `format`: the version of this format
- `members`: by dataclass of the model the members that are written; another clientsmith may have others
- `api`: the model, as `codec` writes it
"""

from __future__ import annotations

import json
import keyword
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass
from functools import cache
from typing import Final, cast

from clientsmith.api.model.api import (
    Api,
    Operation,
    Parameter,
    Renamed,
    RequestBody,
    Resource,
    Response,
    ResponseMedia,
    SecurityScheme,
)
from clientsmith.api.model.types import ConstrainedType, Field, ModelClass, NamedType, TypeAlias
from clientsmith.api.surface.codec import Check, Codec, SurfaceError, reached

FORMAT: Final = 1
_LEFT_OUT: Final[Mapping[type, tuple[str, ...]]] = {
    Api: ("title", "version", "description", "response_schemas", "request_schemas"),
    ConstrainedType: ("source",),
    Field: ("description", "nullable"),
    ModelClass: ("description",),
    Operation: ("summary", "description", "constant"),
    Parameter: (
        "style", "explode", "allow_reserved", "allow_empty", "media_type", "description", "example", "hints",
        "schema_key", "members", "base64",
    ),
    RequestBody: ("encodings", "description", "examples", "schema_key", "base64"),
    Resource: ("description",),
    Response: ("description", "examples", "notification"),
    ResponseMedia: ("schema_key",),
    SecurityScheme: ("description",),
    TypeAlias: ("description", "choice"),
}  # fmt: skip
"""What no caller sees, or what the wire level compares; `nullable` is said by the type of a field."""
_PYTHON_NAMES: Final[Mapping[type, tuple[str, ...]]] = {
    Api: ("client_class", "async_client_class", "exports", "settings"),
    Field: ("name",),
    ModelClass: ("name", "counterpart"),
    NamedType: ("name",),
    Operation: ("name",),
    Parameter: ("name",),
    Renamed: ("old",),
    RequestBody: ("argument",),
    Resource: ("name", "module", "class_name", "async_class_name"),
    SecurityScheme: ("arguments",),
    TypeAlias: ("name",),
}
"""What code can be written with; a surface in which one is anything else is refused."""


def _name_problem(value: object) -> str | None:
    """What is wrong with a name, or with one of several."""
    names = cast("tuple[object, ...]", value) if isinstance(value, tuple) else (value,)
    wrong = next((name for name in names if name is not None and not _is_name(str(name))), None)
    return None if wrong is None else f"{wrong!r:.80} is not a name in Python"


def _path_problem(value: object) -> str | None:
    """The same of a package, which may be inside of others."""
    return None if all(map(_is_name, str(value).split("."))) else f"{value!r:.80} is not a name in Python"


def _is_name(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text)


_CHECKS: Final[Mapping[tuple[type, str], Check]] = {
    (Api, "package"): _path_problem,
    (Renamed, "new"): _path_problem,
    **{(record, name): _name_problem for record, names in _PYTHON_NAMES.items() for name in names},
}


class NewerSurfaceError(SurfaceError):
    """The surface was written by a later version of clientsmith."""


@dataclass(frozen=True, slots=True)
class Surface:
    """The model that a surface gives, and the members of models that are not in it (`Operation.bills`)."""

    api: Api
    lacking: tuple[str, ...]
    codec: Codec

    def as_held(self, api: Api) -> Api:
        """Another model without what is not in this surface either, so that it makes no difference."""
        return cast("Api", self.codec.decode(self.codec.encode(api, Api), Api)) if self.lacking else api


@cache
def _current() -> Codec:
    return Codec(reached(Api, lambda record, name: name not in _LEFT_OUT.get(record, ())), _CHECKS)


def surface_json(api: Api) -> dict[str, object]:
    """The surface of a package as JSON."""
    codec = _current()
    members = {record.__name__: [one.name for one in held] for record, held in codec.records.items()}
    return {"format": FORMAT, "members": members, "api": codec.encode(api, Api)}


def surface_bytes(surface: Mapping[str, object]) -> bytes:
    """A surface as a package has it: each operation and each field is on a line of its own."""
    return (_laid_out(surface, 5) + "\n").encode("utf-8", "backslashreplace")


def _laid_out(value: object, depth: int) -> str:
    """Canonical JSON whose objects and lists have one item a line, down to a depth."""
    if depth and value and isinstance(value, dict):
        members = sorted(cast("dict[str, object]", value).items())
        lines = [f"{json.dumps(name)}:{_laid_out(one, depth - 1)}" for name, one in members]
        return "{\n" + ",\n".join(lines) + "\n}"
    if depth and value and isinstance(value, list):
        return "[\n" + ",\n".join(_laid_out(one, depth - 1) for one in cast("list[object]", value)) + "\n]"
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def parse_surface(data: bytes) -> Surface:
    """The surface in these bytes. Raises SurfaceError."""
    try:
        surface = cast("object", json.loads(data))
    except (ValueError, RecursionError) as error:
        raise SurfaceError("it is not JSON that can be read") from error
    return read_surface(surface)


def api_of(surface: object) -> Api:
    """The model that a surface gives. Raises SurfaceError."""
    return read_surface(surface).api


def read_surface(surface: object) -> Surface:
    """The model that a surface gives, and what is not in it. Raises SurfaceError."""
    found = _object(surface, "")
    version = found.get("format")
    if type(version) is not int or version < 1:
        raise SurfaceError(f"{version!r:.80} is not a format of surfaces", "/format")
    if version > FORMAT:
        raise NewerSurfaceError(f"its format is {version}; this clientsmith knows formats up to {FORMAT}")
    codec = _codec_of(_object(found.get("members"), "/members"))
    try:
        api = codec.decode(found.get("api"), Api, "/api")
    except RecursionError as error:
        raise SurfaceError("it is nested too deeply", "/api") from error
    return Surface(cast("Api", api), tuple(sorted(_lacking(codec))), codec)


def _codec_of(given: Mapping[str, object]) -> Codec:
    """A codec for the members that a surface lists."""
    held = {name: _names(members, f"/members/{name}") for name, members in given.items()}
    every = reached(Api, lambda _record, _name: True)
    known = {record.__name__: {one.name for one in members} for record, members in every.items()}
    for name, members in held.items():
        for one in members:
            if one not in known.get(name, ()):
                raise NewerSurfaceError(f"this clientsmith does not know {one!r:.80} of {name:.80}")
    codec = Codec(reached(Api, lambda record, name: name in held.get(record.__name__, ())), _CHECKS)
    for record, own in codec.records.items():
        due = next((one.name for one in every[record] if one not in own and one.blank is MISSING), None)
        if due is not None:
            raise SurfaceError(f"{due} is not listed", f"/members/{record.__name__}")
    return codec


def _lacking(codec: Codec) -> Iterator[str]:
    """The members that are written today, and that a surface does not hold though it holds what they are of."""
    for record, members in codec.records.items():
        for one in _current().records.get(record, ()):
            if one not in members:
                yield f"{record.__name__}.{one.name}"


def _names(value: object, pointer: str) -> list[str]:
    names = cast("list[object]", value) if isinstance(value, list) else [None]
    if not all(isinstance(name, str) for name in names):
        raise SurfaceError("there is no list of names", pointer)
    return cast("list[str]", names)


def _object(value: object, pointer: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise SurfaceError("there is no object", pointer)
    return cast("dict[str, object]", value)
