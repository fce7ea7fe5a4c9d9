"""Names that are too long to read: shorter ones, made of the same words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from clientsmith.api.model.words import JOINING_WORDS, singular

LONGEST = 60
"""How many characters a name has at most, as long as a shorter one is free."""
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
    """The words of a name with fewer characters than are too many, the form that loses least first.

    Long words give way to what people call them for short, then words go that the name or `said` has already, then
    words between the first and the last ones.
    """

    def fits(words: Sequence[str]) -> bool:
        return len(separator.join(words)) <= longest

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
    for length in range(min(start, len(words) - start), 1, -1):
        if any(words[at : at + length] == words[start : start + length] for at in range(start - length + 1)):
            return length
    return 0


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
    cut: list[tuple[bool, int, list[str]]] = []
    for start in range(1, len(parts)):
        kept = parts[:start]
        while len(kept) > 1 and kept[-1].lower() in JOINING_WORDS:
            kept = kept[:-1]
        for end in range(start + 1, len(parts)):
            size = len(separator.join([*kept, *parts[end:]]))
            if size <= longest:
                cut.append((end == len(parts) - 1, -size, [*kept, *parts[end:]]))
                break
    yield from (form for *_, form in sorted(cut, key=lambda one: one[:2]))
    if not cut:
        yield [parts[0][:longest]]
