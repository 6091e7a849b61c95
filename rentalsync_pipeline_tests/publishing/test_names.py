from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rentalsync_pipeline.core.portfolio import FeedOptions, Listing
from rentalsync_pipeline.publishing.names import feed_name, feed_url, stay_uid, token
from rentalsync_pipeline.publishing.store import NAME

SECRET = bytes(range(32))
LOFT = Listing(slug="downtown-loft", name="Downtown Loft", timezone="America/New_York")
BASE32 = re.compile(r"[a-z2-7]{26}")


def test_a_token_is_130_bits_of_lower_case_base32() -> None:
    assert BASE32.fullmatch(token(SECRET, "downtown-loft", "owner", 0))


def test_names_are_pinned_for_a_secret_so_that_a_rebuilt_warehouse_publishes_the_same() -> None:
    assert feed_name(SECRET, LOFT, "owner") == "private/downtown-loft-owner-gn6fjco5vi75rrxpvswozrmcqt.ics"
    assert stay_uid(SECRET, "loft-airbnb", "HMA1") == "e3r7cp5wmot2uienynr7ka27rk"


def test_every_audience_generation_listing_and_secret_has_a_token_of_its_own() -> None:
    tokens = [
        token(secret, listing, audience, generation)
        for secret in (SECRET, SECRET[::-1])
        for listing in ("downtown-loft", "villa")
        for audience in ("owner", "busy", "for-airbnb")
        for generation in (0, 1)
    ]
    assert len(set(tokens)) == len(tokens)


def test_a_stay_is_never_called_like_a_feed() -> None:
    assert stay_uid(SECRET, "downtown-loft", "owner\x000") != token(SECRET, "downtown-loft", "owner", 0)


@pytest.mark.parametrize(
    ("audience", "pattern"),
    [
        ("owner", r"private/downtown-loft-owner-[a-z2-7]{26}\.ics"),
        ("busy", r"public/downtown-loft-busy-[a-z2-7]{26}\.ics"),
        ("for-booking_com", r"public/downtown-loft-for-booking_com-[a-z2-7]{26}\.ics"),
    ],
)
def test_only_the_owner_feed_is_private(audience: str, pattern: str) -> None:
    assert re.fullmatch(pattern, feed_name(SECRET, LOFT, audience))


def test_a_listing_may_have_fixed_names() -> None:
    fixed = replace(LOFT, feed=FeedOptions(token=False))
    assert feed_name(SECRET, fixed, "busy") == "public/downtown-loft-busy.ics"


def test_rotating_renames_every_feed_of_the_listing() -> None:
    rotated = replace(LOFT, feed=FeedOptions(generation=1))
    for audience in ("owner", "busy", "for-airbnb"):
        assert feed_name(SECRET, rotated, audience) != feed_name(SECRET, LOFT, audience)


def test_the_longest_name_still_fits_into_the_url_that_google_accepts() -> None:
    longest = replace(LOFT, slug="x" * 64)
    name = feed_name(SECRET, longest, "for-booking_com")
    url = feed_url("https://calendars.example.com", name)
    assert NAME.fullmatch(name)
    assert url is not None
    assert len(url) < 200


@pytest.mark.parametrize("base", ["https://calendars.example.com", "https://calendars.example.com/"])
def test_the_address_of_a_feed_is_its_name_below_the_public_url(base: str) -> None:
    assert feed_url(base, "public/a-busy.ics") == "https://calendars.example.com/public/a-busy.ics"


def test_without_a_public_url_a_feed_has_no_address() -> None:
    assert feed_url(None, "public/a-busy.ics") is None


@given(st.text(), st.text())
def test_different_upstream_ids_are_different_stays(one: str, other: str) -> None:
    uids = {stay_uid(SECRET, "loft-airbnb", key) for key in (one, other)}
    assert len(uids) == len({one, other})
    assert all(BASE32.fullmatch(uid) for uid in uids)
