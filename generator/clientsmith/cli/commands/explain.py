"""`clientsmith explain [ID]`, and `--explain`: what the catalogue says of a finding, whichever command reports it."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from clientsmith.cli.output import OK, fail

if TYPE_CHECKING:
    from clientsmith.diagnostics.catalogue import Rule

PURPOSE = "what a finding means, and what to do about it"
DESCRIPTION = """\
Print what the id of a finding means: its levels, why it is reported, an example, and the remedy. Without an ID, list
all of them. `--format markdown` prints the page about all of them (docs/diagnostics.md).
"""
EXAMPLES = """\
examples:
  clientsmith explain dangling-reference
  clientsmith explain                          every id with its first level, one line each
  clientsmith explain --format json            the catalogue for machines

exit codes: 0 printed, 2 there is no such finding
"""
_EVERY = ""
"""The ID of `--explain` without one."""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Everything after `clientsmith explain`."""
    command.add_argument("id", metavar="ID", nargs="?", default=_EVERY, help="a finding (default: all)")
    formats = "default: text"
    command.add_argument("--format", choices=("text", "json", "markdown"), default="text", help=formats)


def run(options: argparse.Namespace, _worker: object = None) -> int:
    """Print one entry, or the whole list."""
    return _print(options.id, options.format)


def add_flag(top: argparse.ArgumentParser) -> None:
    """`--explain`, and its `--format`, which commands have of their own."""
    explain = "as the command explain, and exit; without ID, list all"
    top.add_argument("--explain", nargs="?", const=_EVERY, metavar="ID", help=explain)
    formats = "of --explain (default: text)"
    top.add_argument("--format", dest="explain_format", choices=("text", "json"), help=formats)


def check_flag(options: argparse.Namespace, top: argparse.ArgumentParser) -> None:
    """Exit with a message if there is nothing to do: neither a finding to explain nor a command."""
    if options.explain is not None:
        return
    if options.explain_format is not None:
        top.error("--format belongs after the command; before it, it is for --explain alone")
    if options.command is None:
        top.error("the following arguments are required: COMMAND")


def run_flag(options: argparse.Namespace) -> int:
    """The same for the flag."""
    return _print(options.explain, options.explain_format or "text")


def _print(id: str, shape: str) -> int:
    from clientsmith.diagnostics.catalogue import rules
    from clientsmith.diagnostics.page import catalogue_page

    known = rules()
    if id != _EVERY and id not in known:
        from clientsmith.config.values import did_you_mean

        return fail("explain", f"there is no finding {id!r:.80}; {did_you_mean(id, known)}")
    chosen = known.values() if id == _EVERY else (known[id],)
    if shape == "json":
        shown = [*map(asdict, chosen)] if id == _EVERY else asdict(known[id])
        sys.stdout.write(f"{json.dumps(shown, indent=2, ensure_ascii=False)}\n")
    elif shape == "markdown":
        sys.stdout.write(catalogue_page(chosen))
    elif id == _EVERY:
        width = max(map(len, known))
        for rule in chosen:
            sys.stdout.write(f"{rule.id:{width}}  {rule.levels[0]:7}  {rule.meaning}\n")
    else:
        sys.stdout.write(_entry(known[id]))
    return OK


def _entry(rule: Rule) -> str:
    return (
        f"{' or '.join(rule.levels)}[{rule.id}]: {rule.meaning}\n"
        f"  example: {rule.example}\n  remedy:  {rule.remedy}\n"
    )
