"""Adding an entry to a list of a YAML file that people write: their comments, order and spacing stay.

Belongs here: finding the place in the text. Does not: what is added; whether the outcome is right, which
whoever calls this must check by reading it again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

INDENT = 2


class NoPlaceError(Exception):
    """The list is written in a way that can't be added to; the message says which."""


def append(text: str, key: str, entry: Mapping[str, str]) -> str:
    """The text with `entry` at the end of the list under the top-level `key`, which is made if absent."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    node = _under("".join(f"{line}\n" for line in lines), key)
    if node is None:
        return newline.join([*lines, f"{key}:", *_written(entry, INDENT)]) + newline
    if _is_empty(node):
        at = node.start_mark.line
        lines[at] = _without(lines[at], node)
        indent, at = INDENT, at + 1
    elif isinstance(node, SequenceNode) and not node.flow_style:
        indent, at = node.start_mark.column, _end(lines, node)
    else:
        raise NoPlaceError(f"`{key}:` is not a list with one `- ` a line")
    return newline.join([*lines[:at], *_written(entry, indent), *lines[at:]]) + newline


def _under(text: str, key: str) -> Node | None:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:
        return None
    if not isinstance(root, MappingNode):
        raise NoPlaceError("the file is not a mapping")
    return next((value for name, value in root.value if name.value == key), None)


def _is_empty(node: Node) -> bool:
    return (isinstance(node, ScalarNode) and not node.value) or (
        isinstance(node, SequenceNode) and node.flow_style is True and not node.value
    )


def _without(line: str, node: Node) -> str:
    """The line without the `[]` that stood for the empty list."""
    if isinstance(node, ScalarNode):
        return line
    return (line[: node.start_mark.column] + line[node.end_mark.column :]).rstrip()


def _end(lines: list[str], node: SequenceNode) -> int:
    """Behind the last line of the last entry: comments that are indented like its keys are part of it."""
    end = min(node.end_mark.line, len(lines))
    while end > node.start_mark.line and _lies_outside(lines[end - 1], node.start_mark.column):
        end -= 1
    return end


def _lies_outside(line: str, column: int) -> bool:
    content = line.lstrip()
    return not content or (content.startswith("#") and len(line) - len(content) <= column)


def _written(entry: Mapping[str, str], indent: int) -> list[str]:
    keys = [f"{key}: {_scalar(value)}" for key, value in entry.items()]
    return [" " * indent + ("  " if at else "- ") + line for at, line in enumerate(keys)]


def _scalar(value: str) -> str:
    """A value as YAML writes it, quoted where it must be."""
    return yaml.safe_dump(value, allow_unicode=True, width=math.inf).splitlines()[0]
