"""The words that make a name one of a secret, and those that make it harmless; data only.

The lists were tuned by reading which names of 140 published OpenAPI documents they catch.
"""

from __future__ import annotations

SECRET = frozenset({
    "accesskey", "privatekey", "secretkey", "apikey", "apikeys", "assertion", "bearer", "cookie", "cookies",
    "credential", "credentials", "csrf", "cvc", "cvn", "cvv", "haslo", "hmac", "jsessionid", "jwt", "kennwort",
    "motdepasse", "otp", "passcode", "passphrase", "passwd", "passwords", "password", "passwort", "phpsessid",
    "pin", "psk", "pwd", "secret", "secrets", "senha", "sessid", "sessionid", "sig", "signature", "signatures",
    "token", "tokens", "totp", "wachtwoord", "xsrf", "contraseña", "contrasena", "пароль", "密码", "密碼", "パスワード",
    "비밀번호",
})  # fmt: skip
"""A name that ends with one of them is secret."""

ALWAYS = frozenset({
    "passphrase", "passwd", "password", "passwords", "pwd", "secret", "secrets", "credential", "credentials",
})  # fmt: skip
"""They stay secret with an identifier behind them: `api_key_id` is public, `secret_id` is not."""

DIGITS = frozenset(
    {"cvc", "cvn", "cvv", "otp", "passcode", "passwd", "password", "pin", "pwd", "secret", "totp", "code"}
)  # fmt: skip
"""What may be a number; of other names numbers are counts and times, such as `prompt_tokens`."""

_KEYS = (
    "access", "account", "admin", "aes", "api", "app", "application", "auth", "client", "consumer", "crypto",
    "decryption", "encryption", "functions", "hmac", "host", "ingest", "insert", "jwt", "licence", "license",
    "master", "private", "rapidapi", "recovery", "root", "rsa", "sas", "secret", "security", "server", "service",
    "session", "shared", "signing", "storage", "subscription", "symmetric", "vault", "webhook", "write",
)  # fmt: skip
_PASSES = (
    "admin", "auth", "database", "db", "email", "ftp", "http", "imap", "ldap", "login", "mail", "mysql", "my",
    "new", "old", "postgres", "proxy", "redis", "root", "smtp", "ssh", "sudo", "user", "wifi",
)  # fmt: skip
PAIRS = frozenset({
    *((first, last) for first in _KEYS for last in ("key", "keys")),
    *((first, "pass") for first in _PASSES),
    *((first, "auth") for first in ("basic", "digest", "http", "proxy", "registry", "sentry", "tableau", "x")),
    ("access", "sign"), ("api", "sign"), ("auth", "code"), ("authorization", "code"), ("backup", "code"),
    ("device", "code"), ("code", "verifier"), ("honeycomb", "team"), ("art", "api"), ("magic", "link"),
    ("pass", "code"), ("pass", "phrase"), ("pass", "word"), ("reset", "code"), ("security", "code"),
    ("session", "id"), ("sess", "id"), ("verification", "code"), ("backup", "codes"), ("recovery", "code"),
    ("recovery", "codes"), ("seed", "phrase"), ("de", "passe"), ("otp", "code"), ("user", "code"),
    ("recovery", "phrase"),
})  # fmt: skip
"""A name that ends with one of them is secret too."""
WHOLE = frozenset({"auth", "authorization", "pass", "proxyauthorization", "xauth", "mnemonic"})
"""Names that are secret as they are, while they say nothing as a part of another."""

CARRIERS = frozenset({
    "again", "base", "body", "bytes", "confirm", "confirmation", "content", "cookie", "current", "data",
    "decrypted", "ed", "encoded", "encrypted", "hash", "hashed", "header", "hex", "input", "json", "literal",
    "md", "new", "old", "param", "parameter", "plain", "plaintext", "raw", "repeat", "salt", "seed", "sha",
    "string", "text", "v", "val", "value", "values", "x",
})  # fmt: skip
"""Behind a secret word they leave it a secret: `token_value`, `X-Signature-Ed25519`."""

HARMLESS_BEFORE = frozenset({
    "continuation", "cursor", "date", "dedup", "has", "idempotency", "is", "last", "max", "min", "next", "num",
    "page", "pagination", "prev", "previous", "public", "pub", "require", "required", "requires", "sync", "time",
    "total",
})  # fmt: skip
"""In front of a word they say that it is not a secret: `next_page_token`, `public_key`."""
PAGING = frozenset(
    {"continuation", "cursor", "next", "page", "pagination", "paging", "prev", "previous", "public"}
)  # fmt: skip
"""A `token` or a `key` inside of an object of such a name is none either."""
IDENTIFIES = frozenset({
    "at", "count", "endpoint", "expires", "expiry", "id", "ids", "in", "length", "limit", "name", "policy", "sid",
    "status", "ttl", "type", "types", "uri", "url", "used", "version",
})  # fmt: skip
"""Behind a word they say that the name is about a secret."""

