"""The command line: start what takes longest, parse, run, and turn every failure into one message and an exit code.

Only what the first lines of `main` need is imported on top: the models process must be up as early as can be.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from contextlib import closing, nullcontext, suppress

from clientsmith.cli.output import BAD_INPUT
from clientsmith.emit.models.worker import start_worker

INTERRUPTED, PIPE_CLOSED = 128 + 2, 128 + 13
"""As a shell reports SIGINT and SIGPIPE."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; without arguments those of the process."""
    if arguments is None:
        arguments = sys.argv[1:]
        # A process that lives for half a second and keeps nearly all it makes has no use for collections.
        gc.disable()
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        with closing(start_worker()) if _generates(arguments) else nullcontext() as worker:
            from clientsmith.cli.registry import parse, run

            code = run(parse(arguments), worker)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _failed("interrupted", INTERRUPTED)
    except BrokenPipeError:
        _forget_stdout()
        return PIPE_CLOSED
    except OSError as error:
        name = f": {error.filename}" if error.filename is not None else ""
        _forget_stdout()
        return _failed(f"{error.strerror or error}{name}", BAD_INPUT)
    except Exception as error:
        if os.environ.get("CLIENTSMITH_DEBUG") == "1":
            raise
        hint = "this is a bug in clientsmith; CLIENTSMITH_DEBUG=1 shows the traceback"
        return _failed(f"internal error: {type(error).__name__}: {error} ({hint})", BAD_INPUT)
    return code


def _generates(arguments: Sequence[str]) -> bool:
    """Whether models will be asked for, as far as the words tell before they are parsed."""
    return tuple(arguments[:1]) in (("generate",), ("update",)) or "--regenerate" in arguments


def _failed(message: str, code: int) -> int:
    from clientsmith.characters import escape

    with suppress(OSError):
        print(f"clientsmith: {escape(' '.join(message.split()))}", file=sys.stderr)
    return code


def _forget_stdout() -> None:
    """Whatever is still buffered goes nowhere, so that the interpreter does not try once more on its way out."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
