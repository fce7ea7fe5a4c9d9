"""What the tests of attacks need: no credentials and no proxies from outside, as those of the client."""

from __future__ import annotations

from tests.client.conftest import _own_environment as _own_environment
