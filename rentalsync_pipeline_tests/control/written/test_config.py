from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rentalsync_pipeline.control.written.config import load
from rentalsync_pipeline.control.written.document import Document
from rentalsync_pipeline.control.written.entries import ConnectionEntry
from rentalsync_pipeline.control.written.problems import ConfigError, Problem
from rentalsync_pipeline.core.portfolio import Ways
from rentalsync_pipeline.core.secret import Secret

FAULTS = Path(__file__).with_name("faults.txt")
CHANNELS = ("airbnb", "booking_com", "cloudbeds", "fewo_direkt", "ical")
HEAD = "version: 1\ndefaults: {timezone: Europe/Rome}\n"
LOFT = HEAD + "listings:\n  - slug: loft\n"
FEED = LOFT + "connections:\n  - id: a\n    channel: airbnb\n    listing: loft\n    url: a.ics\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rentalsync.yaml"


def read(file: Path, text: str, **env: str) -> Document:
    """What a file with that text asks for."""
    file.write_text(text, encoding="utf-8")
    return load(file, channels=CHANNELS, env=env)


def problems_of(file: Path, text: str) -> tuple[Problem, ...]:
    """Everything that is wrong with that text."""
    with pytest.raises(ConfigError) as refused:
        read(file, text)
    return refused.value.problems


def test_the_configuration_of_the_design_is_read_whole(file: Path) -> None:
    document = read(
        file,
        """\
version: 1
public_url: https://calendars.example.com/
settings: {interval: 15m, retention_days: 90, user_agent: "x", allow_private: [127.0.0.1, 10.0.0.0/8]}
defaults: {timezone: Europe/Rome, check_in: "15:00", check_out: "11:00"}
alerts:
  - webhook: "${ALERT_URL}"
  - heartbeat: https://beat.example/token
  - {smtp: "smtps://me:${SMTP_PASSWORD}@mail.example:465", to: me@example.com}
  - command: [notify, --urgent]
listings:
  - slug: downtown-loft
    name: Downtown Loft
    timezone: America/New_York
    feed: {token: true, style: timed, audiences: [owner, busy, airbnb, booking_com]}
    fields: [guest_phone_last4, {name: booking_notes, label: Special Requests}]
  - slug: villa
    rooms: [villa-east, villa-west]
  - {slug: villa-east, enabled: false}
  - {slug: villa-west, check_in: "9:05", fields: []}
connections:
  - id: loft-airbnb
    channel: airbnb
    listing: downtown-loft
    url: ${LOFT_AIRBNB_ICAL}
  - id: hotel
    channel: cloudbeds
    credentials:
      api_key: ${CLOUDBEDS_API_KEY}
      secret: hush
    base_url: https://api.cloudbeds.com/api/v1.3
    listings:
      "203249/601917-0": downtown-loft
      203249: villa
    interval: 5m
    absence: {misses: 3, minutes: 45, quarantine_hours: 6}
    imports: [loft-airbnb]
""",
        ALERT_URL="https://alert",
        LOFT_AIRBNB_ICAL="a.ics",
        CLOUDBEDS_API_KEY="k",
        SMTP_PASSWORD="hush",
    )

    assert document.rows("settings")["portfolio"] == {
        "public_url": "https://calendars.example.com",
        "interval": 900,
        "retention_days": 90,
        "user_agent": "x",
        "allow_private": ["127.0.0.1", "10.0.0.0/8"],
    }
    listings = document.rows("listings")
    assert listings["downtown-loft"] == {
        "name": "Downtown Loft",
        "timezone": "America/New_York",
        "check_in": "15:00",
        "check_out": "11:00",
        "enabled": True,
        "sync": True,
        "token": True,
        "style": "timed",
        "audiences": ["owner", "busy", "for-airbnb", "for-booking_com"],
        "blocks": "export",
        "fields": [["guest_phone_last4", None, True], ["booking_notes", "Special Requests", True]],
        "rooms": [],
    }
    assert listings["villa"]["rooms"] == ["villa-east", "villa-west"]
    assert listings["villa-east"]["name"] == "Villa East"
    assert listings["villa-east"]["enabled"] is False
    assert (listings["villa-west"]["check_in"], listings["villa-west"]["fields"]) == ("09:05", [])
    connections = document.rows("connections")
    assert connections["loft-airbnb"]["url"] == "${LOFT_AIRBNB_ICAL}"
    assert connections["hotel"] == {
        "channel": "cloudbeds",
        "credentials.api_key": "${CLOUDBEDS_API_KEY}",
        "credentials.secret": Secret("hush"),
        "base_url": "https://api.cloudbeds.com/api/v1.3",
        "listings.203249/601917-0": "downtown-loft",
        "listings.203249": "villa",
        "interval": 300,
        "misses": 3,
        "wait": 2700,
        "quarantine": 21600,
        "imports": ["loft-airbnb"],
        "end_is_last_night": False,
        "enabled": True,
        "acknowledge": False,
    }
    alerts = {row["kind"]: row for row in document.rows("alerts").values()}
    assert alerts == {
        "webhook": {"kind": "webhook", "url": "${ALERT_URL}"},
        "heartbeat": {"kind": "heartbeat", "url": Secret("https://beat.example/token")},
        "smtp": {
            "kind": "smtp",
            "url": "smtps://me:${SMTP_PASSWORD}@mail.example:465",
            "to": ["me@example.com"],
        },
        "command": {"kind": "command", "command": ["notify", "--urgent"]},
    }
    assert not any("token" in name or "PASSWORD" in name for name in document.rows("alerts"))


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("calendars/a.ics", "calendars/a.ics"),
        ("file:///srv/a.ics", "file:///srv/a.ics"),
        ("${LOFT}", "${LOFT}"),
        ("https://example.com/a?s=1", Secret("https://example.com/a?s=1")),
        ("webcal://example.com/a", Secret("webcal://example.com/a")),
    ],
)
def test_an_address_is_a_secret_when_it_is_a_literal_url(file: Path, url: str, kept: object) -> None:
    document = read(file, FEED.replace("a.ics", url), LOFT="x")
    assert document.rows("connections")["a"]["url"] == kept


