"""Security schemes and requirements: which credentials a client takes, and which an operation needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from clientsmith.api.model.api import SecurityScheme
from clientsmith.api.model.naming import Scope, argument_name, snake_case
from clientsmith.api.names.keeper import NameKeeper, Wish
from clientsmith.config.model import Config, CredentialConfig
from clientsmith.config.values import did_you_mean
from clientsmith.diagnostics.model import Diagnostics, Related
from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.openapi.security import Kind, alternatives, read_scheme, requirements, scheme_nodes
from clientsmith.openapi.security import SecurityScheme as Declared

Requirements: TypeAlias = tuple[tuple[str, ...], ...]
_ARGUMENTS: dict[Kind, str] = {
    "bearer": "token", "authorization": "authorization", "api-key": "api_key", "mutual-tls": "api_key",
}  # fmt: skip
_CONSTRUCTOR = frozenset(
    {
        "self",
        "base_url",
        "allow_http",
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
    keeper: NameKeeper

    def requirements(self, operation: Node) -> Requirements:
        """The alternatives of an operation, an empty one if none is needed; no alternatives if none is taken."""
        found = requirements(operation, self.document)
        for requirement in found:
            if requirement.unknown:
                self.diagnostics.warning(
                    "unknown-security-scheme",
                    f"'{requirement.unknown[0]}' is not among the security schemes",
                    requirement.node.place,
                    values=requirement.unknown[:1],
                )
            for scheme in requirement.schemes:
                if scheme.kind == "mutual-tls":
                    self.diagnostics.note(
                        "mutual-tls-not-built-in",
                        f"'{scheme.key}' asks for a client certificate, which the client does not present by itself",
                        requirement.node.place,
                        hint="pass an http_client whose connections present one",
                        related=(Related("the scheme", scheme.node.place),),
                    )
        keys = dict.fromkeys(tuple(one.key for one in listed) for listed in alternatives(found))
        return tuple(keys) if any(keys) else ()

    def schemes(self, used: Mapping[str, int], config: Config) -> tuple[SecurityScheme, ...]:
        """The schemes that operations need, that of most first, with constructor arguments that differ from each other.

        `used` says how many operations take each of them.
        """
        nodes, configured = scheme_nodes(self.document), config.credentials
        self._check_configured(nodes, used, config)
        scope = Scope(set(_CONSTRUCTOR))
        by_use = sorted(used, key=lambda key: (-used[key], key))
        needed = [read_scheme(key, self.document.deref(nodes[key])) for key in by_use if key in nodes]
        for declared in needed:
            self._claim_configured(declared.key, configured.get(declared.key), scope)
        found = [self._scheme(declared, configured.get(declared.key), scope) for declared in needed]
        return self._kept(needed, found, config)

    def _kept(
        self, declared: list[Declared], found: list[SecurityScheme], config: Config
    ) -> tuple[SecurityScheme, ...]:
        """The schemes with the arguments that they had, in their order before those that are new.

        A scheme is known by kind, place and, beside others of these, its key.
        """
        bases = [self._base(one) for one in declared]
        keys = self._keys(bases, [one.key for one in declared])
        listed = sorted(zip(bases, keys, declared, found, strict=True), key=self._position)
        wishes = [
            Wish(
                (base, f"{key} {number}"),
                name,
                f"an argument for '{one.key:.80}'",
                one.node,
                (chosen := config.credentials.get(one.key)) is not None and chosen.arguments is not None,
            )
            for base, key, one, scheme in listed
            for number, name in enumerate(scheme.arguments)
        ]
        names = iter(self.keeper.settle("credentials", wishes, reserved=_CONSTRUCTOR))
        return tuple(
            replace(scheme, arguments=tuple(next(names) for _ in scheme.arguments)) for *_, scheme in listed
        )

    def _base(self, declared: Declared) -> str:
        """Kind and place; of a header however it is spelled, as the case of its name means nothing (RFC 9110, 5.1)."""
        is_free = declared.kind == "api-key" and declared.location == "header"
        name = declared.name.lower() if is_free else declared.name
        base = " ".join(filter(None, (declared.kind, declared.location, name, declared.prefix.strip())))
        before = (one for one in self.keeper.bases("credentials") if is_free and one.lower() == base)
        return min(before, default=base)

    def _position(self, item: tuple[str, str, Declared, SecurityScheme]) -> int:
        """Where the constructor of the last release takes a scheme, which may be passed by position."""
        base, key, *_ = item
        before = self.keeper.constructor
        name = self.keeper.kept("credentials", (base, f"{key} 0"))
        return before.index(name) if name in before else len(before)

    def _is_of_release(self, base: str, key: str) -> bool:
        return self.keeper.kept("credentials", (base, f"{key} 0")) in self.keeper.constructor

    def _keys(self, bases: list[str], keys: list[str]) -> list[str]:
        """The key that each scheme had: its own, else that of the only other one of the same kind and place."""
        found: list[str] = []
        for base, key in zip(bases, keys, strict=True):
            had = {rest.rpartition(" ")[0] for rest in self.keeper.rests("credentials", base)}
            there = {one for other, one in zip(bases, keys, strict=True) if other == base}
            gone, came = had - there, there - had
            last = {one for one in gone if self._is_of_release(base, one)}
            gone = last or gone
            found.append(min(gone) if key in came and len(gone) == len(came) == 1 else key)
        return found

    def _check_configured(self, nodes: Mapping[str, Node], used: Mapping[str, int], config: Config) -> None:
        """Report credentials of the configuration that nothing takes."""
        for key in sorted(config.credentials):
            if key not in nodes:
                self.diagnostics.error(
                    "unknown-credentials",
                    f"the configuration has credentials for '{key}', which is not a security scheme of the document",
                    hint=did_you_mean(key, nodes),
                )
            elif key not in used:
                self.diagnostics.warning(
                    "unused-credentials",
                    f"the configuration has credentials for '{key}', and no operation needs that scheme",
                    config.place("credentials", key),
                    hint=f"remove [credentials.{key}], or state the scheme under security in the document",
                    values=(key,),
                )

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
        self, declared: Declared, configured: CredentialConfig | None, scope: Scope
    ) -> SecurityScheme:
        wanted = self._arguments(declared)
        if configured is not None and configured.arguments is not None:
            arguments = configured.arguments
        else:
            arguments = tuple(scope.claim(name, alternative) for name, alternative in wanted)
        environment = configured.environment if configured is not None else ()
        self._check_counts(declared.key, len(wanted), arguments, environment)
        return SecurityScheme(
            key=declared.key,
            kind=declared.kind if declared.kind in ("basic", "bearer") else "api-key",
            arguments=arguments,
            environment=environment,
            location=declared.location,
            wire=declared.name,
            description=declared.node.text("description"),
        )

    def _arguments(self, declared: Declared) -> tuple[tuple[str, str], ...]:
        """The constructor arguments that the credentials come from, each with an alternative."""
        own_name = argument_name(declared.key, _CONSTRUCTOR)
        if declared.kind == "basic":
            prefix = snake_case(declared.key, "scheme")
            return ("username", f"{prefix}_username"), ("password", f"{prefix}_password")
        if declared.kind == "authorization":
            self.diagnostics.note(
                "verbatim-authorization",
                f"the scheme '{declared.prefix.strip()}' is not built in: "
                "the caller gives the whole Authorization header",
                declared.node.place,
            )
        return ((_ARGUMENTS[declared.kind], own_name),)

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
