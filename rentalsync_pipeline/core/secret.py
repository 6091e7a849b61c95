"""A string that doesn't show itself.

Belongs here: the one wrapper in which URLs with tokens and credentials travel. Does not: storing them
(`control.vault`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret value. Printing, logging or formatting it shows the host at most; `reveal()` hands it out."""

    _value: str = field(repr=False)

    def reveal(self) -> str:
        """The value itself: only for the call that needs it, never for a message."""
        return self._value

    @property
    def host(self) -> str:
        """The host of a URL, `file` for a path or file URL: all that may ever be shown of it."""
        if "://" not in self._value:
            return "file"
        try:
            parts = urlsplit(self._value)
        except ValueError:
            return "?"
        return "file" if parts.scheme == "file" else parts.hostname or "?"

    def __str__(self) -> str:
        return f"<{self.host}>"

    def __repr__(self) -> str:
        return f"Secret({self.host})"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret is not pickled")
