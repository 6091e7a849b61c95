"""Flows in a real browser: on a desk and a phone, in a frame behind a proxy, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline.operations.configuring.access import grant
from rentalsync_pipeline_tests.bridge.pages.ingress import PREFIX, ingress
from rentalsync_pipeline_tests.bridge.pages.window import (
    DESK,
    PHONE,
    WITHOUT_SCRIPTS,
    Window,
    aside,
    window,
)
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.chromium import NEEDED
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation
from rentalsync_pipeline_tests.operations.hotel import opened
from rentalsync_pipeline_tests.operations.town import Town

pytestmark = [*NEEDED]

ANYWHERE = BridgeSettings(proxies=(ip_network("127.0.0.0/8"),))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[Served]:
    """A town with a loft, a guest, a hotel that is switched off; Ingress or a token lets in."""
    town = Town(tmp_path_factory.mktemp("pages"), template)
    town.connect("loft-airbnb", airbnb(reservation("HMAAAAAAA1", "2026-12-01", 3)))
    with opened(town, rooms=2, enabled=False):
        aside(town.sync)
        with serving(town, ANYWHERE) as shown:
            yield shown
    town.close()


def _sign_in(opened: Window, served: Served) -> None:
    """As an admin, while a daemon looks for work."""
    town = served.town
    town.stores.control.record_look(town.now)
    _, secret = grant(town.stores.control, "anna", Role.ADMIN, "a test", town.now)
    opened.open("/")
    opened.page.get_by_label("Token").fill(secret.reveal())
    opened.page.get_by_role("button", name="Sign in").click()


def _badge(opened: Window, text: str) -> Locator:
    return opened.page.locator(".badge", has_text=text).last


def test_somebody_signs_in_tests_syncs_and_sees_it_done(browser: Browser, served: Served) -> None:
    with window(browser, served.url, DESK) as opened:
        _sign_in(opened, served)
        page = opened.page
        expect(page.get_by_role("heading", name="Overview")).to_be_visible()
        opened.read()
        page.get_by_role("navigation").get_by_role("link", name="Integrations").click()
        opened.read()
        page.get_by_role("link", name="loft-airbnb").click()
        opened.read()
        page.get_by_role("button", name="Test").click()
        expect(page.get_by_role("heading", name="It answers")).to_be_visible()
        opened.read()
        page.get_by_role("button", name="Sync now").click()
        expect(_badge(opened, "waiting for the daemon")).to_be_visible()
        opened.read()
        aside(served.town.sync)
        expect(_badge(opened, "done")).to_be_visible()
        expect(page.get_by_role("cell", name="run-2")).to_be_visible()
        page.get_by_role("link", name="All of its history").click()
        expect(page.locator(".badge", has_text="Success").first).to_be_visible()
        opened.read()


def test_on_a_phone_an_address_is_pasted_and_switched_off(browser: Browser, served: Served) -> None:
    with window(browser, served.url, PHONE) as opened:
        _sign_in(opened, served)
        page = opened.open("/connect")
        page.get_by_label("Address").fill("https://calendars.example.com/x.ics")
        page.get_by_label("Name").fill("Villa Étoile")
        page.get_by_label("Time zone").fill("Europe/Roma")
        page.get_by_role("button", name="Connect").click()
        expect(page.get_by_text("did you mean Europe/Rome")).to_be_visible()
        opened.read()
        page.get_by_label("Address").fill("https://calendars.example.com/x.ics")
        page.get_by_label("Time zone").fill("Europe/Rome")
        page.get_by_role("button", name="Connect").click()
        expect(page.get_by_role("heading", name="villa-etoile-ical")).to_be_visible()
        opened.read()
        page.get_by_label("Active").uncheck()
        page.get_by_role("button", name="Save").click()
        expect(_badge(opened, "Off")).to_be_visible()
        assert "Villa Étoile" in {each.name for each in served.town.stores.control.portfolio().listings}


def test_rooms_are_asked_for_and_mapped(browser: Browser, served: Served) -> None:
    with window(browser, served.url, DESK) as opened:
        _sign_in(opened, served)
        page = opened.open("/integrations/hotel/mapping")
        page.get_by_role("button", name="Ask for its rooms").click()
        fields = page.locator("input[list]")
        expect(fields).to_have_count(2)
        opened.read()
        fields.first.fill("loft")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Kept.")).to_be_visible()
        (hotel,) = (each for each in served.town.stores.control.portfolio().connections if each.is_account)
        assert "loft" in hotel.listings.values()


def test_in_a_frame_behind_the_ingress_everything_leads_through_it(browser: Browser, served: Served) -> None:
    with ingress(served.url, "anna") as home, window(browser, home, DESK) as opened:
        opened.page.goto(home)
        frame = opened.page.frame_locator("iframe")
        expect(frame.get_by_text("anna")).to_be_visible()
        expect(frame.get_by_role("button", name="Sign out")).to_have_count(0)
        frame.get_by_role("link", name="Integrations").click()
        served.town.stores.control.record_look(served.town.now)
        frame.get_by_role("link", name="loft-airbnb").click()
        frame.get_by_role("button", name="Sync now").click()
        expect(frame.get_by_text("by anna")).to_be_visible()
        colour = frame.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
        assert colour == "rgb(245, 246, 248)"
        inside = opened.page.frames[1]
        assert f"{PREFIX}/admin/integrations/loft-airbnb" in inside.url
        hrefs = inside.eval_on_selector_all("a[href], form", "all => all.map(el => el.href || el.action)")
        assert all(PREFIX in href for href in hrefs if "#" not in href)


def test_without_scripts_nothing_is_missing(browser: Browser, served: Served) -> None:
    with window(browser, served.url, WITHOUT_SCRIPTS) as opened:
        _sign_in(opened, served)
        page = opened.page
        page.goto(f"{served.url}/admin/integrations/loft-airbnb")
        page.get_by_role("button", name="Sync now").click()
        expect(page.get_by_text("starts within seconds")).to_be_visible()
        page.get_by_text("Remove …").click()
        expect(page.get_by_text("3 future nights")).to_be_visible()
        expect(page.get_by_role("button", name="Copy")).to_have_count(0)
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_keyboard_reaches_the_content_first(browser: Browser, served: Served) -> None:
    with window(browser, served.url, DESK) as opened:
        page = opened.open("/login")
        page.keyboard.press("Shift+Tab")
        for _ in range(5):
            if page.evaluate("document.activeElement.className") == "skip":
                break
            page.keyboard.press("Shift+Tab")
        expect(page.get_by_role("link", name="To the content")).to_be_in_viewport()
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#main"


def test_another_site_can_neither_show_a_page_nor_send_a_form(browser: Browser, town: Town) -> None:
    town.connect("loft-airbnb", airbnb(reservation("HMAAAAAAA1", "2026-12-01", 3)))
    town.apply()
    town.stores.control.record_look(town.now)
    with serving(town) as open_to_all, window(browser, open_to_all.url, DESK) as opened:
        page = opened.open("/integrations/loft-airbnb")
        proof = page.locator("input[name=proof]").first.get_attribute("value")
        action = f"{open_to_all.url}/admin/integrations/loft-airbnb/sync"
        other = open_to_all.url.replace("127.0.0.1", "localhost")
        page.route("**/evil", lambda route: route.fulfill(content_type="text/html", body=EVIL))
        page.goto(f"{other}/evil#{action} {proof}")
        page.get_by_role("button").click()
        expect(page.get_by_text("another web site")).to_be_visible()
        assert town.stores.control.waiting() == []


EVIL = """<form method="post"><input name="proof"><button>Win</button></form><script>
const [action, proof] = decodeURI(location.hash.slice(1)).split(" ");
document.forms[0].action = action;
document.forms[0].proof.value = proof;
</script>"""
