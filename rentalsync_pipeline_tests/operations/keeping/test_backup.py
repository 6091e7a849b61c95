"""A backup makes the same home on another machine: same addresses, same bytes, same secrets, same log."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from rentalsync_pipeline.control.home import HOME_NAME
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline.operations.configuring.access import grant, recognise
from rentalsync_pipeline.operations.configuring.setup import init
from rentalsync_pipeline.operations.keeping import backup as keeping
from rentalsync_pipeline.operations.keeping.backup import backup, restore
from rentalsync_pipeline.operations.keeping.packing import LIST, ArchiveError
from rentalsync_pipeline.operations.lock import SyncRunning, sync_lock
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation
from rentalsync_pipeline_tests.operations.town import Town

ANNA = reservation("HMANNA2345", "2026-12-01", 3)


@pytest.fixture
def loft(town: Town) -> Town:
    town.connect("loft-airbnb", airbnb(ANNA))
    town.apply()
    town.sync()
    return town


@pytest.fixture
def archive(loft: Town, tmp_path: Path) -> Path:
    """A backup of the loft, made beside it."""
    return backup(loft.stores.control, tmp_path / "loft.tar.gz", loft.now).archive


def moved_in(archive: Path, folder: Path, before: Town) -> Town:
    """The town that a backup makes, at the time at which the other one is."""
    init(restore(archive, folder).folder, env={})
    town = Town(folder)
    town.now, town.calendars = before.now, dict(before.calendars)
    return town


def test_feeds_keep_their_addresses_and_their_bytes(loft: Town, archive: Path, tmp_path: Path) -> None:
    there = moved_in(archive, tmp_path / "there", loft)
    there.sync()
    published = {path.name: path.read_bytes() for path in loft.home.feeds.rglob("*.ics")}
    assert {path.name: path.read_bytes() for path in there.home.feeds.rglob("*.ics")} == published
    there.close()


def test_tokens_and_the_audit_log_go_on(loft: Town, tmp_path: Path) -> None:
    control = loft.stores.control
    _, secret = grant(control, "phone", Role.ADMIN, "a test", loft.now)
    archive = backup(control, tmp_path / "loft.tar.gz", loft.now).archive
    there = moved_in(archive, tmp_path / "there", loft)
    assert recognise(there.stores.control, secret.reveal())
    assert there.stores.control.audit.rows() == control.audit.rows()
    assert there.stores.control.audit.verify().fault is None
    there.close()


def test_what_is_changed_while_it_is_made_leaves_a_log_that_is_whole(loft: Town, tmp_path: Path) -> None:
    def change(_done: int, _total: int) -> None:
        loft.stores.control.rotate("loft", "a test", loft.now)

    archive = backup(loft.stores.control, tmp_path / "loft.tar.gz", loft.now, change).archive
    there = moved_in(archive, tmp_path / "there", loft)
    assert there.stores.control.audit.verify().fault is None
    there.close()


def test_only_its_owner_may_read_it(archive: Path) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_is_never_replaced(loft: Town, archive: Path) -> None:
    with pytest.raises(ArchiveError, match="is there already"):
        backup(loft.stores.control, archive, loft.now)


def test_a_folder_with_a_portfolio_is_left_alone(loft: Town, archive: Path) -> None:
    before = loft.home.config.read_bytes()
    with pytest.raises(ArchiveError, match="empty folder"):
        restore(archive, loft.home.folder)
    assert loft.home.config.read_bytes() == before


def test_no_backup_is_made_in_the_middle_of_a_sync(
    loft: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_PATIENCE", 0.0)
    with sync_lock(loft.home.lock), pytest.raises(SyncRunning):
        backup(loft.stores.control, tmp_path / "loft.tar.gz", loft.now)


def cut(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-200])


def flipped(archive: Path) -> None:
    data = bytearray(archive.read_bytes())
    data[len(data) // 2] ^= 1
    archive.write_bytes(data)


def other_bytes(archive: Path) -> None:
    rewritten(archive, {f"{HOME_NAME}/feed.key": b"another key\n"})


def one_more(archive: Path) -> None:
    rewritten(archive, {f"{HOME_NAME}/more": b"x"})


def one_outside(archive: Path) -> None:
    rewritten(archive, {"../outside": b"x"})


def no_list(archive: Path) -> None:
    rewritten(archive, {LIST: b""})


def no_archive(archive: Path) -> None:
    archive.write_bytes(b"BEGIN:VCALENDAR\r\n")


def rewritten(archive: Path, files: dict[str, bytes]) -> None:
    """The archive with other bytes in these files."""
    with tarfile.open(archive) as tar:
        held = {each.name: b"".join(tar.extractfile(each) or ()) for each in tar}
    with tarfile.open(archive, "w:gz") as tar:
        for name, data in (files | {name: data for name, data in held.items() if name not in files}).items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))


@pytest.mark.parametrize(
    "harm",
    [cut, flipped, other_bytes, one_more, one_outside, no_list, no_archive],
    ids=lambda harm: harm.__name__,
)
def test_a_damaged_backup_is_refused_and_leaves_nothing(
    harm: Callable[[Path], None], archive: Path, tmp_path: Path
) -> None:
    harm(archive)
    folder = tmp_path / "there"
    with pytest.raises(ArchiveError):
        restore(archive, folder)
    assert list(folder.iterdir()) == []
    assert not (tmp_path / "outside").exists()
