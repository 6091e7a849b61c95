"""What channels write in place of a name is understood in their languages, and no name is taken for it."""

from __future__ import annotations

import pytest

from rentalsync_pipeline.calendars.words import Word, spoken

SAID = {
    Word.RESERVED: "Reserved, Booked, Belegt, Gebucht, Réservée, Réservation, Reservado, Prenotazione",
    Word.BLOCKED: "Blocked, Owner stay, Maintenance, Geblockt, Gesperrt, Bloquée, Bloqueado, Bloccata",
    Word.CLOSED: "Not available, Airbnb (Not available), Unavailable, Busy, Nicht verfügbar, Indisponible, "
    "NO ESTÁ DISPONIBLE, Ocupado, Non disponibile, Occupato",
    Word.TENTATIVE: "Tentative, On hold, Vorläufig, Anfrage, Provisoire, En attente, Provisional, In attesa",
}


@pytest.mark.parametrize(
    ("phrase", "word"), [(phrase, word) for word, phrases in SAID.items() for phrase in phrases.split(", ")]
)
def test_a_phrase_says_this(phrase: str, word: Word) -> None:
    assert spoken(phrase) == spoken(phrase.upper()) == (word, "")


@pytest.mark.parametrize(
    ("summary", "found"),
    [
        ("Réservée - Chantal", (Word.RESERVED, "Chantal")),
        ("Belegt – Jean - Luc", (Word.RESERVED, "Jean - Luc")),
        ("Tentative: Ada", (Word.TENTATIVE, "Ada")),
        ("CLOSED - Not available", (Word.CLOSED, "")),
        ("Blocked - Blocked", (Word.BLOCKED, "")),
        ("CLOSED - Chantal", None),
        ("Reserved-Ada", None),
        ("Booker Washington", None),
        ("", None),
    ],
)
def test_a_name_behind_a_phrase_is_kept(summary: str, found: tuple[Word, str] | None) -> None:
    assert spoken(summary) == found
