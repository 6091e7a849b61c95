"""Adding connections: a pasted address and a listing, or the credentials of an account."""

from __future__ import annotations

import pytest

from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.channels.registry import accounts
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline_tests.bridge.pages.visitor import Meet, Visitor
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.town import Town

CANARY = "canary-of-a-secret"
LINK = f"https://www.airbnb.com/calendar/ical/1.ics?s={CANARY}"


@pytest.fixture
def admin(closed: Served, meet: Meet) -> Visitor:
    closed.town.listing("loft", timezone="America/New_York")
    closed.town.apply()
    visitor = meet(closed)
    visitor.sign_in(Role.ADMIN)
    return visitor


def test_a_pasted_address_becomes_a_connection_of_its_channel(closed: Served, admin: Visitor) -> None:
    admin.open("/admin/connect")
    page = admin.send("/admin/connect", url=LINK, listing="loft").text
    assert "Connected." in page
    assert CANARY not in page
    control = closed.town.stores.control
    (made,) = control.portfolio().connections
    assert (made.id, made.channel, made.listing) == ("loft-airbnb", "airbnb", "loft")
    assert control.url_of("loft-airbnb").reveal() == LINK
    admin.open("/admin/connect")
    assert "loft-airbnb asks this very calendar already" in admin.send("/admin/connect", 422, url=LINK).text


def test_with_it_comes_a_new_listing_in_the_zone_of_the_others(closed: Served, admin: Visitor) -> None:
    admin.open("/admin/connect")
    admin.send("/admin/connect", url=LINK, name="Villa Étoile")
    listings = {each.slug: each for each in closed.town.stores.control.portfolio().listings}
    assert listings["villa-etoile"].name == "Villa Étoile"
    assert listings["villa-etoile"].timezone == "America/New_York"
    assert listings["villa-etoile"].enabled
    (made,) = closed.town.stores.control.portfolio().connections
    assert made.id == "villa-etoile-airbnb"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"url": "/etc/passwd"}, "This is no web address"),
        ({"url": "${HOME}"}, "This is no web address"),
        ({"url": LINK, "name": ""}, "Must be text on one line"),
        ({"url": LINK, "name": "Loft", "timezone": "Europe/Roma"}, "did you mean Europe/Rome"),
        ({"url": LINK, "listing": "lotf"}, "lotf"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stands_there_again(
    closed: Served, admin: Visitor, wrong: dict[str, str], said: str
) -> None:
    admin.open("/admin/connect")
    page = admin.send("/admin/connect", 422, **{"timezone": "Asia/Tokyo", **wrong}).text
    assert said in page
    assert CANARY not in page
    assert wrong.get("timezone", "Asia/Tokyo") in page
    assert closed.town.stores.control.portfolio().connections == ()


def test_no_more_listings_are_made_than_may_be(town: Town, meet: Meet) -> None:
    town.listing("loft")
    town.apply()
    with serving(town, BridgeSettings(standalone=True, max_listings=1)) as served:
        visitor = meet(served)
        visitor.open("/admin/connect")
        page = visitor.send("/admin/connect", 422, url=LINK, name="Villa", timezone="Europe/Rome").text
        assert "Maximum of 1 listings" in page


def test_every_account_has_its_form_and_no_secret_comes_back(closed: Served, admin: Visitor) -> None:
    for name, channel in accounts().items():
        page = admin.open(f"/admin/connect/{name}").text
        fields = admin.forms()[-1][1]
        wanted = {credential for way in channel.api.auth for credential in way.needs}
        assert wanted == {key.partition(":")[2] for key in fields if key.startswith("credential:")}
        assert 'type="password"' in page
    admin.open("/admin/connect/airbnb", 404)


def test_an_account_is_added_and_asked_for_its_rooms_next(closed: Served, admin: Visitor) -> None:
    place = "/admin/connect/cloudbeds"
    admin.open(place)
    assert "client_secret" in admin.send(place, 422, **{"credential:client_id": "ours"}).text
    page = admin.send(place, 200, id="hotel", **{"credential:client_id": "", "credential:api_key": CANARY})
    assert page.url.path == "/admin/integrations/hotel/mapping"
    assert CANARY not in page.text
    control = closed.town.stores.control
    assert control.credentials_of("hotel")["api_key"].reveal() == CANARY
    admin.open(place)
    assert "in use" in admin.send(place, 422, id="hotel", **{"credential:api_key": "x"}).text
