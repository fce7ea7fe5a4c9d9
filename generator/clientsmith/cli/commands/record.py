"""`clientsmith record`: what it opens and in which order, and how it ends; the proxy itself is in `record`."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from clientsmith.cli import arguments, output
from clientsmith.cli.output import FINDINGS, OK, fail, reason

if TYPE_CHECKING:
    import socket

    from clientsmith.config.model import Config
    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.document.resolved import ResolvedDocument
    from clientsmith.record.output import RecordLines
    from clientsmith.record.recorder import Recorder
    from clientsmith.record.upstream import Origin, Upstream
    from clientsmith.traffic.tapes.har_tape import HarTape

PURPOSE = "pass calls on to a service, record them, and check them against the document"
DESCRIPTION = """\
A reverse proxy in front of a service. What passes is checked against the document in both directions; what breaks it
is reported on stderr as it happens. The tape is HAR 1.2, for `clientsmith serve --tape`. Credentials and whatever is
named like a secret are replaced before anything is written. The address is the one line on stdout; Ctrl+C stops it.
"""
EXAMPLES = """\
examples:
  clientsmith record                                         document, upstream and tape of clientsmith.toml
  clientsmith record openapi.yaml --upstream https://staging.example.com --tape staging.har --port 8080
  clientsmith record openapi.yaml --upstream https://staging.example.com --validate-only --format json
  clientsmith record openapi.yaml --upstream ... --tape staging.har --append --redact email --keep page_token
  clientsmith record openapi.yaml --upstream ... --dry-run

