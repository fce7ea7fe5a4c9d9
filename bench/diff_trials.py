"""Tries operators and rewrites on descriptions, and judges what the comparison says of each."""

from __future__ import annotations

import hashlib
import random
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.diff.model import Change, Level
from clientsmith.diff.surviving import surviving_place
from clientsmith.diff.wire.compare import compare
from clientsmith.document.model import Pointer, parse_pointer, render_pointer
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.document.text.parse import load
from diff_openings import OPENINGS, Opening
from diff_operators import Operator, Setting
from diff_places import Place, Reached, Tree, Use, is_list, is_object, opened, replaced, value_at
from diff_rewrites import Rewrite, rewritten

ROOT = Path(__file__).parents[1]
FIXTURES = ("spec/marketplace.yaml", "tests/conformance", "tests/account", "tests/cases")
LARGEST = 1_000_000
_DOCUMENT = Place((), "document", frozenset({Use("request")}))
_SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Sample:
    """A description of a single file with the places that messages lead to."""

    name: str
    tree: Tree
    places: tuple[Place, ...]
    document: ResolvedDocument


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one change: `state` is found, equivalent, elsewhere or missed; of a rewrite equal or found."""

    operator: str
    document: str
    pointer: str
    state: str
    reported: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """A place of the list of those where some operators change nothing, and why."""

    document: str
    pointer: str
    operators: frozenset[str]
    reason: str

    def covers(self, operator: str, document: str, pointer: str) -> bool:
        """Whether it speaks of a change; without operators it speaks of all."""
        is_there = document.endswith(self.document) and f"{pointer}/".startswith(self.pointer)
        return is_there and (not self.operators or operator in self.operators)


def explained(file: Path) -> list[Explained]:
    """The list in a file."""
    listed = tomllib.loads(file.read_text(encoding="utf-8"))["equivalent"]
    return [
        Explained(one["document"], f"{one['pointer']}/", frozenset(one.get("operators", ())), one["reason"])
        for one in listed
    ]


def samples(corpus: Path | None) -> list[Sample]:
    """The valid descriptions of one file below a megabyte: those of the repository, and those of a folder."""
    paths = [path for name in FIXTURES for path in _files(ROOT / name)]
    paths += [] if corpus is None else _files(corpus)
    found = (_sample(path, corpus) for path in paths if path.stat().st_size < LARGEST)
    return [one for one in found if one is not None]


def _files(start: Path) -> list[Path]:
    every = [start] if start.is_file() else sorted(start.rglob("*"))
    return [one for one in every if one.suffix in _SUFFIXES and "bad-" not in str(one)]


def _sample(path: Path, corpus: Path | None) -> Sample | None:
    document = load(path, Diagnostics())
    tree = None if document is None else document.tree
    if not is_object(tree) or not str(tree.get("openapi")).startswith("3.") or _refers_elsewhere(tree):
        return None
    side = opened(tree)
    folder = corpus if corpus is not None and path.is_relative_to(corpus) else ROOT
    name = path.relative_to(folder).as_posix()
    return None if side is None else Sample(name, tree, (_DOCUMENT, *Reached(tree).places()), side)


def _refers_elsewhere(tree: Tree) -> bool:
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if is_object(value):
            reference = value.get("$ref")
            if isinstance(reference, str) and not reference.startswith("#"):
                return True
            waiting += value.values()
        elif is_list(value):
            waiting += value
    return False


def _drawn(seed: int, *words: str) -> bytes:
    """By what places are put in an order: another document in the sample leaves that of all others as it is."""
    return hashlib.sha256(" ".join((str(seed), *words)).encode()).digest()


def breaking_trials(
    operators: Iterable[Operator], drawn: list[Sample], known: list[Explained], seed: int, number: int
) -> Iterator[Verdict]:
    """Verdicts on that many changes, spread over the operators evenly."""
    tried = [_tried(one, drawn, known, seed) for one in operators]
    rounds = (one for turn in zip_longest(*tried) for one in turn if one is not None)
    yield from (verdict for _, verdict in zip(range(number), rounds, strict=False))


def _tried(operator: Operator, drawn: list[Sample], known: list[Explained], seed: int) -> Iterator[Verdict]:
    spots = [(one, place) for one in drawn for place in one.places if operator.fits(place)]
    spots.sort(key=lambda spot: _drawn(seed, operator.name, spot[0].name, *spot[1].pointer))
    for sample, place in spots:
        chance = random.Random(_drawn(seed, "choice", operator.name, sample.name, *place.pointer))
        edit = operator.change(value_at(sample.tree, place.pointer), Setting(sample.tree, place, chance))
        new = None if edit is None else opened(replaced(sample.tree, place.pointer, edit.value))
        if edit is not None and new is not None:
            yield _judged(operator, sample, place, (*place.pointer, *edit.below), new, known)


def _judged(
    operator: Operator,
    sample: Sample,
    place: Place,
    at: Pointer,
    new: ResolvedDocument,
    known: list[Explained],
) -> Verdict:
    changes = compare(sample.document, new)
    breaking = [one for one in changes if one.level is Level.BREAKING]
    pointer = render_pointer(at)
    reason = next((one.reason for one in known if one.covers(operator.name, sample.name, pointer)), "")
    is_right = any(_is_right(one, place.pointer, at, sample.document, new) for one in breaking)
    state = "found" if is_right else "equivalent" if reason else "elsewhere" if breaking else "missed"
    told = tuple(f"{one.level.word}: {one.text}" for one in changes)
    return Verdict(operator.name, sample.name, pointer, state, told, "" if is_right else reason)


def _is_right(
    change: Change, holder: Pointer, at: Pointer, old: ResolvedDocument, new: ResolvedDocument
) -> bool:
    """Whether a change is reported where it was made, in the object that was changed."""
    if change.new is not None:
        return _is_near(parse_pointer(change.new.pointer or ""), holder, at)
    survives = parse_pointer(surviving_place(change, old, new).pointer or "") or ()
    was = None if change.old is None else parse_pointer(change.old.pointer or "")
    return at[: len(survives)] == survives and _is_near(was, holder, at)


def _is_near(pointer: Pointer | None, holder: Pointer, at: Pointer) -> bool:
    if pointer is None or len(pointer) < len(holder):
        return False
    common = min(len(pointer), len(at))
    is_beside = pointer[:-1] == holder and len(at) == len(holder) + 1  # another keyword of the same object
    return pointer[:common] == at[:common] or is_beside


def rewrite_trials(
    rewrites: Mapping[str, Rewrite], drawn: list[Sample], seed: int, number: int
) -> Iterator[Verdict]:
    """Verdicts on that many rewritten descriptions, spread over the rewrites evenly."""
    tried = [_rewritten(name, one, drawn, seed) for name, one in rewrites.items()]
    tried += [_opened(name, one, drawn, seed) for name, one in OPENINGS.items()]
    rounds = (one for turn in zip_longest(*tried) for one in turn if one is not None)
    yield from (verdict for _, verdict in zip(range(number), rounds, strict=False))


def _rewritten(name: str, rewrite: Rewrite, drawn: list[Sample], seed: int) -> Iterator[Verdict]:
    for sample in sorted(drawn, key=lambda one: _drawn(seed, name, one.name)):
        made = rewritten(sample.tree, rewrite, random.Random(_drawn(seed, name, sample.name)))
        new = None if repr(made) == repr(sample.tree) else opened(made)
        if new is not None:
            yield _of_rewrite(name, sample, new)


def _opened(name: str, opening: Opening, drawn: list[Sample], seed: int) -> Iterator[Verdict]:
    for sample in sorted(drawn, key=lambda one: _drawn(seed, name, one.name)):
        new = opening(sample.tree)
        if new is not None:
            yield _of_rewrite(name, sample, new)


def _of_rewrite(name: str, sample: Sample, new: ResolvedDocument) -> Verdict:
    told = tuple(f"{one.level.word}: {one.text}" for one in compare(sample.document, new))
    return Verdict(name, sample.name, "", "found" if told else "equal", told)
