"""Compares the API models of two descriptions, made by the same tool and config: what changes for Python callers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from clientsmith.api.model.api import Api, Renamed, SecurityScheme
from clientsmith.diff.model import Level
from clientsmith.diff.python.classes import Classes, by_name, sent_aliases
from clientsmith.diff.python.finding import IN_CONFIG, PythonFinding, Spot, renaming
from clientsmith.diff.python.methods import Method, MethodPair, added, gone, methods_of
from clientsmith.diff.python.pairing import paired
from clientsmith.document.operations import bare_template

_KEPT = frozenset(
    {
        "argument-renamed",
        "class-renamed",
        "client-renamed",
        "credential-renamed",
        "field-renamed",
        "method-renamed",
    }
)
"""What a package does not change on its own after a release."""
_FEATURE_OF = {"check_requests": "request_checks", "validation": "json_schema"}
"""By argument of clients the feature of the runtime that brings it whatever the API does."""
_UNRELEASED = "once there is a release, its state file keeps the old name"
_RELEASED = "the package keeps its name from the last release, with which --package compares"


def compare(
    old: Api, new: Api, operations: Mapping[str, str], *, has_kept: bool = False, is_released: bool = False
) -> list[PythonFinding]:
    """Every change for callers; `operations` names the id in NEW of each operation of OLD that is still there.

    NEW `has_kept` the names of OLD if OLD was released. Only then the import name of the package is compared: without
    a release both sides have the name that the config gives, or those of their titles, and what a program imports is
    the folder that `--out` names. Both sides may have names by rule although a package `is_released`.
    """
    classes = _classes(old, new, operations, has_kept=has_kept)
    found = [
        *(_package(old, new) if has_kept else ()),
        *_client(old, new),
        *_methods(old, new, operations, classes),
        *_orders(old, new, operations),
        *classes.findings(),
        *_addresses(old, new, operations),
    ]
    keeper = _RELEASED if is_released else _UNRELEASED
    return found if has_kept else [_with_hint(one, keeper) for one in found]


def _with_hint(finding: PythonFinding, keeper: str) -> PythonFinding:
    """With what keeps the old name, if names are those by rule."""
    if finding.rule not in _KEPT or finding.level is not Level.BREAKING:
        return finding
    return replace(finding, hint=f"{finding.hint}; {keeper}")


def _classes(old: Api, new: Api, operations: Mapping[str, str], *, has_kept: bool) -> Classes:
    before, after = ({one.old: one.new for one in api.renamed_classes} for api in (old, new))
    pairs = paired(old, new, operations, has_kept=has_kept)
    return Classes(by_name(old), by_name(new), pairs, sent_aliases(old), (before, after))


def _methods(old: Api, new: Api, operations: Mapping[str, str], classes: Classes) -> Iterator[PythonFinding]:
    before, after = methods_of(old), methods_of(new)
    pairs = {id: after[operations[id]] for id in before if operations.get(id) in after}
    for id, method in before.items():
        yield from MethodPair(classes, method, pairs[id]).findings() if id in pairs else [gone(method)]
    known = {method.operation.id for method in pairs.values()}
    yield from (added(method) for id, method in after.items() if id not in known)


def _package(old: Api, new: Api) -> Iterator[PythonFinding]:
    if old.package != new.package:
        text, hint = (
            f"package {old.package} is now {new.package}",
            f"import {new.package} instead of {old.package}",
        )
        spot, values = Spot("/info", "/info"), (old.package, new.package)
        yield PythonFinding("package-renamed", Level.BREAKING, text, hint, spot, values)


def _client(old: Api, new: Api) -> Iterator[PythonFinding]:
    spot = Spot("/info", "/info")
    for before, after in (
        (old.client_class, new.client_class),
        (old.async_client_class, new.async_client_class),
    ):
        if before != after:
            level, still = renaming(Renamed(before, after) in new.renamed_clients)
            text, hint = f"{before} is now {after}{still}", f"import {after} instead of {before}"
            yield PythonFinding("client-renamed", level, text, hint, spot, (before, after))
    known = {new.client_class, new.async_client_class, *(one.old for one in new.renamed_clients)}
    for name in (one.old for one in old.renamed_clients if one.old not in known):
        text, hint = f"{new.client_class} cannot be imported as {name} any more", f"import {new.client_class}"
        yield PythonFinding("old-name-removed", Level.BREAKING, text, hint, spot, (name,))
    yield from _exports(old, new)
    yield from _credentials(old, new)
    yield from _positions(old, new)
    if old.base_url is not None and new.base_url is None:
        text, hint = f"{new.client_class} demands a base_url", "pass a base_url to the client"
        yield PythonFinding("base-url-due", Level.BREAKING, text, hint, Spot("/servers", ""))
    if new.requires_credentials and not old.requires_credentials:
        text = f"{new.client_class} demands credentials at construction"
        yield PythonFinding(
            "credentials-due", Level.BREAKING, text, "pass credentials", Spot("", "/security")
        )


def _exports(old: Api, new: Api) -> Iterator[PythonFinding]:
    """Names and arguments that a package has for what its API does: they go when the API does it no more."""
    spot = Spot("/info", "/info")
    names = tuple(name for name in old.exports if name not in {*new.exports, new.client_class})
    if names:
        text = f"the package exports no {', '.join(names)} any more"
        hint = f"do not import them{IN_CONFIG} keep them"
        yield PythonFinding("export-removed", Level.BREAKING, text, hint, spot, names)
    for name in old.settings:
        if name not in new.settings:
            feature = _FEATURE_OF.get(name)
            keeping = f'{IN_CONFIG} keep it: "{feature}"' if feature is not None else ""
            text, hint = f"{new.client_class} takes no {name} any more", f"do not pass {name}{keeping}"
            yield PythonFinding("setting-removed", Level.BREAKING, text, hint, spot, (name,))


def _positions(old: Api, new: Api) -> Iterator[PythonFinding]:
    """Credentials that are passed by position and would be taken for others.

    If new ones were put in front of those that are still there, it is where the first of these is.
    """
    pairs = {key: scheme.key for key, scheme in _schemes(old, new).items()}
    before = [pairs.get(scheme.key) for scheme in old.security_schemes for _ in scheme.arguments]
    now = [scheme.key for scheme in new.security_schemes for _ in scheme.arguments]
    kept = [key for key in before if key is not None]
    stays = all(key is None or now[place : place + 1] == [key] for place, key in enumerate(before))
    if stays or now[: len(kept)] == kept:
        return
    names = tuple(name for scheme in new.security_schemes for name in scheme.arguments)
    text = f"{new.client_class} takes credentials in the order {', '.join(names)}"
    spot = Spot("/components/securitySchemes", "/components/securitySchemes")
    if [key for key in now if key in kept] == kept:
        first = next(scheme for scheme in new.security_schemes if scheme.key not in kept)
        spot = Spot("", _pointer(first))
    hint = "pass them by name"
    yield PythonFinding("credential-position-changed", Level.BREAKING, text, hint, spot, names)


def _credentials(old: Api, new: Api) -> Iterator[PythonFinding]:
    pairs = _schemes(old, new)
    for scheme in old.security_schemes:
        other = pairs.get(scheme.key)
        spot = Spot(_pointer(scheme), "" if other is None else _pointer(other))
        if other is None:
            names = ", ".join(scheme.arguments)
            text = f"{new.client_class} takes no {names} any more"
            yield PythonFinding(
                "credential-removed", Level.BREAKING, text, f"do not pass {names}", spot, scheme.arguments
            )
        elif other.arguments != scheme.arguments:
            before, now = ", ".join(scheme.arguments), ", ".join(other.arguments)
            text = f"{new.client_class} takes {now} instead of {before}"
            yield PythonFinding(
                "credential-renamed",
                Level.BREAKING,
                text,
                f"pass {now} instead of {before}",
                spot,
                (before, now),
            )
    known = {scheme.key for scheme in pairs.values()}
    for scheme in new.security_schemes:
        if scheme.key in known:
            continue
        what = "new arguments" if len(scheme.arguments) > 1 else "a new argument"
        text = f"{new.client_class} has {what} {', '.join(scheme.arguments)}"
        yield PythonFinding(
            "credential-added", Level.INFO, text, "", Spot("", _pointer(scheme)), scheme.arguments
        )


def _orders(old: Api, new: Api, operations: Mapping[str, str]) -> Iterator[PythonFinding]:
    """The same alternatives of credentials in another order: of all that a client has, it sends the first."""
    names = {scheme.key: " and ".join(scheme.arguments) for scheme in new.security_schemes}
    before, after = methods_of(old), methods_of(new)
    for id, method in before.items():
        other = after.get(operations.get(id, ""))
        both = [] if other is None else [method.operation.security, other.operation.security]
        if other is None or both[0] == both[1] or sorted(both[0]) != sorted(both[1]):
            continue
        was, now = (
            ", ".join(" and ".join(names.get(key, key) for key in one) or "none" for one in listed)
            for listed in both
        )
        text = f"the alternatives of credentials are {now} instead of {was}"
        spot = Spot(method.operation.pointer, other.operation.pointer, "security")
        hint, ids = "pass only those to be sent", frozenset({other.operation.id})
        yield PythonFinding("credential-order-changed", Level.WARNING, text, hint, spot, (was, now), ids)


def _schemes(old: Api, new: Api) -> dict[str, SecurityScheme]:
    """The scheme in NEW of each key of OLD: that of the same kind and key, else the only one left of its kind."""
    after = {(scheme.key, _kind(scheme)): scheme for scheme in new.security_schemes}
    found = {
        scheme.key: after.pop((scheme.key, _kind(scheme)))
        for scheme in old.security_schemes
        if (scheme.key, _kind(scheme)) in after
    }
    left = [scheme for scheme in old.security_schemes if scheme.key not in found]
    for scheme in left:
        there = [one for one in after.values() if _kind(one) == _kind(scheme)]
        if len(there) == sum(_kind(one) == _kind(scheme) for one in left) == 1:
            found[scheme.key] = there[0]
    return found


def _kind(scheme: SecurityScheme) -> tuple[str, str, str]:
    return scheme.kind, scheme.location, scheme.wire.lower() if scheme.location == "header" else scheme.wire


def _pointer(scheme: SecurityScheme) -> str:
    return f"/components/securitySchemes/{scheme.key.replace('~', '~0').replace('/', '~1')}"


def _addresses(old: Api, new: Api, operations: Mapping[str, str]) -> Iterator[PythonFinding]:
    """The same operations at another path below `base_url`: one that callers pass means another address now.

    Operations that moved by the same start of their paths are one finding.
    """
    before, after = methods_of(old), methods_of(new)
    moved: dict[tuple[str, str], list[Method]] = {}
    for id, method in before.items():
        other = after.get(operations.get(id, ""))
        if other is not None:
            paths = (bare_template(method.operation.path), bare_template(other.operation.path))
            if paths[0] != paths[1]:
                moved.setdefault(_starts(*paths), []).append(other)
    for values, methods in moved.items():
        first, more = methods[0].label, f" and {len(methods) - 1} more" if len(methods) > 1 else ""
        text = (
            f"paths below base_url begin with {values[1] or '/'} instead of {values[0] or '/'}: {first}{more}"
        )
        hint = "pass a base_url that fits the new paths"
        ids = frozenset(method.operation.id for method in methods)
        yield PythonFinding(
            "base-url-moved", Level.BREAKING, text, hint, Spot("/servers", "/servers"), values, ids
        )


def _starts(old: str, new: str) -> tuple[str, str]:
    """What is left of two paths without the segments that they end with alike."""
    before, after = old.split("/"), new.split("/")
    while before and after and before[-1] == after[-1]:
        before.pop()
        after.pop()
    return "/".join(before), "/".join(after)
