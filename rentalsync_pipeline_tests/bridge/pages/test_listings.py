"""The pages of listings: who sees which addresses, what each button asks for."""

from __future__ import annotations

import re
from datetime import date, timedelta
from ipaddress import ip_network

import pytest

from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline.core.portfolio import Listing
from rentalsync_pipeline.operations.deciding import rollbacks
from rentalsync_pipeline.operations.looking.listings import listings
from rentalsync_pipeline_tests.bridge.pages.visitor import Meet, Visitor
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.town import NewTown, Town

BEHIND = {"X-Ingress-Path": "/api/hassio_ingress/Ab-9", "X-Remote-User-Name": "anna"}


def number(town: Town, slug: str = "loft") -> int:
    return town.stores.control.listing_keys()[slug]


def place(served: Served, slug: str = "loft") -> str:
    return f"/admin/listings/{number(served.town, slug)}"


def listing(town: Town, slug: str = "loft") -> Listing:
    return next(each for each in town.stores.control.portfolio().listings if each.slug == slug)


def owners(town: Town) -> str:
    """The address of the loft's owner's calendar."""
    (its,) = (each for each in listings(town.stores.control, "") if each.slug == "loft")
    return its.feeds[0].address


def lines(visitor: Visitor, served: Served, **fields: str | list[str]) -> None:
    """Send the form of the lines with this in it."""
    proof = next(given["proof"] for action, given in visitor.forms() if action.endswith("/fields"))
    data = {"proof": proof, **fields}
    answer = visitor.client.post(f"{place(served)}/fields", data=data)
    assert answer.status_code == 200, answer.text


def test_all_listings_are_there_with_what_is_wrong(meet: Meet, village: Served) -> None:
    page = meet(village).open("/admin/listings").text
    assert [page.count(name) for name in ("Downtown Loft", "Casa al Mulino", "Water Tower")] == [1, 1, 1]
    assert "No answer" in page
    assert "Not published" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=AURORA+west", {"villa-west"}),
        ("?only=conflicts", {"loft"}),
        ("?only=off", {"tower"}),
        ("?only=trouble", {"barn", "mill"}),
        ("?q=nothing", set()),
        ("?part=2", set()),
    ],
)
def test_listings_are_found(meet: Meet, village: Served, query: str, found: set[str]) -> None:
    for path in ("/admin/listings", "/admin/board"):
        page = meet(village).open(f"{path}{query}").text
        keys = village.town.stores.control.listing_keys()
        assert {slug for slug, key in keys.items() if f'/admin/listings/{key}"' in page} == found


def test_a_search_that_cant_be_is_refused_as_a_page(meet: Meet, village: Served) -> None:
    assert "<h1>" in meet(village).open("/admin/listings?only=everything", 422).text


@pytest.mark.parametrize(("role", "sees"), [(Role.READ, False), (Role.OPERATOR, True), (Role.ADMIN, True)])
def test_addresses_are_for_operators(meet: Meet, guarded: Served, role: Role, sees: bool) -> None:
    visitor = meet(guarded)
    visitor.sign_in(role)
    page = visitor.open(place(guarded)).text
    assert (owners(guarded.town) in page) is sees
    assert ("New addresses" in page) is (role is Role.ADMIN)


def test_what_a_role_may_not_do_has_no_button_and_is_refused(meet: Meet, guarded: Served) -> None:
    visitor = meet(guarded)
    visitor.sign_in(Role.READ)
    visitor.open(place(guarded))
    (_, given), *others = visitor.forms()
    assert others == []
    for action, fields in (
        ("rotate", {"overlap": "7"}),
        ("enable", {"enabled": "false"}),
        ("fields", {}),
        ("sync", {}),
        ("rollback", {"audience": "owner", "version": "1"}),
    ):
        path = f"{place(guarded)}/{action}"
        assert visitor.client.post(path, data={**fields, "proof": given["proof"]}).status_code == 403


def test_rotation_says_what_it_breaks_and_gives_new_addresses(meet: Meet, village: Served) -> None:
    visitor, before = meet(village), owners(village.town)
    assert "may open nights that are taken" in visitor.open(place(village)).text
    visitor.send(f"{place(village)}/rotate", overlap="30")
    assert "give them to whoever subscribed" in visitor.page.text
    assert owners(village.town) != before
    ends = listing(village.town).feed.overlap_until
    assert ends == village.town.now + timedelta(days=30)


def test_a_listing_is_taken_away_and_published_again(meet: Meet, village: Served) -> None:
    visitor = meet(village)
    visitor.open(place(village))
    visitor.send(f"{place(village)}/enable")
    assert not listing(village.town).enabled
    assert "Nothing is published" in visitor.page.text
    visitor.send(f"{place(village)}/enable")
    assert listing(village.town).enabled


