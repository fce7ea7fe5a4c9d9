"""Which names are names of secrets: by their words, by the document, by the user; of doubtful names the value decides.

A name is secret if it ends with a word that is, such as `token`, and nothing in it says otherwise (`next_page_token`,
`token_type`). It is in doubt if it has such a word elsewhere, or ends with one that has many meanings (`key`,
`session`): then a value that looks drawn at random is a secret. `secret_words` has the lists.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from clientsmith.document.model import Node
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.document.walk import all_objects
from clientsmith.openapi.security import read_scheme
from clientsmith.traffic.redaction import secret_words as words_of

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|[0-9]+")
_RUN_TOGETHER = "|".join(sorted(words_of.RUN_TOGETHER, key=len, reverse=True))
_TOGETHER = re.compile(f"(?:{_RUN_TOGETHER}){{2,8}}")
_ONE = re.compile(_RUN_TOGETHER)
_LONGEST_NAME = 200
_MAX_KNOWN = 10_000


class Verdict(Enum):
    """What a name says of its value."""

    HARMLESS = "harmless"
    DOUBTFUL = "doubtful"
    MEMBER = "member"
    SECRET = "secret"


@dataclass(frozen=True, slots=True)
class SecretNames:
    """Decides by name. Case and the signs between words do not count: `apiKey`, `api_key` and `Api-Key` are one."""

    added: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    _known: dict[str, Verdict] = field(default_factory=dict[str, Verdict], compare=False)
    _known_paths: dict[tuple[str, ...], Verdict] = field(
        default_factory=dict[tuple[str, ...], Verdict], compare=False
    )

    def __contains__(self, name: str) -> bool:
        return self.verdict(name) is Verdict.SECRET

    def verdict(self, name: str) -> Verdict:
        """What a name says, whatever the value is."""
        verdict = self._known.get(name)
        if verdict is None:
            verdict = self._decide(name)
            if len(self._known) < _MAX_KNOWN:
                self._known[name] = verdict
        return verdict

    def hides(self, path: tuple[str, ...], value: str) -> bool:
        """Whether a string is a secret that these names lead to, the innermost last; indexes of arrays do not count."""
        steps = tuple(step for step in path if not step.isdecimal())
        verdict = self._known_paths.get(steps)
        if verdict is None:
            verdict = self._decide_path(steps)
            if len(self._known_paths) < _MAX_KNOWN:
                self._known_paths[steps] = verdict
        if verdict is Verdict.HARMLESS or value.lower() in words_of.SAYING_NOTHING or value == steps[-1]:
            return False
        if verdict is Verdict.DOUBTFUL:
            return (
                looks_random(value)
                or _CREDENTIALS.match(value) is not None
                or (_own_word(steps[-1]) == "session" and _is_one_long_word(value))
            )
        return verdict is Verdict.SECRET or _PUBLIC.match(value) is None

    def _decide_path(self, steps: tuple[str, ...]) -> Verdict:
        if not steps:
            return Verdict.HARMLESS
        *outer, name = steps
        own, plain = self.verdict(name), _plain(name)
        if plain in self.kept or plain in self.added:
            return own
        around = _own_word(outer[-1]) if outer else ""
        if around in words_of.LINKS or (around in words_of.PAGING and plain not in words_of.ALWAYS):
            return Verdict.HARMLESS
        if own is Verdict.SECRET:
            return own
        if any(self._is_closed(step) for step in outer):
            return self._member(name)
        if any(step in self for step in outer):
            own = Verdict.DOUBTFUL
        if outer and self.verdict(f"{outer[-1]}.{name}") is Verdict.SECRET:
            # `{"api": {"key": ...}}` and `{"session": {"id": ...}}` say as much as one name does.
            own = Verdict.SECRET
        return own

    @staticmethod
    def _member(name: str) -> Verdict:
        """What a name says inside of an object of a secret name."""
        own = _own_word(name)
        if own == "sid" or (own == "name" and "user" not in _words(name)):
            return Verdict.HARMLESS
        return Verdict.DOUBTFUL if own in words_of.HARMLESS_MEMBERS else Verdict.MEMBER

    def holds_secrets(self, name: str) -> bool:
        """Whether an object of that name may be a map by secret, `{"tokens": {"<token>": ...}}`."""
        return self.verdict(name) is Verdict.SECRET or _own_word(name) in words_of.MAPS

    def hides_number(self, path: tuple[str, ...], digits: str) -> bool:
        """Whether a number is a secret that these names lead to: a few digits may be a count of tokens."""
        steps = [step for step in path if not step.isdecimal()]
        if any(_plain(step) in self.added and step in self for step in steps):
            return True
        own = [steps[-1], ".".join(steps[-2:])] if steps else []
        return any(
            name in self
            and (
                not words_of.DIGITS.isdisjoint(_words(name))
                or (_is_long(digits) and _own_word(name) != "tokens")
            )
            for name in own
        )

    def _is_closed(self, step: str) -> bool:
        return step in self and (
            _plain(step) in self.added or _own_word(step) not in words_of.OPEN_CONTAINERS
        )

    def _decide(self, name: str) -> Verdict:
        plain = _plain(name)
        if plain in self.kept:
            return Verdict.HARMLESS
        return Verdict.SECRET if plain in self.added else verdict(name)


def verdict(name: str) -> Verdict:
    """What the words of a name say."""
    words = [word for word in _words(name[:_LONGEST_NAME]) if not word.isdecimal()]
    if not words:
        return Verdict.HARMLESS
    if "".join(words) in words_of.WHOLE:
        return Verdict.SECRET
    is_sure = bool(set(words) & words_of.ALWAYS)
    if set(words[:-1]) & words_of.HARMLESS_BEFORE and not is_sure:
        return Verdict.HARMLESS
    head = list(words)
    while len(head) > 1 and head[-1] in words_of.CARRIERS and head[-1] not in words_of.SECRET:
        head.pop()
    if is_sure and head[-1] == "id":
        head.pop()
    if _ends_secret(head):
        return Verdict.SECRET
    if head[-1] in words_of.IDENTIFIES:
        return Verdict.HARMLESS
    return Verdict.DOUBTFUL if _is_doubtful(head) else Verdict.HARMLESS


def _ends_secret(words: list[str]) -> bool:
    pair = tuple(words[-2:])
    if pair == ("session", "id"):
        return not set(words) & words_of.HARMLESS_SESSIONS
    return words[-1] in words_of.SECRET or pair in words_of.PAIRS


def _is_doubtful(words: list[str]) -> bool:
    if words[-1] in ("key", "keys") and set(words[:-1]) & words_of.HARMLESS_KEYS:
        return False
    if words[-1] in words_of.SUSPECT and not set(words) & words_of.HARMLESS_SESSIONS:
        return True
    return bool(set(words) & words_of.SECRET) or any(
        pair in words_of.PAIRS for pair in itertools.pairwise(words)
    )


_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_RUN = re.compile(r"[A-Za-z0-9]{3,}")
_PUBLIC = re.compile(r"https?://[^@]*\Z|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.,+Z-]*)?\Z|\Z")
"""What no member of a secret object is, wherever it is found: addresses and times."""
_CREDENTIALS = re.compile(r"(?:Basic|Bearer|Digest|DPoP|OAuth|Token) +\S{4,}", re.IGNORECASE)
_SWITCH = re.compile(r"(?<=[A-Za-z])[0-9]|(?<=[0-9])[A-Za-z]|(?<=[a-z])[A-Z]")
_NEITHER = re.compile(r"[\s<>{}]|://|^[0-9]{4}-[0-9]{2}-[0-9]{2}")


def looks_random(value: str) -> bool:
    """Whether a value looks drawn at random: one word with letters and digits, or with capitals, in no order."""
    if not 8 <= len(value) <= 10_000 or _NEITHER.search(value) or _UUID.fullmatch(value):
        return False
    mixed = 0
    for run in _RUN.findall(value):
        has_both = any(sign.isdigit() for sign in run) and not run.isdigit()
        switches = len(_SWITCH.findall(run))
        mixed += switches >= 2
        if len(run) >= 8 and has_both and (switches >= 3 or len(run) >= 20):
            return True
        if len(run) >= 20 and switches >= 4:
            return True
    return mixed >= 2


def secret_names(
    resolved: ResolvedDocument, added: Iterable[str] = (), kept: Iterable[str] = ()
) -> SecretNames:
    """The names of a document's API keys and of what it declares as `format: password`, and those of the user."""
    declared = {_plain(name) for name in _declared(resolved)}
    keep = {_plain(name) for name in kept}
    return SecretNames(frozenset(declared | {_plain(name) for name in added}), frozenset(keep))


