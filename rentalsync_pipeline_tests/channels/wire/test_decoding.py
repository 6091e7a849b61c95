"""Bodies on their way in: never larger than the cap, whatever they claim to be."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rentalsync_pipeline.channels.wire.decoding import Inflow
from rentalsync_pipeline.channels.wire.response import FetchError
from rentalsync_pipeline.core.verdict import Reason


def taken(body: bytes, encoding: str, *, piece: int = 1000, cap: int = 5_000) -> bytes:
    inflow = Inflow(encoding, cap)
    for start in range(0, len(body), piece):
        inflow.add(body[start : start + piece])
    return inflow.whole()


@given(st.binary(max_size=5_000), st.integers(1, 700))
def test_a_body_arrives_whole_however_it_is_cut(body: bytes, piece: int) -> None:
    assert taken(body, "", piece=piece) == body
    assert taken(gzip.compress(body), "gzip", piece=piece) == body


@pytest.mark.parametrize("encoding", ["", "identity", "gzip", "GZIP", "x-gzip "])
def test_the_cap_counts_decompressed_bytes(encoding: str) -> None:
    def packed(body: bytes) -> bytes:
        return gzip.compress(body) if "gzip" in encoding.lower() else body

    assert len(taken(packed(bytes(5_000)), encoding)) == 5_000
    with pytest.raises(FetchError) as error:
        taken(packed(bytes(5_001)), encoding)
    assert error.value.failure.reason is Reason.TOO_LARGE


def test_a_bomb_goes_off_in_no_more_memory_than_the_cap() -> None:
    bomb = gzip.compress(bytes(50_000_000), compresslevel=1)
    tracemalloc.start()
    try:
        with pytest.raises(FetchError):
            taken(bomb, "gzip", piece=65_536, cap=1_000_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 6_000_000


@pytest.mark.parametrize(
    "body",
    [gzip.compress(b"BEGIN") + bytes(6_000), gzip.compress(b"")[:10] + b"\x00\x00\x00\xff\xff" * 1_200],
    ids=["rubbish behind the end", "empty blocks without end"],
)
def test_bytes_that_inflate_to_nothing_count_too(body: bytes) -> None:
    with pytest.raises(FetchError) as error:
        taken(body, "gzip")

    assert error.value.failure.reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (gzip.compress(b"BEGIN:VCALENDAR")[:-9], "gzip", Reason.TORN),
        (b"BEGIN:VCALENDAR", "gzip", Reason.TORN),
        (b"", "gzip", Reason.TORN),
        (b"BEGIN:VCALENDAR", "br", Reason.HTTP_STATUS),
        (b"BEGIN:VCALENDAR", "gzip, gzip", Reason.HTTP_STATUS),
    ],
    ids=["cut off", "not compressed at all", "nothing", "not asked for", "twice"],
)
def test_a_body_that_cannot_be_decompressed_fails(body: bytes, encoding: str, reason: Reason) -> None:
    with pytest.raises(FetchError) as error:
        taken(body, encoding)

    assert error.value.failure.reason is reason
