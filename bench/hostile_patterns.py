"""Patterns that make engines backtrack, build large automata, or write long texts."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from hostile_base import JSON, document

_LOOPS = (
    "(a|a)*",
    "(a+)+",
    "(a*)*",
    "(a|aa)+",
    "([a-z]+)*",
    "(.*)*",
    "(?:a?){30}a{30}",
    "(a+)+(b+)+",
    r"(\w+\s?)*",
    "(x+x+)+y",
)


def _text(draw: Random, size: int) -> str:
    return draw.choice(("a", "x", "ab ")) * min(size, 2000) + "!"


def _backtracking(draw: Random, size: int) -> JSON:
    def one() -> JSON:
        pattern = f"^{draw.choice(_LOOPS)}{draw.choice(('$', '', 'c$'))}"
        return {"type": "string", "pattern": pattern, draw.choice(("example", "default")): _text(draw, size)}

    properties = {f"p{number}": one() for number in range(max(1, size // 50))}
    parameter = {"name": "q", "in": "query", "required": True, "schema": one(), "example": _text(draw, size)}
    return document(
        {"type": "object", "properties": properties, "required": sorted(properties)}, parameters=[parameter]
    )


def _same(
    pattern: Callable[[Random, int], str], count: Callable[[int], int]
) -> Callable[[Random, int], JSON]:
    def made(draw: Random, size: int) -> JSON:
        where = draw.choice(("properties", "patternProperties", "parameters"))
        schemas = [{"type": "string", "pattern": pattern(draw, size)} for _ in range(max(1, count(size)))]
        if where == "parameters":
            listed = [
                {"name": f"q{n}", "in": "query", "required": True, "schema": one}
                for n, one in enumerate(schemas)
            ]
            return document({"type": "object"}, parameters=listed)
        if where == "patternProperties":
            return document(
                {"type": "object", where: {one["pattern"]: {"type": "string"} for one in schemas}}
            )
        named = {f"p{n}": one for n, one in enumerate(schemas)}
        return document({"type": "object", "properties": named, "required": sorted(named)})

    return made


def _nested_counts(draw: Random, size: int) -> str:
    text = "a"
    for _ in range(draw.randint(2, 6)):
        text = f"({text}){{{draw.choice((10, 100, 1000))}}}"
    return text


def _many_names(draw: Random, size: int) -> JSON:
    patterns = {f"^(a|a)*{number}$": {"type": "string"} for number in range(size)}
    example: dict[str, Any] = {f"{'a' * 40}{number}!": "x" for number in range(size)}
    return document(
        {"type": "object", "patternProperties": patterns, "additionalProperties": False}, example=example
    )


def _count(draw: Random, size: int) -> str:
    return f"a{{{draw.choice((9, 99)) * 10 ** draw.randint(2, 9)}}}"


def _open_count(draw: Random, size: int) -> str:
    return f"(a{{{10 ** draw.randint(2, 9)},}})*"


def _unicode(draw: Random, size: int) -> str:
    name, times = draw.choice(("L", "Lu", "N")), draw.choice((30, 300, 301))
    return rf"\p{{{name}}}{{{times}}}{draw.randint(0, size)}"


def _word(draw: Random, size: int) -> str:
    return rf"\w{{{draw.randint(100, 1000)}}}"


def _class(draw: Random, size: int) -> str:
    return "[" + "".join(chr(0x4E00 + 2 * number) for number in range(size * 4)) + "]+"


def _alternatives(draw: Random, size: int) -> str:
    return "|".join(f"word{number}x" for number in range(size * 4))


def _optional_alternatives(draw: Random, size: int) -> str:
    return "(" + "|".join(f"w{number}?" for number in range(size)) + ")*$"


def _look(draw: Random, size: int) -> str:
    return "^" + "(?=(a+)+b)" * draw.randint(1, 5) + "(a|a)*$"


PATTERNS: dict[str, Callable[[Random, int], JSON]] = {
    "pattern-backtracking": _backtracking,
    "pattern-names": _many_names,
    "pattern-count": _same(_count, lambda size: size // 20),
    "pattern-count-open": _same(_open_count, lambda size: size // 20),
    "pattern-nested-counts": _same(_nested_counts, lambda size: size // 40),
    "pattern-unicode": _same(_unicode, lambda size: size // 4),
    "pattern-unicode-same": _same(lambda draw, size: r"\p{L}{300}", lambda size: size // 4),
    "pattern-word": _same(_word, lambda size: size // 10),
    "pattern-class": _same(_class, lambda size: 2),
    "pattern-alternatives": _same(_alternatives, lambda size: 2),
    "pattern-alternatives-optional": _same(_optional_alternatives, lambda size: 2),
    "pattern-deep": _same(lambda draw, size: "(" * size + "a" + ")*" * size, lambda size: 2),
    "pattern-long": _same(lambda draw, size: "a?" * (size * 4) + "a" * (size * 4), lambda size: 2),
    "pattern-look": _same(_look, lambda size: size // 10),
    "pattern-back": _same(lambda draw, size: r"^(a+)+\1(\1)*$", lambda size: size // 10),
    "pattern-braces": _same(lambda draw, size: "[" * size * 4 + "{" * size + "a{1,", lambda size: 4),
}
