"""The command line as argparse sees it, with the help that a person learns the tool from; nothing runs here."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

from clientsmith import __version__
from clientsmith.characters import escape
from clientsmith.cli import conform as cli_conform
from clientsmith.cli import record as cli_record
from clientsmith.cli import runtime as cli_runtime
from clientsmith.cli import serve as cli_serve

_TOP = """\
Turn an OpenAPI 3.0 or 3.1 document into a typed Python client package that you copy into your own code base.
"""

_TOP_EXAMPLES = """\
first steps:
  clientsmith lint openapi.yaml
  clientsmith generate openapi.yaml --out src/acme/petstore
  clientsmith check openapi.yaml --out src/acme/petstore

With a clientsmith.toml beside you, `clientsmith generate` and `clientsmith check` need no arguments:

  [document]
  path = "openapi.yaml"            # relative to this file, as every path in it
  [package]
  out = "src/acme/petstore"        # the package folder itself
  name = "petstore"
  client = "PetstoreClient"
  [names.methods]
  listAllThePets = "list"          # operationId = method; also names.resources, names.schemas, names.parameters
  [credentials.petKey]             # a security scheme of the document
  arguments = ["api_key"]
  environment = [["PETSTORE_API_KEY"]]

environment:
  CLIENTSMITH_DEBUG=1   show the traceback of an internal error

Each command has a help of its own: clientsmith generate --help
"""

_GENERATE = """\
Write the client package for a document. The folder is replaced as a whole or not at all: nothing is half-written.
Files that clientsmith did not write, or that were edited since, are never lost: it refuses and names them.
What it did is told on stderr; with --format json it goes to stdout instead.
"""

_GENERATE_EXAMPLES = """\
examples:
  clientsmith generate                                    everything from clientsmith.toml
  clientsmith generate openapi.yaml --out acme/petstore   no config needed
  clientsmith generate --skip-unsupported                 leave out what is not supported, and say what and where
  clientsmith generate --templates my_templates           a file there replaces our template of the same name
  clientsmith generate --force                            give up edits made to generated files

exit codes: 0 written (or already up to date), 2 the document, config, flags or output folder are at fault
"""

_CHECK = """\
Is the package on disk exactly what the document, config, templates, runtime and tool versions give? Every missing,
changed and orphaned file and every changed input is named, and the number of files and bytes compared is told. Nothing
is written. Give it the same arguments as `generate`.
"""

_CHECK_EXAMPLES = """\
examples:
  clientsmith check                        compare digests with the manifest of the package (fast)
  clientsmith check --regenerate           generate anew in memory and compare every byte (the full proof)
  clientsmith check --format github        annotations for a GitHub workflow

exit codes: 0 the same, 1 drift, 2 the document, config or flags are at fault
"""

_LINT = """\
Find what is wrong, ambiguous or not portable in an OpenAPI document, with file:line:column and what to do about it,
and what generating a client from it would find. Notes are for the reader and never change the exit code.
A ./clientsmith.toml counts unless it is about another document.
"""

_LINT_EXAMPLES = """\
examples:
  clientsmith lint openapi.yaml
  clientsmith lint openapi.yaml --format json | jq '.diagnostics[].id'
  clientsmith lint openapi.yaml --format github

