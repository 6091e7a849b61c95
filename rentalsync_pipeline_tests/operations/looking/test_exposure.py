"""How long a channel may still sell a night that is taken is learned from its echoes."""

from __future__ import annotations

from datetime import timedelta

import duckdb

from rentalsync_pipeline.operations.looking.exposure import Exposure, exposures
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation
from rentalsync_pipeline_tests.operations.importers import Importer, live
from rentalsync_pipeline_tests.operations.town import Town

HOUR = 3600


def test_the_window_of_exposure_is_learned_from_what_a_channel_imports(town: Town) -> None:
    seller = Importer("loft", "airbnb", every=timedelta(hours=1))
    importer = Importer("loft", "booking_com", every=timedelta(hours=3))
    for each in (seller, importer):
        town.connect(each.name, each.calendar(town.today))
    town.apply()
    town.sync()
    assert exposures(town.home) == ()
    for n in range(4):
        code = f"HMGUEST{n:03}"
        seller.sold[code] = reservation(code, f"2026-12-{1 + 4 * n:02}", 2)
        live(town, (seller, importer), hours=5)
    (found,) = exposures(town.home)
    assert (found.channel, found.imports) == ("booking_com", 4)
    assert HOUR <= found.median <= 4 * HOUR
    assert found.median <= found.nine_of_ten <= 4 * HOUR


def test_one_import_that_took_days_does_not_speak_for_the_others(town: Town) -> None:
    town.connect("loft-airbnb", airbnb())
    town.apply()
    town.sync()
    with duckdb.connect(str(town.home.warehouse)) as warehouse:
        for n, seconds in enumerate([HOUR, 2 * HOUR] * 9 + [3 * HOUR, 120 * HOUR]):
            values = ["loft", "loft-booking-com", "booking_com", f"stay {n}", seconds, town.now, "run-1"]
            warehouse.execute("INSERT INTO import_lags VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    town.show(loft_airbnb=airbnb(reservation("HMANNA2345", "2026-12-01", 3)))
    town.sync()
    assert exposures(town.home) == (Exposure("booking_com", 20, 2 * HOUR, 2 * HOUR),)
