"""Security schemes and requirements: which credentials a client takes, and which an operation needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from clientsmith.api.model.api import SecurityScheme
from clientsmith.api.model.naming import Scope, argument_name, snake_case
from clientsmith.config.model import CredentialConfig
from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument

Requirements: TypeAlias = tuple[tuple[str, ...], ...]
_Kind: TypeAlias = Literal["basic", "bearer", "api-key"]
_LOCATIONS: dict[str, Literal["header", "query", "cookie"]] = {"query": "query", "cookie": "cookie"}
_CONSTRUCTOR = frozenset(
    {
        "self",
        "base_url",
        "timeout",
        "deadline",
        "headers",
        "retries",
        "validation",
        "limits",
        "journal",
        "hooks",
        "http_client",
        "transport",
    }
)


@dataclass(frozen=True, slots=True)
class SecurityReader:
    """Reads security schemes and requirements of one document."""

    document: ResolvedDocument
    diagnostics: Diagnostics

    def declared(self) -> dict[str, Node]:
        """The security schemes of the document by key."""
        components = self.document.node().get("components")
        schemes = components.get("securitySchemes") if components is not None else None
        return {
            key: self.document.deref(node) for key, node in (schemes.items() if schemes is not None else ())
        }

    def requirements(self, operation: Node) -> Requirements:
        """The alternatives of an operation, among them an empty one where none is needed; none where none is taken."""
        node = operation.get("security") or self.document.node().get("security")
        declared = self.declared()
        alternatives: list[tuple[str, ...]] = []
        for alternative in node.elements() if node is not None else ():
            keys = [key for key, _ in alternative.items() if key in declared]
            unknown = [key for key, _ in alternative.items() if key not in declared]
            if unknown:
                self.diagnostics.warning(
                    "unknown-security-scheme",
                    f"'{unknown[0]}' is not among the security schemes",
                    alternative.place,
                )
                continue
            # The client certificate of mutual TLS is part of the transport, not of a request.
            kept = tuple(key for key in keys if declared[key].text("type") != "mutualTLS")
            alternatives.append(kept)
        return tuple(dict.fromkeys(alternatives)) if any(alternatives) else ()

    def schemes(
        self, used: set[str], configured: Mapping[str, CredentialConfig]
    ) -> tuple[SecurityScheme, ...]:
        """The schemes that some operation needs, with constructor arguments that differ from each other."""
        declared = self.declared()
        for key in sorted(set(configured) - set(declared)):
            self.diagnostics.error(
                "unknown-credentials",
                f"the configuration has credentials for '{key}', which is no security scheme of the document",
                hint=f"known schemes: {', '.join(sorted(declared)) or 'none'}",
            )
        scope = Scope(set(_CONSTRUCTOR))
        needed = [key for key in sorted(used) if key in declared]
        for key in needed:
            self._claim_configured(key, configured.get(key), scope)
        return tuple(self._scheme(key, declared[key], configured.get(key), scope) for key in needed)

    def _claim_configured(self, key: str, configured: CredentialConfig | None, scope: Scope) -> None:
        """Names that the configuration chose come first: no rule may take one away."""
        for name in (configured.arguments if configured is not None else None) or ():
            if scope.claim(name) != name:
                self.diagnostics.error(
                    "wrong-credentials",
                    f"'{name}' cannot be an argument for '{key}': another argument of the client has the name",
                    hint=f"choose another one under [credentials.{key}] in the configuration",
                )

    def _scheme(
        self, key: str, node: Node, configured: CredentialConfig | None, scope: Scope
    ) -> SecurityScheme:
        kind, wanted = self._kind(key, node)
        if configured is not None and configured.arguments is not None:
            arguments = configured.arguments
        else:
            arguments = tuple(scope.claim(name, alternative) for name, alternative in wanted)
        environment = configured.environment if configured is not None else ()
        self._check_counts(key, len(wanted), arguments, environment)
        return SecurityScheme(
            key=key,
            kind=kind,
            arguments=arguments,
            environment=environment,
            location=_LOCATIONS.get(node.text("in"), "header"),
            wire=node.text("name") if node.text("type") == "apiKey" else "Authorization",
            description=node.text("description"),
        )

    def _kind(self, key: str, node: Node) -> tuple[_Kind, tuple[tuple[str, str], ...]]:
        """How the credentials are sent, and the constructor arguments they come from, each with an alternative."""
        kind, http = node.text("type"), node.text("scheme").lower()
        if kind == "http" and http == "basic":
            prefix = snake_case(key, "scheme")
            return "basic", (("username", f"{prefix}_username"), ("password", f"{prefix}_password"))
        own_name = argument_name(key, _CONSTRUCTOR)
        if kind in ("oauth2", "openIdConnect") or (kind == "http" and http == "bearer"):
            return "bearer", (("token", own_name),)
        if kind == "http":
            self.diagnostics.note(
                "verbatim-authorization",
                f"the scheme '{http}' is not built in: the caller gives the whole Authorization header",
                node.place,
            )
            return "api-key", (("authorization", own_name),)
        return "api-key", (("api_key", own_name),)

    def _check_counts(
        self, key: str, count: int, arguments: tuple[str, ...], environment: tuple[tuple[str, ...], ...]
    ) -> None:
        for listed, what in ((arguments, "arguments"), *((names, "environment") for names in environment)):
            if len(listed) != count:
                self.diagnostics.error(
                    "wrong-credentials",
                    f"'{key}' takes {count} value(s), but the configuration names {len(listed)} under {what}",
                )
                return
