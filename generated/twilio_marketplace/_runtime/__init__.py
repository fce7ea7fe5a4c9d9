# ruff: noqa
# ruff: noqa: PGH004, RUF105
# flake8: noqa
# pylint: skip-file
# isort: skip_file
# autoflake: skip_file
# autopep8: off
# fmt: off
# @formatter:off
"""The runtime of a generated client: everything that does not differ from API to API."""

from .machinery import *  # noqa: F403
from .public import *  # noqa: F403
