"""Recognizes files whose line ends git or an editor has converted to those of Windows (CRLF), and says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from clientsmith.diagnostics.model import Place, Span
from clientsmith.tool_marks import LINE_ENDS

_SHOWN = 3
_HINT = f"commit a .gitattributes with the line `{LINE_ENDS}` in this folder: `clientsmith generate` writes both anew"


def with_lf(data: bytes) -> bytes:
    """The same text with the line ends that generated files have."""
    return data.replace(b"\r\n", b"\n")


def report_converted(folder: Path, paths: Sequence[str], report: Callable[..., None]) -> None:
    """Say that these files of a package differ from generated ones in nothing but their line ends."""
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    files = "1 file has" if len(paths) == 1 else f"{len(paths)} files have"
    message = (
        f"{files} the line ends of Windows (CRLF), as a checkout with core.autocrlf=true gives them, and no other "
        f"difference: {', '.join(paths[:_SHOWN])}{more}"
    )
    report("crlf-line-ends", message, Place(span=Span(str(folder / paths[0]), 1, 1)), hint=_HINT)
