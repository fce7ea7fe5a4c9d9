"""`clientsmith record`: its arguments, what it opens and in which order, and its exit codes; the work is in `record`.

Little more than argparse is imported on top: every other command reads these arguments too.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from clientsmith.characters import escape

if TYPE_CHECKING:
    import socket

    from clientsmith.diagnostics.model import Diagnostics
    from clientsmith.document.resolved import ResolvedDocument
    from clientsmith.record.output import RecordLines
    from clientsmith.record.recorder import Recorder
    from clientsmith.record.upstream import Upstream
    from clientsmith.traffic.tapes.har_tape import HarTape

OK, FINDINGS, BAD_INPUT = 0, 1, 2

PURPOSE = "pass calls on to a service, record them, and hold them against the document"
DESCRIPTION = """\
A reverse proxy in front of a service. What passes is held against the document in both directions; what breaks it is
told on stderr as it happens. The tape is HAR 1.2, for `clientsmith serve --tape`. Credentials and whatever is named
like a secret are replaced before anything is written. The address is the one line on stdout; Ctrl+C stops it.
"""
EXAMPLES = """\
examples:
  clientsmith record openapi.yaml --upstream https://staging.example.com --tape staging.har --port 8080
  clientsmith record openapi.yaml --upstream https://staging.example.com --validate-only --format json
  clientsmith record openapi.yaml --upstream ... --tape staging.har --append --redact email --keep page_token
  clientsmith record openapi.yaml --upstream ... --dry-run

