"""The flags that several commands share, and the type of every flag: one meaning, one parser, one help text for each.

Little more than argparse is imported on top: every command reads these arguments, whichever is run.
"""

from __future__ import annotations

import argparse
import datetime
import re
from collections.abc import Callable, Collection

REMOTE_FLAG = "--allow-remote-refs"

_INTEGER = re.compile(r"-?[0-9]{1,19}")
_DURATION = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(s|m)?")
_LONGEST = 24 * 60 * 60

_SPEC = "the OpenAPI document, YAML or JSON; - is standard input (config: document.path)"
_CONFIG = "the config file (default: ./clientsmith.toml unless it is about another document)"
_INVALID = "go on with a document that breaks the OpenAPI specification (config: document.allow_invalid)"
_SKIP = """leave out operations that are not supported, such as those that need a $ref to nothing, with a warning for
each (config: package.unsupported = "skip")"""
_REMOTE = """fetch documents that a $ref names by URL: from public hosts, or with =HOST from that host, wherever it is;
repeatable (config: document.allow_remote_refs, true or a list of hosts)"""
_TAPE = "a HAR file, or a folder of them; repeatable (config: tapes.paths)"
_TODAY = "the day at which entries with a date are looked at, as 2030-12-31 (default: the day it runs)"
_HOST = "the address to listen on (default: 127.0.0.1, this machine only)"


def add_document(command: argparse.ArgumentParser) -> None:
    """The document, the config, and what is accepted of the document: the same for every command."""
    command.add_argument("spec", metavar="SPEC", nargs="?", type=path, help=_SPEC)
    add_accepting(command)


def add_accepting(command: argparse.ArgumentParser) -> None:
    """The config, and what is accepted of a document."""
    add_reading(command)
    command.add_argument("--skip-unsupported", action="store_true", help=_SKIP)


def add_reading(command: argparse.ArgumentParser) -> None:
    """The config, and how documents are read."""
    add = command.add_argument
    add("--config", metavar="FILE", type=path, help=_CONFIG)
    add("--allow-invalid", action="store_true", help=_INVALID)
    add(REMOTE_FLAG, action="append", default=[], type=host_or_all, metavar="[=HOST]", help=_REMOTE)


def add_package(command: argparse.ArgumentParser, flag: str) -> None:
    """The package folder, which is output for one command and input for another."""
    help = "the package folder, which holds __init__.py (config: package.out)"
    command.add_argument(flag, dest="out", metavar="DIR", type=path, help=help)


def add_generation(command: argparse.ArgumentParser) -> None:
    """What shapes a package besides the document."""
    add = command.add_argument
    add("--name", metavar="NAME", type=identifier, help="the package name (config: package.name)")
    add(
        "--templates",
        metavar="DIR",
        type=path,
        help="a folder whose files replace our templates of that name",
    )


def add_accepted(command: argparse.ArgumentParser, flag: str, help: str) -> None:
    """A file of findings that are accepted, and the day at which its dates are looked at."""
    command.add_argument(flag, dest="accepted", metavar="FILE", type=path, help=help)
    add_today(command)


def add_today(command: argparse.ArgumentParser) -> None:
    """The day at which dates of accepted findings are looked at."""
    command.add_argument("--today", metavar="DATE", type=date, help=_TODAY)


def add_tapes(command: argparse.ArgumentParser) -> None:
    """The tapes that are replayed."""
    tapes = command.add_mutually_exclusive_group()
    tapes.add_argument("--tape", metavar="DIR|FILE", action="append", default=[], type=path, help=_TAPE)
    tapes.add_argument("--no-tapes", action="store_true", help="replay none, whatever the config names")


def add_listener(command: argparse.ArgumentParser) -> None:
    """Where a server listens."""
    command.add_argument("--host", metavar="ADDRESS", default="127.0.0.1", help=_HOST)
    port_help = "the port (default: 0, any free one, which is printed)"
    command.add_argument("--port", metavar="N", type=integer(0, 65535), default=0, help=port_help)


def add_format(command: argparse.ArgumentParser, *formats: str, note: str = "") -> None:
    """Whom the output is for."""
    command.add_argument("--format", choices=("text", *formats), default="text", help=f"default: text{note}")


def rename(text: str) -> str:
    """An old and a new name."""
    old, _, new = text.partition("=")
    if not old or not new:
        raise argparse.ArgumentTypeError(f"{text!r:.80} is not OLD=NEW")
    return text


def path(text: str) -> str:
    """A path of a file or a folder, which need not exist."""
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError(f"{text!r:.80} is not a path")
    return text


def date(text: str) -> datetime.date:
    """A day, as ISO 8601 writes it."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r:.40} is not a date such as 2030-12-31") from None


def identifier(text: str) -> str:
    """A name that Python code can use."""
    from clientsmith.config.values import identifier_problem

    return _accepted(text, identifier_problem(text))


def host_or_all(text: str) -> str:
    """A host, or an empty text for all public ones."""
    from clientsmith.config.values import host_problem

    return _accepted(text, host_problem(text) if text else None)


def _accepted(text: str, problem: str | None) -> str:
    if problem is not None:
        raise argparse.ArgumentTypeError(f"{text!r:.80} {problem}")
    return text


def integer(lowest: int, highest: int) -> Callable[[str], int]:
    """The type of a whole number within bounds, both included."""

    def parse(text: str) -> int:
        if not _INTEGER.fullmatch(text) or not lowest <= int(text) <= highest:
            message = f"{text!r:.40} is not a number from {lowest} to {highest}"
            raise argparse.ArgumentTypeError(message)
        return int(text)

    return parse


def duration(text: str) -> float:
    """Seconds, written as `90`, `90s`, `1.5m`; at most a day."""
    found = _DURATION.fullmatch(text)
    seconds = float(found[1]) * (60 if found[2] == "m" else 1) if found is not None else _LONGEST + 1
    if seconds > _LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r:.40} is not a time such as 60s or 5m, of at most a day")
    return seconds


def positive_duration(text: str) -> float:
    """The same, and more than nothing."""
    seconds = duration(text)
    if seconds == 0:
        raise argparse.ArgumentTypeError("0 is not a duration: such as 60s or 5m")
    return seconds


def listed(known: Collection[str]) -> Callable[[str], tuple[str, ...]]:
    """The type of a list of names out of those known, separated by commas."""

    def parse(text: str) -> tuple[str, ...]:
        names = tuple(name.strip() for name in text.split(",") if name.strip())
        wrong = [name for name in names if name not in known]
        if wrong or not names:
            from clientsmith.config.values import closest

            meant = closest(wrong[0], known) if wrong else None
            hint = "" if meant is None else f"; did you mean {meant}?"
            message = f"{', '.join(wrong) or 'nothing':.80}: known are {', '.join(known)}{hint}"
            raise argparse.ArgumentTypeError(message)
        return names

    return parse
