"""Alerts, from real syncs to real places: each trouble once, and once more when it is over."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from socket import create_server

import pytest

from rentalsync_pipeline.control.state import Alert
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.operations.stores import Run
from rentalsync_pipeline.operations.watching import sending
from rentalsync_pipeline.operations.watching.sending import send
from rentalsync_pipeline.operations.watching.telling import tell, tell_failure, tell_recovery
from rentalsync_pipeline_tests.certificates import certify
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation, vrbo
from rentalsync_pipeline_tests.operations.places import Web, post, program, web
from rentalsync_pipeline_tests.operations.town import Town

ANNA = reservation("HMANNA2345", "2026-12-01", 3)
REQUEST = replace(reservation("request", "2026-12-02", 2, "Eve"), kind="tentative")


@pytest.fixture
def page() -> Iterator[Web]:
    with web() as page:
        yield page


@pytest.fixture
def alert_town(town: Town, page: Web) -> Town:
    town.document["alerts"] = [{"webhook": page.url}, {"heartbeat": page.url}]
    return town


def sync_and_tell(town: Town, *, minutes: float = 15) -> list[str]:
    """A sync with its last step; returns what was reported."""
    town.sync(minutes=minutes)
    reported: list[str] = []
    tell(town.stores, Run(f"run-{town.runs}", town.now), "sync", reported.append)
    return reported


def test_a_silent_connection_is_told_of_after_four_intervals_once_and_when_it_is_back(
    alert_town: Town, page: Web
) -> None:
    town = alert_town
    town.connect("loft-airbnb", airbnb(ANNA))
    town.apply()
    sync_and_tell(town)
    town.show(loft_airbnb=None)
    for _ in range(3):
        sync_and_tell(town)
    assert page.texts == []
    for _ in range(3):
        sync_and_tell(town)
    (text,) = page.texts
    assert text.startswith(
        "loft-airbnb (Airbnb) has given no good answer since 2026-11-20 08:15 UTC: the file"
    )
    town.show(loft_airbnb=airbnb(ANNA))
    sync_and_tell(town)
    sync_and_tell(town)
    assert page.texts == [text, f"Over: {text}"]


def test_a_connection_that_never_answered_is_told_of_too(alert_town: Town, page: Web) -> None:
    alert_town.connect("loft-airbnb", None)
    alert_town.apply()
    for _ in range(3):
        sync_and_tell(alert_town)
    assert page.texts == []
    sync_and_tell(alert_town)
    assert "has given no good answer yet" in page.texts[0]


def test_double_bookings_are_told_at_once_certain_or_possible(alert_town: Town, page: Web) -> None:
    town = alert_town
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-fewo-direkt", vrbo(reservation("ben", "2026-12-02", 3, "Ben Miller")))
    town.connect("villa-airbnb", airbnb(ANNA))
    town.connect("villa-fewo-direkt", vrbo(REQUEST))
    town.apply()
    sync_and_tell(town)
    sync_and_tell(town)
    (text,) = page.texts
    certain, possible = text.splitlines()
    assert "loft has a certain double booking of 2 nights from 2026-12-02" in certain
    assert "villa has a possible double booking of 2 nights from 2026-12-02" in possible
    assert "Ben Miller" not in text
    town.show(villa_fewo_direkt=vrbo(REQUEST.moved("2027-01-02")))
    sync_and_tell(town)
    assert page.texts[1:] == [f"Over: {possible}"]


def test_a_calendar_in_a_new_form_is_told_of(alert_town: Town, page: Web) -> None:
    town = alert_town
    nights = [reservation(f"HMAAAA222{n}", f"2026-12-0{n}", 1) for n in range(1, 6)]
    town.connect("loft-airbnb", airbnb(*nights))
    town.apply()
    sync_and_tell(town)
    town.show(loft_airbnb=airbnb(*nights).replace("DTSTART;VALUE=DATE:202612", "DTSTART;VALUE=DATE:2026X", 3))
    sync_and_tell(town)
    sync_and_tell(town)
    assert page.texts == [
        "3 of 5 events of loft-airbnb could not be read. They keep the nights last known of them."
    ]
    town.show(loft_airbnb=airbnb(*nights))
    sync_and_tell(town)
    assert len(page.texts) == 2


def test_events_that_were_cut_are_told_of_until_their_words_are_clean(
    alert_town: Town, page: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cleaning leaves nothing to be cut; so the words here come about without it."""
    town = alert_town
    named = vrbo(reservation("x", "2026-12-01", 3, "anna@example.org"))
    town.connect("loft-fewo-direkt", named)
    town.apply()
    monkeypatch.setattr("rentalsync_pipeline.calendars.fields.clean", lambda text: text)
    sync_and_tell(town)
    sync_and_tell(town)
    (text,) = page.texts
    assert text.startswith("Events of loft (owner) are published as `Reserved`")
    assert "anna" not in text
    town.show(loft_fewo_direkt=vrbo(reservation("x", "2026-12-01", 3, "Anna")))
    sync_and_tell(town)
    assert page.texts == [text, f"Over: {text}"]


def test_a_run_that_fails_again_and_again_is_told_of_once_and_when_one_goes_well(
    alert_town: Town, page: Web
) -> None:
    town = alert_town
    town.connect("loft-airbnb", airbnb(ANNA))
    town.apply()
    for _ in range(2):
        tell_failure(town.stores.control, "sync", "The sync failed.", pytest.fail)
        tell_failure(town.stores.control, "maintenance", "Maintenance failed.", pytest.fail)
    sync_and_tell(town)
    tell_recovery(town.stores.control, "maintenance", pytest.fail)
    assert page.texts == [
        "The sync failed.",
        "Maintenance failed.",
        "Over: The sync failed.",
        "Over: Maintenance failed.",
    ]