exit codes: 0 nothing found and every call kept, 1 findings, or calls that were not passed on, answered or kept,
            2 bad input, the tape cannot be written, or more secrets than can be looked for
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Everything after `clientsmith record`."""
    add = command.add_argument
    add("spec", metavar="SPEC", help="the OpenAPI document, YAML or JSON")
    add(
        "--upstream",
        metavar="URL",
        required=True,
        help="the service: scheme, host, and a path to put in front",
    )
    tape = command.add_mutually_exclusive_group(required=True)
    tape.add_argument("--tape", metavar="FILE", help="the HAR file to write; it must not exist")
    tape.add_argument("--validate-only", action="store_true", help="write no tape")
    tape.add_argument(
        "--dry-run", action="store_true", help="write no tape, and show each exchange as it would be kept"
    )
    existing = command.add_mutually_exclusive_group()
    existing.add_argument("--append", action="store_true", help="go on with an existing tape")
    existing.add_argument("--force", action="store_true", help="replace an existing tape")
    add("--conforming-only", action="store_true", help="leave exchanges that have findings out of the tape")
    add(
        "--keep-opaque",
        action="store_true",
        help="keep bodies that cannot be searched for secrets: unknown codings and character sets",
    )
    add(
        "--host", metavar="ADDRESS", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)"
    )
    add(
        "--port",
        metavar="N",
        type=_port,
        default=0,
        help="the port (default: any free one, which is printed)",
    )
    add("--ca", metavar="FILE", help="certificates (PEM) to trust for the service instead of the usual ones")
    add("--timeout", metavar="SECONDS", type=_seconds, default=60.0, help="for each exchange (default: 60)")
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
    add("--format", choices=("text", "json"), default="text", help="json: one event a line on stdout")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds < 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return seconds


def run(options: argparse.Namespace) -> int:
    """Record until told to stop and return the exit code."""
    import asyncio
    import contextlib
    import gc

    from clientsmith.diagnostics.model import Diagnostics

    gc.enable()  # Commands that are over in a moment do without; this one may run for weeks.
    if (options.append or options.force) and options.tape is None:
        option = "--dry-run" if options.dry_run else "--validate-only"
        return _refused(f"--append and --force are about a tape, and {option} writes none")
    diagnostics = Diagnostics()
    resolved = _read(options.spec, diagnostics)
    if resolved is None:
        _print_errors(diagnostics)
        return BAD_INPUT
    with contextlib.ExitStack() as opened:
        try:
            upstream = _upstream(options)
            listening = opened.enter_context(_listening(options))
            tape = _tape(
                options, upstream
            )  # Last: nothing may end the run between making a tape and using it.
        except _OptionError as error:
            return _refused(str(error))
        if tape is not None:
            opened.enter_context(contextlib.closing(tape))
        return asyncio.run(_record(options, resolved, upstream, listening, tape))


class _OptionError(Exception):
    """An option that cannot be satisfied; the message says which, and why."""


def _upstream(options: argparse.Namespace) -> Upstream:
    from clientsmith.record.upstream import Upstream, parse_origin

    try:
        origin = parse_origin(options.upstream)
    except ValueError as error:
        raise _OptionError(f"--upstream {options.upstream!r:.200}: {error}") from None
    if options.ca is not None and not origin.is_tls:
        raise _OptionError("--ca is about TLS, and the upstream starts with http://")
    try:
        return Upstream(origin, ca_file=options.ca, timeout=options.timeout)
    except OSError as error:
        raise _OptionError(f"--ca {options.ca}: {_reason(error)}") from None


def _listening(options: argparse.Namespace) -> socket.socket:
    from clientsmith.record.proxy_server import bind

    try:
        return bind(options.host, options.port)
    except OSError as error:
        raise _OptionError(f"cannot listen on {options.host}:{options.port}: {_reason(error)}") from None


def _tape(options: argparse.Namespace, upstream: Upstream) -> HarTape | None:
    from clientsmith.traffic.tapes.har_tape import TapeError, open_tape

    if options.tape is None:
        return None
    try:
        return open_tape(options.tape, upstream.origin.url, append=options.append, force=options.force)
    except TapeError as error:
        raise _OptionError(f"{options.tape}: {error}") from None
    except OSError as error:
        raise _OptionError(f"{options.tape}: {_reason(error)}") from None


def _read(path: str, diagnostics: Diagnostics) -> ResolvedDocument | None:
    from clientsmith.document.load import load
    from clientsmith.document.references.resolve import resolve
    from clientsmith.document.validation.validate import validate

    document = load(path, diagnostics)
    if document is None:
        return None
    validate(document, diagnostics)
    return None if diagnostics.has_errors else resolve(document, diagnostics)


async def _record(
    options: argparse.Namespace,
    resolved: ResolvedDocument,
    upstream: Upstream,
    listening: socket.socket,
    tape: HarTape | None,
) -> int:
    import gc

    from clientsmith.record.dry_tape import DryTape
    from clientsmith.record.examiner import Examiner
    from clientsmith.record.output import RecordLines
    from clientsmith.record.proxy_server import ProxyServer
    from clientsmith.record.recorder import Recorder
    from clientsmith.serve.signals import stopped_by_signal
    from clientsmith.traffic.exchange_check import ExchangeChecker
    from clientsmith.traffic.redaction.exchanges import Redactor
    from clientsmith.traffic.redaction.secret_names import secret_names

    stop = stopped_by_signal()
    printer = RecordLines(sys.stdout if options.format == "json" else None, is_dry=options.dry_run)
    redactor = Redactor(resolved, secret_names(resolved, options.redact, options.keep))
    examiner = Examiner(
        ExchangeChecker(resolved),
        redactor,
        DryTape(printer, upstream.origin.url) if options.dry_run else tape,
        conforming_only=options.conforming_only,
        keep_opaque=options.keep_opaque,
    )
    recorder = Recorder(examiner, upstream.send, printer.passed, stop.set)
    proxy = ProxyServer(recorder.respond, losses=recorder)
    gc.collect()
    gc.freeze()
    url = await proxy.start(listening)
    printer.started(url, upstream.origin.url + upstream.origin.base_path, options.tape)
    await stop.wait()
    await proxy.close()
    await recorder.aclose()
    await upstream.aclose()
    return _ended(printer, recorder, options.tape)


def _ended(printer: RecordLines, recorder: Recorder, tape: str | None) -> int:
    totals = recorder.totals
    printer.stopped(totals)
    if recorder.examiner.tape_error is not None:
        reason = _reason(recorder.examiner.tape_error)
        return _refused(
            f"{tape}: {reason}; recording stopped, the {totals.taped} exchanges before it are kept"
        )
    if recorder.examiner.redaction_error is not None:
        return _refused(
            f"{recorder.examiner.redaction_error}; recording stopped, the {totals.taped} exchanges before it are kept"
        )
    return FINDINGS if totals.findings or totals.failures else OK


def _reason(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__


def _refused(message: str) -> int:
    sys.stderr.write(f"clientsmith record: {escape(' '.join(message.split()))}\n")
    return BAD_INPUT


def _print_errors(diagnostics: Diagnostics) -> None:
    from clientsmith.diagnostics.model import Severity
    from clientsmith.diagnostics.render import read_sources, render_text

    errors = [found for found in diagnostics if found.severity is Severity.ERROR]
    sys.stderr.write(render_text(errors, read_sources(errors)))
