"""The imports of one generated module: collected while its text is made, never shadowed by the module's own names.

Rendering follows the order that ruff's isort rules want, so that no second tool has to sort. Types live in `type_text`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable


class Imports:
    """Gives the local name for everything that a module uses from elsewhere, and remembers that it was used.

    `taken` are the names which the module defines itself, methods of its classes included: inside a class body a
    method called `list` hides the built-in from every annotation after it.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = frozenset(taken)
        self._modules: dict[str, str] = {}
        self._symbols: dict[tuple[str, str], str] = {}
        self._locals: set[str] = set()

    def copy(self) -> Imports:
        """The same so far, for an attempt that may come to nothing."""
        other = Imports(self._taken)
        other.adopt(self)
        return other

    def adopt(self, other: Imports) -> None:
        """Take over what an attempt has used."""
        self._modules, self._symbols, self._locals = (
            dict(other._modules),
            dict(other._symbols),
            set(other._locals),
        )

    def builtin(self, name: str) -> str:
        """A built-in: its own name, or `builtins.<name>` where the module hides it."""
        return f"{self.module('builtins')}.{name}" if name in self._taken else name

    def module(self, name: str) -> str:
        """A top-level module, for `import name`."""
        if name not in self._modules:
            self._modules[name] = self._local(name)
        return self._modules[name]

    def symbol(self, module: str, name: str) -> str:
        """A name out of a module, for `from module import name`; relative modules start with a dot."""
        key = (module, name)
        if key not in self._symbols:
            self._symbols[key] = self._local(name)
        return self._symbols[key]

    def _local(self, name: str) -> str:
        local = name
        while local in self._taken or local in self._locals:
            local = f"_{local}"
        self._locals.add(local)
        return local

    def render(self) -> str:
        """The import block, without `from __future__`, groups separated by an empty line."""
        groups: dict[int, list[str]] = {}
        for name, local in sorted(self._modules.items()):
            groups.setdefault(_group(name), []).append(
                f"import {name}" if local == name else f"import {name} as {local}"
            )
        for module in sorted({module for module, _ in self._symbols}, key=_module_key):
            groups.setdefault(_group(module), []).extend(self._from_lines(module))
        return "\n\n".join("\n".join(groups[group]) for group in sorted(groups))

    def _from_lines(self, module: str) -> list[str]:
        members = {name: local for (source, name), local in self._symbols.items() if source == module}
        names = sorted(members, key=member_key)
        plain = [name for name in names if members[name] == name]
        renamed = [name for name in names if members[name] != name]
        lines = [f"from {module} import {', '.join(plain)}"] if plain else []
        return lines + [f"from {module} import {name} as {members[name]}" for name in renamed]


def _group(module: str) -> int:
    if module.startswith("."):
        return 2
    return 0 if module.partition(".")[0] in sys.stdlib_module_names else 1


def _module_key(module: str) -> tuple[int, str]:
    dots = len(module) - len(module.lstrip("."))
    return (-dots, module)


def member_key(name: str) -> tuple[int, str, str]:
    """The order of names in an import: constants, classes, then the rest, each without regard to case."""
    return (_kind(name), name.lower(), name)


def exported_key(name: str) -> tuple[int, list[tuple[int, str]]]:
    """The order of names in `__all__`: the same three kinds, each with regard to case and with numbers by value."""
    parts = re.split(r"(\d+)", name)
    return (_kind(name), [(int(part), "") if part.isdigit() else (-1, part) for part in parts])


def _kind(name: str) -> int:
    return 0 if len(name) > 1 and name.isupper() else 1 if name[:1].isupper() else 2
