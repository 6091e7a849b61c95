"""What an add-on's options come to."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from rentalsync_pipeline.channels.registry import recognise, ways
from rentalsync_pipeline.control.written import config
from rentalsync_pipeline.control.written.document import CONNECTIONS, LISTINGS
from rentalsync_pipeline.operations.configuring.options import OptionsError, Told, read, told, write
from rentalsync_pipeline.operations.configuring.setup import init

AIRBNB = "https://www.airbnb.com/calendar/ical/1.ics?s=abcdef"


def come_to(**options: Any) -> Told:
    return told(read(json.dumps(options)), recognise, "Europe/Rome")


def test_a_calendar_becomes_a_connection_of_a_listing_and_its_address_a_secret() -> None:
    portfolio = come_to(calendars=[{"listing": "loft", "url": AIRBNB}])
    assert portfolio.document["listings"] == [{"slug": "loft"}]
    assert portfolio.document["connections"] == [
        {"id": "loft-airbnb", "channel": "airbnb", "listing": "loft", "url": "${ICAL_LOFT_AIRBNB}"}
    ]
    assert portfolio.secrets == {"ICAL_LOFT_AIRBNB": AIRBNB}


def test_a_channel_that_is_named_goes_before_the_one_that_is_recognised() -> None:
    calendars = [{"listing": "loft", "url": AIRBNB, "channel": "ical"}]
    (connection,) = come_to(calendars=calendars).document["connections"]
    assert connection["channel"] == "ical"


def test_the_second_calendar_of_a_channel_has_a_number() -> None:
    calendars = [{"listing": "loft", "url": f"https://example.com/{name}.ics"} for name in "ab"]
    portfolio = come_to(calendars=calendars)
    assert [each["id"] for each in portfolio.document["connections"]] == ["loft-ical", "loft-ical-2"]
    assert list(portfolio.secrets.values()) == [each["url"] for each in calendars]


def test_a_listing_has_what_is_said_of_it_and_one_is_made_of_every_other_slug() -> None:
    portfolio = come_to(
        calendars=[{"listing": "villa", "url": AIRBNB}, {"listing": "loft", "url": AIRBNB}],
        listings=[{"slug": "loft", "name": "Loft", "timezone": ""}],
    )
    assert portfolio.document["listings"] == [{"slug": "loft", "name": "Loft"}, {"slug": "villa"}]


@pytest.mark.parametrize(("chosen", "counts"), [(None, "Europe/Rome"), ("", "Europe/Rome"), ("UTC", "UTC")])
def test_the_house_has_the_last_word_on_the_time_zone_only_where_nothing_is_chosen(
    chosen: str | None, counts: str
) -> None:
    assert come_to(timezone=chosen).document["defaults"]["timezone"] == counts


def test_what_is_left_open_is_not_written() -> None:
    portfolio = come_to(public_url="", alert_webhook="", cloudbeds_api_key="", api_key="")
    assert not {"public_url", "alerts"} & portfolio.document.keys()
    assert portfolio.document["connections"] == []
    assert portfolio.secrets == {}
    assert portfolio.environment == {"MAX_LISTINGS": "50"}


@pytest.mark.parametrize(
    "text",
    [
        "no JSON",
        '{"calendars": [{"listing": "loft"}]}',
        '{"calender": []}',
        json.dumps({"calendars": [{"listing": "loft", "url": f"{AIRBNB}\nRENTALSYNC_API_KEY=mine"}]}),
        json.dumps({"cloudbeds_api_key": "secret\nPATH=/tmp"}),
    ],
)
def test_options_of_another_shape_are_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(OptionsError) as caught:
        read(text)
    assert "airbnb" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_the_files_are_a_right_configuration_and_keep_what_is_secret(tmp_path: Path) -> None:
    home = init(tmp_path).home
    portfolio = come_to(
        calendars=[{"listing": "loft", "url": AIRBNB}],
        cloudbeds_api_key="cbat_0123456789",
        alert_webhook="https://example.com/hook",
        public_url="http://homeassistant.local:8099",
        api_key="it's $HOME `id` of 32 characters or so",
        interval_minutes=5,
    )
    write(home, portfolio)
    document = config.load(home.config, channels=ways(), env={})
    assert set(document.rows(CONNECTIONS)) == {"loft-airbnb", "cloudbeds"}
    assert set(document.rows(LISTINGS)) == {"loft"}
    assert "abcdef" not in home.config.read_text()
    assert "cbat" not in home.config.read_text()
    for name in ("secrets.env", "addon.env"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    echo = ["sh", "-c", f'. {shlex.quote(str(tmp_path / "addon.env"))}; printf %s "$RENTALSYNC_API_KEY"']
    said = subprocess.run(echo, capture_output=True, text=True, check=True, env=dict(os.environ))
    assert said.stdout == "it's $HOME `id` of 32 characters or so"
