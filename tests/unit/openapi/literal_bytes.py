"""What the specifications write down themselves, byte by byte; nothing in here comes out of the tool.

Sources: the tables "Style Values" and "Style Examples" of the Parameter Object in OpenAPI 3.0.4 (section 4.7.12),
3.1.1 (section 4.8.12) and 3.2.0 (section 4.12), and RFC 6570, sections 3.2.2, 3.2.5, 3.2.7, 3.2.8 and 3.2.9.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

BLUE: Any = "blue"
COLORS: Any = ["blue", "black", "brown"]
RGB: Any = {"R": 100, "G": 200, "B": 150}
LIST: Any = ["red", "green", "blue"]
KEYS: Any = {"semi": ";", "dot": ".", "comma": ","}


@dataclass(frozen=True)
class Row:
    """One cell of a table. Without `style` and `explode` the document states none, and the defaults hold."""

    location: str
    style: str | None
    explode: bool | None
    value: Any
    text: str
    name: str = "color"
    since: tuple[int, int] = (3, 0)


STYLES = (
    # OpenAPI, Style Examples: path
    Row("path", "matrix", False, BLUE, ";color=blue"),
    Row("path", "matrix", False, COLORS, ";color=blue,black,brown"),
    Row("path", "matrix", False, RGB, ";color=R,100,G,200,B,150"),
    Row("path", "matrix", True, BLUE, ";color=blue"),
    Row("path", "matrix", True, COLORS, ";color=blue;color=black;color=brown"),
    Row("path", "matrix", True, RGB, ";R=100;G=200;B=150"),
    Row("path", "label", False, BLUE, ".blue"),
    Row("path", "label", False, COLORS, ".blue,black,brown"),
    Row("path", "label", False, RGB, ".R,100,G,200,B,150"),
    Row("path", "label", True, BLUE, ".blue"),
    Row("path", "label", True, COLORS, ".blue.black.brown"),
    Row("path", "label", True, RGB, ".R=100.G=200.B=150"),
    Row("path", "simple", False, BLUE, "blue"),
    Row("path", "simple", False, COLORS, "blue,black,brown"),
    Row("path", "simple", False, RGB, "R,100,G,200,B,150"),
    Row("path", "simple", True, COLORS, "blue,black,brown"),
    Row("path", "simple", True, RGB, "R=100,G=200,B=150"),
    # header
    Row("header", "simple", False, BLUE, "blue"),
    Row("header", "simple", False, COLORS, "blue,black,brown"),
    Row("header", "simple", False, RGB, "R,100,G,200,B,150"),
    Row("header", "simple", True, COLORS, "blue,black,brown"),
    Row("header", "simple", True, RGB, "R=100,G=200,B=150"),
    # query
    Row("query", "form", False, BLUE, "color=blue"),
    Row("query", "form", False, COLORS, "color=blue,black,brown"),
    Row("query", "form", False, RGB, "color=R,100,G,200,B,150"),
    Row("query", "form", True, BLUE, "color=blue"),
    Row("query", "form", True, COLORS, "color=blue&color=black&color=brown"),
    Row("query", "form", True, RGB, "R=100&G=200&B=150"),
    Row("query", "spaceDelimited", False, COLORS, "color=blue%20black%20brown"),
    Row("query", "spaceDelimited", False, RGB, "color=R%20100%20G%20200%20B%20150"),
    Row("query", "pipeDelimited", False, COLORS, "color=blue%7Cblack%7Cbrown"),
    Row("query", "pipeDelimited", False, RGB, "color=R%7C100%7CG%7C200%7CB%7C150"),
    Row("query", "deepObject", True, RGB, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
    Row("query", "deepObject", None, RGB, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
    # cookie; style `cookie` since 3.2
    Row("cookie", "form", False, BLUE, "color=blue"),
    Row("cookie", "form", False, COLORS, "color=blue,black,brown"),
    Row("cookie", "form", False, RGB, "color=R,100,G,200,B,150"),
    Row("cookie", "cookie", False, BLUE, "color=blue", since=(3, 2)),
    Row("cookie", "cookie", False, COLORS, "color=blue,black,brown", since=(3, 2)),
    Row("cookie", "cookie", False, RGB, "color=R,100,G,200,B,150", since=(3, 2)),
    Row("cookie", "cookie", True, BLUE, "color=blue", since=(3, 2)),
    Row("cookie", "cookie", True, COLORS, "color=blue; color=black; color=brown", since=(3, 2)),
    Row("cookie", "cookie", True, RGB, "R=100; G=200; B=150", since=(3, 2)),
    Row("cookie", "cookie", True, "a%3Bb", "color=a%3Bb", since=(3, 2)),
    # "no percent-encoding or other escaping is applied"
    # OpenAPI, Parameter Object: the default of `style` by location, and of `explode` by style
    Row("path", None, None, COLORS, "blue,black,brown"),
    Row("path", None, None, RGB, "R,100,G,200,B,150"),
    Row("path", None, True, RGB, "R=100,G=200,B=150"),
    Row("path", "label", None, COLORS, ".blue,black,brown"),
    Row("path", "matrix", None, COLORS, ";color=blue,black,brown"),
    Row("query", None, None, COLORS, "color=blue&color=black&color=brown"),
    Row("query", None, None, RGB, "R=100&G=200&B=150"),
    Row("query", None, False, COLORS, "color=blue,black,brown"),
    Row("query", "form", None, COLORS, "color=blue&color=black&color=brown"),
    Row("query", "spaceDelimited", None, COLORS, "color=blue%20black%20brown"),
    Row("query", "pipeDelimited", None, COLORS, "color=blue%7Cblack%7Cbrown"),
    Row("header", None, None, RGB, "R,100,G,200,B,150"),
    Row("header", None, True, RGB, "R=100,G=200,B=150"),
    Row("cookie", None, None, BLUE, "color=blue"),
    Row("cookie", None, False, COLORS, "color=blue,black,brown"),
    Row("cookie", "cookie", None, COLORS, "color=blue; color=black; color=brown", since=(3, 2)),
    # RFC 6570
    Row("path", "simple", False, "Hello World!", "Hello%20World%21", "hello"),
    Row("path", "simple", False, "50%", "50%25", "half"),
    Row("path", "simple", False, LIST, "red,green,blue", "list"),
    Row("path", "simple", True, LIST, "red,green,blue", "list"),
    Row("path", "simple", False, KEYS, "semi,%3B,dot,.,comma,%2C", "keys"),
    Row("path", "simple", True, KEYS, "semi=%3B,dot=.,comma=%2C", "keys"),
    Row("path", "label", False, LIST, ".red,green,blue", "list"),
    Row("path", "label", True, LIST, ".red.green.blue", "list"),
    Row("path", "label", False, KEYS, ".semi,%3B,dot,.,comma,%2C", "keys"),
    Row("path", "label", True, KEYS, ".semi=%3B.dot=..comma=%2C", "keys"),
    Row("path", "matrix", False, LIST, ";list=red,green,blue", "list"),
    Row("path", "matrix", True, LIST, ";list=red;list=green;list=blue", "list"),
    Row("path", "matrix", False, KEYS, ";keys=semi,%3B,dot,.,comma,%2C", "keys"),
    Row("path", "matrix", True, KEYS, ";semi=%3B;dot=.;comma=%2C", "keys"),
    Row("query", "form", False, LIST, "list=red,green,blue", "list"),
    Row("query", "form", True, LIST, "list=red&list=green&list=blue", "list"),
    Row("query", "form", False, KEYS, "keys=semi,%3B,dot,.,comma,%2C", "keys"),
    Row("query", "form", True, KEYS, "semi=%3B&dot=.&comma=%2C", "keys"),
    Row("query", "form", True, "", "empty=", "empty"),
    Row("query", "form", True, "Hello World!", "hello=Hello%20World%21", "hello"),
)

LOCATIONS_AND_STYLES = {
    "path": {"matrix", "label", "simple"},
    "query": {"form", "spaceDelimited", "pipeDelimited", "deepObject"},
    "header": {"simple"},
    "cookie": {"form", "cookie"},
}
"""OpenAPI, Style Values: the column `in`."""
DEFAULT_STYLES = {"query": "form", "path": "simple", "header": "simple", "cookie": "form"}
"""OpenAPI, Parameter Object, `style`."""
EXPLODED_BY_DEFAULT = {"form", "cookie"}
"""OpenAPI, Parameter Object, `explode`: "When style is form or cookie, the default value is true." """
IGNORED_HEADERS = ("Accept", "Content-Type", "Authorization")
"""OpenAPI, Parameter Object, `name`: "the parameter definition SHALL be ignored"."""

MOST_SPECIFIC = (
    # OpenAPI, Request Body and Response Object, `content`: "e.g. text/plain overrides text/*"
    (("text/*", "text/plain"), "text/plain", "text/plain"),
    (("text/*", "text/plain"), "text/csv", "text/*"),
    (("*/*", "text/*"), "text/csv", "text/*"),
    (("*/*", "text/*"), "image/png", "*/*"),
    (("application/*", "application/*+json"), "application/vnd.a+json", "application/*+json"),
    (("application/json", "application/*+json"), "application/json", "application/json"),
    (("application/json",), "application/xml", None),
    (("text/*",), "application/json", None),
    (("application/json",), "application/vnd.a+json", None),
    # RFC 9110, section 8.3.1: type and subtype have no case, and parameters follow a semicolon
    (("Application/JSON",), "application/json; charset=utf-8", "Application/JSON"),
    (("text/html; level=1", "text/html"), "text/html;level=1", "text/html; level=1"),
    (("text/html", "text/html;level=1"), "text/html", "text/html"),
)
"""Media types that a document declares, one that is received, and the declared one that counts."""
JSON_TYPES = {
    "application/json": True, "text/json": True, "Application/Problem+JSON": True, "application/vnd.a+json; v=1": True,
    "application/xjson": False, "application/jsonlines": False, "application/json-seq": False, "text/plain": False, "application/xml": False,
}  # fmt: skip
"""RFC 6839, section 3.1: the suffix `+json` says that it is JSON."""
HEADER_PARAMETERS = (
    ("text/html; charset=utf-8", "charset", "utf-8"),
    ('text/html;Charset="utf-8"', "charset", "utf-8"),
    ("multipart/form-data; boundary=B; charset=x", "boundary", "B"),
    ("text/html", "charset", None),
)
"""RFC 9110, section 8.3.1: these examples are the same."""
ACCEPT = (
    # RFC 9110, section 12.5.1
    (("text/html", "text/plain"), "text/plain; q=0.5, text/html", "text/html"),
    (("text/html", "text/plain"), "text/html;q=0, text/plain", "text/plain"),
    (("text/plain", "text/html"), "text/html; q=0", "text/plain"),
    (("audio/basic", "audio/ogg"), "audio/ogg, audio/basic; q=0.2", "audio/ogg"),
    (("text/html", "application/json"), "*/*", "application/json"),
    (("text/html", "image/png"), None, "text/html"),
)
CONCRETE = {
    "application/json; charset=utf-8": "application/json; charset=utf-8", "*/*": "application/json",
    "text/*": "text/plain", "image/*": "image/png", "application/*": "application/json",
    "application/*+json": "application/json", "font/*": "font/octet-stream",
}  # fmt: skip
"""For every range a type in it (RFC 9110, section 12.5.1: `*` stands for any subtype)."""
CODECS = {
    "application/json": "json", "application/vnd.a+json": "json", "*/*": "json", "application/*": "json",
    "application/x-www-form-urlencoded": "form", "Multipart/Form-Data; boundary=B": "multipart",
    "text/plain": "text", "text/*": "text", "image/png": "binary", "application/octet-stream": "binary",
}  # fmt: skip
PREFERRED = (
    (("text/plain", "application/json"), "application/json"),
    (("*/*", "application/vnd.a+json"), "application/vnd.a+json"),
    (("application/x-www-form-urlencoded", "application/vnd.a+json"), "application/vnd.a+json"),
    (("multipart/form-data", "application/x-www-form-urlencoded"), "application/x-www-form-urlencoded"),
    (("image/png", "text/csv"), "text/csv"),
    ((), None),
)
