"""A village to look at: houses, guests, a weekend that was sold twice, an answer that nobody believes.

Belongs here: what the tests of listings, nights and decisions share. Does not: how they are looked at.
"""

from __future__ import annotations

from rentalsync_pipeline_tests.operations.dialects import (
    airbnb,
    block,
    booking_com,
    closed,
    reservation,
    vrbo,
)
from rentalsync_pipeline_tests.operations.town import Town

ANNA = reservation("HMANNA2345", "2026-11-26", 4)
BEN = reservation("ben", "2026-11-29", 4, "Ben Adler")
CARLA = reservation("HMCARLA345", "2026-12-10", 5)
DORA = reservation("HMDORAA345", "2026-12-18", 3)
GUESTS = (reservation("HMMILLL123", "2026-11-24", 5), DORA)
"""Of the mill, whom its last answer lacks."""
EVA = reservation("HMEVAAA345", "2026-12-27", 7)


def populate(town: Town) -> None:
    """Configure the village and let two syncs happen."""
    town.document["public_url"] = "https://calendars.example.com"
    _loft(town)
    _mill(town)
    _villa(town)
    town.connect("barn-ical", None)
    town.listing("barn", name="Old Barn")
    town.listing("tower", name="Water Tower", enabled=False)
    town.apply()
    town.sync()
    town.show(
        loft_fewo_direkt=vrbo(BEN, reservation("cleo", "2026-12-20", 3, "Cleo Marsh")),
        mill_airbnb=airbnb(),
    )
    town.sync()


def _loft(town: Town) -> None:
    town.listing("loft", name="Downtown Loft", timezone="America/New_York")
    town.connect("loft-airbnb", airbnb(ANNA, CARLA, EVA, block("2026-12-15", 3)))
    town.connect("loft-fewo-direkt", vrbo(reservation("cleo", "2026-12-20", 3, "Cleo Marsh")))
    town.connect("loft-booking-com", booking_com(closed("2026-12-04", 3), closed("2027-01-08", 5)))


def _mill(town: Town) -> None:
    town.listing("mill", name="Casa al Mulino")
    town.connect("mill-airbnb", airbnb(*GUESTS, block("2027-01-04", 6)))
    town.connect("mill-booking-com", booking_com(closed("2026-12-05", 4), closed("2026-12-19", 2)))


def _villa(town: Town) -> None:
    town.listing("villa", name="Villa Aurora", rooms=["villa-east", "villa-west"])
    town.listing("villa-east", name="Villa Aurora, East")
    town.listing("villa-west", name="Villa Aurora, West")
    town.connect("villa-fewo-direkt", vrbo(reservation("frida", "2026-12-22", 8, "Frida Holm")))
    east = vrbo(reservation("gina", "2026-11-27", 4, "Gina Rossi"))
    town.connect("east-fewo-direkt", east, listing="villa-east")
    town.connect("west-airbnb", airbnb(reservation("HMHUGOO345", "2026-12-02", 6)), listing="villa-west")
