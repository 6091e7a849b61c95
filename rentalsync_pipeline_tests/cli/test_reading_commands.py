"""What the reading commands print of the example portfolio: the story that its README promises."""

from __future__ import annotations

import pytest

from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.operations.lock import sync_lock
from rentalsync_pipeline_tests.cli.conftest import AS_OF
from rentalsync_pipeline_tests.cli.shell import Shell

pytestmark = pytest.mark.slow


def test_status_names_what_fails_first_and_why(synced: Shell) -> None:
    document = synced.json("status", *AS_OF)
    assert (document["level"], document["certain_conflicts"], document["listings"]) == ("warn", 1, 5)
    broken, *others = document["connections"]
    assert (broken["connection"], broken["level"], broken["freshness"]) == ("machiya-airbnb", "fail", "never")
    assert {each["level"] for each in others} == {"ok"}
    said = synced("status", *AS_OF).stdout
    assert "machiya-airbnb: the answer is no calendar" in said
    assert "Double bookings: 1 certain" in said


def test_status_tells_a_monitor_by_its_exit_code(synced: Shell) -> None:
    synced("status", "--check", *AS_OF, code=2)
    synced("status", "--check", "--as-of", "2026-11-21T08:00:00+01:00", code=1)


def test_listings_give_every_feed_its_full_url(synced: Shell) -> None:
    listings = synced.json("listings")
    assert [each["slug"] for each in listings] == sorted(each["slug"] for each in listings)
    feeds = [feed for listing in listings for feed in listing["feeds"]]
    assert len(feeds) == 20
    said = synced("listings").stdout.splitlines()
    for feed in feeds:
        assert feed["address"] == f"https://calendars.example.com/{feed['name']}"
        assert f"    {feed['address']}" in said
        assert (synced.folder / "feeds" / feed["name"]).is_file()


def test_explain_tells_both_stays_of_a_night_that_was_sold_twice(synced: Shell) -> None:
    document = synced.json("explain", "downtown-loft", "2026-12-31")
    assert (document["busy"], document["conflicts"]) == (True, [1])
    assert {stay["channel"] for stay in document["stays"]} == {"airbnb", "fewo_direkt"}
    said = synced("explain", "downtown-loft", "2026-12-31").stdout
    assert "busy since 2026-11-20 07:00 UTC" in said
    for stay in document["stays"]:
        assert stay["uid"] in said
        for source in stay["sources"]:
            assert source["evidence"]["body"] in said
            assert source["evidence"]["run_id"] in said
            for line in source["evidence"]["event"].splitlines():
                assert f"      {line}" in said


def test_explain_tells_why_the_end_of_what_is_sold_is_free(synced: Shell) -> None:
    said = synced("explain", "seehaus", "2027-11-10").stdout
    assert "free" in said.splitlines()[0]
    assert "seehaus-booking shows it as closed" in said


def test_changes_are_listed_by_listing_and_since(synced: Shell) -> None:
    document = synced.json("changes")
    assert {each["listing"] for each in document} >= {"seehaus", "waikiki-studio"}
    assert all(each["busy"] for each in document)
    (single,) = [
        each for each in synced.json("changes", "--listing", "waikiki-studio") if each["first_night"] > "2027"
    ]
    assert single["first_night"] == single["last_night"] == "2027-02-16"
    assert "2026-11-25" in synced("changes", "--listing", "waikiki-studio").stdout
    assert synced.json("changes", "--since", "2026-11-20T08:00:01+01:00") == []


def test_the_double_booking_is_told_in_words(synced: Shell) -> None:
    (document,) = synced.json("conflicts", *AS_OF)
    assert (document["first_night"], document["last_night"]) == ("2026-12-31", "2027-01-01")
    said = " ".join(synced("conflicts", *AS_OF).stdout.split())
    assert said.startswith("1. downtown-loft has a certain double booking of 2 nights from 2026-12-31: ")
    assert "Airbnb's reservation HMT6L9RJSN (2026-12-29 to 2027-01-02)" in said
    assert said.endswith("41 days to go.")
    assert synced("conflicts", "--as-of", "2027-06-01T00:00:00Z").stdout == "No double bookings.\n"


def test_what_is_a_reservation_on_both_sides_is_not_settled_as_an_echo(synced: Shell) -> None:
    assert "neither is a copy" in synced("conflicts", "resolve", "1", "--echo", code=64).output
    assert "say which it is" in synced("conflicts", "resolve", "1", code=64).output
    assert "there is no conflict 9" in synced("conflicts", "resolve", "9", "--real", code=64).output


def test_feeds_are_listed_one_a_line(synced: Shell) -> None:
    files = synced.json("feeds", "list")
    lines = synced("feeds", "list").stdout.splitlines()[1:]
    assert [line.split()[-1] for line in lines] == [feed["name"] for feed in files]


def test_doctor_lists_its_checks_with_what_to_do(synced: Shell) -> None:
    checks = {check["name"]: check for check in synced.json("doctor", *AS_OF)}
    assert {name for name, check in checks.items() if check["level"] != "ok"} == {"connections"}
    assert checks["connections"]["remedy"] == "`rentalsync status`"
    (synced.home / "feed.key").chmod(0o644)
    try:
        said = synced("doctor", *AS_OF, code=1).stdout
    finally:
        (synced.home / "feed.key").chmod(0o600)
    assert "chmod 600" in said


READING = [
    ["status", *AS_OF],
    ["explain", "downtown-loft", "2026-12-31"],
    ["changes"],
    ["conflicts", "--all"],
    ["doctor", *AS_OF],
]


@pytest.mark.parametrize("words", READING, ids=lambda words: str(words[0]))
def test_what_is_printed_is_plain_text_of_a_hundred_columns(synced: Shell, words: list[str]) -> None:
    said = synced(*words)
    assert "\x1b" not in said.output
    assert max(map(len, said.stdout.splitlines())) <= 100
    assert said.stderr == f"home {synced.home}\n"


def test_what_only_reads_waits_for_no_sync_and_changes_nothing(synced: Shell) -> None:
    before = {path: path.stat().st_mtime_ns for path in synced.home.glob("*.duckdb")}
    with sync_lock(Home(synced.home).lock):
        for words in READING:
            synced(*words)
    assert {path: path.stat().st_mtime_ns for path in synced.home.glob("*.duckdb")} == before
