"""The file of the state, beside the config: where it is, reading it, and what it is to hold."""

from __future__ import annotations

import re
from pathlib import Path

from clientsmith.config.model import Config
from clientsmith.diagnostics.model import NOWHERE, Diagnostics, Place, Span
from clientsmith.document.model import Pointer
from clientsmith.document.text.parse import parse
from clientsmith.input_file import MAX_BYTES, InputFileError, read_file, stream_number, too_large
from clientsmith.state.model import State
from clientsmith.state.reader import DamagedError, NewerError, state_of

RESTORE = "restore it from version control: it cannot be made anew"
UPGRADE = "upgrade clientsmith"
_CHOOSE = (
    "keep the file of the later version as a whole (`git checkout --ours` or `--theirs`), and release again"
)
_CONFLICT = re.compile(rb"^(?:<{7}|>{7})(?: .*)?$", re.MULTILINE)
"""A line that git writes around what two branches have differently."""


def state_path(config: Config) -> Path | None:
    """Where the state of a config is: `NAME.state.json` for `NAME.toml`. None without a config that is a file."""
    if config.file is None or stream_number(config.file) is not None:
        return None
    path = Path(config.file)
    return path.with_name(f"{path.name.removesuffix('.toml')}.state.json")


def read_state(config: Config, diagnostics: Diagnostics) -> State | None:
    """The state of a config, an empty one if there is none; None after reporting why it cannot be read."""
    path = state_path(config)
    if path is None:
        return State()
    file = path.as_posix()
    try:
        data = read_file(path)
    except InputFileError as error:
        if error.is_missing:
            return State()
        message = f"the state file {file:.200} {error}"
        hint = f"it must be a file that can be read; {RESTORE}"
        diagnostics.error("state-unreadable", message, Place(span=Span(file, 1, 1)), hint=hint)
        return None
    return parse_state(data, file, diagnostics)


def parse_state(data: bytes, file: str, diagnostics: Diagnostics) -> State | None:
    """The state in those bytes; None after reporting what is wrong with them. `file` names them."""
    found = Diagnostics()
    document = parse(data, found, uri=Path(file).name, file=file)
    conflict = None if document is not None else _CONFLICT.search(data)
    if conflict is not None:
        place = Place(span=Span(file, data.count(b"\n", 0, conflict.start()) + 1, 1))
        message = "this is not a state: a merge has left the lines of both sides in it"
        diagnostics.error("state-damaged", message, place, hint=_CHOOSE)
        return None
    if document is None:
        first = next(iter(found))
        diagnostics.error("state-damaged", f"this is not a state: {first.message}", first.place, hint=RESTORE)
        return None
    try:
        return state_of(document.tree)
    except NewerError as error:
        diagnostics.error("state-newer", str(error), document.place(error.pointer), hint=UPGRADE)
    except DamagedError as error:
        message = f"this is not a state that clientsmith wrote: {error}"
        diagnostics.error("state-damaged", message, document.place(error.pointer), hint=RESTORE)
    return None


def place_in_state(config: Config, pointer: Pointer) -> Place:
    """Where a value is in the file of a state that has been read."""
    path = state_path(config)
    document = (
        None if path is None else parse(read_file(path), Diagnostics(), uri=path.name, file=path.as_posix())
    )
    return NOWHERE if document is None else document.place(pointer)


def state_bytes(state: State, path: Path) -> bytes:
    """What the file at that path is to hold; raises InputFileError for more than would be read."""
    data = state.to_bytes()
    if len(data) > MAX_BYTES:
        error = too_large(MAX_BYTES)
        error.filename = path
        raise error
    return data
