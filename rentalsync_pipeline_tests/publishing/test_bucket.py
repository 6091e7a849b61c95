"""The store against a real S3 server on loopback. Needs the extra `s3` and `moto[server]`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rentalsync_pipeline.publishing.store import FeedStore

s3fs = pytest.importorskip("s3fs", reason="the extra `s3` is not installed")
moto = pytest.importorskip("moto.server", reason="moto[server] is not installed")

BUSY = "public/loft-busy-aaaaaaaaaaaaaaaaaaaaaaaaaa.ics"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client that sees the bucket `feeds` as any other process does."""
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    client = s3fs.S3FileSystem()
    client.mkdir("feeds")
    yield client
    client.rm("feeds", recursive=True)
    server.stop()


def test_an_object_is_served_as_a_calendar_for_minutes(s3: Any) -> None:
    FeedStore("s3://feeds/home").write(BUSY, b"BEGIN:VCALENDAR")
    head = s3.call_s3("head_object", Bucket="feeds", Key=f"home/{BUSY}")
    assert head["ContentType"] == "text/calendar; charset=utf-8"
    assert head["CacheControl"] == "max-age=300"


def test_equal_bytes_are_not_uploaded_again(s3: Any) -> None:
    store = FeedStore("s3://feeds")
    assert store.write(BUSY, b"one")
    assert not store.write(BUSY, b"one")
    assert store.write(BUSY, b"two")
    assert store.read(BUSY) == b"two"


def test_what_another_process_published_or_removed_is_seen(s3: Any) -> None:
    store = FeedStore("s3://feeds")
    assert store.names() == []
    s3.call_s3("put_object", Bucket="feeds", Key=BUSY, Body=b"other")
    assert store.names() == [BUSY]
    assert store.read(BUSY) == b"other"
    s3.call_s3("delete_object", Bucket="feeds", Key=BUSY)
    assert store.names() == []
    assert store.read(BUSY) is None
    store.remove(BUSY)


def test_a_bucket_that_does_not_exist_is_an_error_and_not_an_empty_one(s3: Any) -> None:
    with pytest.raises(FileNotFoundError):
        FeedStore("s3://no-such-bucket").write(BUSY, b"new")


def test_another_version_has_another_stamp(s3: Any) -> None:
    store = FeedStore("s3://feeds")
    assert store.stamp(BUSY) is None
    store.write(BUSY, b"one")
    first = store.stamp(BUSY)
    assert first
    assert first.size == 3
    assert store.stamp(BUSY) == first
    s3.call_s3("put_object", Bucket="feeds", Key=BUSY, Body=b"two")
    assert store.stamp(BUSY) != first
