"""`clientsmith --explain [ID]`: what the catalogue says of a finding, whichever command reports it."""

from __future__ import annotations

import argparse
import sys
from typing import Any


class Explain(argparse.Action):
    """Prints and exits, as --help does."""

    def __init__(self, **options: Any) -> None:
        super().__init__(nargs="?", **options)

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: Any = None
    ) -> None:
        """Print one entry, or the whole list; an id that does not exist is an error."""
        from clientsmith.diagnostics.catalogue import rules

        known = rules()
        if values is None:
            width = max(map(len, known))
            for id, rule in known.items():
                sys.stdout.write(f"{id:{width}}  {rule.levels[0]:7}  {rule.meaning}\n")
            parser.exit()
        if values not in known:
            from clientsmith.config.values import did_you_mean

            parser.error(f"--explain: there is no finding {values!r:.80}; {did_you_mean(values, known)}")
        rule = known[values]
        sys.stdout.write(
            f"{' or '.join(rule.levels)}[{rule.id}]: {rule.meaning}\n"
            f"  example: {rule.example}\n  remedy:  {rule.remedy}\n"
        )
        parser.exit()
