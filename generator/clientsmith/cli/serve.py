"""`clientsmith serve`: its arguments, what it prints, and its exit codes; the server itself is in `server`.

Little more than argparse is imported on top: every other command reads these arguments too.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Generator
from typing import TYPE_CHECKING

from clientsmith.characters import escape

if TYPE_CHECKING:
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.serve.server import Server
    from clientsmith.serve.service import Service

OK, BAD_INPUT = 0, 2

PURPOSE = "answer an API's calls out of tapes and the document, with faults on demand"
DESCRIPTION = """\
Serve the API that a document describes on this machine: recorded responses (HAR 1.2) where a request matches one, the
document's examples otherwise, everything checked against the document. The address is the one line on stdout.
A page for people is at ADDRESS/__clientsmith; the same as JSON: /__clientsmith/state and /__clientsmith/log.
"""
EXAMPLES = """\
examples:
  clientsmith serve openapi.yaml                                 the document's own examples
  clientsmith serve openapi.yaml --tape recordings --port 4010   tapes first
  clientsmith serve openapi.yaml --scenario not-installed        one scenario from the start
  clientsmith serve openapi.yaml --fault too-many-requests:1#1-3 429 with Retry-After three times, then normal
  clientsmith serve openapi.yaml --fault reset-in-body@getPet    every answer of one operation breaks off
  clientsmith serve --list-faults                                every fault, one line each

