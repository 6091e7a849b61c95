"""A frozen value as a plain mapping.

Belongs here: that, and nothing else. `dataclasses.asdict` copies whatever the fields hold, all the way down:
of thousands of values that takes seconds.
"""

from __future__ import annotations

from dataclasses import Field, fields
from typing import Any, ClassVar, Protocol


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


def facts(value: _Dataclass) -> dict[str, Any]:
    """Each field's name and what it holds, in the order of the fields."""
    return {field.name: getattr(value, field.name) for field in fields(value)}
