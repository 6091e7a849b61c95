"""What a channel wants to know before it lets us in, as parts of a form.

Belongs here: names of credentials as people read them, and back from a form that was sent. Does not: which
there are (each channel says so), whether they are right. None is ever shown again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rentalsync_pipeline.channels.registry import ways

_FIELD = "credential:"
_HARMLESS = {"username", "email", "client_id"}
"""Names, not secrets: they may be seen while they are typed."""
_CAPITALS = {"api": "API", "id": "ID", "url": "URL"}


@dataclass(frozen=True, slots=True)
class Credential:
    """One field: what it is sent as, what stands beside it, and the kind of its input."""

    field: str
    label: str
    kind: str


def forms_of(channel: str) -> list[tuple[Credential, ...]]:
    """The ways to be let in by an account, of which one is to be filled in whole."""
    return [tuple(map(_credential, names)) for names in ways()[channel].credentials]


def given_in(form: Mapping[str, str]) -> dict[str, str]:
    """The credentials that were filled in."""
    return {
        name.removeprefix(_FIELD): value.strip()
        for name, value in form.items()
        if name.startswith(_FIELD) and value.strip()
    }


def _credential(name: str) -> Credential:
    first, *rest = (_CAPITALS.get(word, word) for word in name.split("_"))
    label = " ".join((first[:1].upper() + first[1:], *rest))
    return Credential(_FIELD + name, label, "text" if name in _HARMLESS else "password")
