"""What the pages of clientsmith have in common: their style, how text gets onto them, and what they may load."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from clientsmith.characters import escape, escape_prose

BASE_STYLE = Path(__file__).with_name("base.css").read_text(encoding="utf-8")
"""The style that every page of clientsmith starts with."""


def page_environment() -> Environment:
    """Templates of pages: every value becomes one line of text in which characters that do not show are escapes.

    The filter `lines` keeps line ends, `prose` the joiners that some scripts are written with.
    """
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_shown
    )
    environment.filters |= {"lines": _lines, "prose": _prose}
    return environment


def page_policy(styles: Sequence[str], scripts: Sequence[str]) -> str:
    """A content security policy of a page that runs and loads nothing but these inline texts (CSP Level 3)."""
    allowed = {"style-src": styles, "script-src": scripts}
    sources = "".join(f"{name} {' '.join(map(_hash, texts))}; " for name, texts in allowed.items() if texts)
    return f"default-src 'none'; {sources}base-uri 'none'; form-action 'none'"


def _shown(value: object) -> object:
    return value if isinstance(value, Markup) else escape(str(value))


def _lines(text: str) -> Markup:
    return Markup("\n").join(map(escape, text.split("\n")))


def _prose(text: str) -> Markup:
    return Markup.escape(escape_prose(" ".join(text.split("\n"))))


def _hash(text: str) -> str:
    """The source expression that allows an inline element of this text (CSP Level 3, section 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
