"""What a command did: as facts for a program and as a few lines for a reader. Findings are rendered elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from clientsmith.characters import escape
from clientsmith.diagnostics.model import Diagnostic, Diagnostics, Place, Severity

if TYPE_CHECKING:
    from clientsmith.config.request import PackageRequest
    from clientsmith.lint.account.model import Account
    from clientsmith.package.check import Compared
    from clientsmith.package.manifest import Inputs
    from clientsmith.package.plan import Plan
    from clientsmith.pipeline import Generated
    from clientsmith.pipeline.release import Bump

Facts: TypeAlias = Mapping[str, object]

_PLACES = 3
"""How many places a summarised finding shows."""
_REASONS = 10
"""How many changes a step is explained with."""
_LABEL = 12


def generated_facts(request: PackageRequest, generated: Generated, plan: Plan) -> Facts:
    """What became of the document, its operations and every file of the package."""
    api = generated.api
    methods = _methods(generated)
    return {
        "document": {"path": _shown(request.document), "title": api.title, "version": api.version},
        "operations": generated.operations,
        "methods": methods,
        "skipped": generated.operations - methods,
        "package": _shown(request.out),
        "client": api.client_class,
        "version": generated.state.version,
        "bump": None if generated.bump is None else _bump_facts(generated.bump),
        "files": {what: list(paths) for what, paths in _changes(plan).items()},
        "bytes": generated.tree.size,
        "not_carried_out": len(generated.account.left_out),
    }


def generated_text(request: PackageRequest, generated: Generated, plan: Plan) -> str:
    """The same in aligned lines; files are counted, and named where they went or are not ours."""
    api = generated.api
    methods = _methods(generated)
    skipped = generated.operations - methods
    changes = ", ".join(f"{len(paths)} {what}" for what, paths in _changes(plan).items() if paths)
    lines = [
        ("document", f"{_shown(request.document)} ({api.title} {api.version})"),
        ("operations", f"{generated.operations} in the document, {methods} as methods, {skipped} skipped"),
        ("client", f"{api.client_class}, {api.async_client_class}"),
        ("version", generated.state.version),
        *([] if generated.bump is None else _bump_lines(generated.bump, api.version)),
        ("package", f"{_shown(request.out)}: {len(generated.tree)} files, {generated.tree.size} bytes"),
        ("files", changes),
        ("left out", _left_out_text(len(generated.account.left_out))),
        *(("removed", path) for path in plan.removed),
        *(("kept", path) for path in plan.kept),
    ]
    return "".join(f"{name:<{_LABEL}}{escape(value)}\n" for name, value in lines)


def _bump_facts(bump: Bump) -> Facts:
    """The step that was taken and the one that was needed, and the changes that need it."""
    from clientsmith.diagnostics.render import place_json

    return {
        "step": bump.step,
        "needed": bump.needed,
        "from": bump.old,
        "to": bump.new,
        "reasons": [
            {"rule": one.rule, "level": one.level.word, "text": one.text, **place_json(one.place)}
            for one in bump.reasons
        ],
        "lowered": [one.as_json() for one in bump.lowered],
    }


def _bump_lines(bump: Bump, stated: str) -> list[tuple[str, str]]:
    if bump.step == "none":
        dated = "; it got its date" if bump.is_dated else ""
        return [("step", f"none: nothing changed since {bump.old}, so no release was recorded{dated}")]
    lines = [
        (
            "step",
            f"{bump.step}: {bump.old} -> {bump.new} (info.version, which decides nothing: {stated:.200})",
        )
    ]
    lines += [("", f"{one.level.word}[{one.rule}]: {one.text}") for one in bump.reasons[:_REASONS]]
    more = len(bump.reasons) - _REASONS
    lines += [("", f"and {more} more; --format json has all")] if more > 0 else []
    return [*lines, *(("", one.text) for one in bump.lowered)]


def _left_out_text(count: int) -> str:
    if not count:
        return "nothing: every key of the document is carried out, or is documentation"
    places = "1 place is" if count == 1 else f"{count} places are"
    return f"{places} not carried out; `clientsmith lint --account` lists what and where"


def account_text(account: Account) -> str:
    """The account of a document: a row for each keyword, then every place that is not carried out."""
    facts = account.by_fate()
    lines = ["", f"{'keyword':<24}" + "".join(f"{fate:>20}" for fate in facts)]
    for keyword, counts in account.by_keyword().items():
        lines.append(f"{keyword:<24.80}" + "".join(f"{counts.get(fate, 0) or '-':>20}" for fate in facts))
    lines.append(f"{'in all':<24}" + "".join(f"{count:>20}" for count in facts.values()))
    for places in account.groups():
        first = places[0]
        side = "" if first.direction is None else f" in {first.direction}s"
        lines += ["", f"{first.id}: {first.keyword}{side} ({len(places)})"]
        lines += [f"  {_where(one.node.place)}{one.pointer}" for one in places]
    return "".join(f"{escape(line)}\n" for line in lines)


def checked_facts(out: str, compared: Compared, inputs: Inputs, how: str, *, same: bool) -> Facts:
    """The proof that a check looked: how much was compared, with what, and what the inputs are now."""
    from clientsmith.package.runtime import runtime_facts

    return {
        "package": _shown(out),
        "same": same,
        "files": compared.files,
        "bytes": compared.size,
        "compared_with": how,
        "inputs": inputs.facts(),
        "runtime": None if compared.runtime is None else runtime_facts(compared.runtime),
    }


def checked_text(out: str, compared: Compared, inputs: Inputs, how: str, *, same: bool) -> str:
    """The same in aligned lines, digests cut short."""
    lines = [
        ("compared", f"{_shown(out)}: {compared.files} files, {compared.size} bytes with {how}"),
        ("inputs", ", ".join(f"{name} {value[:12]}" for name, value in inputs.facts().items())),
        *([] if compared.runtime is None else [("runtime", compared.runtime.text)]),
        ("result", "the same" if same else "drift"),
    ]
    return "".join(f"{name:<{_LABEL}}{escape(value)}\n" for name, value in lines)


def warnings_text(diagnostics: Iterable[Diagnostic]) -> str:
    """Findings counted by id, warnings before notes and the most frequent first, each with its first few places."""
    groups: dict[tuple[bool, str], list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        groups.setdefault((diagnostic.severity is Severity.NOTE, diagnostic.id), []).append(diagnostic)
    lines: list[str] = []
    for (_, rule), found in sorted(
        groups.items(), key=lambda group: (group[0][0], -len(group[1]), group[0][1])
    ):
        lines.append(f"{found[0].severity.value:<{_LABEL}}{rule} ({len(found)})")
        lines += [
            f"{'':<{_LABEL}}  {_where(diagnostic.place):.2000}{diagnostic.message:.2000}"
            for diagnostic in found[:_PLACES]
        ]
        if len(found) > _PLACES:
            lines.append(f"{'':<{_LABEL}}  and {len(found) - _PLACES} more; -v shows all")
    return "".join(f"{escape(line)}\n" for line in lines)


def _methods(generated: Generated) -> int:
    return sum(len(resource.operations) for resource in generated.api.resources)


def _shown(path: str) -> str:
    return Path(path).as_posix()


def _changes(plan: Plan) -> Mapping[str, tuple[str, ...]]:
    return {"written": plan.write, "unchanged": plan.unchanged, "removed": plan.removed, "kept": plan.kept}


def _where(place: Place) -> str:
    span, pointer = place.span, place.pointer
    return f"{span}: " if span else f"{pointer}: " if pointer else ""


def counts_text(diagnostics: Diagnostics) -> str:
    """How many findings of each weight there are: "1 error, 2 warnings, 0 notes"."""
    counts = {severity.value: diagnostics.count(severity) for severity in Severity}
    return ", ".join(
        f"{count} {name}" if count == 1 else f"{count} {name}s" for name, count in counts.items()
    )