exit codes: 0 nothing found and every call kept, 1 findings, or calls that were not passed on, answered or kept,
            2 bad input, the tape cannot be written, or more secrets than can be looked for
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Everything after `clientsmith record`."""
    arguments.add_document(command)
    _add_tape(command)
    _add_redaction(command)
    arguments.add_listener(command)
    _add_service(command)
    arguments.add_format(command, "json", note="; json: one event a line on stdout")


def _add_tape(command: argparse.ArgumentParser) -> None:
    tape = command.add_mutually_exclusive_group()
    tape.add_argument(
        "--tape",
        dest="tape_file",
        metavar="FILE",
        type=arguments.path,
        help="the HAR file to write, which must not exist (config: record.tape, which each run goes on with)",
    )
    tape.add_argument("--validate-only", action="store_true", help="write no tape")
    tape.add_argument(
        "--dry-run", action="store_true", help="write no tape, and show each exchange as it would be kept"
    )
    existing = command.add_mutually_exclusive_group()
    existing.add_argument("--append", action="store_true", help="go on with an existing tape")
    existing.add_argument("--force", action="store_true", help="replace an existing tape")
    command.add_argument(
        "--conforming-only", action="store_true", help="leave exchanges that have findings out of the tape"
    )


def _add_redaction(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add(
        "--redact", metavar="NAME", action="append", default=[], help="one more name that stands for a secret"
    )
    add(
        "--keep",
        metavar="NAME",
        action="append",
        default=[],
        help="a name that does not, whatever it looks like",
    )
    add(
        "--keep-opaque",
        action="store_true",
        help="keep bodies that cannot be searched for secrets: unknown codings and character sets",
    )


def _add_service(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add(
        "--upstream",
        metavar="URL",
        help="the service: scheme, host, and a path to put in front (config: record.upstream)",
    )
    add(
        "--ca",
        metavar="FILE",
        type=arguments.path,
        help="certificates (PEM) to trust for the service instead of the usual ones",
    )
    add(
        "--timeout",
        metavar="TIME",
        type=arguments.positive_duration,
        default=60.0,
        help="for each exchange, such as 90s or 5m (default: 60s)",
    )


def run(options: argparse.Namespace, _worker: object = None) -> int:
    """Record until a signal stops it and return the exit code."""
    import asyncio
    import contextlib
    import gc

    from clientsmith.diagnostics.model import Diagnostics

    gc.enable()  # Commands that are over in a moment do without; this one may run for weeks.
    if (options.append or options.force) and (options.dry_run or options.validate_only):
        option = "--dry-run" if options.dry_run else "--validate-only"
        return fail("record", f"--append and --force are about a tape, and {option} writes none")
    diagnostics = Diagnostics()
    config, resolved = _read(options, diagnostics)
    if config is None or resolved is None:
        return _refuse(options, diagnostics)
    tape_file = None if options.dry_run or options.validate_only else config.tape_file
    with contextlib.ExitStack() as opened:
        try:
            upstream = _upstream(options, config)
            listening = opened.enter_context(_listening(options))
            # Last: nothing may end the run between making a tape and using it.
            tape = _tape(options, tape_file, upstream)
        except _OptionError as error:
            if options.format == "text":
                return fail("record", str(error))
            diagnostics.error("usage", str(error))
            return _refuse(options, diagnostics)
        if tape is not None:
            opened.enter_context(contextlib.closing(tape))
        return asyncio.run(_record(options, resolved, upstream, listening, tape, tape_file))


def _read(
    options: argparse.Namespace, diagnostics: Diagnostics
) -> tuple[Config | None, ResolvedDocument | None]:
    from clientsmith.config.request import read_request
    from clientsmith.document.load import open_document
    from clientsmith.pipeline import policies_of

    request = read_request(options, diagnostics)
    if request is None:
        return None, None
    config = request.config
    if config.upstream is None:
        hint = "name it: --upstream URL, or record.upstream in the config"
        diagnostics.error("usage", "no service given to record", hint=hint)
    if config.tape_file is None and not (options.validate_only or options.dry_run):
        hint = "name it: --tape FILE, or record.tape in the config; --validate-only and --dry-run write none"
        diagnostics.error("usage", "no tape given to write", hint=hint)
    if diagnostics.has_errors:
        return None, None
    return config, open_document(request.document, diagnostics, policies_of(config))


def _refuse(options: argparse.Namespace, diagnostics: Diagnostics) -> int:
    """As every command does, but as one more event if it is events that are asked for."""
    if options.format == "text":
        return output.refuse(options, diagnostics)
    from clientsmith.diagnostics.render import as_json

    event = {"event": "refused", "diagnostics": [as_json(found) for found in diagnostics]}
    sys.stdout.write(json.dumps(event) + "\n")
    return output.BAD_INPUT


class _OptionError(Exception):
    """An option that cannot be satisfied; the message says which, and why."""


def _upstream(options: argparse.Namespace, config: Config) -> Upstream:
    from clientsmith.record.upstream import Upstream, parse_origin

    name = "--upstream" if options.upstream else f"{config.place('record', 'upstream').span}: record.upstream"
    try:
        origin = parse_origin(config.upstream or "")
    except ValueError as error:
        raise _OptionError(f"{name} {config.upstream!r:.200}: {error}") from None
    if options.ca is not None and not origin.is_tls:
        raise _OptionError("--ca is about TLS, and the upstream starts with http://")
    try:
        return Upstream(origin, ca_file=options.ca, timeout=options.timeout)
    except OSError as error:
        raise _OptionError(f"--ca {options.ca}: {reason(error)}") from None


def _listening(options: argparse.Namespace) -> socket.socket:
    from clientsmith.record.proxy_server import bind

    try:
        return bind(options.host, options.port)
    except OSError as error:
        raise _OptionError(f"cannot listen on {options.host}:{options.port}: {reason(error)}") from None


def _tape(options: argparse.Namespace, file: str | None, upstream: Upstream) -> HarTape | None:
    from clientsmith.traffic.tapes.har_tape import TapeError, open_tape

    if file is None:
        return None
    # A tape that the config names is there from the second run on.
    append = options.append or (options.tape_file is None and not options.force)
    try:
        return open_tape(file, upstream.origin.url, append=append, force=options.force)
    except TapeError as error:
        raise _OptionError(f"{file}: {error}") from None
    except OSError as error:
        raise _OptionError(f"{file}: {reason(error)}") from None


async def _record(
    options: argparse.Namespace,
    resolved: ResolvedDocument,
    upstream: Upstream,
    listening: socket.socket,
    tape: HarTape | None,
    tape_file: str | None,
) -> int:
    from clientsmith.record.dry_tape import DryTape
    from clientsmith.record.examiner import Examiner
    from clientsmith.record.output import RecordLines
    from clientsmith.record.proxy_server import ProxyServer
    from clientsmith.record.recorder import Recorder
    from clientsmith.serve.signals import stopped_by_signal
    from clientsmith.traffic.exchange_check import ExchangeChecker
    from clientsmith.traffic.redaction.exchanges import Redactor
    from clientsmith.traffic.redaction.secret_names import secret_names

    stop, origin = stopped_by_signal(), upstream.origin
    printer = RecordLines(sys.stdout if options.format == "json" else None, is_dry=options.dry_run)
    checker = ExchangeChecker(resolved)
    examiner = Examiner(
        checker,
        Redactor(resolved, secret_names(resolved, options.redact, options.keep)),
        DryTape(printer, origin.url) if options.dry_run else tape,
        conforming_only=options.conforming_only,
        keep_opaque=options.keep_opaque,
    )
    recorder = Recorder(examiner, upstream.send, printer.passed, stop.set)
    proxy = ProxyServer(recorder.respond, losses=recorder)
    _freeze()
    url = _client_url(await proxy.start(listening), origin, checker.base_path)
    printer.started(url, origin.url + origin.base_path, tape_file)
    await stop.wait()
    await proxy.close()
    await recorder.aclose()
    await upstream.aclose()
    return _ended(printer, recorder, tape_file)


def _freeze() -> None:
    """Leave what lasts as long as the command out of every later collection."""
    import gc

    gc.collect()
    gc.freeze()


def _client_url(address: str, origin: Origin, base_path: str) -> str:
    """The base URL for a client; the document's path is left out of it if the upstream already ends with that."""
    return address if origin.base_path.endswith(base_path) else address + base_path


def _ended(printer: RecordLines, recorder: Recorder, tape: str | None) -> int:
    totals = recorder.totals
    printer.stopped(totals)
    examiner = recorder.examiner
    wrong = None if examiner.tape_error is None else f"{tape}: {reason(examiner.tape_error)}"
    if wrong is None and examiner.redaction_error is not None:
        wrong = str(examiner.redaction_error)
    if wrong is not None:
        kept = f"the {totals.taped} exchanges before it are kept"
        return fail("record", f"{wrong}; recording stopped, {kept}")
    return FINDINGS if totals.findings or totals.failures else OK
