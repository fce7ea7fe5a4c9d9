"""A function of the caller under way: its parameters, its statements, and the element that each of them uses."""

from __future__ import annotations

from collections.abc import Iterable

from clientsmith.callers.elements import Element


class Function:
    """A function that uses a package; its parameters are the values, so that none has to be made up."""

    def __init__(self, name: str, parameters: Iterable[str] = (), *, asynchronous: bool = False) -> None:
        self._name = name
        self._asynchronous = asynchronous
        self._parameters = list(parameters)
        self._lines: list[tuple[str, Element | None]] = []
        self._variables = 0

    def parameter(self, type: str) -> str:
        """A value of a type."""
        name = f"a{len(self._parameters)}"
        self._parameters.append(f"{name}: {type}")
        return name

    def use(self, text: str, element: Element | None = None) -> None:
        """A statement."""
        self._lines.append((text, element))

    def read(self, type: str, text: str, element: Element) -> None:
        """A value as a variable of a type; its name says to type checkers that nobody reads it."""
        self._variables += 1
        self.use(f"_{self._variables}: {type} = {text}", element)

    def lines(self) -> list[tuple[str, Element | None]]:
        """The function as lines; none if it does nothing."""
        if not self._lines:
            return []
        head = "async def" if self._asynchronous else "def"
        body = [(f"    {text}", element) for text, element in self._lines]
        return [
            ("", None),
            ("", None),
            (f"{head} {self._name}({', '.join(self._parameters)}) -> None:", None),
            *body,
        ]
