"""Findings about files in the scratch folder, told in the names that a reader knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from clientsmith.diagnostics.model import Diagnostic, Diagnostics, Place


def renamed(found: Iterable[Diagnostic], names: Mapping[str, str], diagnostics: Diagnostics) -> None:
    """Add the findings with the names of their files exchanged."""
    for one in found:
        related = tuple(replace(other, place=_place(other.place, names)) for other in one.related)
        message = one.message
        for laid, name in names.items():
            message = message.replace(laid, name)
        diagnostics.add(replace(one, message=message, place=_place(one.place, names), related=related))


def _place(place: Place, names: Mapping[str, str]) -> Place:
    span = place.span
    if span is None or span.file not in names:
        return place
    return replace(place, span=replace(span, file=names[span.file]))
