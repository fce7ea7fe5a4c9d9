"""openapi-spec-validator's own verdict on a document: whatever it refuses that our findings have not told of yet.

It is asked by `lint` only. Loading it takes as long as all stages of a small document, it knows no places but pointers,
and `validate` runs the same published schemas; so it is a second opinion, and it has the last word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import cast

from clientsmith.diagnostics.model import Diagnostics
from clientsmith.document.budget import TOO_COSTLY
from clientsmith.document.model import JSON, Pointer, render_pointer
from clientsmith.document.resolved import ResolvedDocument
from clientsmith.lint.ecma import is_ecma
from clientsmith.lint.published_tree import absolute_trees, document_uri

_MAX_MESSAGE = 160


def second_opinion(
    resolved: ResolvedDocument, diagnostics: Diagnostics, *, allow_invalid: bool = False
) -> None:
    """Report what openapi-spec-validator refuses at places where nothing has been found so far.

    With `allow_invalid` these are warnings, as they are in `validate`.
    """
    report = diagnostics.warning if allow_invalid else diagnostics.error
    known = {found.place.pointer or "" for found in diagnostics}
    from clientsmith.lint.published_keywords import OverBudgetError

    root = resolved.root
    try:
        for pointer, message, keyword in _verdicts(resolved):
            if not _told(render_pointer(pointer), known):
                exists = root.span(pointer) is not None
                place = root.place(pointer) if exists else root.root.place
                report("refused-by-validator", f"openapi-spec-validator: {message}", place, values=(keyword,))
    except OverBudgetError as error:
        message = "checking this default takes more steps than any real document needs"
        hint = "schemas that refer to each other in many ways multiply: refer to each of them once"
        diagnostics.error(TOO_COSTLY, message, root.place(error.pointer), hint=hint)
    except Exception as error:
        # Its walk over schemas has crashed on real documents that are in order, with errors of four libraries.
        message = f"openapi-spec-validator could not finish: {type(error).__name__}: {error!s:.120}"
        diagnostics.note("validator-limit", message, root.root.place)


def _told(pointer: str, known: set[str]) -> bool:
    """Whether some finding stands at the place, above it or below it.

    The validator counts some pointers from the schema at fault, not from the root: then the end tells.
    """
    return any(
        one.endswith(pointer) or one.startswith(f"{pointer}/") or pointer.startswith(f"{one}/")
        for one in known
        if one
    )


def _verdicts(resolved: ResolvedDocument) -> Iterator[tuple[Pointer, str, str]]:
    import openapi_spec_validator as published
    from jsonschema_path import SchemaPath

    from clientsmith.lint.published_keywords import bounded

    classes = {
        (3, 0): published.OpenAPIV30SpecValidator,
        (3, 1): published.OpenAPIV31SpecValidator,
        (3, 2): published.OpenAPIV32SpecValidator,
    }

    trees = absolute_trees(resolved)
    base = document_uri(resolved.root.uri)
    path = SchemaPath.from_dict(
        cast("dict[str, JSON]", trees[base]),
        base_uri=base,
        handlers=_OneHandler(lambda uri: trees[uri.partition("#")[0]]),
    )
    for error in bounded(classes[resolved.version], resolved)(path).iter_errors():
        if error.validator == "format" and error.validator_value == "regex" and is_ecma(str(error.instance)):
            continue  # the library asks Python's `re`, which knows no `\\p{L}`
        pointer = tuple(str(step) for step in error.absolute_path)
        yield pointer, _one_line(error.message), f"{type(error).__name__} {error.validator}"


class _OneHandler(Mapping[str, Callable[[str], JSON]]):
    """The same handler for every scheme: for one that has none, the library opens files and sends requests."""

    def __init__(self, read: Callable[[str], JSON]) -> None:
        self._read = read

    def __getitem__(self, scheme: str) -> Callable[[str], JSON]:
        return self._read

    def __contains__(self, scheme: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _one_line(message: str) -> str:
    text = " ".join(message.split())
    return text if len(text) <= _MAX_MESSAGE else text[: _MAX_MESSAGE - 3] + "..."
