"""What a module ends with whose classes have old names: type checkers take these, and using one warns at run time."""

from __future__ import annotations

from collections.abc import Sequence

from clientsmith.api.model.api import Renamed
from clientsmith.emit.text.literals import string

RUNTIME_NAME = "renamed_class"
TYPING_NAMES = ("TYPE_CHECKING", "TypeAlias")
"""What the module has to import from its runtime and from `typing`."""


def module_tail(renamed: Sequence[Renamed]) -> str:
    """The end of the module, empty if no class has an old name."""
    if not renamed:
        return ""
    aliases = "".join(f"    {one.old}: TypeAlias = {one.new}\n" for one in renamed)
    names = ", ".join(f"{string(one.old)}: {string(one.new)}" for one in renamed)
    return f'''

if TYPE_CHECKING:
{aliases}else:
    _RENAMED = {{{names}}}

    def __getattr__(name: str) -> object:
        """Classes under their old names."""
        return {RUNTIME_NAME}(globals(), _RENAMED, name)
'''
