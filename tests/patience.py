"""How long a test waits for what must come."""

from typing import Final

# Seconds. A machine that runs other work beside the tests may need several for a step of milliseconds, and a test that
# waits too short fails there for no fault of ours; only what never comes takes this long.
PATIENCE: Final = 60.0
