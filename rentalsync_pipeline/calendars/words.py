"""What channels write in a SUMMARY when they name no guest, in their languages.

Belongs here: the phrases and what each says. Does not: what a dialect makes of it (`dialects`).
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache


class Word(StrEnum):
    """What a phrase says of the nights."""

    RESERVED = "reserved"
    BLOCKED = "blocked"
    CLOSED = "closed"
    """Not available, for a reason that is not told."""
    TENTATIVE = "tentative"


_PHRASES = {
    Word.RESERVED: """
        reserved | reservation | booked | booking | belegt | gebucht | reserviert | reservierung
        réservé | réservée | réservation | reservado | reservada | reserva
        prenotato | prenotata | prenotazione
    """,
    Word.BLOCKED: """
        blocked | block | owner block | owner stay | blocked dates | maintenance
        geblockt | blockiert | gesperrt | bloqué | bloquée | bloqueado | bloqueada | bloccato | bloccata
    """,
    Word.CLOSED: """
        not available | unavailable | closed | busy | occupied | airbnb (not available) | blocked by guesty
        nicht verfügbar | indisponible | no disponible | no está disponible | ocupado
        non disponibile | occupato
    """,
    Word.TENTATIVE: """
        tentative | pending | request | hold | on hold | vorläufig | anfrage | provisoire | en attente
        provisional | pendiente | provvisorio | provvisoria | in attesa
    """,
}
_WORDS = {
    phrase.strip(): word
    for word, phrases in _PHRASES.items()
    for line in phrases.splitlines()
    for phrase in line.split("|")
    if phrase.strip()
}
VOCABULARY = frozenset(word for phrase in _WORDS for word in re.findall(r"\w+", phrase))
"""Every single word of the phrases."""
_DASH = re.compile(r"\s+[-–—]\s+|:\s+")


@lru_cache(maxsize=1024)
def spoken(summary: str) -> tuple[Word, str] | None:
    """The phrase with which a SUMMARY opens and what follows it; `None` where it opens with none.

    `Réservée - Chantal` is reserved, by Chantal; `CLOSED - Not available` is closed; but `CLOSED -
    Chantal` is none of our phrases, since nobody closes nights by name.
    """
    if word := _WORDS.get(summary.casefold()):
        return word, ""
    opening, *rest = _DASH.split(summary, maxsplit=1)
    word, name = _WORDS.get(opening.casefold()), "".join(rest)
    if name.casefold() in _WORDS:
        name = ""
    if word is None or (word is Word.CLOSED and name):
        return None
    return word, name
