from __future__ import annotations

import json
import os
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from rentalsync_pipeline.publishing.manifest import Entry, load, save
from rentalsync_pipeline.publishing.store import FeedStore

LOFT = Entry(
    listing="loft",
    audience="busy",
    sha256="5f" * 32,
    events=3,
    last_change=datetime(2026, 11, 20, 7, tzinfo=UTC),
    last_ok=date(2026, 11, 20),
)
FEEDS = {"public/loft-busy.ics": LOFT, "private/loft-owner.ics": LOFT}


def test_it_says_for_machines_what_is_published(tmp_path: Path) -> None:
    save(FeedStore(tmp_path), FEEDS)
    document = json.loads((tmp_path / "manifest.json").read_text())
    assert document["version"] == 1
    assert document["feeds"]["public/loft-busy.ics"] == {
        "listing": "loft",
        "audience": "busy",
        "sha256": "5f" * 32,
        "events": 3,
        "last_change": "2026-11-20T07:00:00+00:00",
        "last_ok": "2026-11-20",
    }


def test_it_reads_back_what_it_was_given(tmp_path: Path) -> None:
    store = FeedStore(tmp_path)
    save(store, FEEDS)
    assert load(store) == FEEDS


def test_nothing_published_yet_is_an_empty_manifest(tmp_path: Path) -> None:
    assert load(FeedStore(tmp_path)) == {}


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"feeds": {"public/a.ics": {"listing": "a"}}}'])
def test_a_damaged_manifest_counts_as_none_and_is_written_anew(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(damage)
    store = FeedStore(tmp_path)
    assert load(store) == {}
    assert save(store, FEEDS)
    assert load(store) == FEEDS


def test_the_same_feeds_in_another_order_are_the_same_bytes(tmp_path: Path) -> None:
    store = FeedStore(tmp_path)
    assert save(store, FEEDS)
    os.utime(tmp_path / "manifest.json", ns=(1, 1))
    assert not save(store, dict(reversed(FEEDS.items())))
    assert (tmp_path / "manifest.json").stat().st_mtime_ns == 1


def test_it_lies_beside_the_feeds_out_of_the_world_s_sight(tmp_path: Path) -> None:
    save(FeedStore(tmp_path), FEEDS)
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]
    assert not stat.S_IMODE((tmp_path / "manifest.json").stat().st_mode) & stat.S_IROTH
