from __future__ import annotations

from pathlib import Path

import pytest

from rentalsync_pipeline.channels.registry import channels, recognise
from rentalsync_pipeline.control.written import config
from rentalsync_pipeline.control.written.problems import ConfigError
from rentalsync_pipeline.operations.configuring.connect import Added, AddError, add
from rentalsync_pipeline.operations.configuring.setup import init

AIRBNB = "https://www.airbnb.com/calendar/ical/123.ics?s=0123456789abcdef"
BOOKING = "https://ical.booking.com/v1/export?t=0123456789abcdef"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return init(tmp_path, env={}).home.config


def put(file: Path, address: str, listing: str | None = None, connection: str | None = None) -> Added:
    """Add an address as the command does."""
    return add(
        file,
        address,
        recognise=recognise,
        channels=channels(),
        env={},
        listing=listing,
        connection=connection,
    )


def test_a_pasted_url_becomes_a_connection_of_a_new_listing(file: Path) -> None:
    assert put(file, AIRBNB, "downtown-loft") == Added(
        connection="downtown-loft-airbnb",
        channel="airbnb",
        listing="downtown-loft",
        is_new_listing=True,
        variable="ICAL_DOWNTOWN_LOFT_AIRBNB",
    )
    document = config.load(file, channels=channels(), env={})
    assert document.rows("listings")["downtown-loft"]["name"] == "Downtown Loft"
    assert document.rows("connections")["downtown-loft-airbnb"]["url"] == "${ICAL_DOWNTOWN_LOFT_AIRBNB}"


def test_the_url_goes_to_the_secrets_and_not_into_the_yaml(file: Path) -> None:
    put(file, AIRBNB, "loft")
    secrets = file.with_name("secrets.env")

    assert f"ICAL_LOFT_AIRBNB={AIRBNB}\n" in secrets.read_text()
    assert secrets.stat().st_mode & 0o777 == 0o600
    assert "airbnb.com" not in file.read_text()


def test_one_listing_needs_no_name_and_several_do(file: Path) -> None:
    with pytest.raises(AddError, match="--listing SLUG"):
        put(file, AIRBNB)
    put(file, AIRBNB, "loft")
    assert put(file, BOOKING).connection == "loft-booking-com"
    put(file, f"{AIRBNB}2", "villa")
    with pytest.raises(AddError, match="loft, villa"):
        put(file, f"{BOOKING}2")


def test_names_that_are_taken_get_a_number(file: Path) -> None:
    put(file, AIRBNB, "loft")
    again = put(file, f"{AIRBNB}2", "loft")
    assert (again.connection, again.variable) == ("loft-airbnb-2", "ICAL_LOFT_AIRBNB_2")
    assert put(file, f"{AIRBNB}3", "loft", "loft-attic").variable == "ICAL_LOFT_ATTIC"


def test_what_people_have_written_stays_as_it_is(file: Path) -> None:
    file.write_text(
        "# Anna's homes\nversion: 1\nconnections:   # newest last\n    - {id: a, channel: ical,\n"
        "       listing: loft, url: a.ics}   # by hand\n\n\ndefaults: {timezone: Europe/Rome}\n"
        "listings: [ ]\n# the end\n".replace("[ ]", "\n- slug: loft")
    )
    before = file.read_text().split("\n")
    put(file, AIRBNB, "villa")
    after = file.read_text().split("\n")

    assert [line for line in after if line in before] == before
    assert [line for line in after if line not in before] == [
        "    - id: villa-airbnb",
        "      channel: airbnb",
        "      listing: villa",
        "      url: ${ICAL_VILLA_AIRBNB}",
        "- slug: villa",
        "  name: Villa",
    ]


def test_a_file_is_named_as_seen_from_the_configuration(file: Path, tmp_path: Path) -> None:
    inside, outside = file.parent / "old" / "a.ics", tmp_path.parent / "elsewhere.ics"
    inside.parent.mkdir()
    for calendar in (inside, outside):
        calendar.touch()

    first, second = put(file, str(inside), "loft"), put(file, str(outside), "loft")
    rows = config.load(file, channels=channels(), env={}).rows("connections")
    assert (first.channel, first.variable) == ("ical", None)
    assert rows[first.connection]["url"] == "old/a.ics"
    assert rows[second.connection]["url"] == str(outside.resolve())
    outside.unlink()


def test_a_variable_may_be_named_instead_of_its_value(file: Path) -> None:
    file.with_name("secrets.env").write_text(f"MINE={AIRBNB}\n")
    assert put(file, "${MINE}", "loft", "mine").variable is None
    assert config.load(file, channels=channels(), env={}).rows("connections")["mine"]["url"] == "${MINE}"


@pytest.mark.parametrize(
    ("address", "listing", "message"),
    [
        ("airbnb", "loft", "is a channel"),
        ("ftp://example.com/a.ics", "loft", "an https URL"),
        ("nowhere.ics", "loft", "there is no file"),
        ("${NOPE}", "loft", "NOPE"),
        (AIRBNB, "Not A Slug", "Not A Slug"),
    ],
)
def test_what_can_not_be_right_is_refused_and_nothing_is_written(
    file: Path, address: str, listing: str, message: str
) -> None:
    before = {path: path.read_bytes() for path in (file, file.with_name("secrets.env"))}
    with pytest.raises(AddError, match=message):
        put(file, address, listing)
    assert {path: path.read_bytes() for path in before} == before


def test_the_same_calendar_is_not_added_twice(file: Path) -> None:
    put(file, AIRBNB, "loft")
    with pytest.raises(AddError, match="`loft-airbnb` asks this very calendar already"):
        put(file, AIRBNB, "villa")


def test_an_id_that_is_taken_is_refused(file: Path) -> None:
    put(file, AIRBNB, "loft", "mine")
    with pytest.raises(AddError, match="`mine` is there already"):
        put(file, BOOKING, "loft", "mine")


def test_a_configuration_that_is_wrong_already_is_left_alone(file: Path) -> None:
    file.write_text("version: 1\nlistngs: []\n")
    with pytest.raises(ConfigError, match="did you mean `listings`"):
        put(file, AIRBNB, "loft")
    assert file.read_text() == "version: 1\nlistngs: []\n"


def test_a_list_in_one_line_is_left_to_its_author(file: Path) -> None:
    file.write_text("version: 1\ndefaults: {timezone: UTC}\nlistings: [{slug: loft}]\n")
    with pytest.raises(AddError, match="by hand"):
        put(file, AIRBNB, "villa")
    assert put(file, AIRBNB).connection == "loft-airbnb"


def test_an_error_does_not_repeat_the_url(file: Path) -> None:
    with pytest.raises(AddError) as refused:
        put(file, AIRBNB, listing=AIRBNB)
    assert "0123456789abcdef" not in f"{refused.value} {refused.value!r}"