def test_behind_a_proxy_every_link_and_form_leads_back_through_it(
    meet: Meet, new_town: NewTown, settled: Town
) -> None:
    town = new_town("village", settled)
    with serving(town, BridgeSettings(proxies=(ip_network("127.0.0.0/8"),))) as served:
        visitor = meet(served)
        visitor.client.headers.update(BEHIND)
        loft = place(served)
        for path in (
            "/admin/board?start=2027-01-01",
            "/admin/listings",
            loft,
            f"{loft}/versions",
            f"{loft}/rollback?audience=owner&version=1",
            f"{loft}/nights/2026-11-29",
            "/admin/conflicts",
            "/admin/quarantine",
            "/admin/quarantine/1",
        ):
            led = re.findall(r'(?:href|action|src)="([^"#]+)', visitor.open(path).text)
            assert led
            assert [each for each in led if not each.startswith("/api/hassio_ingress/Ab-9/admin/")] == []


def test_a_sync_is_asked_for_and_stands_there_until_it_ran(meet: Meet, village: Served) -> None:
    visitor, town = meet(village), village.town
    visitor.open(place(village))
    visitor.send(f"{place(village)}/sync", 503)
    assert "rentalsync up" in visitor.page.text
    town.stores.control.record_look(town.now)
    visitor.open(place(village))
    visitor.send(f"{place(village)}/sync")
    assert "Asked for by standalone mode" in visitor.page.text
    town.sync()
    assert "Asked for by" not in visitor.open(place(village)).text


def test_lines_are_labelled_moved_hidden_added_and_removed(meet: Meet, village: Served) -> None:
    visitor, town = meet(village), village.town
    visitor.open(place(village))
    names = ["guests", "booking_id", "channel"]
    labels = ["People", "Code", "Sold by"]
    lines(visitor, village, name=names, label=labels, shown=["guests", "channel"], press="up:channel")
    saved = [(field.name, field.label, field.enabled) for field in listing(town).fields]
    assert saved == [("guests", "People", True), ("channel", "Sold by", True), ("booking_id", "Code", False)]
    lines(visitor, village, name=names, label=labels, press="down:guests")
    assert [field.name for field in listing(town).fields] == ["booking_id", "guests", "channel"]
    lines(visitor, village, name=names, label=labels, new="check_in", press="add")
    assert listing(town).fields[-1].name == "check_in"
    lines(visitor, village, name=names, label=labels, press="remove:guests")
    assert [field.name for field in listing(town).fields] == ["booking_id", "channel"]
    for press in ("up:guests", "down:channel", "save"):
        lines(visitor, village, name=names, label=labels, press=press)
        assert [field.name for field in listing(town).fields] == names


def test_lines_that_cant_be_change_nothing(meet: Meet, village: Served) -> None:
    visitor, before = meet(village), listing(village.town).fields
    visitor.open(place(village))
    proof = visitor.forms()[0][1]["proof"]
    for status, fields in (
        (400, {"name": ["shoe_size"], "label": ["Shoes"]}),
        (400, {"name": ["guests", "guests"], "label": ["a", "b"]}),
        (400, {"name": ["guests", "channel"], "label": ["a"]}),
        (422, {"name": ["guests"], "label": ["Guests: 9\nBooking ID"]}),
    ):
        answer = visitor.client.post(f"{place(village)}/fields", data={"proof": proof, **fields})
        assert answer.status_code == status, fields
    assert listing(village.town).fields == before


def test_an_earlier_version_is_looked_at_before_it_is_published_again(meet: Meet, village: Served) -> None:
    visitor, town = meet(village), village.town
    page = visitor.open(f"{place(village)}/versions?audience=owner").text
    assert "Published now" in page
    page = visitor.open(f"{place(village)}/rollback?audience=owner&version=1").text
    assert "Mon 30 Nov – Wed 2 Dec 2026" in page
    assert rollbacks.standing(town.stores.control) == []
    visitor.send(f"{place(village)}/rollback")
    assert "goes back to version 1" in visitor.page.text
    assert "another version of its calendars is published" in visitor.page.text
    town.sync()
    (stands,) = rollbacks.standing(town.stores.control)
    assert (stands.listing, stands.audience, stands.let_go) == ("loft", "owner", 0)
    assert date(2026, 11, 30) in town.nights("loft")
    visitor.open(place(village))
    visitor.send(f"{place(village)}/rollback/end")
    town.sync()
    assert rollbacks.standing(town.stores.control) == []


def test_a_version_or_listing_that_is_not_there_is_a_page_that_says_so(meet: Meet, village: Served) -> None:
    visitor, rollback = meet(village), f"{place(village)}/rollback"
    assert "nothing stood then" in visitor.open(f"{rollback}?audience=owner&version=99", 404).text
    assert "no such feed" in visitor.open(f"{rollback}?audience=for-mars&version=1", 404).text
    assert "Listing not found" in visitor.open("/admin/listings/4711", 404).text
