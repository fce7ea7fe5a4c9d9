"""The runtime of a generated client: everything that does not differ from API to API."""

from .machinery import *  # noqa: F403
from .public import *  # noqa: F403
