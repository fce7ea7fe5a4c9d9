"""The Jinja2 environment of the templates: strict, without autoescape, one context object each."""

from __future__ import annotations

from typing import Protocol

from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateError, TemplateRuntimeError


class Templates(Protocol):
    """Where the text of templates comes from."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every template there is."""
        ...

    def load(self, name: str) -> str:
        """The source of one template."""
        ...


def environment(templates: Templates) -> Environment:
    """An environment that loads by name from `templates`.

    Not sandboxed: templates are the user's own code. What is not trusted is the document, and that is only data here.
    """
    return Environment(
        loader=FunctionLoader(lambda name: templates.load(name) if name in templates.names else None),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        cache_size=-1,
    )


def fill(jinja: Environment, name: str, **context: object) -> str:
    """One template rendered. Raises `TemplateError` for everything that is wrong with a template."""
    try:
        return jinja.get_template(name).render(**context)
    except TemplateError:
        raise
    except Exception as error:  # an expression in a template can fail in any way
        raise TemplateRuntimeError(f"{name}: {type(error).__name__}: {error}") from error
