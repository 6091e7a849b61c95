from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import fsspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rentalsync_pipeline.publishing.folder import UnsafePathError
from rentalsync_pipeline.publishing.store import NAME, FeedStore, UnsafeNameError

BUSY = "public/loft-busy-aaaaaaaaaaaaaaaaaaaaaaaaaa.ics"
OWNER = "private/loft-owner-bbbbbbbbbbbbbbbbbbbbbbbbbb.ics"


@pytest.fixture(params=["folder", "file-url", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FeedStore]:
    match request.param:
        case "folder":
            yield FeedStore(tmp_path / "feeds")
        case "file-url":
            yield FeedStore((tmp_path / "with space").as_uri())
        case _:
            yield FeedStore(f"memory://bucket{tmp_path}")
            fsspec.filesystem("memory").store.clear()


def test_what_is_written_can_be_read(store: FeedStore) -> None:
    assert store.write(BUSY, b"one")
    assert store.read(BUSY) == b"one"


def test_equal_bytes_are_not_written_again(store: FeedStore) -> None:
    store.write(BUSY, b"one")
    assert not store.write(BUSY, b"one")
    assert store.write(BUSY, b"two")
    assert store.read(BUSY) == b"two"


def test_what_is_not_there_reads_as_nothing_and_removes_without_complaint(store: FeedStore) -> None:
    assert store.read(BUSY) is None
    store.remove(BUSY)
    assert store.names() == []


def test_a_removed_feed_is_gone_at_once(store: FeedStore) -> None:
    store.write(BUSY, b"one")
    store.remove(BUSY)
    assert store.read(BUSY) is None
    assert store.names() == []


def test_names_are_the_feeds_of_both_folders_in_order_and_nothing_else(store: FeedStore) -> None:
    store.write("manifest.json", b"{}")
    store.write(BUSY, b"one")
    store.write(OWNER, b"one")
    assert store.names() == [OWNER, BUSY]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../outside.ics",
        "public/../../outside.ics",
        "/etc/outside.ics",
        "public/..ics",
        "public/.hidden.ics",
        "public/a\0.ics",
        "public/%2e%2e.ics",
        "public/a/b.ics",
        "public/A.ics",
        "public/a.ics\n",
        "public/․․.ics",
        "loft.ics",
        "elsewhere/loft.ics",
        f"public/{'a' * 4000}.ics",
    ],
)
def test_a_name_that_no_feed_has_is_refused(store: FeedStore, name: str) -> None:
    for verb in (store.read, store.remove, lambda bad: store.write(bad, b"")):
        with pytest.raises(UnsafeNameError):
            verb(name)


@given(name=st.text() | st.text().map("public/{}.ics".format) | st.from_regex(NAME, fullmatch=True))
def test_no_name_leads_out_of_the_folder(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.getbasetemp() / "walled"
    try:
        FeedStore(root / "feeds").write(name, b"x")
    except UnsafeNameError:
        return
    assert (root / "feeds" / name).resolve().is_relative_to(root / "feeds")
    assert {path.name for path in root.iterdir()} == {"feeds"}


def test_an_unchanged_file_keeps_its_time(tmp_path: Path) -> None:
    store = FeedStore(tmp_path)
    store.write(BUSY, b"one")
    os.utime(tmp_path / BUSY, ns=(1, 1))
    store.write(BUSY, b"one")
    assert (tmp_path / BUSY).stat().st_mtime_ns == 1


def test_the_world_may_read_public_feeds_and_only_a_group_private_ones(tmp_path: Path) -> None:
    umask = os.umask(0o077)
    try:
        store = FeedStore(tmp_path / "feeds")
        for name in (BUSY, OWNER, "manifest.json"):
            store.write(name, b"x")
    finally:
        os.umask(umask)
    modes = {
        name: stat.S_IMODE((tmp_path / "feeds" / name).stat().st_mode)
        for name in ("", "public", BUSY, "private", OWNER, "manifest.json")
    }
    assert modes == {
        "": 0o755,
        "public": 0o755,
        BUSY: 0o644,
        "private": 0o750,
        OWNER: 0o640,
        "manifest.json": 0o640,
    }


def test_the_owner_of_the_folder_may_choose_its_mode(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir(mode=0o700)
    FeedStore(tmp_path).write(OWNER, b"x")
    assert stat.S_IMODE((tmp_path / "private").stat().st_mode) == 0o700


def test_the_store_may_be_reached_by_a_link_but_not_lead_out_by_one(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "feeds").symlink_to(tmp_path / "disk")
    store = FeedStore(tmp_path / "feeds")
    store.write(OWNER, b"x")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "disk" / "public").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UnsafePathError, match="symbolic link"):
        store.write(BUSY, b"x")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_feed_that_was_replaced_by_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / BUSY).symlink_to(tmp_path / "secret")
    with pytest.raises(UnsafePathError):
        FeedStore(tmp_path).write(BUSY, b"x")
    assert (tmp_path / "secret").read_bytes() == b"secret"


@pytest.mark.parametrize("broken", ["os.fsync", "pathlib.Path.replace"])
def test_a_failing_disk_leaves_the_old_feed_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    store = FeedStore(tmp_path)
    store.write(BUSY, b"old")

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(broken, fail)
        with pytest.raises(OSError, match="Input/output"):
            store.write(BUSY, b"new")
    assert store.read(BUSY) == b"old"
    assert [path.name for path in (tmp_path / "public").iterdir()] == [Path(BUSY).name]
    assert store.write(BUSY, b"new")


def test_a_full_disk_leaves_the_old_feed(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="limits on file sizes are a Unix thing")
    store = FeedStore(tmp_path)
    store.write(BUSY, b"old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            store.write(BUSY, b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert store.read(BUSY) == b"old"
    assert len(list((tmp_path / "public").iterdir())) == 1


def test_a_reader_never_sees_half_a_feed(tmp_path: Path) -> None:
    store = FeedStore(tmp_path)
    versions = [bytes([65 + n]) * 200_000 for n in range(2)]
    store.write(BUSY, versions[0])
    done = threading.Event()
    torn: list[int] = []

    def read() -> None:
        while not done.is_set():
            seen = (tmp_path / BUSY).read_bytes()
            if seen not in versions:
                torn.append(len(seen))

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(200):
        store.write(BUSY, versions[(n + 1) % 2])
    done.set()
    reader.join()
    assert torn == []


def test_many_may_write_at_once_into_a_store_that_does_not_exist_yet(tmp_path: Path) -> None:
    store = FeedStore(tmp_path / "new" / "feeds")
    names = [f"public/loft-{number}-busy.ics" for number in range(64)]
    with ThreadPoolExecutor(8) as writers:
        assert all(writers.map(lambda name: store.write(name, b"x"), names))
    assert store.names() == sorted(names)


_WRITER = """
import sys
from itertools import cycle
from rentalsync_pipeline.publishing.store import FeedStore
store = FeedStore(sys.argv[1])
for letter in cycle("AB"):
    store.write(sys.argv[2], letter.encode() * 200_000)
    print(letter, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("writes", [1, 2, 5, 17, 40])
def test_a_writer_that_is_killed_leaves_a_whole_feed_and_no_name(tmp_path: Path, writes: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(tmp_path), BUSY], stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        for _ in range(writes):
            writer.stdout.readline()
        writer.kill()
    store = FeedStore(tmp_path)
    assert store.read(BUSY) in {b"A" * 200_000, b"B" * 200_000}
    assert store.names() == [BUSY]
    assert store.write(BUSY, b"next")
