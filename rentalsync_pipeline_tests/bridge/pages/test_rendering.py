"""Moments, durations and sentences as people read them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rentalsync_pipeline.bridge.pages.rendering import ago, sentence, some, span
from rentalsync_pipeline_tests.operations.town import MORNING


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (90, "90 s"),
        (120, "2 min"),
        (5400, "90 min"),
        (7200, "2 h"),
        (172_800, "2 d"),
        (-300, "5 min"),
    ],
)
def test_a_duration_is_said_in_its_largest_unit_of_which_there_are_two(seconds: int, said: str) -> None:
    assert span(timedelta(seconds=seconds)) == said


def test_what_was_and_what_will_be_are_told_apart() -> None:
    assert ago(MORNING - timedelta(minutes=4), MORNING) == "4 min ago"
    assert ago(MORNING + timedelta(minutes=4), MORNING) == "in 4 min"
    assert ago(MORNING - timedelta(seconds=4), MORNING) == "just now"


def test_our_words_become_a_sentence_and_nothing_in_them_becomes_markup() -> None:
    assert sentence("see `rentalsync status`") == "See <code>rentalsync status</code>."
    assert sentence("<b>`<i>`</b>.") == "&lt;b&gt;<code>&lt;i&gt;</code>&lt;/b&gt;."
    assert sentence("") == "."


def test_one_is_one_and_thousands_are_parted() -> None:
    assert some(1, "night") == "1 night"
    assert some(1200, "night") == "1,200 nights"
