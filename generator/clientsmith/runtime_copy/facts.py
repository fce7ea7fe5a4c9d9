"""What the runtime imports and touches, for its reviewers.

Data only; tests compare it with the source and the locks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dependency:
    """A distribution that the runtime imports: the range that a package works with, and the version it is tested with.

    Without a range of ours, it is the one that `range` names in words.
    """

    name: str
    range: str
    tested: str


DEPENDENCIES = {
    "anyio": Dependency("anyio", "what httpx requires", "4.16.0"),
    "httpcore": Dependency("httpcore", ">=1.0.9,<2", "1.0.9"),
    "httpx": Dependency("httpx", ">=0.28,<1", "0.28.1"),
    "pydantic": Dependency("pydantic", ">=2.12,<3", "2.14.3"),
    "pydantic_core": Dependency("pydantic-core", "what pydantic requires", "2.50.4"),
    "typing_extensions": Dependency("typing-extensions", "what pydantic requires", "4.16.0"),
}
"""By the name that is imported."""

NETWORK = frozenset(
    {
        "http.async_pool", "http.connections", "http.environment", "http.following", "http.loopback", "http.pool",
        "http.sockets.async_streams", "http.sockets.async_wire", "http.sockets.carried",
        "http.sockets.happy_eyeballs", "http.sockets.proxied", "http.sockets.streams", "http.sockets.tls",
        "http.sockets.wire",
    }
)  # fmt: skip
"""Modules that make connections, or read or write what is on them."""
DISK = frozenset({"http.environment", "sqlite.journal_file"})
"""Modules that open files, or look for certificates; `messages.files` reads from files that a caller has opened."""
ENVIRONMENT = frozenset({"http.environment", "messages.credentials"})
"""Modules that read environment variables: proxies, certificates, and credentials under the names in the client."""


def used_dependencies(sources: Mapping[str, bytes]) -> dict[str, Dependency]:
    """Those that the modules of a runtime import, by the name that is imported."""
    text = b"".join(sources.values()).decode()
    return {
        name: found
        for name, found in DEPENDENCIES.items()
        if re.search(rf"^\s*(?:import|from) {name}\b", text, re.MULTILINE)
    }
