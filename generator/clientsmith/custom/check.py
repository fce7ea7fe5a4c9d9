"""Which lines of a team's own code a new package breaks: type checkers judge it beside the old package and the new."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from clientsmith.custom.overlay import Overlay, absolute, import_root, overlay
from clientsmith.diagnostics.model import Diagnostics, Place, Span
from clientsmith.type_checkers import CheckerError, TypeFinding, findings, installed

_NOT_FOUND = frozenset({"import-not-found", "reportMissingImports"})
_INSTALL = "pip install 'clientsmith[types]' in the environment that the code runs in"
_FIX = "change the line together with the package"


@dataclass(frozen=True, slots=True)
class CheckedCode:
    """What type checkers make of the code beside the new package: the lines that broke, and who looked."""

    checkers: tuple[str, ...]
    broken: tuple[TypeFinding, ...]


def check_custom(
    paths: Sequence[str],
    place: Path,
    old: Path | None,
    new: Path,
    diagnostics: Diagnostics,
    root: str | None = None,
) -> CheckedCode | None:
    """Report each line in `paths` that type-checks beside the package `old` and not beside `new`.

    `place` is the folder that the code imports the package from, wherever both are now; imports start at `root`, else
    above the topmost package around `place`. If there is no old package, every error counts. None after reporting
    why nothing could be judged.
    """
    place = absolute(place)
    code = list(map(absolute, paths))
    missing = [path for path, file in zip(paths, code, strict=True) if not file.exists()]
    for path in missing:
        message = f"there is no custom code at {path:.200}"
        diagnostics.error("custom-code-missing", message, hint="correct [custom] paths")
    checkers = installed()
    if not checkers:
        message = "custom code cannot be checked: neither mypy nor pyright is installed"
        diagnostics.error("custom-code-not-checked", message, hint=_INSTALL)
    if missing or not checkers:
        return None
    start = import_root(place) if root is None else absolute(root)
    with tempfile.TemporaryDirectory(prefix="clientsmith-custom-") as name:
        work = Path(name).resolve()
        try:
            judge = _Judge(work, code, overlay(work / "root", start, place))
            before = {} if old is None else {one: judge.findings(one, old) for one in checkers}
            after = {one: judge.findings(one, new) for one in checkers}
        except (CheckerError, OSError) as error:
            at = error.at if isinstance(error, CheckerError) else None
            message = f"custom code cannot be checked: {error!s:.500}"
            diagnostics.error("custom-code-not-checked", message, Place() if at is None else _place(at))
            return None
    return _compared(checkers, before, after, diagnostics)


@dataclass(frozen=True, slots=True)
class _Judge:
    """Has the code checked beside one package after the other."""

    work: Path
    code: list[Path]
    links: Overlay

    def findings(self, checker: str, package: Path) -> list[TypeFinding]:
        """The errors of one checker, by the paths of the code. Raises CheckerError, OSError."""
        self.links.show(package)
        apart = [import_root(path) for path in self.code if not path.is_relative_to(self.links.root)]
        bases = list(dict.fromkeys([self.links.folder, *apart]))
        try:
            found = findings(checker, list(map(self.links.inside, self.code)), bases, self.work)
        except CheckerError as error:
            raise CheckerError(str(error), error.at and self._original(error.at)) from error
        return list(map(self._original, found))

    def _original(self, one: TypeFinding) -> TypeFinding:
        return replace(one, file=str(self.links.original(Path(one.file))))


def _compared(
    checkers: Sequence[str],
    before: Mapping[str, Sequence[TypeFinding]],
    after: Mapping[str, Sequence[TypeFinding]],
    diagnostics: Diagnostics,
) -> CheckedCode:
    broken: dict[tuple[str, int], TypeFinding] = {}
    unresolved: dict[tuple[str, int], TypeFinding] = {}
    for checker in checkers:
        known = Counter(map(_key, before.get(checker, ())))
        for one in before.get(checker, ()):
            if one.code in _NOT_FOUND:
                unresolved.setdefault((one.file, one.line), one)
        for one in after[checker]:
            if known[_key(one)] > 0:
                known[_key(one)] -= 1
            else:
                broken.setdefault((one.file, one.line), one)
    _warn_of_imports(sorted(unresolved.values()), diagnostics)
    lines = tuple(sorted(broken.values()))
    for one in lines:
        message = f"the new package breaks this line: {one.message:.500} ({one.checker} {one.code})"
        diagnostics.error("custom-code-broken", message, _place(one), hint=_FIX)
    return CheckedCode(tuple(checkers), lines)


def _key(one: TypeFinding) -> tuple[str, int, int, str]:
    """What makes an error the same one beside another package: its message may name another type."""
    return one.file, one.line, one.column, one.code


def _warn_of_imports(found: Sequence[TypeFinding], diagnostics: Diagnostics) -> None:
    """Say which imports could not be followed even before: whatever uses them is not checked."""
    for one in found:
        message = (
            f"{one.checker} cannot follow this import, so what uses it is not checked: {one.message:.500}"
        )
        hint = "install what it imports here; if that is the package, set [custom] root"
        diagnostics.warning("custom-import-not-found", message, _place(one), hint=hint)


def _place(one: TypeFinding) -> Place:
    path = Path(one.file)
    shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return Place(span=Span(str(shown), one.line, one.column))
