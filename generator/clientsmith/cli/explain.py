"""`clientsmith --explain [ID]`: what the catalogue says of a finding, whichever command reports it."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clientsmith.diagnostics.catalogue import Rule

_EVERY = ""
"""The ID of `--explain` without one."""


def add_arguments(top: argparse.ArgumentParser) -> None:
    """`--explain`, and its `--format`, which commands have of their own."""
    explain = "say what a finding means and what to do about it, and exit; without ID, list all"
    top.add_argument("--explain", nargs="?", const=_EVERY, metavar="ID", help=explain)
    formats = "of --explain (default: text)"
    top.add_argument("--format", dest="explain_format", choices=("text", "json"), help=formats)


def check(options: argparse.Namespace, top: argparse.ArgumentParser) -> None:
    """Exit with a message if there is nothing to explain: no such finding, or neither a finding nor a command."""
    if options.explain is None:
        if options.explain_format is not None:
            top.error("--format belongs after the command; before it, it is for --explain alone")
        if options.command is None:
            top.error("the following arguments are required: COMMAND")
        return
    from clientsmith.diagnostics.catalogue import rules

    if options.explain != _EVERY and options.explain not in rules():
        from clientsmith.config.values import did_you_mean

        hint = did_you_mean(options.explain, rules())
        top.error(f"--explain: there is no finding {options.explain!r:.80}; {hint}")


def run(options: argparse.Namespace) -> int:
    """Print one entry, or the whole list."""
    from clientsmith.diagnostics.catalogue import rules

    known = rules()
    if options.explain_format == "json":
        shown = (
            [*map(asdict, known.values())] if options.explain == _EVERY else asdict(known[options.explain])
        )
        sys.stdout.write(f"{json.dumps(shown, indent=2, ensure_ascii=False)}\n")
    elif options.explain == _EVERY:
        width = max(map(len, known))
        for id, rule in known.items():
            sys.stdout.write(f"{id:{width}}  {rule.levels[0]:7}  {rule.meaning}\n")
    else:
        sys.stdout.write(_entry(known[options.explain]))
    return 0


def _entry(rule: Rule) -> str:
    return (
        f"{' or '.join(rule.levels)}[{rule.id}]: {rule.meaning}\n"
        f"  example: {rule.example}\n  remedy:  {rule.remedy}\n"
    )
