"""`/api/docs` in a real browser: somebody presents a token, asks a route, and nothing leaves this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline_tests.bridge.served import Served
from rentalsync_pipeline_tests.chromium import NEEDED, chromium

pytestmark = [*NEEDED]
_PATIENCE = 15_000


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def test_a_person_presents_a_token_and_asks_for_the_status(browser: Browser, closed: Served) -> None:
    closed.present(Role.READ)
    token = closed.client.headers["Authorization"].removeprefix("Bearer ")
    page, asked, complaints = browser.new_page(), list[str](), list[str]()
    page.set_default_timeout(_PATIENCE)
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{closed.url}/api/docs")
    _present(page, token)
    answer = _ask(page, "status")
    expect(answer).to_contain_text('"listings_enabled": 0')
    assert complaints == []
    strangers = {url for url in asked if not url.startswith((closed.url, "data:"))}
    assert (strangers, f"{closed.url}/api/status" in asked) == (set(), True)


def _present(page: Page, token: str) -> None:
    page.get_by_role("button", name="Authorize").first.click()
    page.get_by_label("auth-bearer-value").first.fill(token)
    page.get_by_role("button", name="Apply credentials").first.click()
    page.get_by_role("button", name="Close").first.click()


def _ask(page: Page, name: str) -> Locator:
    route = page.locator(f".opblock[id$='-{name}']")
    route.click()
    route.get_by_role("button", name="Try it out").click()
    route.get_by_role("button", name="Execute").click()
    return route.locator(".live-responses-table")
