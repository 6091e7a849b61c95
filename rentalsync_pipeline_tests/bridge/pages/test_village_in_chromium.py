"""Listings, nights and decisions in a real browser, large and small, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from rentalsync_pipeline.operations.deciding.quarantines import quarantines
from rentalsync_pipeline.operations.looking.conflicts import conflicts
from rentalsync_pipeline_tests.bridge.pages.window import DESK, PHONE, WITHOUT_SCRIPTS, aside, window
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.chromium import NEEDED
from rentalsync_pipeline_tests.operations.town import Town, nights

pytestmark = [*NEEDED]


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory, settled: Town) -> Iterator[Served]:
    """One for all of them; each flow has something in it for itself."""
    town = settled.twin(tmp_path_factory.mktemp("chromium"))
    town.stores.control.record_look(town.now)
    with serving(town) as served:
        yield served
    town.close()


def _place(served: Served, slug: str = "loft") -> str:
    return f"/listings/{served.town.stores.control.listing_keys()[slug]}"


def _lines(page: Page) -> list[str]:
    return [line.input_value() for line in page.locator(".lines input[name=label]").all()]


@pytest.mark.parametrize("options", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_is_readable(browser: Browser, village: Served, options: dict[str, Any]) -> None:
    loft = _place(village)
    with window(browser, village.url, options) as opened:
        for path in (
            "/board",
            "/listings",
            loft,
            f"{loft}/versions",
            f"{loft}/rollback?audience=owner&version=1",
            f"{loft}/nights/2026-11-29",
            "/conflicts?all=true",
            "/quarantine?all=true",
            "/quarantine/1",
        ):
            opened.open(path)


def test_the_board_is_walked_by_keyboard_and_leads_to_the_night(browser: Browser, village: Served) -> None:
    with window(browser, village.url) as opened:
        page = opened.open("/board?q=downtown")
        stops = page.locator("[data-arrows] td a:not([tabindex='-1'])")
        expect(stops).to_have_count(1)
        stops.focus()
        for _ in range(9):
            page.keyboard.press("ArrowRight")
        expect(page.locator(":focus")).to_have_attribute(
            "aria-label", "2026-11-29: Airbnb: a reservation, sold twice"
        )
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Night of Sun 29 Nov 2026")
        opened.read()
        page.get_by_label("Another night").fill("2026-12-04")
        page.get_by_role("button", name="Explain").click()
        expect(page.get_by_role("heading", name="Booking.com: taken")).to_be_visible()


def test_the_names_stay_while_the_nights_are_scrolled(browser: Browser, village: Served) -> None:
    with window(browser, village.url, PHONE) as opened:
        page = opened.open("/board")
        name = page.get_by_role("rowheader", name="Downtown Loft")
        before = name.bounding_box()
        page.locator(".board").evaluate("board => board.scrollBy(600, 0)")
        assert name.bounding_box() == before


def test_an_address_is_copied(browser: Browser, village: Served) -> None:
    with window(browser, village.url) as opened:
        page = opened.open(_place(village, "villa"))
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.locator("[data-copy]").first.click()
        expect(page.locator("[data-copy]").first).to_have_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == page.get_by_label("Address of owner").input_value()
        assert copied.startswith("https://calendars.example.com/private/villa-owner-")


def test_addresses_are_rotated_after_a_warning(browser: Browser, village: Served) -> None:
    with window(browser, village.url, PHONE) as opened:
        page = opened.open(_place(village, "villa-west"))
        before = page.get_by_label("Address of owner").input_value()
        page.get_by_text("New addresses …").click()
        expect(page.get_by_text("may open nights that are taken").first).to_be_visible()
        opened.read()
        page.get_by_role("button", name="Give all calendars new addresses").click()
        expect(page.get_by_role("status")).to_contain_text("starts within seconds")
        expect(page.get_by_text("with the next sync its channels are asked")).to_be_visible()
        assert page.get_by_label("Address of owner").input_value() != before


def test_lines_are_ordered_without_scripts(browser: Browser, village: Served) -> None:
    with window(browser, village.url, WITHOUT_SCRIPTS) as opened:
        page = opened.open(_place(village))
        assert _lines(page) == ["Phone (Last 4)", "Guests", "Booking ID", "Channel"]
        page.get_by_label("Label of guests").fill("People")
        page.get_by_role("button", name="Channel further up").click()
        assert _lines(page) == ["Phone (Last 4)", "People", "Channel", "Booking ID"]
        page.get_by_label("Another line").select_option("check_in")
        page.get_by_role("button", name="Add").click()
        page.get_by_role("button", name="Remove Phone (Last 4)").click()
        page.get_by_label("Show Channel").uncheck()
        page.get_by_label("Label of check_in").press("Enter")
        assert _lines(page) == ["People", "Channel", "Booking ID", "Check-in"]
        expect(page.get_by_label("Show Channel")).not_to_be_checked()


def test_a_double_booking_is_settled_and_taken_back(browser: Browser, village: Served) -> None:
    control, now = village.town.stores.control, village.town.now
    with window(browser, village.url, PHONE) as opened:
        page = opened.open("/conflicts")
        page.get_by_text("Dealt with …").click()
        opened.read()
        page.get_by_role("button", name="Both are real, and it is dealt with").click()
        expect(page.get_by_text("Waits for the next sync.")).to_be_visible()
        aside(village.town.sync)
        assert aside(lambda: conflicts(control, now)) == []
        page = opened.open("/conflicts?all=true")
        page.get_by_role("button", name="Take that back").click()
        aside(village.town.sync)
        page = opened.open("/conflicts")
        expect(page.get_by_role("heading", name="Sold twice: Downtown Loft, Sun 29 Nov 2026")).to_be_visible()


def test_a_quarantine_is_released_without_scripts(browser: Browser, village: Served) -> None:
    (held,) = aside(lambda: quarantines(village.town.stores.control))
    with window(browser, village.url, WITHOUT_SCRIPTS) as opened:
        page = opened.open("/quarantine")
        page.get_by_role("link", name="mill-airbnb").click()
        expect(page.get_by_title("2026-11-24: becomes free")).to_be_visible()
        page.get_by_text("Release …").click()
        page.get_by_label("Why").first.fill("the host closed it")
        page.get_by_role("button", name="The answer is right: release it").click()
        expect(page.get_by_text("“the host closed it”")).to_be_visible()
        aside(village.town.sync)
        assert nights("2026-11-24", 5).isdisjoint(village.town.nights("mill"))
        expect(opened.open(f"/quarantine/{held.id}").get_by_text("Released", exact=True)).to_be_visible()
