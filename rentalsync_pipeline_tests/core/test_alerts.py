from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rentalsync_pipeline.core.alerts import Matter, Trouble, is_mass, news

LATE = Trouble(Matter.STALE, "loft-airbnb", "loft-airbnb is silent.")
TWICE = Trouble(Matter.CONFLICT, "1", "The loft is sold twice.")

worlds = st.lists(st.frozensets(st.sampled_from([(matter, n) for matter in Matter for n in "ab"])))


def test_what_is_new_comes_first_then_what_is_over() -> None:
    assert news([TWICE], [LATE]).message == "The loft is sold twice.\nOver: loft-airbnb is silent."


def test_other_words_for_the_same_trouble_are_no_news() -> None:
    assert not news([Trouble(Matter.STALE, "loft-airbnb", "It is silent for a day now.")], [LATE])


def test_a_possible_double_booking_that_becomes_certain_is_said_again() -> None:
    possible = Trouble(Matter.POSSIBLE_CONFLICT, "1", "The loft may be sold twice.")
    assert news([TWICE], [possible]).begun == (TWICE,)


def test_a_long_message_is_cut_and_says_so() -> None:
    many = [Trouble(Matter.STALE, str(n), f"{n} is silent.") for n in range(25)]
    lines = news(many, []).message.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "And 5 more: see `rentalsync status`."


@given(worlds)
def test_each_trouble_is_said_once_when_it_begins_and_once_when_it_ends(
    story: list[frozenset[tuple[Matter, str]]],
) -> None:
    said: dict[tuple[Matter, str], Trouble] = {}
    before: frozenset[tuple[Matter, str]] = frozenset()
    known = before
    for now in story:
        found = news([Trouble(*key, "It is so.") for key in now], said.values())
        assert {trouble.key for trouble in found.begun} == now - known
        ended = {key for key in before - now if key[0] is not Matter.DRIFT}
        assert {trouble.key for trouble in found.over} == ended
        said |= {trouble.key: trouble for trouble in found.begun}
        for trouble in found.over:
            del said[trouble.key]
        before = now
        known = frozenset(said)


def test_a_tenth_and_at_least_three_unread_events_are_a_mass() -> None:
    assert is_mass(3, 30)
    assert is_mass(3, 3)
    assert not is_mass(2, 2)
    assert not is_mass(3, 31)
