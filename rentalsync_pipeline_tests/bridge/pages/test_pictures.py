"""The pictures of the documentation are there, small, and shown."""

from __future__ import annotations

from rentalsync_pipeline_tests.bridge.pages.pictures import FOLDER, MOST, PICTURES


def test_every_picture_is_small_and_stands_in_the_documentation() -> None:
    page = (FOLDER.parent / "how-to" / "use-the-pages.md").read_text(encoding="utf-8")
    files = {f"pages-{name}.png" for name in PICTURES}
    for name in files:
        assert (FOLDER / name).stat().st_size < MOST
        assert f"(../images/{name})" in page
