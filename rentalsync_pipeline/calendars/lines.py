"""Bytes of a calendar to content lines.

Belongs here: what RFC 5545 §3.1 says of lines and §3.3.11 of TEXT, read the way real producers break
both. Does not: what a line means (`events`, `values`), writing lines (`text`).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from io import BytesIO
from itertools import repeat
from operator import itemgetter

Property = tuple[bytes, bytes]
"""The head of a line (name and parameters) and its value."""

_COLON = itemgetter(1)
_QUOTED_HEAD = re.compile(rb'((?:[^":]++|"[^"]*+")*+):(.*)')
_TZID = re.compile(rb';\s*TZID\s*=\s*("[^"]*"|[^;]*)', re.IGNORECASE)
EVENT_BEGINS = re.compile(rb"^BEGIN[ \t]*:[ \t]*VEVENT[ \t]*$", re.IGNORECASE | re.MULTILINE)


def unfold(body: bytes) -> bytes:
    r"""The body with one content line between `\n`s.

    Bytes are unfolded before anything is decoded: producers fold inside a UTF-8 sequence. A byte order
    mark and NULs go; CRLF and LF may be mixed; a bare CR ends a line only where nothing else does.
    """
    unfolded = _newlines(body).replace(b"\n ", b"")
    return unfolded.replace(b"\n\t", b"") if b"\t" in unfolded else unfolded


def _newlines(body: bytes) -> bytes:
    body = body.removeprefix(codecs.BOM_UTF8).replace(b"\0", b"")
    return body.replace(b"\r", b"" if b"\n" in body else b"\n")


def content_lines(unfolded: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Each line as its head, the colon, and its value with the blanks around it.

    What has no colon is no such line. Where nothing is quoted, no step of it is Python's: it runs per line.
    """
    parts = filter(_COLON, map(bytes.partition, BytesIO(unfolded), repeat(b":")))
    return map(_requoted, parts) if b'"' in unfolded else parts


def _requoted(parts: tuple[bytes, bytes, bytes]) -> tuple[bytes, bytes, bytes]:
    """The same line, not cut at a colon within quotes."""
    if b'"' in parts[0] and (quoted := _QUOTED_HEAD.match(b"".join(parts))):
        return quoted[1], b":", quoted[2]
    return parts


def zone_name(head: bytes) -> str | None:
    """The TZID among the parameters of a line, without its quotes."""
    found = _TZID.search(head)
    return decode(found[1].strip(b'" ')) if found else None


def decode(value: bytes) -> str:
    """UTF-8, and where it isn't, the Western Windows code page that such feeds are written in."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("cp1252", errors="replace")


def text(value: bytes) -> str:
    r"""A TEXT value without its escapes (`\n`, `\,`, `\;`, `\\`) and the blanks around it."""
    decoded = decode(value).strip()
    if "\\" not in decoded:
        return decoded
    return "\\".join(map(_unescaped, decoded.split(r"\\"))).strip()


def _unescaped(part: str) -> str:
    """A piece between escaped backslashes, in which what a backslash stands before is beyond doubt."""
    return part.replace(r"\n", "\n").replace(r"\N", "\n").replace(r"\,", ",").replace(r"\;", ";")


def event_lines(body: bytes) -> list[int]:
    """The number of the line on which each VEVENT of the body as delivered begins, counted from 1."""
    normal = _newlines(body)
    numbers, line, position = [], 1, 0
    for match in EVENT_BEGINS.finditer(normal):
        line += normal.count(b"\n", position, match.start())
        position = match.start()
        numbers.append(line)
    return numbers
