"""The arguments of a call: as the document names them, and as the method of a package takes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from clientsmith.conform.client.package import ClientPackage
from clientsmith.json_values.codec import Value
from clientsmith.openapi.parameter import Location


class Absent:
    """The type of `ABSENT`."""


ABSENT: Final = Absent()
"""No body, as opposed to one that is null."""


@dataclass(frozen=True, slots=True)
class CallInputs:
    """The arguments of a call as the document names them: parameters by place and name, and the body."""

    parameters: Mapping[tuple[Location, str], Value] = field(
        default_factory=dict[tuple[Location, str], Value]
    )
    body: Value | Absent = ABSENT
    extras: bool = True
    """Whether members of the body without an argument may go through `CallOptions.extra_body`."""


class NoSuchArgumentError(TypeError):
    """The typed signature has no way to say this, so no caller can send it."""


def arguments_for(
    package: ClientPackage, operation: str, inputs: CallInputs, options: Mapping[str, Any]
) -> dict[str, Any]:
    """The keyword arguments that say the inputs. Raises NoSuchArgumentError."""
    surface = package.operations[operation]
    given: dict[str, Any] = {}
    for (place, name), value in inputs.parameters.items():
        known = surface.arguments.get(place, {})
        if name not in known:
            raise NoSuchArgumentError(f"{surface.method} has no argument for the {place} parameter {name!r}")
        given[known[name]] = value
    chosen = dict(options)
    if not isinstance(inputs.body, Absent):
        given |= _body(surface.arguments.get("body", {}), inputs.body, chosen, may_add=inputs.extras)
    if chosen:
        given["options"] = package.get("CallOptions")(**chosen)
    return given


def _body(names: Mapping[str, str], body: Value, options: dict[str, Any], *, may_add: bool) -> dict[str, Any]:
    if "" in names:
        return {names[""]: body}
    if not isinstance(body, dict):
        raise NoSuchArgumentError("a body of keyword arguments cannot be anything but an object")
    extra = {key: value for key, value in body.items() if key not in names}
    if extra and not may_add:
        raise NoSuchArgumentError(f"there is no argument for {sorted(extra)[:5]}")
    if extra:
        options["extra_body"] = extra | options.get("extra_body", {})
    return {names[key]: value for key, value in body.items() if key in names}
