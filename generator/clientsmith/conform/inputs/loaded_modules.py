"""Keeps draws the same in every process: hypothesis would draw constants of whatever modules are loaded as well."""

from __future__ import annotations

from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

_NAME = "_get_local_constants"


def draw_nothing_from_loaded_modules() -> None:
    """Let draws depend on schema and seed alone.

    Which modules are loaded depends on what a process has done before, and which of them count depends on where they
    lie. hypothesis has no setting for it.
    """
    setattr(providers, _NAME, Constants)
