r"""Content lines: from any string to octets that every client reads back the same.

Belongs here: what may stand in a TEXT or URI value, escaping (RFC 5545 §3.3.11) and folding (§3.1).
Does not: which properties a feed has (`writer`), which words stand in them (`wording`).

A backslash becomes a slash: four of seventeen clients measured misread `\\`.
"""

from __future__ import annotations

import re
from urllib.parse import quote

_NEWLINES = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_ESCAPES = {ord(char): f"\\{char}" for char in ",;"} | {ord("\n"): "\\n"}
_FORBIDDEN = dict.fromkeys([*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0xFEFF, 0xFFFE, 0xFFFF], "")
"""C0 but the newline, DEL, C1, a byte order mark, and what XML (CalDAV) can't carry."""
_REPLACED = dict.fromkeys(range(0xD800, 0xE000), "\ufffd") | {ord("\t"): " ", ord("\\"): "/"}
_TIDY = str.maketrans(_FORBIDDEN | _REPLACED)
_ORDINARY = re.compile(r"(?! )[ -+\--:<-\[\]-~]*(?<! )")
"""Printable ASCII without comma, semicolon and backslash: nothing to tidy, nothing to escape."""

_URI_SAFE = ":/?#[]@!$&'()*+,;=%~"

_WIDTH = 74
"""Octets on a line, one below what the RFC allows: `icalendar` folds there, and so the bytes agree."""


def tidy(text: str) -> str:
    """What a client will show for `text`: one kind of newline, no control characters, no outer blanks."""
    return _NEWLINES.sub("\n", text).translate(_TIDY).strip()


def escape(text: str) -> str:
    """A TEXT value: tidied, then escaped once."""
    return text if _ORDINARY.fullmatch(text) else tidy(text).translate(_ESCAPES)


def uri(address: str) -> str:
    """A URI value: whatever is neither printable ASCII nor allowed in a URI becomes percent-encoded."""
    return quote(address, safe=_URI_SAFE, errors="replace")


def line(name: str, value: str) -> str:
    """One content line with its line ending, folded where it is long. `value` is already escaped."""
    content = f"{name}:{value}"
    if len(content) <= _WIDTH and content.isascii():
        return f"{content}\r\n"
    return "\r\n ".join(_pieces(content.encode())) + "\r\n"


def _pieces(content: bytes) -> list[str]:
    r"""Cut between characters, and never behind a `\` or `^` (RFC 6868): an escape stays whole."""
    pieces, start = [], 0
    while len(content) - start > _WIDTH:
        end = start + _WIDTH
        while content[end] & 0xC0 == 0x80:
            end -= 1
        if content[end - 1] in b"\\^":
            end -= 1
        pieces.append(content[start:end].decode())
        start = end
    return [*pieces, content[start:].decode()]
