"""What the how-to pages name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    *(
        ROOT / "docs/how-to" / f"{name}.md"
        for name in (
            "host-the-feeds",
            "subscribe",
            "live-with-it",
            "serve",
            "watch-it",
            "run-in-a-container",
            "home-assistant",
        )
    ),
    ROOT / "examples/README.md",
]


@pytest.fixture(params=PAGES, ids=lambda page: page.stem)
def page(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def test_every_file_of_ours_that_a_page_names_exists(page: Path) -> None:
    named = set(re.findall(r"(?:deploy|examples|docs)/[\w./*-]*[\w*]", page.read_text()))
    assert all(list(ROOT.glob(name)) for name in named), named


def test_every_link_leads_to_a_page_and_a_heading(page: Path) -> None:
    for target, _, heading in re.findall(r"\]\(([\w./-]+\.md)(#([\w-]+))?\)", page.read_text()):
        text = (page.parent / target).read_text()
        headings = {
            line.strip("# ").lower().replace(" ", "-") for line in text.splitlines() if line[:1] == "#"
        }
        assert not heading or heading in headings
