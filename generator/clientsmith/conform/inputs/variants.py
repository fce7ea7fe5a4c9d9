"""Values with one thing changed: left out, of another kind, null, another text, an unknown key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clientsmith.json_values.codec import Value

_DEEPEST = 6
WRONG: tuple[Value, ...] = (None, "no such value", "7", -1, 0, 1)
FEW_WRONG: tuple[Value, ...] = (None, "7", 1)
"""What is put in the place of something else: all of it where bounds count, a few where mostly types do."""


def near_misses(value: Value, others: Sequence[Value] = WRONG, depth: int = 0) -> Iterator[Value]:
    """A value with one thing changed: a member left out or of another kind, at every level; mostly just not valid.

    What is wrong in one place only can still be read, so that it shows which checks are made at all.
    """
    if isinstance(value, dict) and depth < _DEEPEST:
        for key, item in value.items():
            yield {other: kept for other, kept in value.items() if other != key}
            for wrong in others:
                yield value | {key: wrong}
            for inner in near_misses(item, others, depth + 1):
                yield value | {key: inner}
        yield value | {"no such key": 1}
    elif isinstance(value, list) and depth < _DEEPEST:
        for number, item in enumerate(value):
            for inner in (*others, *near_misses(item, others, depth + 1)):
                yield [*value[:number], inner, *value[number + 1 :]]
        yield []
        yield [*value, *value]
    elif isinstance(value, str):
        yield from (f"x{value}", f"{value}x", value[1:], value[:-1], f"{value}\n")


def with_null(value: Value, depth: int = 0) -> Iterator[Value]:
    """A value with null in the place of one thing in it, and without it, one place at a time."""
    if isinstance(value, dict) and depth < _DEEPEST:
        for key, item in value.items():
            yield value | {key: None}
            yield {other: kept for other, kept in value.items() if other != key}
            yield from (value | {key: inner} for inner in with_null(item, depth + 1))
    elif isinstance(value, list) and depth < _DEEPEST:
        for place, item in enumerate(value):
            yield from (
                [*value[:place], inner, *value[place + 1 :]] for inner in (None, *with_null(item, depth + 1))
            )


def with_text(value: Value, text: str, depth: int = 0) -> Value:
    """A value with that text in the place of every other."""
    if isinstance(value, dict) and depth < _DEEPEST:
        return {key: with_text(item, text, depth + 1) for key, item in value.items()}
    if isinstance(value, list) and depth < _DEEPEST:
        return [with_text(item, text, depth + 1) for item in value]
    return text if isinstance(value, str) and depth else value


def with_unknown(value: Value, depth: int = 0) -> Iterator[Value]:
    """A value with a key that no schema knows in one of its objects, one place at a time."""
    if isinstance(value, dict) and depth < _DEEPEST:
        yield value | {"no such key": 1}
        for key, item in value.items():
            yield from (value | {key: inner} for inner in with_unknown(item, depth + 1))
    elif isinstance(value, list) and depth < _DEEPEST:
        for place, item in enumerate(value):
            yield from (
                [*value[:place], inner, *value[place + 1 :]] for inner in with_unknown(item, depth + 1)
            )


def doubled(value: Value, depth: int = 0) -> Value:
    """A value in which every array has its items twice: of a single item one cannot see how items are kept apart."""
    if isinstance(value, dict) and depth < _DEEPEST:
        return {key: doubled(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list) and depth < _DEEPEST:
        return [doubled(item, depth + 1) for item in (*value, *value)]
    return value