def _plain(name: str) -> str:
    return "".join(_WORD.findall(name)).lower() or name.lower()


def _is_one_long_word(value: str) -> bool:
    return len(value) >= 16 and _NEITHER.search(value) is None


def _is_long(digits: str) -> bool:
    return digits.isdecimal() and len(digits) >= 6


@functools.lru_cache(maxsize=_MAX_KNOWN)
def _own_word(name: str) -> str:
    return next((word for word in reversed(_words(name)) if not word.isdecimal()), "")


def _words(name: str) -> list[str]:
    return [part for word in _WORD.findall(name) for part in _apart(word.lower())]


def _apart(word: str) -> list[str]:
    """The words that were written as one, if all of them are known."""
    if word in words_of.SECRET or word in words_of.WHOLE:
        return [word]
    if _TOGETHER.fullmatch(word) and "".join(parts := _ONE.findall(word)) == word:
        return parts
    suffix = next((known for known in words_of.SUFFIXES if word.endswith(known)), None)
    if suffix is None:
        return [word]
    rest = word.removesuffix(suffix)
    harmless = [known for known in words_of.HARMLESS_BEFORE if len(known) > 2 and known in rest]
    return [*(harmless or [rest]), suffix]


def _declared(resolved: ResolvedDocument) -> Iterable[str]:
    for node, kind in all_objects(resolved):
        if kind == "security-scheme":
            scheme = read_scheme(node.key, resolved.deref(node))
            if scheme.kind == "api-key" and scheme.name:
                yield scheme.name
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
    return any(described.text("format") == "password" for described in (schema, resolved.deref(schema)))
