"""Names that are too long to read: shorter ones, made of the same words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate

from clientsmith.api.model.words import JOINING_WORDS, singular

LONGEST = 60
"""How many characters a name has at most, as long as a shorter one is free."""
_MOST_WORDS = 24
"""How many words of a name are looked at: half of them from its start, half from its end."""
_SHORT_FOR = {
    "administrator": "admin", "administrators": "admins", "application": "app", "applications": "apps",
    "authenticated": "auth", "authentication": "auth", "configuration": "config", "configurations": "configs",
    "environment": "env", "information": "info", "organization": "org", "organizations": "orgs",
    "organisation": "org", "organisations": "orgs", "repositories": "repos", "repository": "repo",
    "specification": "spec",
}  # fmt: skip


def shortened(
    parts: Sequence[str], separator: str, said: Collection[str] = (), longest: int = LONGEST
) -> Iterator[list[str]]:
    """Forms of a name with at most `longest` characters, each as its words; the form that loses least comes first.

    Long words are abbreviated first; then words are left out that the name or `said` has already, then words between
    the first and the last ones.
    """

    def fits(words: Sequence[str]) -> bool:
        return len(separator.join(words)) <= longest

    half = _MOST_WORDS // 2
    looked_at = parts if len(parts) <= _MOST_WORDS else [*parts[:half], *parts[-half:]]
    parts = [part[:longest] for part in looked_at]
    abbreviated = [_abbreviated(part) for part in parts]
    forms: list[Sequence[str]] = [parts, abbreviated]
    forms += [_without_repeated_phrases(form) for form in (parts, abbreviated)]
    forms += [_without_repeated(form, ()) for form in (parts, abbreviated)]
    forms += [_without_repeated(form, said) for form in (parts, abbreviated)]
    yield from (list(form) for form in forms if fits(form))
    shortest = min(forms, key=lambda form: len(separator.join(form)))
    for form in (shortest, parts):
        yield from _without_middle(list(form), separator, longest)


def _abbreviated(word: str) -> str:
    short = _SHORT_FOR.get(word.lower())
    return word if short is None else short.capitalize() if word[0].isupper() else short


def _without_repeated_phrases(parts: Sequence[str]) -> list[str]:
    """The words without runs of two or more that the name had before, and none twice in a row."""
    lower = [part.lower() for part in parts]
    kept: list[str] = []
    index = 0
    while index < len(parts):
        longest = _longest_repeated(lower, index)
        if longest >= 2:
            index += longest
        else:
            kept += [parts[index]] if not index or lower[index] != lower[index - 1] else []
            index += 1
    return kept


def _longest_repeated(words: list[str], start: int) -> int:
    """How many words from `start` on occur earlier in the same order."""
    longest = 0
    for at in range(start):
        length = 0
        while (
            at + length < start
            and start + length < len(words)
            and words[at + length] == words[start + length]
        ):
            length += 1
        longest = max(longest, length)
    return longest


def _without_repeated(parts: Sequence[str], said: Collection[str]) -> list[str]:
    """The words that neither the name before them nor `said` has, and no preposition that is left without its noun."""
    kept: list[str] = []
    for index, part in enumerate(parts):
        lower = [one.lower() for one in parts[: index + 2]]
        word, after = lower[index], (lower[index + 1 :] or ["of"])[0]
        is_said = word in lower[:index] or (singular(word) in said and index > 0)
        if not is_said or word in JOINING_WORDS:
            kept.append(part)
        elif after in JOINING_WORDS or after.endswith("ed"):
            while len(kept) > 1 and kept[-1].lower() in JOINING_WORDS:
                kept.pop()
    return kept


def _without_middle(parts: list[str], separator: str, longest: int) -> Iterator[list[str]]:
    """Words from both ends, as many as fit; from the end two or more, if possible."""
    ends_at = list(accumulate((len(part) + len(separator) for part in parts), initial=0))
    cut: list[tuple[bool, int, list[str]]] = []
    for start in range(1, len(parts)):
        kept = start
        while kept > 1 and parts[kept - 1].lower() in JOINING_WORDS:
            kept -= 1
        for end in range(start + 1, len(parts)):
            size = ends_at[kept] + ends_at[-1] - ends_at[end] - len(separator)
            if size <= longest:
                cut.append((end == len(parts) - 1, -size, [*parts[:kept], *parts[end:]]))
                break
    yield from (form for *_, form in sorted(cut, key=lambda one: one[:2]))
    if not cut:
        yield [parts[0][:longest]]
