"""Which names stand for secrets: by their words, by the document, by the user; nothing here touches a value."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.document.walk import all_objects

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

_SECRET = frozenset({
    "apikey", "assertion", "authorization", "cookie", "cookies", "credential", "credentials", "csrf", "cvc", "cvv",
    "hmac", "jsessionid", "jwt", "otp", "passcode", "passphrase", "passwd", "password", "passwords", "phpsessid",
    "pin", "pwd", "secret", "secrets", "sessid", "sessionid", "signature", "token", "tokens", "xsrf",
})  # fmt: skip
"""Words that make a name secret wherever they stand in it."""

_PAIRS = frozenset({
    *((first, "key") for first in ("access", "api", "auth", "client", "consumer", "encryption", "host", "master",
                                   "private", "secret", "session", "shared", "signing", "subscription")),
    ("session", "id"), ("auth", "code"), ("authorization", "code"), ("code", "verifier"), ("security", "code"),
})  # fmt: skip
_WHOLE = frozenset({"auth", "sig", "pass", "xauth"})
"""Names that are secret as they are, while they say nothing as a part of another."""

_HARMLESS_AFTER = frozenset({
    "at", "count", "endpoint", "expires", "expiry", "in", "length", "limit", "policy", "status", "ttl", "type", "uri",
    "url", "used",
})  # fmt: skip
_IDENTIFIES = frozenset({"id", "name", "sid"})
_HARMLESS_BEFORE = frozenset({
    "continuation", "cursor", "idempotency", "max", "min", "next", "num", "page", "prev", "previous", "sync", "total",
})  # fmt: skip
_ALWAYS = frozenset({"password", "passwd", "pwd", "passphrase", "secret", "secrets"})
"""Words that stay secret with an identifier behind them: `api_key_id` is public, `secret_id` is not."""


@dataclass(frozen=True, slots=True)
class SecretNames:
    """Decides by name. Case and the signs between words do not count: `apiKey`, `api_key` and `Api-Key` are one."""

    added: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    _known: dict[str, bool] = field(default_factory=dict[str, bool], compare=False)

    def __contains__(self, name: str) -> bool:
        found = self._known.get(name)
        if found is None:
            found = self._decide(name)
            if len(self._known) < _MAX_KNOWN:
                self._known[name] = found
        return found

    def _decide(self, name: str) -> bool:
        plain = _plain(name)
        if plain in self.kept:
            return False
        return plain in self.added or is_secret_name(name)


_MAX_KNOWN = 10_000


def is_secret_name(name: str) -> bool:
    """Whether the words of a name say that what it stands for is a secret."""
    words = [word.lower() for word in _WORD.findall(name)]
    if not words:
        return False
    if "".join(words) in _WHOLE or words[-2:] == ["session", "id"]:
        return True
    if not (set(words) & _SECRET or any(pair in _PAIRS for pair in itertools.pairwise(words))):
        return False
    if words[-1] in _HARMLESS_AFTER or set(words[:-1]) & _HARMLESS_BEFORE:
        return False
    return words[-1] not in _IDENTIFIES or bool(set(words) & _ALWAYS)


def secret_names(
    resolved: ResolvedDocument, added: Iterable[str] = (), kept: Iterable[str] = ()
) -> SecretNames:
    """The names of a document's API keys and of what it declares as `format: password`, and those of the user."""
    declared = {_plain(name) for name in _declared(resolved)}
    keep = {_plain(name) for name in kept}
    return SecretNames(frozenset(declared | {_plain(name) for name in added}), frozenset(keep))


def _plain(name: str) -> str:
    return "".join(_WORD.findall(name)).lower() or name.lower()


def _declared(resolved: ResolvedDocument) -> Iterable[str]:
    for node, kind in all_objects(resolved):
        if kind == "security-scheme":
            scheme = resolved.deref(node)
            if scheme.text("type") == "apiKey" and scheme.text("name"):
                yield scheme.text("name")
        elif kind == "parameter":
            schema = node.get("schema")
            if node.text("name") and schema is not None and _is_password(resolved, schema):
                yield node.text("name")
        elif kind == "schema":
            properties = node.get("properties")
            for name, schema in properties.items() if properties is not None else ():
                if _is_password(resolved, schema):
                    yield name


def _is_password(resolved: ResolvedDocument, schema: Node) -> bool:
    return any(one.text("format") == "password" for one in (schema, resolved.deref(schema)))
