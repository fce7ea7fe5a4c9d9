"""The request that a curl command describes, by what `man curl` says of the options that the server's page uses."""

from __future__ import annotations

import base64
import re
import shlex
from urllib.parse import quote, urlsplit

from clientsmith.traffic.message import HttpRequest

ENVIRONMENT = {"$TOKEN": "token", "$USERNAME": "user", "$PASSWORD": "pass"}
_TAKES_A_VALUE = {"-X", "-H", "-u", "-b", "-F", "--form-string", "--data-raw", "--data-urlencode"}
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"(?:;type=(.+))?')


def request_of(command: str) -> HttpRequest:
    """What curl sends for a command; an AssertionError for one that it refuses or reads as something else."""
    words = [_expanded(word) for word in shlex.split(command)]
    assert words[:2] == ["curl", "-i"]
    options: dict[str, list[str]] = {}
    urls: list[str] = []
    rest = iter(words[2:])
    for word in rest:
        if word in _TAKES_A_VALUE:
            options.setdefault(word, []).append(next(rest))
        else:
            assert not word.startswith("-"), word
            urls.append(word)
    (url,) = urls
    # curl refuses a URL with spaces, and reads brackets and braces as patterns.
    assert url.isascii() and not re.search(r"[\s\[\]{}#]", url), url
    split = urlsplit(url)
    target = split.path + (f"?{split.query}" if split.query else "")
    headers, body = _headers(options), b""
    data = [*options.get("--data-raw", ()), *map(_encoded, options.get("--data-urlencode", ()))]
    if data:
        body = "&".join(data).encode()
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    if "-F" in options or "--form-string" in options:
        assert not data
        headers["Content-Type"] = "multipart/form-data; boundary=B"
        parts = [*map(_form, options.get("-F", ())), *map(_form_string, options.get("--form-string", ()))]
        body = "".join(f"--B\r\n{part}\r\n" for part in parts).encode() + b"--B--\r\n"
    method = options.get("-X", ["POST" if body else "GET"])[0]
    return HttpRequest(method, target, tuple(headers.items()), body)


def _expanded(word: str) -> str:
    for name, value in ENVIRONMENT.items():
        word = word.replace(name, value)
    return word


def _headers(options: dict[str, list[str]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in options.get("-H", ()):
        name, colon, value = line.partition(":")
        if not colon:
            assert name.endswith(";")
            headers[name[:-1]] = ""
        else:
            assert value.strip(), f"curl takes the header {name} away"
            headers[name] = value.strip()
    for cookies in options.get("-b", ()):
        assert "=" in cookies, "curl reads a file of cookies"
        headers["Cookie"] = cookies
    for user in options.get("-u", ()):
        headers["Authorization"] = "Basic " + base64.b64encode(user.encode()).decode()
    return headers


def _encoded(pair: str) -> str:
    name, equals, text = pair.partition("=")
    assert equals and "@" not in name
    return f"{name}={quote(text, safe='')}"


def _form_string(pair: str) -> str:
    name, _, text = pair.partition("=")
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}'


def _form(pair: str) -> str:
    name, _, rest = pair.partition("=")
    found = _QUOTED.fullmatch(rest)
    assert found is not None, rest
    text = re.sub(r"\\(.)", r"\1", found[1])
    head = f'Content-Disposition: form-data; name="{name}"\r\n'
    return f"{head}Content-Type: {found[2]}\r\n\r\n{text}" if found[2] else f"{head}\r\n{text}"
