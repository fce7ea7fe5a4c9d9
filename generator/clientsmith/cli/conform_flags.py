"""The flags of `clientsmith conform`, and the checks of them that argparse cannot make."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from clientsmith.cli import arguments

if TYPE_CHECKING:
    from clientsmith.diagnostics.model import Diagnostics

FILES = {
    "html": "report.html", "json": "report.json", "junit": "junit.xml", "har": "traffic.har", "markdown": "summary.md",
}  # fmt: skip
"""The file name of each kind of report."""
_MOST_SHARDS = 1_000


def add_run(command: argparse.ArgumentParser) -> None:
    """What is run, and how."""
    add = command.add_argument
    add("--server", metavar="URL", help="use this server for the part from both ends, not one of our own")
    add(
        "--allow-remote-server",
        action="store_true",
        help="let --server be on another machine; billing calls are made",
    )
    add(
        "--examples",
        type=arguments.integer(1, 100_000),
        metavar="N",
        help="draws for each schema and kind (default: 30)",
    )
    add(
        "--seed",
        type=arguments.integer(-(2**63), 2**63 - 1),
        metavar="N",
        help="draw other inputs (default: the same in every run)",
    )
    add(
        "--budget",
        type=arguments.duration,
        metavar="TIME",
        help="go on with other draws for that long, such as 60s or 5m",
    )
    add(
        "--part",
        action="append",
        metavar="PART",
        help="run only this part; repeatable (all: every part, proven or not)",
    )
    _add_shares(command)


def _add_shares(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add(
        "--jobs",
        type=arguments.integer(1, 256),
        metavar="N",
        help="processes at a time; results are the same (default: the cores, fewer if memory is short)",
    )
    add(
        "--shard",
        type=_shard,
        metavar="I/N",
        help="run share I of N and write it to shard.json in --report-dir, for --merge",
    )
    add(
        "--merge",
        nargs="+",
        type=arguments.path,
        metavar="DIR",
        help="run nothing: make one report of the shares in these folders",
    )


def add_reports(command: argparse.ArgumentParser) -> None:
    """What is written, and where."""
    add = command.add_argument
    add(
        "--report",
        type=arguments.listed(FILES),
        default=(),
        metavar="KINDS",
        help=f"files to write: {','.join(FILES)}",
    )
    add(
        "--report-dir",
        default="conformance",
        type=arguments.path,
        metavar="DIR",
        help="where to write them (default: conformance)",
    )


def _shard(text: str) -> tuple[int, int]:
    """Which of how many shares; both count from 1."""
    number, _, of = text.partition("/")
    is_short = len(text) <= len(f"{_MOST_SHARDS}/{_MOST_SHARDS}")
    if is_short and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of) <= _MOST_SHARDS:
        return int(number), int(of)
    raise argparse.ArgumentTypeError(f"{text!r:.40} is not I/N such as 2/3, with N up to {_MOST_SHARDS}")


def check_flags(options: argparse.Namespace, diagnostics: Diagnostics) -> None:
    """Report flags that name something unknown, or that do not go together."""
    from clientsmith.conform.model import PARTS

    for part in options.part or ():
        if part not in (*PARTS, "all"):
            diagnostics.error(
                "usage",
                f"--part: there is no part {part!r:.40}",
                hint=f"the parts are {', '.join(PARTS)}, or all",
            )
    if options.shard and options.budget is not None:
        diagnostics.error(
            "usage", "--shard and --budget do not go together: time decides how much a run with a budget looks at",
            hint="run without --shard, with another --seed on each machine",
        )  # fmt: skip
    _check_report_dir(options, diagnostics)
    if options.server is None:
        return
    server: str = options.server
    try:
        host, scheme, user = urlsplit(server).hostname, urlsplit(server).scheme, urlsplit(server).username
    except ValueError:
        host, scheme, user = None, "", None
    if host is None or scheme not in ("http", "https"):
        diagnostics.error(
            "usage", "--server: this is not the URL of a server", hint="such as http://127.0.0.1:4010"
        )
    elif user is not None:
        diagnostics.error("usage", "--server: a URL with a user or password would be shown in every report")
    elif host not in ("127.0.0.1", "localhost", "::1") and not options.allow_remote_server:
        diagnostics.error(
            "usage", "--server is on another machine, and every call of the document would be made there for real",
            hint="if that is what you want: --allow-remote-server",
        )  # fmt: skip


def check_merge_flags(options: argparse.Namespace, diagnostics: Diagnostics) -> None:
    """Report flags that shape a run, since --merge makes none."""
    given = {
        "SPEC": options.spec, "--package": options.out, "--tape": options.tape, "--server": options.server,
        "--seed": options.seed, "--budget": options.budget, "--part": options.part, "--jobs": options.jobs,
        "--shard": options.shard, "--examples": options.examples,
        "--config": options.config, "--allow-remote-refs": options.allow_remote_refs,
    }  # fmt: skip
    switches = {
        "--allow-invalid": options.allow_invalid,
        "--skip-unsupported": options.skip_unsupported,
        "--allow-remote-server": options.allow_remote_server,
        "--no-tapes": options.no_tapes,
    }
    named = ", ".join(
        [name for name, value in given.items() if value not in (None, [])]
        + [name for name, is_on in switches.items() if is_on]
    )
    if named:
        diagnostics.error(
            "usage",
            f"--merge runs nothing, so it does not go with {named}",
            hint="leave that out: the shards were made with it or without it",
        )
    _check_report_dir(options, diagnostics)


def _check_report_dir(options: argparse.Namespace, diagnostics: Diagnostics) -> None:
    if (options.report or options.shard) and Path(options.report_dir).is_symlink():
        message = f"--report-dir: {options.report_dir} is a symbolic link"
        diagnostics.error("usage", message, hint="name the folder that it leads to")