def test_the_heart_beats_after_every_sync_news_or_not(alert_town: Town, page: Web) -> None:
    alert_town.connect("loft-airbnb", airbnb(ANNA))
    alert_town.apply()
    assert sync_and_tell(alert_town) == []
    assert sync_and_tell(alert_town) == []
    tell_failure(alert_town.stores.control, "sync", "The sync failed.", pytest.fail)
    assert page.beats == 2


def test_what_no_place_took_is_said_after_the_next_sync_and_no_address_is_reported(
    alert_town: Town, page: Web
) -> None:
    town = alert_town
    town.connect("loft-airbnb", airbnb(ANNA))
    town.connect("loft-fewo-direkt", vrbo(reservation("ben", "2026-12-02", 3, "Ben")))
    town.apply()
    page.status = 503
    reported = sync_and_tell(town)
    assert reported == [
        "the webhook at 127.0.0.1 was not reached: HTTP 503",
        "the heartbeat at 127.0.0.1 was not reached: HTTP 503",
    ]
    page.status = 200
    assert sync_and_tell(town) == []
    assert len(page.texts) == 1


def test_a_variable_that_is_missing_is_reported_and_stops_nothing(
    alert_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert_town.home.secrets.write_text("HOOK=https://hooks.example/1\n")
    alert_town.home.secrets.chmod(0o600)
    alert_town.document["alerts"] = [{"webhook": "${HOOK}"}]
    alert_town.apply()
    alert_town.home.secrets.unlink()
    (reported,) = sync_and_tell(alert_town)
    assert reported.startswith("no alert was sent: HOOK is not set")


def test_a_letter_names_its_subject_and_reaches_everybody() -> None:
    with post() as office:
        place = Alert("smtp", Secret(office.url), to=("a@example.com", "b@example.com"))
        assert send([place], "Seehaus: sold twice – Größe 3.\nMore.", pytest.fail) == 1
    letter = message_from_bytes(office.letters[0], policy=default)
    assert letter["Subject"] == "RentalSync: Seehaus: sold twice – Größe 3."
    assert letter["To"] == "a@example.com, b@example.com"
    body = letter.get_body()
    assert body is not None
    assert body.get_content().splitlines() == ["Seehaus: sold twice – Größe 3.", "More."]


def test_no_password_is_sent_to_a_mail_server_without_tls() -> None:
    reported: list[str] = []
    with post() as office:
        url = Secret(office.url.replace("smtp://", "smtp://me:c4n4ry@"))
        assert send([Alert("smtp", url, to=("a@example.com",))], "Hello", reported.append) == 0
    assert office.letters == []
    assert reported == ["the smtp at 127.0.0.1 was not reached: SMTPNotSupportedError"]


@pytest.mark.parametrize("from_the_start", [False, True])
def test_a_password_goes_to_a_mail_server_through_tls_only(
    from_the_start: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted = tmp_path / "certificate.pem"
    tls = certify(trusted, "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with post(tls, from_the_start=from_the_start) as office:
        url = Secret(office.url.replace("://", "://me:c4n4ry@"))
        assert send([Alert("smtp", url, to=("a@example.com",))], "Sold twice.", pytest.fail) == 1
    assert b"Sold twice." in office.letters[0]
    password = b64encode(b"\0me\0c4n4ry").decode()
    assert [is_safe for is_safe, line in office.said if password in line] == [True]


@pytest.mark.parametrize("from_the_start", [False, True])
def test_a_mail_server_that_nobody_vouches_for_hears_no_password(
    from_the_start: bool, tmp_path: Path
) -> None:
    reported: list[str] = []
    with post(certify(tmp_path / "own.pem", "127.0.0.1"), from_the_start=from_the_start) as office:
        url = Secret(office.url.replace("://", "://me:c4n4ry@"))
        assert send([Alert("smtp", url, to=("a@example.com",))], "Sold twice.", reported.append) == 0
    assert office.letters == []
    assert not any("AUTH" in line for _, line in office.said)
    assert reported == ["the smtp at 127.0.0.1 was not reached: SSLCertVerificationError"]


def test_a_command_reads_the_text(tmp_path: Path) -> None:
    place = Alert("command", command=tuple(program(tmp_path)))
    assert send([place], "Sold twice – Größe 3.", pytest.fail) == 1
    assert (tmp_path / "heard.txt").read_text(encoding="utf-8") == "Sold twice – Größe 3."


def test_a_place_that_never_answers_holds_nobody_up_and_the_others_hear(
    page: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_SECONDS", 0.5)
    reported: list[str] = []
    with create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/c4n4ry"
        places = [Alert("webhook", Secret(url)), Alert("webhook", Secret(page.url))]
        assert send(places, "Hello", reported.append) == 1
    assert page.texts == ["Hello"]
    assert len(reported) == 1
    assert "c4n4ry" not in reported[0]


@pytest.mark.parametrize(
    "url", ["file:///etc/hostname", "c4n4ry", "http://127.0.0.1:1/c4n4ry", "https://[c4n4ry"]
)
def test_an_address_that_leads_nowhere_is_reported_without_it(url: str) -> None:
    reported: list[str] = []
    assert send([Alert("webhook", Secret(url))], "Hello", reported.append) == 0
    assert len(reported) == 1
    assert "c4n4ry" not in reported[0]
