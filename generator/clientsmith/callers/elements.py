"""What a package offers by name: each element is used by lines of the generated caller, and changes on its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "alias", "argument", "class", "client", "construction", "credential", "due", "export", "field", "key", "method",
    "order", "result", "setting",
]  # fmt: skip
"""What a line of the caller uses:

- `client`, `export`: a name of the package itself
- `credential`, `setting`: an argument of the client; `construction`: the arguments that it has to be given
- `method`: the attribute of the client; `argument`: one argument by its name; `due`: those that have to be passed
- `order`: arguments by position; `result`: what a call returns
- `class`: the name of a class or alias, its dict type included; `alias`: the type that it names
- `field`: an attribute that is read, or passed to the class; `key`: a member of the dict type
"""


@dataclass(frozen=True, slots=True, order=True)
class Element:
    """One name or type. `owner` is the id of the operation, or the class, that it belongs to; empty without one."""

    kind: Kind
    owner: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Caller:
    """The text of a module that uses a package, and the element that each of its lines uses, by line from 1."""

    text: str
    elements: Mapping[int, Element]
