"""Names made of a verb and a path: the verb and the last literal segments, without what the resource says already."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from clientsmith.api.model.words import JOINING_WORDS, singular, words
from clientsmith.api.names.operation_ids import PARAMETER

_OF_ALL = frozenset({"add", "create", "find", "list", "post", "query", "search"})
_EXTENSION = re.compile(r"\.(?:json|xml)$")


@dataclass(frozen=True, slots=True)
class Form:
    """A name that an operation can have. Of several operations that could have it, the one of the lowest rank gets it,
    and none if two have the lowest.
    """

    words: tuple[str, ...]
    rank: int = 1


@dataclass(frozen=True, slots=True)
class _Literal:
    words: tuple[str, ...]
    parameter: str = ""
    """The parameter that comes right after it: the path leads to one of them."""

    @property
    def said(self) -> tuple[str, ...]:
        return (*self.words[:-1], singular(self.words[-1])) if self.parameter else self.words


def resource_words(path: Sequence[str]) -> list[str]:
    """The words of the first literal segment."""
    return [word for literal in _literals(path)[:1] for word in literal.words]


def path_forms(verb: str, path: Sequence[str], resource: Sequence[str]) -> list[Form]:
    """The names, the best first: without what the resource says, then with it, then with every literal segment.

    If a path leads to one of several, names by the parameter come last, or earlier if they say no more than others.
    """
    literals = _literals(path)
    near = literals[_owner(literals) :]
    short = _without_resource(verb, near, resource)
    by = [
        Form((*form.words, "by", *_last_parameter(literals)))
        for form in _plural(verb, near, literals, resource)
    ]
    rest = [_form(verb, near), _without_resource(verb, literals, resource), _form(verb, literals)]
    return [short, *by[: len(short.words) > 1], *rest, *by]


def whole_paths(verb: str, path: Sequence[str]) -> list[Form]:
    """The names that leave out nothing that the resource says: what is owned with its owner, every literal segment."""
    literals = _literals(path)
    return [_form(verb, literals[_owner(literals) :]), _form(verb, literals)]


def _literals(path: Sequence[str]) -> list[_Literal]:
    """The literal segments; a segment may hold several of them and parameters (`{id}:cancel`)."""
    found: list[_Literal] = []
    for segment in path:
        for index, piece in enumerate(PARAMETER.split(segment)):
            if index % 2 and found:
                found[-1] = _Literal(found[-1].words, piece)
            elif not index % 2 and (said := words(_EXTENSION.sub("", piece))):
                found.append(_Literal(tuple(word.lower() for word in said)))
    return found


def _owner(literals: Sequence[_Literal]) -> int:
    """The index of the last literal with a parameter that is followed by another literal; 0 if there is none."""
    inner = [index for index, one in enumerate(literals[:-1]) if one.parameter]
    return inner[-1] if inner else 0


def _form(verb: str, literals: Sequence[_Literal]) -> Form:
    leads_to_one = bool(literals) and literals[-1].parameter != ""
    return Form((verb, *(word for one in literals for word in one.said)), 2 if leads_to_one else 1)


def _plural(
    verb: str, near: Sequence[_Literal], every: Sequence[_Literal], resource: Sequence[str]
) -> list[Form]:
    """The same forms with the last literal as it is written, if a parameter comes after it."""
    if not every or not every[-1].parameter:
        return []
    last = _Literal(every[-1].words)
    near, every = [*near[:-1], last], [*every[:-1], last]
    return [_without_resource(verb, near, resource), _form(verb, near), _form(verb, every)]


def _last_parameter(literals: Sequence[_Literal]) -> list[str]:
    return [word.lower() for word in words(literals[-1].parameter)]


def _without_resource(verb: str, literals: Sequence[_Literal], resource: Sequence[str]) -> Form:
    """The form without the first segments if the resource says them, or "for" the owner if it says all but that."""
    said = [singular(word) for word in resource]
    for count in range(len(literals), 0, -1):
        rest = literals[count:]
        if _is_end(literals[:count], said) and not (rest and rest[0].words[0] in JOINING_WORDS):
            return _form(verb, rest) if rest else _verb_alone(verb, literals)
    if len(literals) == 2 and literals[0].parameter and _is_end(literals[1:], said):
        return Form((verb, "for", *literals[0].said), 2 if literals[1].parameter else 1)
    return _form(verb, literals)


def _verb_alone(verb: str, literals: Sequence[_Literal]) -> Form:
    """The verb is said of one thing before it is said of all of them, unless it lists them or makes a new one."""
    if literals[-1].parameter:
        return _form(verb, literals) if verb == "post" else Form((verb,), 0)
    return Form((verb,), 0 if verb in _OF_ALL else 2)


def _is_end(literals: Sequence[_Literal], said: list[str]) -> bool:
    own = [singular(word) for one in literals for word in one.words]
    return said[-len(own) :] == own
