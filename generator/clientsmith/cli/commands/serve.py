"""`clientsmith serve`: the API of a document on this machine; the server itself is in `serve/server`."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Generator
from typing import TYPE_CHECKING

from clientsmith.cli import arguments, output
from clientsmith.cli.output import OK, fail

if TYPE_CHECKING:
    from clientsmith.config.request import Request
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.serve.server import Server
    from clientsmith.serve.service import Service

PURPOSE = "answer an API's calls out of tapes and the document, with faults on demand"
DESCRIPTION = """\
Serve the API that a document describes on this machine: recorded responses (HAR 1.2) where a request matches one, the
document's examples otherwise, everything checked against the document. The one line on stdout is the base URL that a
client takes. A page for people is at /__clientsmith of that host; as JSON: /__clientsmith/state and /__clientsmith/log.
"""
EXAMPLES = """\
examples:
  clientsmith serve                                              document and tapes of clientsmith.toml
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
    arguments.add_document(command)
    arguments.add_tapes(command)
    arguments.add_listener(command)
    add = command.add_argument
    add("--scenario", metavar="NAME", help="answer by this scenario from the start")
    add(
        "--strict",
        action="store_true",
        help="501 with the nearest miss if no tape matches, not an example",
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
    add(
        "--log",
        metavar="FILE.har",
        type=arguments.path,
        help="append every exchange to a HAR file, secrets left out",
    )
    add("-v", "--verbose", action="store_true", help="a line on stderr for each request")
    add("--list-faults", action="store_true", help="print every fault and stop")
    arguments.add_format(command, "json", note="; json: the address as an object")


def run(options: argparse.Namespace, _worker: object = None) -> int:
    """Serve until a signal stops it."""
    if options.list_faults:
        sys.stdout.write(_fault_list())
        return OK
    missing = [name for name in options.credentials_from if not os.environ.get(name)]
    if missing:
        return fail("serve", f"the environment variable {missing[0]} is not set, or empty")
    import gc

    from clientsmith.config.request import read_request
    from clientsmith.diagnostics.model import Diagnostics

    # Commands that are over in a moment do without; this one may run for weeks.
    gc.enable()
    diagnostics = Diagnostics()
    request = read_request(options, diagnostics)
    service = None if request is None else _service(options, request, diagnostics)
    if request is None or service is None:
        return output.refuse(options, diagnostics)
    output.print_warnings(options, output.warnings_of(diagnostics))
    gc.collect()
    gc.freeze()
    return _serve(options, request, service)


def _service(options: argparse.Namespace, request: Request, diagnostics: Diagnostics) -> Service | None:
    from clientsmith.pipeline import policies_of
    from clientsmith.serve.service import Service

    return Service.open(
        request.document,
        request.config.tapes,
        diagnostics,
        strict=options.strict,
        scenario=options.scenario,
        ignore_foreign=options.ignore_foreign,
        credentials=[os.environ[name] for name in options.credentials_from],
        policies=policies_of(request.config),
    )


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


def _serve(options: argparse.Namespace, request: Request, service: Service) -> int:
    import asyncio

    return asyncio.run(_until_stopped(options, request, service))


async def _until_stopped(options: argparse.Namespace, request: Request, service: Service) -> int:
    from clientsmith.serve.faults.rules import FaultError
    from clientsmith.serve.server import Server
    from clientsmith.serve.signals import stopped_by_signal
    from clientsmith.traffic.tapes.har_tape import TapeError

    server = Server(service, host=options.host, port=options.port)
    stopped = stopped_by_signal()
    try:
        await server.start()
    except OSError as error:
        return fail("serve", f"cannot listen on {options.host} port {options.port}: {output.reason(error)}")
    try:
        for fault in options.fault:
            server.add_fault(fault)
        with _reported(options, server):
            _announce(options, request, server)
            await stopped.wait()
            await server.close()
    except FaultError as error:
        await server.close(grace=0)
        return fail("serve", f"--fault: {error}")
    except TapeError as error:
        await server.close(grace=0)
        return fail("serve", f"--log {options.log}: {error}")
    total = service.log.total
    output.say("serve", f"stopped after {total} request{'' if total == 1 else 's'}")
    return OK


@contextlib.contextmanager
def _reported(options: argparse.Namespace, server: Server) -> Generator[None, None, None]:
    """Reports every exchange as the flags ask for it."""
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


def _announce(options: argparse.Namespace, request: Request, server: Server) -> None:
    """The address on stdout, for whoever started this; the rest is for people."""
    if options.format == "json":
        facts = {"url": server.base_url, "control": f"{server.url}/__clientsmith", "pid": os.getpid()}
        sys.stdout.write(json.dumps(facts) + "\n")
    else:
        sys.stdout.write(f"{server.base_url}\n")
    sys.stdout.flush()
    if not server.is_loopback:
        warning = (
            f"{options.host} can be reached from other machines, and anybody who can may control this server"
        )
        output.say("serve", f"warning: {warning}")
    count = len(server.service.operations)
    text = f"{count} operation{'' if count == 1 else 's'} of {request.document}; page: {server.url}/__clientsmith"
    output.say("serve", f"{text}; Ctrl+C stops it")
