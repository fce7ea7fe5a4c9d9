"""`conform`: the suite over a document and its package, opened as a command needs it."""

from __future__ import annotations

import atexit
import importlib
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from clientsmith.pipeline.policies import policies_of

if TYPE_CHECKING:
    from clientsmith.config.request import PackageRequest
    from clientsmith.conform.suite import Settings, Suite
    from clientsmith.diagnostics.model import Diagnostics


def import_schemathesis(diagnostics: Diagnostics) -> Path:
    """Report if schemathesis is not installed; returns a temporary folder that lasts as long as the process."""
    folder = _keep_out_of_the_way()
    try:
        importlib.import_module("schemathesis")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("schemathesis", "hypothesis"):
            raise
        hint = "pip install 'clientsmith[conform]'"
        diagnostics.error("conform-not-installed", f"{error.name} is not installed", hint=hint)
    return folder


def _keep_out_of_the_way() -> Path:
    """Make a temporary folder, in which hypothesis keeps its files instead of the working directory."""
    folder = Path(tempfile.mkdtemp(prefix="clientsmith-conform-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(folder / "hypothesis"))
    return folder


def open_suite(
    request: PackageRequest, settings: Settings, folder: Path, diagnostics: Diagnostics
) -> Suite | None:
    """The suite of a package, with the folder that `import_schemathesis` gave; None after reporting an error."""
    from clientsmith.conform.client.package import OtherDocumentError, PackageError
    from clientsmith.conform.inputs.drawing.hypothesis_state import write_alphabet
    from clientsmith.conform.suite import Suite

    settings = replace(settings, policies=policies_of(request.config), draws_folder=folder)
    write_alphabet(folder / "hypothesis")
    try:
        return Suite.open(request.document, request.out, request.config.tapes, diagnostics, settings)
    except OtherDocumentError as error:
        diagnostics.error("package-of-another-document", str(error), hint=error.hint)
        return None
    except PackageError as error:
        diagnostics.error("bad-package", str(error), hint=error.hint)
        return None
