"""The Dagster UI as a host sees it: `rentalsync up`, a real browser, the example portfolio."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import dagster as dg
import pytest
from playwright.sync_api import Page, expect

from rentalsync_pipeline_tests.chromium import NEEDED, chromium
from rentalsync_pipeline_tests.estate import Estate, settle

GROUPS = ("channels", "ingest", "model", "publish", "insight")
PATIENCE = 30_000
"""Milliseconds for a page to show what it should, on a busy machine."""

pytestmark = [*NEEDED]


@dataclass(frozen=True)
class Desk:
    """A browser tab on a running `rentalsync up`."""

    page: Page
    url: str
    estate: Estate

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.url}{path}")
        return self.page


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The example portfolio, synced once, behind `rentalsync up`; schedules off, so that nothing moves."""
    home = settle(tmp_path_factory.mktemp("ui") / "portfolio")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", str(home.dagster))
        patch.setenv("RENTALSYNC_SCHEDULES", "off")
        with dg.DagsterInstance.get() as instance:
            estate = Estate(home, instance)
            estate.apply()
            assert estate.sync().success
            with _Up(home.path) as url, chromium() as browser:
                page = browser.new_page(viewport={"width": 1800, "height": 1000})
                page.set_default_timeout(PATIENCE)
                expect.set_options(timeout=PATIENCE)
                yield Desk(page, url, estate)


class _Up:
    """`rentalsync up` on a free port, ended as a person ends it."""

    def __init__(self, home: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        self._url = f"http://127.0.0.1:{port}"
        command = [
            sys.executable,
            "-m",
            "rentalsync_pipeline",
            "up",
            "--home",
            str(home),
            "--port",
            str(port),
        ]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def __enter__(self) -> str:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            try:
                with urlopen(f"{self._url}/server_info", timeout=5):
                    return self._url
            except (URLError, OSError):
                time.sleep(0.5)
        raise TimeoutError("the pages did not come up")

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGINT)
        self._process.wait(60)


def test_the_groups_stand_from_left_to_right(desk: Desk) -> None:
    page = desk.open("/asset-groups")
    places = []
    for group in GROUPS:
        label = page.locator(f'svg [data-tooltip="{group}"]').last
        label.wait_for()
        box = label.bounding_box()
        assert box is not None
        places.append(box["x"])
    assert places == sorted(places)
    assert len(set(places)) == len(GROUPS)


def test_the_graph_shows_every_asset_of_whoever_has_no_channel_manager(desk: Desk) -> None:
    expanded = quote(",".join(f"global@global:{group}" for group in GROUPS))
    page = desk.open(f"/asset-groups/?expanded={expanded}")
    for name in (
        "airbnb",
        "raw_bookings",
        "bookings",
        "stays",
        "feeds",
        "listing_feed",
        "snapshot",
        "occupancy",
        "managers",
    ):
        expect(page.get_by_text(name, exact=True).last).to_be_visible()


def test_the_failed_connection_stands_there_with_its_reason(desk: Desk) -> None:
    page = desk.open("/assets/rentalsync/raw_bookings?view=checks")
    expect(page.get_by_text("1 connection of 12 could not be used").first).to_be_visible()
    expect(page.get_by_text("the answer is no calendar").first).to_be_visible()


def test_the_double_booking_stands_there_with_its_nights(desk: Desk) -> None:
    page = desk.open("/assets/rentalsync/stays?view=checks")
    expect(page.get_by_text("1 certain double booking").first).to_be_visible()
    expect(page.get_by_text("2026-12-31").first).to_be_visible()


def test_a_listing_is_a_partition_with_a_history(desk: Desk) -> None:
    page = desk.open("/assets/rentalsync/listing_feed?view=partitions&partition=downtown-loft")
    expect(page.get_by_text("files_written").first).to_be_visible()
    expect(page.get_by_text("seehaus").first).to_be_visible()


def test_materialize_on_the_sync_job_asks_for_no_partition_and_runs(desk: Desk) -> None:
    before = {run.run_id for run in desk.estate.instance.get_runs()}
    page = desk.open("/locations/rentalsync/jobs/sync")
    page.get_by_role("button", name="Materialize all").first.click()
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        new = [run for run in desk.estate.instance.get_runs() if run.run_id not in before]
        if new and new[0].is_finished:
            break
        time.sleep(0.5)
    (run,) = new
    assert run.status is dg.DagsterRunStatus.SUCCESS
    assert not page.get_by_text("Select partitions").is_visible()


def test_a_listing_is_rendered_again_by_materializing_its_partition(desk: Desk) -> None:
    (lost,) = (desk.estate.feeds / "private").glob("seehaus-owner-*.ics")
    standing = lost.read_bytes()
    lost.unlink()
    page = desk.open("/assets/rentalsync/listing_feed?view=partitions&partition=seehaus")
    page.get_by_role("button", name="Materialize").first.click()
    page.get_by_role("button", name="Launch 1 run").last.click()
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and not lost.exists():
        time.sleep(0.5)
    assert lost.read_bytes() == standing
