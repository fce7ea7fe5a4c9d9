"""The commands by name: the parser over all of them, and which module runs what was parsed."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NoReturn, Protocol

from clientsmith import __version__
from clientsmith.characters import escape
from clientsmith.cli.arguments import REMOTE_FLAG
from clientsmith.cli.commands import (
    check,
    conform,
    diff,
    explain,
    generate,
    lint,
    record,
    runtime,
    serve,
    update,
    upstream,
)

if TYPE_CHECKING:
    from clientsmith.emit.models.worker import ModelsWorker

_TOP = """\
Turn an OpenAPI 3.0 or 3.1 document into a typed Python client package that you copy into your own code base.
"""

_TOP_EXAMPLES = """\
first steps:
  clientsmith lint openapi.yaml
  clientsmith generate openapi.yaml --out src/acme/petstore
  clientsmith check openapi.yaml --out src/acme/petstore

With a clientsmith.toml beside you, no command needs arguments (flags win over it):

  [document]
  path = "openapi.yaml"            # relative to this file, as every path in it
  [package]
  out = "src/acme/petstore"        # the package folder itself
  name = "petstore"
  client = "PetstoreClient"
  [tapes]
  paths = ["recordings"]           # what serve and conform replay
  [record]
  upstream = "https://staging.example.com"
  tape = "recordings/new.har"
  [names.methods]
  listAllThePets = "list"          # operationId = method; also names.resources, names.schemas, names.parameters
  [credentials.petKey]             # a security scheme of the document
  arguments = ["api_key"]
  environment = [["PETSTORE_API_KEY"]]

environment:
  CLIENTSMITH_DEBUG=1   show the traceback of an internal error

Each command has a help of its own: clientsmith generate --help
"""


class _Command(Protocol):
    """What a module of a command offers to the parser."""

    @property
    def PURPOSE(self) -> str: ...  # noqa: N802 - constants of a module

    @property
    def DESCRIPTION(self) -> str: ...  # noqa: N802 - constants of a module

    @property
    def EXAMPLES(self) -> str: ...  # noqa: N802 - constants of a module

    def add_arguments(self, command: argparse.ArgumentParser, /) -> None: ...

    def run(self, options: argparse.Namespace, worker: ModelsWorker | None, /) -> int: ...


_COMMANDS: Mapping[str, _Command] = {
    "generate": generate,
    "check": check,
    "lint": lint,
    "diff": diff,
    "upstream": upstream,
    "update": update,
    "serve": serve,
    "record": record,
    "conform": conform,
    "runtime": runtime,
    "explain": explain,
}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the whole usage before it, and what may have been meant."""

    commands: Mapping[str, _Parser] = MappingProxyType({})

    def refuse(self, unknown: Sequence[str]) -> NoReturn:
        """Exit because of words that are no arguments of it."""
        flags = self._option_string_actions
        meant = _meant(unknown[0], flags) if unknown[0].startswith("-") else ""
        self.error(f"unrecognized arguments: {' '.join(unknown)}{meant}")

    def _check_value(self, action: argparse.Action, value: object) -> None:
        """As it is, but with what was meant: a command, or one of the values of a flag."""
        choices = [] if action.choices is None else [str(choice) for choice in action.choices]
        if action.choices is not None and value not in action.choices:
            message = f"invalid choice: {str(value)!r:.80} (choose from {', '.join(map(repr, choices))})"
            raise argparse.ArgumentError(action, message + _meant(str(value), choices))

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {escape(message)} (see {self.prog} --help)\n")


def _meant(word: str, known: Iterable[str]) -> str:
    """What a word is close to, as the end of a message; nothing if it is close to nothing."""
    from clientsmith.config.values import closest

    meant = closest(word.partition("=")[0], known)
    return "" if meant is None else f"; did you mean {meant}?"


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of one run; exits with a message if the arguments are wrong.

    The flag that may do without a value is given an empty one, so that it never takes the word behind it for its value.
    """
    words = list(arguments)
    end = words.index("--") if "--" in words else len(words)
    words[:end] = [f"{word}=" if word == REMOTE_FLAG else word for word in words[:end]]
    top = parser()
    options, unknown = top.parse_known_args(words)
    if unknown:
        top.commands.get(options.command, top).refuse(unknown)
    explain.check_flag(options, top)
    return options


def parser() -> _Parser:
    """The parser of the whole command line."""
    top = _Parser(
        prog="clientsmith",
        description=_TOP,
        epilog=_TOP_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    version = f"clientsmith {__version__}"
    top.add_argument("--version", action="version", version=version, help="print the version and exit")
    explain.add_flag(top)
    commands = top.add_subparsers(title="commands", dest="command", metavar="COMMAND", parser_class=_Parser)
    top.commands = commands.choices
    for name, module in _COMMANDS.items():
        command = commands.add_parser(
            name,
            help=module.PURPOSE,
            description=module.DESCRIPTION,
            epilog=module.EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        module.add_arguments(command)
    return top


def run(options: argparse.Namespace, worker: ModelsWorker | None) -> int:
    """Run the command that was parsed and return its exit code; `worker` is there for whatever generates."""
    if options.explain is not None:
        return explain.run_flag(options)
    return _COMMANDS[options.command].run(options, worker)
