"""Every client is given every kind of feed and shows it exactly: the table of `docs/reference/clients.md`.

A client that isn't installed is skipped; `.ci/run` installs all of them.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_httpserver import HTTPServer

from rentalsync_pipeline.core.model import Kind, Occupation
from rentalsync_pipeline_tests.calendars import matrix
from rentalsync_pipeline_tests.calendars.kinds import KINDS, FeedKind
from rentalsync_pipeline_tests.calendars.matrix import CLIENTS, Client
from rentalsync_pipeline_tests.calendars.parsers import by_icalendar
from rentalsync_pipeline_tests.calendars.rental_control import is_dropped, slot
from rentalsync_pipeline_tests.calendars.subscribers import Shown

Shows = Callable[[Client], Shown]


@pytest.fixture(scope="module")
def shows(make_httpserver: HTTPServer, tmp_path_factory: pytest.TempPathFactory) -> Shows:
    """What a client shows of all kinds of feeds, asked once: starting Thunderbird takes seconds."""
    answers: dict[str, Shown] = {}

    def ask(client: Client) -> Shown:
        if client.name not in answers:
            feeds = {kind.name: kind.feeds for kind in KINDS}
            answers[client.name] = client.read(feeds, make_httpserver, tmp_path_factory.mktemp("client"))
        return answers[client.name]

    return ask


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_a_client_shows_what_was_written(client: Client, kind: FeedKind, shows: Shows) -> None:
    if reason := client.missing():
        pytest.skip(reason)
    said = kind.shown if client.tells_uids else sorted(["", *event[1:]] for event in kind.shown)

    assert shows(client)[kind.name] == said


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.occupations], ids=lambda kind: kind.name)
def test_rental_control_knows_every_guest(kind: FeedKind) -> None:
    events = {uid: (summary, said) for uid, _, _, summary, said in by_icalendar(kind.feeds[-1])}

    for stay in kind.occupations:
        summary, said = events[stay.uid]
        if kind.is_public or stay.kind is Kind.BLOCK:
            assert is_dropped(summary)
        else:
            found = slot(summary, said)
            assert (found.name, found.last_four, found.guests, found.booking_id, found.url) == _true(stay)


def _true(stay: Occupation) -> tuple[str | None, str | None, int | None, str | None, str | None]:
    return stay.guest_name or stay.code, stay.phone_last4, stay.guests, stay.code, stay.url


def test_the_page_has_the_table_that_is_tried_here() -> None:
    page = matrix.PAGE.read_text(encoding="utf-8")

    assert matrix.written(page) == page
    assert matrix.table() in page
