# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""The check of a package that has no runtime of its own but uses this one."""

from __future__ import annotations

from collections.abc import Sequence

from ..identity import FEATURES, RELEASE
from ..results.errors import ConfigurationError

_OWNER = __name__.removesuffix("._runtime.client.shared")


def check_shared_runtime(package: str, *, release: str, features: Sequence[str]) -> None:
    """Raise ConfigurationError unless this runtime is the one that a package was generated for."""
    if release != RELEASE:
        raise ConfigurationError(
            f"{package} was generated for another release of the runtime than the one in {_OWNER} "
            f"({release[:12]}, not {RELEASE[:12]}): generate both with the same clientsmith"
        )
    missing = [feature for feature in features if feature not in FEATURES]
    if missing:
        raise ConfigurationError(
            f"{package} needs features that the runtime in {_OWNER} lacks: {', '.join(missing)}; "
            f"add them to [runtime] features in the config of {_OWNER}, and generate it again"
        )
