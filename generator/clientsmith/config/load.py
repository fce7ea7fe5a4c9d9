"""`clientsmith.toml` read into a Config; every mistake in it is a diagnostic with its line and column."""

from __future__ import annotations

from pathlib import Path

from clientsmith.config.model import Config
from clientsmith.config.toml_spans import excess, locate_keys, split_error, unclosed_quote
from clientsmith.diagnostics.model import Diagnostics, Place, Span
from clientsmith.input_file import InputFileError, read_input

DEFAULT_NAME = "clientsmith.toml"
_MAX_BYTES = 1024 * 1024
"""The largest config that is read: room for 10,000 names."""


def load_config(path: str | None, diagnostics: Diagnostics) -> Config | None:
    """The config in `path`, else that of the working directory, else defaults; None where the file is at fault."""
    file = path or DEFAULT_NAME
    if path is None and not Path(file).exists():
        return Config()
    try:
        text = read_input(file, _MAX_BYTES).decode("utf-8-sig").replace("\r\n", "\n")
    except InputFileError as error:
        diagnostics.error("config-unreadable", f"the config file {file} {error}", hint=error.hint)
        return None
    except UnicodeDecodeError as error:
        diagnostics.error(
            "config-unreadable", f"the config file {file} is not UTF-8 text (byte {error.start})"
        )
        return None
    return parse_config(text, file, diagnostics)


def parse_config(text: str, file: str, diagnostics: Diagnostics) -> Config | None:
    """The config of a TOML text; `file` names it in diagnostics, and its folder is where paths in it start."""
    tree = parse_toml(text, file, diagnostics)
    if tree is None:
        return None
    from clientsmith.config.reader import read_config

    return read_config(tree, file, locate_keys(text), diagnostics)


def parse_toml(text: str, file: str, diagnostics: Diagnostics) -> dict[str, object] | None:
    """The tree of a TOML text; None after reporting why it is invalid or too large."""
    import tomllib

    surplus = excess(text)
    if surplus is not None:
        message, (line, column) = surplus
        diagnostics.error("config-too-much", message, Place(span=Span(file, line, column)))
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, position = split_error(str(error), text)
        quote = unclosed_quote(text)
        if quote is not None and quote <= position:
            message, position = "the quote that begins here is not closed", quote
        line, column = position
        diagnostics.error("config-syntax", f"not valid TOML: {message}", Place(span=Span(file, line, column)))
        return None