exit codes: 0 nothing found, 1 findings, 2 the file cannot be read or is neither YAML nor JSON
"""


_SKIP = """leave out operations that are not supported, with a warning for each
(config: package.unsupported = "skip")"""
_INVALID = "go on with a document that breaks the OpenAPI specification (config: document.allow_invalid)"
_REMOTE = """fetch documents that a $ref names by URL: from public hosts, or with =HOST from that host, wherever it is;
repeatable (config: document.allow_remote_refs, true or a list of hosts)"""
_REMOTE_FLAG = "--allow-remote-refs"
_FORCE = """give up edits made to generated files, and write beside files that clientsmith did not write;
those are never changed or removed"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the whole usage before it."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: error: {escape(message)} (see {self.prog} --help)\n")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of one run; exits with a message where the arguments are wrong.

    The flag that may do without a value is given an empty one, so that it never takes the word behind it for its value.
    """
    words = list(arguments)
    end = words.index("--") if "--" in words else len(words)
    words[:end] = [f"{word}=" if word == _REMOTE_FLAG else word for word in words[:end]]
    return parser().parse_args(words)


def parser() -> argparse.ArgumentParser:
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
    commands = top.add_subparsers(
        title="commands", dest="command", metavar="COMMAND", required=True, parser_class=_Parser
    )
    generate = _command(commands, "generate", "write the package", _GENERATE, _GENERATE_EXAMPLES)
    _add_inputs(generate)
    generate.add_argument("--force", action="store_true", help=_FORCE)
    volume = generate.add_mutually_exclusive_group()
    volume.add_argument("-q", "--quiet", action="store_true", help="print errors only")
    volume.add_argument("-v", "--verbose", action="store_true", help="print every warning, not a summary")
    _add_format(generate, "text", "json")
    check = _command(
        commands, "check", "is the package on disk what its inputs give?", _CHECK, _CHECK_EXAMPLES
    )
    _add_inputs(check)
    check.add_argument(
        "--regenerate", action="store_true", help="generate anew in memory and compare every byte"
    )
    _add_format(check, "text", "json", "github")
    lint = _command(commands, "lint", "findings in a document, with file:line:column", _LINT, _LINT_EXAMPLES)
    lint.add_argument("spec", metavar="SPEC", help="the OpenAPI document, YAML or JSON")
    lint.add_argument("--config", metavar="FILE", help="the config file, for the names that it chooses")
    _add_remote(lint)
    _add_format(lint, "text", "json", "github")
    serve = _command(commands, "serve", cli_serve.PURPOSE, cli_serve.DESCRIPTION, cli_serve.EXAMPLES)
    cli_serve.add_arguments(serve)
    record = _command(commands, "record", cli_record.PURPOSE, cli_record.DESCRIPTION, cli_record.EXAMPLES)
    cli_record.add_arguments(record)
    conform = _command(
        commands, "conform", cli_conform.PURPOSE, cli_conform.DESCRIPTION, cli_conform.EXAMPLES
    )
    cli_conform.add_arguments(conform)
    runtime = _command(
        commands, "runtime", cli_runtime.PURPOSE, cli_runtime.DESCRIPTION, cli_runtime.EXAMPLES
    )
    cli_runtime.add_arguments(runtime)
    return top


def _command(
    commands: argparse._SubParsersAction[_Parser],  # pyright: ignore[reportPrivateUsage]  # it has no public name
    name: str,
    purpose: str,
    description: str,
    epilog: str,
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=purpose,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _add_inputs(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("spec", metavar="SPEC", nargs="?", help="the OpenAPI document, YAML or JSON (config: document.path)")
    add("--out", metavar="DIR", help="the package folder, which holds __init__.py (config: package.out)")
    add(
        "--config",
        metavar="FILE",
        help="the config file (default: ./clientsmith.toml unless it is about another)",
    )
    add("--templates", metavar="DIR", help="a folder whose files replace our templates of the same name")
    add("--package", metavar="NAME", help="the package name (config: package.name)")
    add("--skip-unsupported", action="store_true", help=_SKIP)
    add("--allow-invalid", action="store_true", help=_INVALID)
    _add_remote(command)


def _add_remote(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        _REMOTE_FLAG, action="append", default=[], type=_host, metavar="[=HOST]", help=_REMOTE
    )


def _host(text: str) -> str:
    """A host, or an empty text for all public ones."""
    from clientsmith.config.values import host_problem

    problem = host_problem(text) if text else None
    if problem is not None:
        raise argparse.ArgumentTypeError(f"{text!r:.80} {problem}")
    return text


def _add_format(command: argparse.ArgumentParser, *formats: str) -> None:
    command.add_argument("--format", choices=formats, default="text", help="default: text")