HARMLESS_KEYS = frozenset({
    "analysis", "arrow", "article", "attribute", "beep", "cache", "category", "child", "color", "composite",
    "config", "dedup", "deduplication", "department", "dictionary", "end", "enum", "event", "feature", "field",
    "file", "flag", "foreign", "group", "hash", "hot", "i", "idempotency", "image", "index", "issue", "item",
    "key", "label", "language", "locale", "lookup", "map", "menu", "message", "metric", "object", "option",
    "order", "ordering", "parent", "partition", "path", "primary", "product", "project", "property", "range",
    "record", "resource", "route", "routing", "row", "s", "setting", "site", "socket", "sort", "space", "start",
    "surrogate", "tag", "target", "taxonomy", "template", "theme", "topic", "translation", "unique", "user",
    "websocket",
})  # fmt: skip
"""In front of `key` they say that it finds something."""
HARMLESS_SESSIONS = frozenset({
    "billing", "call", "chat", "checkout", "conversation", "embedded", "external", "payment", "portal", "proxy",
    "recording", "stream", "support", "training", "upload", "verification", "video",
})  # fmt: skip
"""In front of `session` they say that it is an undertaking and not a login."""
SUSPECT = frozenset(
    {"auth", "authentication", "authorization", "key", "keys", "license", "session", "ticket"}
)  # fmt: skip
"""Names that end with them hold secrets and much else: the value decides."""

MAPS = frozenset({"keys", "sessions", "tickets"})
"""Objects of such names may have secrets for keys."""
LINKS = frozenset({"hrefs", "link", "links", "resources", "uris", "urls"})
"""Members of an object of such a name are addresses."""
SAYING_NOTHING = frozenset(
    {"", "0", "1", "false", "n/a", "no", "none", "null", "off", "on", "true", "undefined", "yes"}
)  # fmt: skip
TOO_COMMON = frozenset({
    "approved", "authorization", "automatic", "complete", "completed", "configured", "credential", "credentials",
    "customer", "declined", "default", "disabled", "encrypted", "expired", "external", "inactive", "internal",
    "multiple", "optional", "password", "passwords", "personal", "preferred", "production", "required", "sandbox",
    "signature", "standard", "supported", "temporary", "unavailable", "undefined", "universal", "unknown",
    "unlimited", "unsupported", "verified",
})  # fmt: skip
"""Values that are replaced behind a secret name, and not looked for elsewhere: they are in every other text."""

OPEN_CONTAINERS = frozenset(
    {"assertion", "auth", "authorization", "key", "keys", "session", "signature", "signatures"}
)  # fmt: skip
"""Objects of such names have members that are not secrets; in others, such as `credentials`, every one is."""
HARMLESS_MEMBERS = frozenset({
    "alg", "algorithm", "at", "description", "error", "locale", "message", "reason", "title", "count", "created",
    "enabled", "expires", "expiry", "format", "href", "in", "kind", "length", "limit", "method", "modified",
    "provider", "rel", "scheme", "scope", "scopes", "status", "state", "template", "ttl", "type", "updated",
    "uri", "url", "version",
})  # fmt: skip
"""Members of an object of a secret name that say what kind of secret it is."""

SUFFIXES = (
    "accesskey", "apikey", "credentials", "passphrase", "password", "passwd", "privatekey", "secretkey", "secret",
    "sessionid", "signature", "tokens", "token",
)  # fmt: skip
"""Words that make a longer one secret that ends with them, such as `awssecret`."""

RUN_TOGETHER = (
    "access", "account", "admin", "api", "app", "auth", "authenticity", "client", "confirm", "consumer", "csrf",
    "current", "database", "db", "device", "encryption", "hash", "id", "jwt", "key", "keys", "login", "master",
    "middleware", "my", "new", "oauth", "old", "pass", "passphrase", "password", "passwords", "private", "proxy",
    "public", "refresh", "repeat", "request", "root", "secret", "secrets", "security", "server", "service",
    "session", "shared", "signature", "signing", "sso", "token", "tokens", "user", "value", "verification",
    "webhook", "xsrf",
)  # fmt: skip
"""Words of which names are made that have no sign between them, such as `accesstoken`."""
