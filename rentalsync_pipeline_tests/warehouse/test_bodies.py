"""Bodies are kept once per content, whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from rentalsync_pipeline.warehouse.bodies import Bodies

CONTENT = "0f" + 62 * "a"


def test_a_body_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    bodies = Bodies(tmp_path)
    bodies.keep(CONTENT, b"BEGIN:VCALENDAR\r\n" * 1000)
    assert bodies.read(CONTENT) == b"BEGIN:VCALENDAR\r\n" * 1000
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.gz")) < 1000


def test_the_first_of_equal_content_is_kept(tmp_path: Path) -> None:
    bodies = Bodies(tmp_path)
    bodies.keep(CONTENT, b"first")
    bodies.keep(CONTENT, b"again, with another DTSTAMP")
    assert bodies.read(CONTENT) == b"first"


def test_a_body_that_was_removed_is_none(tmp_path: Path) -> None:
    assert Bodies(tmp_path).read(CONTENT) is None


def test_half_a_body_is_never_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    bodies = Bodies(tmp_path)
    with pytest.raises(OSError, match="No space"):
        bodies.keep(CONTENT, b"body")
    assert bodies.read(CONTENT) is None