def test_a_variable_may_be_set_in_secrets_env(file: Path) -> None:
    file.with_name("secrets.env").write_text("LOFT=https://example.com\n")
    assert read(file, FEED.replace("a.ics", "${LOFT}")).rows("connections")


@pytest.mark.parametrize("name", ["Überlingen", "خانه‌ی ما", "👩‍👩‍👧 Family", "京都の家", "L'Étoile & Söhne"])
def test_a_name_may_be_in_any_script(file: Path, name: str) -> None:
    assert read(file, f"{LOFT}    name: {name}\n").rows("listings")["loft"]["name"] == name


def test_a_configuration_may_be_empty(file: Path) -> None:
    assert read(file, "version: 1\nlistings:\nconnections:\n").rows("listings") == {}


def faults() -> Iterator[Any]:
    """The sections of faults.txt: what is said about a file, and its text."""
    for section in FAULTS.read_text(encoding="utf-8").split("\n\n=== ")[1:]:
        lines = section.split("\n")
        said = 1 + sum(line.startswith("=== ") for line in lines)
        problems = [line.removeprefix("=== ") for line in lines[:said]]
        yield pytest.param(problems, "\n".join(lines[said:]), id=problems[0][:60])


@pytest.mark.parametrize(("said", "text"), [*faults()])
def test_a_fault_is_told_with_its_line_key_and_remedy(file: Path, said: list[str], text: str) -> None:
    problems = [str(each).replace(f"{file}:", "", 1) for each in problems_of(file, text)]
    assert [each.replace(str(file.parent), "…") for each in problems] == said


def test_every_problem_of_a_file_is_told_at_once_in_order(file: Path) -> None:
    text = FEED.replace("Rome", "Roma").replace("slug: loft", "slug: loft\n    nam: x")
    text = text.replace("url: a.ics", "url: ${NOPE}\n    interval: 1")
    text += "  - id: b\n    channel: nope\n    url: x\n"
    assert [each.line for each in problems_of(file, text)] == [2, 5, 11, 12, 13]


def test_one_fault_is_one_problem(file: Path) -> None:
    """A listing with a fault still counts as written, so nothing is wrong with its connections."""
    assert len(problems_of(file, FEED.replace("slug: loft", "slug: loft\n    name: 12"))) == 1


@pytest.mark.parametrize(
    ("content", "message"), [(None, "there is no such file"), (b"a: \xff", "is not UTF-8")]
)
def test_a_file_that_can_not_be_read_is_a_problem_like_any_other(
    file: Path, content: bytes | None, message: str
) -> None:
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigError, match=f"{file}:1: {message}"):
        load(file, channels=CHANNELS, env={})


CANARY = "c4n4ry0c4n4ry0c4n4ry0c4n4ry0"
PASTED = f"https://x.example/a.ics?s={CANARY}"
FORMS = ("{}", "'{}'", "[{}]", "{{a: '{}'}}", "{{'{}': a}}", "${{{}}}", "!x {}", "{}: x: y")


@pytest.mark.parametrize("key", [*ConnectionEntry.model_fields, "unknown"])
@pytest.mark.parametrize("form", FORMS)
def test_a_url_in_the_wrong_place_is_not_repeated(file: Path, key: str, form: str) -> None:
    try:
        shown = repr(read(file, f"{FEED}  - {key}: {form.format(PASTED)}\n"))
    except ConfigError as error:
        shown = f"{error} {error!r} {error.problems}"
    assert CANARY not in shown


WAYS = {
    "airbnb": Ways(),
    "booking_com": Ways(credentials=(("client_id", "client_secret"),)),
    "cloudbeds": Ways(calendar=False, credentials=(("api_key",), ("client_id", "client_secret"))),
}


@pytest.mark.parametrize(
    ("connection", "said"),
    [
        ("{channel: cloudbeds, listing: loft, url: a.ics}", "exports no calendar; write `credentials:`"),
        (
            "{channel: airbnb, credentials: {key: x}}",
            "partner credentials are needed for `airbnb`, and not to be had; write `url:`",
        ),
        (
            "{channel: cloudbeds, credentials: {client_id: x}}",
            "don't let `cloudbeds` know us; write `api_key`, or `client_id` and `client_secret`",
        ),
        ("{channel: cloudbeds, credentials: {api_key: x}}", None),
        ("{channel: booking_com, listing: loft, url: a.ics}", None),
        ("{channel: booking_com, credentials: {client_id: x, client_secret: y, more: z}}", None),
    ],
)
def test_a_connection_asks_as_its_channel_can_be_asked(file: Path, connection: str, said: str | None) -> None:
    file.write_text(LOFT + f"connections: [{connection.replace('{', '{id: a, ', 1)}]\n")
    if said is None:
        load(file, channels=WAYS, env={})
        return
    with pytest.raises(ConfigError) as refused:
        load(file, channels=WAYS, env={})
    (problem,) = refused.value.problems
    assert said in str(problem)
