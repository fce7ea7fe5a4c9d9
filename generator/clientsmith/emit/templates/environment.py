"""The Jinja2 environment of the templates: strict, without autoescape, one context object each."""

from __future__ import annotations

import traceback
from types import CodeType
from typing import Protocol

from jinja2 import (
    BytecodeCache,
    Environment,
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateRuntimeError,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket


class Templates(Protocol):
    """Where the text of templates comes from."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every template there is."""
        ...

    def load(self, name: str) -> str:
        """The source of one template."""
        ...

    def file(self, name: str) -> str:
        """How a reader finds it."""
        ...


class _Compiled(BytecodeCache):
    """What this process has compiled, by name and text: a run of `update` renders several packages."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def environment(templates: Templates) -> Environment:
    """An environment that loads by name from `templates`.

    Not sandboxed: templates are the user's own code. What is not trusted is the document, and that is only data here.
    """
    return Environment(
        loader=FunctionLoader(
            lambda name: (
                (templates.load(name), templates.file(name), lambda: True)
                if name in templates.names
                else None
            )
        ),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        cache_size=-1,
        bytecode_cache=_COMPILED,
    )


def fill(jinja: Environment, name: str, **context: object) -> str:
    """One template rendered. Raises `TemplateError` for everything that is wrong with a template."""
    try:
        return jinja.get_template(name).render(**context)
    except TemplateError:
        raise
    except Exception as error:  # an expression in a template can fail in any way
        raise TemplateRuntimeError(f"{name}: {type(error).__name__}: {error}") from error


def line_of(error: TemplateError, templates: Templates) -> tuple[str, int] | None:
    """The file and the line of a template at which rendering it failed; None if that is in no template."""
    if isinstance(error, TemplateSyntaxError):
        return error.filename or error.name or "", error.lineno
    files = {templates.file(name) for name in templates.names}
    steps = traceback.extract_tb((error.__cause__ or error).__traceback__)
    found = next((step for step in reversed(steps) if step.filename in files), None)
    return None if found is None else (found.filename, found.lineno or 1)