Faults are written NAME[:NUMBERS][@OPERATION][#N[-[M]]], where #N-M counts the calls that the fault is about. A request
asks for a fault of its own with the header X-Clientsmith-Fault: NAME[:NUMBERS], or Prefer: fault=NAME[:NUMBERS].

exit codes: 0 stopped by SIGINT or SIGTERM, 2 the document, tapes, flags or address are at fault
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Everything after `clientsmith serve`."""
    add = command.add_argument
    add("spec", metavar="SPEC", nargs="?", help="the OpenAPI document, YAML or JSON")
    add(
        "--tape",
        metavar="DIR|FILE",
        action="append",
        default=[],
        help="a HAR file, or a folder of them; repeatable",
    )
    add("--host", default="127.0.0.1", help="where to listen (default: 127.0.0.1, this machine only)")
    add("--port", type=_port, default=0, help="0, the default, takes a free one")
    add("--scenario", metavar="NAME", help="answer by this scenario from the start")
    add(
        "--strict",
        action="store_true",
        help="501 with the nearest miss where no tape matches, not an example",
    )
    add("--ignore-foreign", action="store_true", help="leave out taped exchanges with other services")
    add(
        "--credentials-from",
        metavar="VARIABLE",
        action="append",
        default=[],
        help="accept only what an environment variable holds: a token, or user:password; repeatable",
    )
    add("--fault", metavar="FAULT", action="append", default=[], help="a fault to begin with; repeatable")
    add("--log", metavar="FILE.har", help="append every exchange to a HAR file, secrets left out")
    add("-v", "--verbose", action="store_true", help="a line on stderr for each request")
    add("--list-faults", action="store_true", help="print every fault and stop")
    add("--format", choices=("text", "json"), default="text", help="default: text")


def run(options: argparse.Namespace) -> int:
    """Serve until a signal stops it."""
    if options.list_faults:
        sys.stdout.write(_fault_list())
        return OK
    if options.spec is None:
        return _failed("which document? give its path: clientsmith serve openapi.yaml")
    missing = [name for name in options.credentials_from if not os.environ.get(name)]
    if missing:
        return _failed(f"the environment variable {missing[0]} is not set, or empty")
    import gc

    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.serve.service import Service

    # Commands that are over in a moment do without; this one may run for weeks.
    gc.enable()
    diagnostics = Diagnostics()
    service = Service.open(
        options.spec,
        options.tape,
        diagnostics,
        strict=options.strict,
        scenario=options.scenario,
        ignore_foreign=options.ignore_foreign,
        credentials=[os.environ[name] for name in options.credentials_from],
    )
    if service is None:
        return _refused(options, diagnostics)
    gc.collect()
    gc.freeze()
    return _serve(options, service)


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text}")
    return port


def _fault_list() -> str:
    from clientsmith.serve.faults.kinds import KINDS

    width = max(len(kind.form) for kind in KINDS.values())
    lines: list[str] = []
    phase = None
    for kind in KINDS.values():
        if kind.phase is not phase:
            phase = kind.phase
            lines.append(f"{phase.value}:")
        lines.append(f"  {kind.form:{width}}  {kind.summary}")
    return "\n".join(lines) + "\n"


def _refused(options: argparse.Namespace, diagnostics: Diagnostics) -> int:
    from clientsmith.diagnostics.render import read_sources, render_json, render_text

    if options.format == "json":
        sys.stdout.write(render_json(diagnostics))
        return BAD_INPUT
    sys.stderr.write(render_text(diagnostics, read_sources(diagnostics)))
    return _failed("nothing is served")


def _serve(options: argparse.Namespace, service: Service) -> int:
    import asyncio

    return asyncio.run(_until_stopped(options, service))


async def _until_stopped(options: argparse.Namespace, service: Service) -> int:
    from clientsmith.serve.faults.rules import FaultError
    from clientsmith.serve.server import Server
    from clientsmith.serve.signals import stopped_by_signal
    from clientsmith.traffic.tapes.har_tape import TapeError

    server = Server(service, host=options.host, port=options.port)
    stopped = stopped_by_signal()
    try:
        await server.start()
    except OSError as error:
        return _failed(f"cannot listen on {options.host} port {options.port}: {error.strerror or error}")
    try:
        for fault in options.fault:
            server.add_fault(fault)
        with _told(options, server):
            _announce(options, server)
            await stopped.wait()
            await server.close()
    except FaultError as error:
        await server.close(grace=0)
        return _failed(f"--fault: {error}")
    except TapeError as error:
        await server.close(grace=0)
        return _failed(f"--log {options.log}: {error}")
    total = service.log.total
    sys.stderr.write(f"clientsmith serve: stopped after {total} request{'' if total == 1 else 's'}\n")
    return OK


@contextlib.contextmanager
def _told(options: argparse.Namespace, server: Server) -> Generator[None, None, None]:
    """Tells of every exchange where the flags ask for it."""
    from clientsmith.serve.exchange_lines import ExchangeFile, ExchangeLines
    from clientsmith.traffic.tapes.har_tape import open_tape

    if options.verbose:
        server.on_exchange += (ExchangeLines(sys.stderr, server.service).on_exchange,)
    if options.log is None:
        yield
        return
    with contextlib.closing(open_tape(options.log, server.url, append=True)) as tape:
        file = ExchangeFile(tape, server.service, server.url, sys.stderr)
        server.on_exchange += (file.on_exchange,)
        yield


def _announce(options: argparse.Namespace, server: Server) -> None:
    """The address on stdout, for whoever started this; the rest is for people."""
    if options.format == "json":
        facts = {"url": server.url, "control": f"{server.url}/__clientsmith", "pid": os.getpid()}
        sys.stdout.write(json.dumps(facts) + "\n")
    else:
        sys.stdout.write(f"{server.url}\n")
    sys.stdout.flush()
    if not server.is_loopback:
        warning = (
            f"{options.host} can be reached from other machines, and anybody who can may control this server"
        )
        sys.stderr.write(f"clientsmith serve: warning: {escape(warning)}\n")
    count = len(server.service.operations)
    text = f"{count} operation{'' if count == 1 else 's'} of {options.spec}; page: {server.url}/__clientsmith"
    sys.stderr.write(f"clientsmith serve: {escape(text)}; Ctrl+C stops it\n")


def _failed(message: str) -> int:
    sys.stderr.write(f"clientsmith serve: {escape(message)}\n")
    return BAD_INPUT
