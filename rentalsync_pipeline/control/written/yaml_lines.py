"""YAML as plain data that remembers its lines.

Belongs here: reading YAML more strictly than its library does: doubled keys, unquoted times, aliases and
unknown tags are problems. Does not: what the data means (`entries`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.constructor import SafeConstructor
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from rentalsync_pipeline.control.written.problems import Steps

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_PLAIN = SafeConstructor()
_SCALARS: Mapping[str, Callable[[ScalarNode], Any]] = {
    "null": lambda node: None,
    "bool": _PLAIN.construct_yaml_bool,
    "int": _PLAIN.construct_yaml_int,
    "float": _PLAIN.construct_yaml_float,
}
"""How plain scalars become values; all others, dates among them, stay the text that was written."""

Finding = tuple[Steps, str, str]
"""Where, what is wrong, what to do."""


class UnreadableYamlError(Exception):
    """Text that is no YAML: in which line, counted from 1, and why."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line, self.message = line, message


@dataclass(frozen=True, slots=True)
class Yaml:
    """One document. `data` holds dicts, lists and scalars; `findings` what was already wrong as YAML."""

    data: Any
    findings: tuple[Finding, ...]
    root: Node | None

    def line(self, steps: Steps) -> int:
        """The line of a key, or of the nearest thing above it that is written down."""
        node, line = self.root, 1
        for step in steps:
            found = _child(node, step)
            if found is None:
                break
            line, node = found
        return line


def read(text: str) -> Yaml:
    """Read one YAML document; `UnreadableYamlError` where it is none."""
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UnreadableYamlError(line, error.problem or "no YAML") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise UnreadableYamlError(
            line, f"a character that YAML doesn't allow (#{error.character:04x})"
        ) from None
    reader = _Reader()
    data = None if root is None else reader.value(root, ())
    return Yaml(data, tuple(reader.findings), root)


class _Reader:
    """Turns nodes into data, once each."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self._seen: set[int] = set()

    def value(self, node: Node, steps: Steps) -> Any:
        if isinstance(node, ScalarNode):
            return self._scalar(node, steps)
        if id(node) in self._seen:
            self.findings.append((steps, "an alias (`*name`)", "write out what it stands for"))
            return None
        self._seen.add(id(node))
        if isinstance(node, MappingNode):
            return dict(self._pairs(node, steps))
        return [self.value(item, (*steps, index)) for index, item in enumerate(node.value)]

    def _pairs(self, node: MappingNode, steps: Steps) -> Iterator[tuple[str, Any]]:
        """Keys are text, whatever YAML makes of them; a key without a value counts as absent."""
        keys: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in keys:
                self.findings.append(((*steps, name), "written twice", "keep one of the two"))
            keys.add(name)
            found = self.value(value, (*steps, name))
            if found is not None:
                yield name, found

    def _scalar(self, node: ScalarNode, steps: Steps) -> Any:
        kind = node.tag.removeprefix(_TAG)
        if kind == node.tag:
            self.findings.append((steps, f"the tag {node.tag} means nothing here", "write `${NAME}`"))
        elif kind == "int" and ":" in node.value:
            number = _PLAIN.construct_yaml_int(node)
            message = f"{node.value} without quotes is the number {number} to YAML"
            self.findings.append((steps, message, f'quote it: "{node.value}"'))
            return node.value
        make = _SCALARS.get(kind)
        return str(node.value) if make is None else make(node)


def _child(node: Node | None, step: str | int) -> tuple[int, Node] | None:
    """Line and node of one step down; `None` where there is none."""
    if isinstance(node, MappingNode):
        pairs = (pair for pair in reversed(node.value) if pair[0].value == step)
        pair = next(pairs, None)
        return pair and (pair[0].start_mark.line + 1, pair[1])
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        item = node.value[step]
        return item.start_mark.line + 1, item
    return None
