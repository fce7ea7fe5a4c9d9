"""JUnit XML, as CI systems read it; whatever text goes into it cannot break or reorder it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from clientsmith.characters import escape, escape_lines


def render(suites: Iterable[Element], seconds: float = 0) -> str:
    """A whole report: its suites, and how many cases they have together."""
    root = Element("testsuites")
    root.extend(suites)
    root.attrib |= _totals(root.findall("testsuite/testcase"), seconds)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def suite(name: str, cases: Sequence[Element], seconds: float = 0) -> Element:
    """Cases under one name."""
    made = element("testsuite", name=name, **_totals(cases, seconds))
    made.extend(cases)
    return made


def case(group: str, name: str, result: Element | None = None, seconds: float = 0) -> Element:
    """A case that passed, or whose `result` says why it did not. Its class is `group`, below clientsmith."""
    made = element("testcase", classname=f"clientsmith.{group}", name=name, time=f"{seconds:.3f}")
    if result is not None:
        made.append(result)
    return made


def failure(kind: str, message: str, text: str = "") -> Element:
    """Why a case failed."""
    made = element("failure", type=kind, message=message[:500])
    made.text = escape_lines(text) or None
    return made


def skipped(message: str) -> Element:
    """Why a case does not count."""
    return element("skipped", message=message)


def element(tag: str, **attributes: str) -> Element:
    """An element without anything in its attributes that XML 1.0 cannot say, or that would reorder text on a page."""
    return Element(tag, {name: escape(value) for name, value in attributes.items()})


def _totals(cases: Sequence[Element], seconds: float) -> dict[str, str]:
    failed = sum(one.find("failure") is not None for one in cases)
    return {
        "tests": str(len(cases)),
        "failures": str(failed),
        "errors": "0",
        "skipped": str(sum(one.find("skipped") is not None for one in cases)),
        "time": f"{seconds:.3f}",
    }
