"""XML as channels send it.

Belongs here: reading it without its bombs (entities, external references), and small questions to it. Does
not: what a document means (each channel).
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring


def from_xml(body: bytes) -> Element:
    """The root of a document; raises `ValueError`, also for one that defines entities."""
    try:
        root: Element = fromstring(body)
    except ParseError:
        raise ValueError("no XML") from None
    return root


def every(element: Element, name: str) -> Iterator[Element]:
    """Every element of that name below this one, whatever the namespace."""
    return (each for each in element.iter() if each.tag.rpartition("}")[2] == name)


def first(element: Element | None, *names: str) -> Element | None:
    """The first element of each name below the last one found; `None` where one is absent."""
    for name in names:
        element = next(every(element, name), None) if element is not None else None
    return element


def told(element: Element | None) -> str | None:
    """The text of an element, without blanks around it; `None` where there is none."""
    return (element.text or "").strip() or None if element is not None else None


def said(element: Element | None, attribute: str) -> str | None:
    """An attribute of an element; `None` where either is absent."""
    return element.get(attribute) or None if element is not None else None
