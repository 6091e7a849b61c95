"""Integrations: looked at, tested, synced, changed and taken away, by whoever may."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from rentalsync_pipeline.bridge.pages import history
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline.operations.asking import CONNECTION, asked_for
from rentalsync_pipeline.operations.lock import sync_lock
from rentalsync_pipeline_tests.bridge.pages.visitor import Meet, Visitor
from rentalsync_pipeline_tests.bridge.served import Served
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation
from rentalsync_pipeline_tests.operations.hotel import opened
from rentalsync_pipeline_tests.operations.town import nights

pytestmark = pytest.mark.usefixtures("no_waiting")

LOFT = "/admin/integrations/loft-airbnb"
CANARY = "canary-of-a-secret"


@pytest.fixture(autouse=True)
def _a_loft(closed: Served) -> None:
    """With a guest at Airbnb, and a daemon that looks for work."""
    town = closed.town
    town.connect("loft-airbnb", airbnb(reservation("HMAAAAAAA1", "2026-12-01", 3)))
    town.apply()
    town.sync()
    town.stores.control.record_look(town.now)


@pytest.fixture
def admin(closed: Served, meet: Meet) -> Visitor:
    visitor = meet(closed)
    visitor.sign_in(Role.ADMIN)
    return visitor


def test_a_connection_that_answers_is_connected_and_one_that_fails_says_why(
    closed: Served, admin: Visitor
) -> None:
    assert 'class="badge ok">Connected' in admin.open("/admin/integrations").text
    closed.town.show(loft_airbnb="<html>Log in</html>")
    closed.town.sync()
    page = admin.open(LOFT).text
    assert 'class="badge fail">Error' in page
    assert "The answer is no calendar" in page
    assert "The answer is no calendar" in admin.open("/admin/").text


def test_syncs_that_nobody_starts_are_told_of(closed: Served, admin: Visitor) -> None:
    assert "no daemon" not in admin.open("/admin/").text.lower()
    closed.town.now += timedelta(hours=1)
    assert "No daemon has looked for work since" in admin.open("/admin/").text


def test_a_word_finds_the_connections_in_whose_channel_it_is(admin: Visitor) -> None:
    assert "loft-airbnb" in admin.open("/admin/integrations?q=AIRBNB").text
    assert "Nothing found" in admin.open("/admin/integrations?q=expedia").text


def test_a_test_asks_the_channel_now(closed: Served, admin: Visitor) -> None:
    admin.open(LOFT)
    page = admin.send(f"{LOFT}/test").text
    assert "It answers" in page
    assert "1 event in the calendar" in page
    assert " ms<" in page
    closed.town.show(loft_airbnb=None)
    closed.town.write_calendars()
    assert "It does not answer" in admin.send(f"{LOFT}/test").text


def test_a_sync_is_asked_for_by_name_and_then_seen_to_have_run(closed: Served, admin: Visitor) -> None:
    control = closed.town.stores.control
    admin.open(LOFT)
    assert "starts within seconds" in admin.send(f"{LOFT}/sync").text
    assert "by admin-desk" in admin.page.text
    assert "waiting for the daemon" in admin.page.text
    assert "admin-desk" in admin.open("/admin/").text
    assert asked_for(control.waiting(), control.portfolio()) == {"loft-airbnb"}
    closed.town.sync()
    with sync_lock(closed.town.home.lock):
        page = admin.open(LOFT).text
    assert "waiting for the daemon" not in page
    assert "the sync is running" in page
    assert 'class="badge ok">done' in admin.open(LOFT).text


def test_without_a_daemon_a_sync_is_not_promised(closed: Served, admin: Visitor) -> None:
    closed.town.now += timedelta(minutes=5)
    admin.open(LOFT)
    assert "Not asked: no daemon" in admin.send(f"{LOFT}/sync").text
    assert closed.town.stores.control.last_requests({CONNECTION}) == []


def test_only_what_was_changed_is_drift(closed: Served, admin: Visitor) -> None:
    admin.open(LOFT)
    admin.send(f"{LOFT}/settings", interval="30m")
    (drift,) = closed.town.apply().changes
    assert [change.field for change in drift.fields] == ["interval"]
    admin.send(f"{LOFT}/settings", interval="1 fortnight")
    assert "Not kept: interval: must be a duration" in admin.page.text


def test_an_address_goes_in_and_never_comes_out(closed: Served, admin: Visitor) -> None:
    admin.open(LOFT)
    page = admin.send(f"{LOFT}/settings", url=f"https://calendars.example.com/{CANARY}.ics").text
    assert CANARY not in page
    assert CANARY not in admin.open(LOFT).text
    assert "calendars.example.com" in page
    control = closed.town.stores.control
    assert control.url_of("loft-airbnb").reveal().endswith(f"{CANARY}.ics")
    admin.send(f"{LOFT}/settings", url="/etc/passwd")
    assert "Not kept" in admin.page.text


def test_switched_off_or_removed_it_frees_no_night(closed: Served, admin: Visitor) -> None:
    admin.open(LOFT)
    admin.send(f"{LOFT}/settings", enabled="no")
    assert 'class="badge off">Off' in admin.page.text
    assert "3 future nights" in admin.page.text
    admin.send(f"{LOFT}/remove")
    assert "loft-airbnb is gone" in admin.page.text
    closed.town.sync()
    assert closed.town.nights("loft") == nights("2026-12-01", 3)
    assert "3 nights of loft-airbnb, which is gone" in admin.open("/admin/").text


@pytest.mark.parametrize("role", [Role.READ, Role.OPERATOR])
def test_what_a_role_may_not_do_has_no_button_and_is_refused(closed: Served, meet: Meet, role: Role) -> None:
    visitor = meet(closed)
    visitor.sign_in(role)
    visitor.open(LOFT)
    offered = {action.removeprefix(LOFT) for action, _ in visitor.forms() if action.startswith(LOFT)}
    assert offered == ({"/test", "/sync"} if role is Role.OPERATOR else set())
    proof = visitor.forms()[0][1]
    for verb in {"/test", "/sync", "/settings", "/remove"} - offered:
        assert visitor.client.post(LOFT + verb, data=proof).status_code == 403
    assert "Add a connection" not in visitor.open("/admin/integrations").text


def test_an_address_for_webhooks_bears_a_secret_for_admins_alone(
    closed: Served, admin: Visitor, meet: Meet
) -> None:
    assert "&amp;key=" not in admin.open(LOFT).text
    admin.send(f"{LOFT}/webhook/secret")
    (secret,) = closed.town.stores.control.inbox.secrets("airbnb").values()
    assert f"&amp;key={secret.reveal()}" in admin.page.text
    admin.send(f"{LOFT}/webhook/secret")
    assert f"&amp;key={secret.reveal()}" not in admin.page.text
    operator = meet(closed)
    operator.sign_in(Role.OPERATOR)
    assert "&amp;key=" not in operator.open(LOFT).text


def test_access_is_agreed_to_at_the_vendor_and_leads_back(closed: Served, admin: Visitor) -> None:
    client = {"client_id": "nobody", "client_secret": "nothing"}
    with opened(closed.town, 2, client, listings={}) as hotel:
        hotel.cloudbeds.client.update(client)
        place = "/admin/integrations/hotel"
        assert "Nobody has agreed yet" in admin.open(place).text
        sent = admin.client.get(f"{place}/agree", follow_redirects=False).headers["location"]
        asked = {name: values[0] for name, values in parse_qs(urlsplit(sent).query).items()}
        assert asked["redirect_uri"] == f"{closed.url}/api/oauth/callback"
        hotel.world.now = closed.town.now
        answer = {"state": asked["state"], "code": hotel.cloudbeds.codes.new(hotel.cloudbeds.now)}
        back = admin.client.get("/api/oauth/callback", params=answer)
        assert f'url={place}"' in back.text
        assert "Granted" in admin.open(place).text


def test_a_secret_that_the_channel_makes_is_only_taken(closed: Served, admin: Visitor) -> None:
    with opened(closed.town, rooms=2):
        closed.town.connections["hotel"] |= {"channel": "hospitable", "credentials": {"token": "t"}}
        closed.town.apply()
        place = "/admin/integrations/hotel"
        admin.open(place)
        assert (f"{place}/webhook/secret", {}) not in admin.forms()
        assert "Not made" in admin.post(f"{place}/webhook/secret").text
        action, fields = admin.forms()[-1]
        assert CANARY not in admin.client.post(action, data={**fields, "webhook_secret": CANARY}).text
        assert 'badge ok">On' in admin.open(place).text


def test_history_tells_of_one_or_of_all_page_by_page(
    closed: Served, admin: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_ROWS", 2)
    town = closed.town
    for number in range(2):
        town.show(loft_airbnb=airbnb(reservation("HMAAAAAAA1", "2026-12-01", 4 + number)))
        town.sync()
    page = admin.open("/admin/history").text
    assert page.count("<tr role") == 1 + 2
    assert "from=2" in page
    assert "Newer" not in page
    page = admin.open("/admin/history?connection=loft-airbnb&from=2").text
    assert page.count("<tr role") == 1 + 1
    assert "Newer" in page
    assert "Older" not in page
    admin.open("/admin/history?connection=loft-airbmb", 404)
    assert "did you mean" in admin.page.text


def test_rooms_of_an_account_are_asked_for_mapped_and_made_listings(closed: Served, admin: Visitor) -> None:
    rooms = "/admin/integrations/hotel/mapping"
    with opened(closed.town, rooms=2) as hotel:
        room = next(iter(hotel.town.connections["hotel"]["listings"]))
        assert room in admin.open(rooms).text
        admin.send(rooms, 200, **{f"room:{room}": ""})
        assert hotel.town.stores.control.portfolio().connections[0].listings.keys() != {room}
        assert f"<code>{room}</code>" not in admin.page.text
        page = admin.send(f"{rooms}/rooms").text
        assert f"<code>{room}</code>" in page
        admin.send(rooms, 200, **{f"room:{room}": "lotf"})
        assert "Not kept" in admin.page.text
        admin.send(f"{rooms}/listings")
        (account,) = (each for each in hotel.town.stores.control.portfolio().connections if each.is_account)
        assert room in account.listings
        hotel.cloudbeds.key = "another"
        assert "Not asked:" in admin.send(f"{rooms}/rooms").text
    admin.open("/admin/integrations/loft-airbnb/mapping", 404)
