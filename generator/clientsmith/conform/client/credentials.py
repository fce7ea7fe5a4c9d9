"""The credentials that a run gives to clients, the same in each run, and where they can be read."""

from __future__ import annotations

import base64
import re
from typing import Final

from clientsmith.conform.client.package import ClientPackage
from clientsmith.openapi.operation import DescribedOperation
from clientsmith.openapi.parameter import Parameter

SECRET: Final = "conform-secret-0f9e8d7c"
"""Is part of every credential, so that it can be looked for wherever it must not be."""


_BASE64 = re.compile(r"[A-Za-z0-9+/]{20,}={0,2}")


def holds_secret(text: str) -> bool:
    """Whether a credential can be read in a text, as it is or in base64 (RFC 7617)."""
    return SECRET in text or any(SECRET.encode() in _unwrapped(one) for one in _BASE64.findall(text))


def _unwrapped(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except ValueError:
        return b""


def credentials_of(package: ClientPackage) -> dict[str, str]:
    """Constructor arguments for every security scheme, the same in each run."""
    return {
        name: f"{package.prefixes.get(key, '')}{_token(name)}"
        for key, names in package.credentials.items()
        for name in names
    }


def tokens_of(package: ClientPackage) -> tuple[str, ...]:
    """The same in the form that a server accepts: `user:password` for two arguments, else the token."""
    return tuple(":".join(map(_token, names)) for names in package.credentials.values())


def _token(argument: str) -> str:
    return f"{SECRET}-{argument}"


def credential_of(package: ClientPackage, operation: DescribedOperation, parameter: Parameter) -> str | None:
    """The API key that a request carries under the name and in the place of a parameter; None if it carries none."""
    wanted = (parameter.location, parameter.name.lower())
    given = credentials_of(package)
    for scheme in (one for alternative in operation.security for one in alternative):
        if scheme.kind == "api-key" and (scheme.location, scheme.name.lower()) == wanted:
            return given[package.credentials[scheme.key][0]]
    return None
