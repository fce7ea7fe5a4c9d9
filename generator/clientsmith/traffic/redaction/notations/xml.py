"""The values in XML and HTML: text, CDATA, attributes, comments and entities (XML 1.0; HTML, section 13).

A reader for redaction: it takes any text, well-formed or not, in time linear in it, and knows pairs of a name and its
value, such as `<input name="token" value="x">` and `<name>token</name><value>x</value>`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field

from clientsmith.traffic.redaction.notations.spots import Spot, as_is

_TAG = re.compile(r"<(/?)([A-Za-z_][\w.:-]*)")
_ATTRIBUTE = re.compile(r"\s*/?\s*([^\s=<>/\"']+)(?:\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)'|([^\s<>\"']+)))?")
_ENTITY = re.compile(r"<!ENTITY\s+(?:%\s+)?([\w.:-]+)\s+(?:\"([^\"<>]*)\"|'([^'<>]*)')")
_REFERENCE = re.compile(r"&([\w.:-]+);")
_LABELS = frozenset({"name", "key", "property", "field", "param", "id", "http-equiv"})
_LABEL_ELEMENTS = _LABELS | {"th", "td", "dt", "label"}
"""Elements whose text names what comes next."""
_LABELLED = frozenset({"value", "content", "default", "data"})
_VOID = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    }
)
_DEEPEST = 200


@dataclass(slots=True)
class _Element:
    name: str
    label: str = ""
    """A name that an attribute or an earlier child gives to what is inside."""
    text: str = ""


@dataclass(slots=True)
class _XmlReader:
    text: str
    open: list[_Element] = field(default_factory=list[_Element])
    entities: dict[str, str] = field(default_factory=dict[str, str])
    _missing: set[str] = field(default_factory=set[str])

    def path(self) -> tuple[str, ...]:
        return tuple(step for element in self.open[-20:] for step in (element.name, element.label) if step)

    def find(self, sign: str, start: int) -> int:
        """Where something ends; the end of the text if it does not, which is looked for only once."""
        if sign in self._missing:
            return len(self.text)
        position = self.text.find(sign, start)
        if position < 0:
            self._missing.add(sign)
            return len(self.text)
        return position


def xml_spots(text: str) -> Iterator[Spot]:
    """The values of a text, in its order."""
    reader = _XmlReader(text)
    position = 0
    while position < len(text):
        start = reader.find("<", position)
        if start > position:
            yield _text(reader, position, start, text[position:start], _escaped)
        if start >= len(text):
            return
        position = yield from _markup(reader, start)


def has_tags(text: str) -> bool:
    """Whether a text holds something that looks like a tag."""
    return "<" in text and _TAG.search(text) is not None


def _escaped(value: str) -> str:
    return html.escape(value, quote=False)


def _cdata(value: str) -> str:
    return value.replace("]]>", "]]]]><![CDATA[>")


def _markup(reader: _XmlReader, start: int) -> Generator[Spot, None, int]:
    """Reads what begins with `<`, and returns where it ends."""
    text = reader.text
    for opening, closing in (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")):
        if text.startswith(opening, start):
            first = start + len(opening)
            last = reader.find(closing, first)
            is_cdata = opening == "<![CDATA["
            yield _text(reader, first, last, text[first:last], _cdata if is_cdata else as_is, is_plain=True)
            return min(len(text), last + len(closing))
    entity = _ENTITY.match(text, start)
    if entity is not None:
        group = 2 if entity[2] is not None else 3
        reader.entities[entity[1]] = entity[group]
        yield Spot((entity[1],), *entity.span(group), html.unescape(entity[group]), html.escape)
        return entity.end()
    tag = _TAG.match(text, start)
    if tag is None:
        return start + 1
    if tag[1]:
        _close(reader, tag[2])
        return min(len(text), reader.find(">", tag.end()) + 1)
    return (yield from _start_tag(reader, tag))


def _start_tag(reader: _XmlReader, tag: re.Match[str]) -> Generator[Spot, None, int]:
    text, position = reader.text, tag.end()
    attributes: list[tuple[str, int, int]] = []
    while (attribute := _ATTRIBUTE.match(text, position)) is not None:
        group = next((number for number in (2, 3, 4) if attribute[number] is not None), 0)
        if group:
            attributes.append((attribute[1], *attribute.span(group)))
        position = attribute.end()
    label = next((text[first:last] for name, first, last in attributes if name.lower() in _LABELS), "")
    around = (*reader.path(), tag[2])
    for name, first, last in attributes:
        steps = (*around, label) if label and name.lower() in _LABELLED else (*around, name)
        yield Spot(steps, first, last, html.unescape(text[first:last]), html.escape)
    end = reader.find(">", position)
    is_empty = text[end - 1 : end] == "/" or tag[2].lower() in _VOID
    if not is_empty and len(reader.open) < _DEEPEST:
        reader.open.append(_Element(tag[2], label[:100]))
    return min(len(text), end + 1)


def _close(reader: _XmlReader, name: str) -> None:
    """Closes the element of that name, and what was left open inside of it, unless none is open."""
    for depth in range(len(reader.open) - 1, max(-1, len(reader.open) - 50), -1):
        if reader.open[depth].name == name:
            ended = reader.open[depth]
            del reader.open[depth:]
            if reader.open and name.rpartition(":")[2].lower() in _LABEL_ELEMENTS:
                reader.open[-1].label = ended.text.strip()[:100]
            return


def _text(
    reader: _XmlReader,
    start: int,
    end: int,
    written: str,
    write: Callable[[str], str],
    *,
    is_plain: bool = False,
) -> Spot:
    value = written if is_plain else html.unescape(written)
    if not is_plain and reader.entities:
        value = _REFERENCE.sub(lambda reference: reader.entities.get(reference[1], reference[0]), value)
    if reader.open:
        reader.open[-1].text = value[:200] if not is_plain or value else reader.open[-1].text
    bare = value.strip()
    inner = start + (len(written) - len(written.lstrip()))
    return Spot(reader.path(), inner, inner + len(written.strip()), bare, write)
