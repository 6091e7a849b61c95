from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rentalsync_pipeline.calendars.shapes import shapes, summary_shape, uid_shape
from rentalsync_pipeline.core.drift import KNOWN, Shape, What, is_known

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"


@pytest.mark.parametrize(
    ("summary", "shape"),
    [
        ("Reserved", "reserved"),
        ("Réservée - Chantal Müller", "réservée - …"),
        ("Airbnb (Not available)", "airbnb (not available)"),
        ("CLOSED - Not available", "closed - not available"),
        ("Anna-Maria O'Neill (HMABC23456)", "…"),
        ("Belegt - Jean, 4 Personen, +49 170 1234567", "belegt - …"),
    ],
)
def test_a_summary_keeps_the_words_of_channels_and_no_other(summary: str, shape: str) -> None:
    assert summary_shape(summary) == shape


@pytest.mark.parametrize(
    ("uid", "shape"),
    [
        ("1418fb94e984-f7fc0a@airbnb.com", "1418fb94e984-x@airbnb.com"),
        ("aaaaaaaaaaaa-f7fc0a@airbnb.com", "x-x@airbnb.com"),
        ("06252023-0625-2023-0629-202306292023", "x-x-x-x-x"),
        ("anna.miller.2026@Example.org", "x.x.x@example.org"),
    ],
)
def test_a_uid_keeps_the_marks_of_its_kind_and_its_host(uid: str, shape: str) -> None:
    assert uid_shape(uid) == shape


def test_every_shape_of_a_calendar_is_found_however_its_lines_are_written() -> None:
    event = "uid;X=1:7f662ec65913-0a@Airbnb.com\r\nSummary;LANGUAGE=de:Belegt\r\n  - Jean\r\nx-code:1\r\n"
    assert shapes(f"PRODID:-//Any//EN\r\n{event}".encode()) == {
        Shape(What.PRODID, "-//Any//EN"),
        *(Shape(What.PROPERTY, name) for name in ("PRODID", "UID", "SUMMARY", "X-CODE")),
        Shape(What.SUMMARY, "belegt - …"),
        Shape(What.UID, "7f662ec65913-x@airbnb.com"),
    }


@example("reserved " * 40, "-" * 200)
@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_the_bytes_there_are_shapes_and_they_are_short(summary: str, uid: str) -> None:
    body = f"BEGIN:VCALENDAR\r\nPRODID:{uid}\r\nSUMMARY:{summary}\r\nUID:{uid}\r\nEND:VCALENDAR\r\n"
    assert all(len(each.shape) <= 80 for each in shapes(body.encode()))


def test_each_word_that_no_channel_uses_is_gone() -> None:
    assert "canary" not in summary_shape("Reserved - Canary canary-bird (CANARY)").casefold()


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        *(("airbnb", f"airbnb_0{n}.ics") for n in (1, 2, 3, 4, 5, 6, 9)),
        *(("booking_com", f"bookingcom_0{n}.ics") for n in range(1, 10)),
        ("fewo_direkt", "vrbo_fewodirekt_01.ics"),
        ("fewo_direkt", "vrbo_abritel_02.ics"),
    ],
)
def test_the_tables_know_all_that_real_exports_show(channel: str, name: str) -> None:
    path = SAMPLES / name
    if not path.exists():
        pytest.skip("the samples are not part of this project")
    assert [shape for shape in shapes(path.read_bytes()) if not is_known(channel, shape)] == []


def test_a_mark_that_airbnb_never_used_is_not_known() -> None:
    assert set(KNOWN["airbnb"]) == set(What)
    assert not is_known("airbnb", Shape(What.UID, "x-x@airbnb.com"))
    assert not is_known("ical", Shape(What.PROPERTY, "UID")), "what has no table is learned"
