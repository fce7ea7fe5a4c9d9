"""Secrets made to be found again, and the search for them in text, in objects, and in what led to an error."""

from __future__ import annotations

import base64
import functools
import ssl
import sys
import threading
import traceback
import types
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, quote_plus

from tests.client.calls import KEY, SECRET

_ODD: Final = "+/&?=%"
"""What is written in another way in URLs, so that those ways have to be searched for too."""
QUERY: Final = f"canary-query{_ODD}55d2"
HEADER: Final = f"canary-header{_ODD}c7f3"
COOKIE: Final = "canary-cookie-9b64"
BEARER: Final = "canary-bearer-0a85+/="
GIVEN: Final = f"canary-given{_ODD}77e6"
ALL: Final = (SECRET, QUERY, HEADER, COOKIE, BEARER, GIVEN)
BASIC: Final = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()

_HOLDERS: Final = frozenset({"Credentials", "Applied", "_ShownURL"})
"""Where secrets must be: `runtime/messages/credentials.py` as long as the client lives, and a URL that is being sent. What they
show of themselves is searched, what they hold is not."""
_NEVER_ENTERED: Final = (
    types.ModuleType, type, ssl.SSLContext, types.BuiltinFunctionType, types.CodeType, threading.Thread, int, float
)  # fmt: skip
_MOST: Final = 50_000


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield quote(secret, safe="")
    yield quote(secret)
    yield quote_plus(secret)
    yield repr(secret)[1:-1]
    for place in range(3):  # wherever it stands in what was encoded
        whole = base64.b64encode(b"\0" * place + secret.encode() + b"\0" * (3 - (place + len(secret)) % 3))
        yield whole.decode()[4:-4]


NEEDLES: Final = tuple(dict.fromkeys([BASIC, *(form for secret in ALL for form in _forms(secret))]))
_BYTES: Final = tuple(needle.encode() for needle in NEEDLES)


def found_in(text: str | bytes) -> str | None:
    """The first secret in a text, in any of its forms."""
    if isinstance(text, bytes):
        return next((needle.decode() for needle in _BYTES if needle in text), None)
    return next((needle for needle in NEEDLES if needle in text), None)


def assert_clean(text: str | bytes, where: str) -> None:
    """Refuse a text that shows a secret."""
    found = found_in(text)
    assert found is None, f"{where} shows {found!r}"


def assert_all_clean(root: object, where: str) -> int:
    """Search everything that can be reached from an object; gives how many texts that were."""
    count = 0
    for path, text in _texts(root, where):
        assert_clean(text, path)
        count += 1
    return count


def _texts(root: object, where: str) -> Iterator[tuple[str, str | bytes]]:
    waiting: list[tuple[str, object]] = [(where, root)]
    seen: dict[int, object] = {}  # kept, so that no id is given out twice
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, (str, bytes, bytearray)):
            yield path, bytes(value) if isinstance(value, bytearray) else value
        if id(value) in seen or value is None or isinstance(value, (str, bytes, bytearray, *_NEVER_ENTERED)):
            continue
        seen[id(value)] = value
        assert len(seen) < _MOST, f"{where} leads everywhere"
        yield f"repr({path})", repr(value)
        yield f"str({path})", str(value)
        if type(value).__name__ in _HOLDERS:
            waiting += [(f"{path}{name}", inner) for name, inner in _held(value)]
        else:
            waiting += [(f"{path}{name}", inner) for name, inner in _parts(value)]


def _parts(value: Any) -> Iterator[tuple[str, object]]:
    """What an object is made of: items, attributes, slots, what a function has closed over, what caused an error."""
    if isinstance(value, Mapping):
        for key, item in list(value.items()):
            yield f"[{key!r:.40}]", item
            yield ".key", key
    elif isinstance(value, (list, tuple, set, frozenset)) or type(value).__name__ == "deque":
        for number, item in enumerate(list(value)):
            yield f"[{number}]", item
    if isinstance(value, types.MethodType):
        yield ".self", value.__self__
    elif isinstance(value, functools.partial):
        yield ".partial", (value.func, value.args, value.keywords)
    elif isinstance(value, types.FunctionType):
        yield ".closure", [_content(cell) for cell in value.__closure__ or ()]
    if isinstance(value, BaseException):
        yield ".args", value.args
        yield ".cause", value.__cause__
        yield ".context", value.__context__
    if not isinstance(value, types.FunctionType):
        yield from _attributes(value)


def _held(value: Any) -> Iterator[tuple[str, object]]:
    """Of what a holder holds, the other holders: they hide the rest, as it does."""
    for name, inner in _attributes(value):
        for part in inner.values() if isinstance(inner, dict) else (inner,):
            if type(part).__name__ in _HOLDERS:
                yield name, part


def _content(cell: Any) -> object:
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _attributes(value: Any) -> Iterator[tuple[str, object]]:
    for name, inner in list(getattr(value, "__dict__", {}).items()):
        yield f".{name}", inner
    for kind in type(value).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            mangled = f"_{kind.__name__.lstrip('_')}{name}" if name.startswith("__") else name
            if name != "__weakref__" and hasattr(value, mangled):
                yield f".{name}", getattr(value, mangled)


def frames_of(error: BaseException, package: str | None = None) -> str:
    """A traceback with the local variables of its frames: of all of them, or only of those that run a package."""
    lines = traceback.format_exception(error)
    for link in _links(error):
        for frame, _ in traceback.walk_tb(link.__traceback__):
            if package is None or package in frame.f_code.co_filename:
                lines += [
                    f"{frame.f_code.co_name}: {key} = {_shown(it)}" for key, it in frame.f_locals.items()
                ]
    return "\n".join(lines)


def _shown(value: object) -> str:
    try:
        return repr(value)
    except Exception as error:  # an object that was never finished; tracebacks have to get over it too
        return f"<{type(error).__name__}>"


def _links(error: BaseException) -> list[BaseException]:
    """The error and everything that led to it."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        link = waiting.pop()
        if link is not None and link not in found:
            found.append(link)
            waiting += [link.__cause__, link.__context__]
    return found


def assert_nothing_slips(error: BaseException, where: str, package: str | None = None) -> None:
    """Search an error in every way that a program, a log or an error reporter looks at one."""
    assert_clean(frames_of(error, package), f"the traceback of {where}")
    assert_all_clean(error, where)
    reduced = error.__reduce__()
    assert_all_clean(reduced, f"{where}.__reduce__()")


def module_folder(module: types.ModuleType) -> str:
    """Where the code of a package is, as its frames name it."""
    path = sys.modules[module.__name__].__file__
    assert path is not None
    return path.rpartition("/")[0]
