"""Windows of a real browser on the pages of a served town, and what must hold wherever one looks.

Belongs here: opening windows, large and small, light and dark, with and without JavaScript. Does not: flows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Browser, ConsoleMessage, Page, expect

_READING = (Path(__file__).parent / "reading.js").read_text(encoding="utf-8")
_Result = TypeVar("_Result")
_PATIENCE = 15_000
"""Milliseconds for a page to show what it should, on a busy machine."""

DESK: dict[str, Any] = {"viewport": {"width": 1200, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "color_scheme": "dark",
    "has_touch": True,
    "is_mobile": True,
}
WITHOUT_SCRIPTS: dict[str, Any] = {**DESK, "java_script_enabled": False}


class Window:
    """A window of a browser; whatever it complains about in its console fails the test at the end."""

    def __init__(self, page: Page, root: str) -> None:
        self.page, self._root = page, root
        self.complaints: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, said: ConsoleMessage) -> None:
        """That a page is the answer to a refusal is for the test to say."""
        if said.type == "error" and "the server responded with a status of 4" not in said.text:
            self.complaints.append(said.text)

    def open(self, path: str) -> Page:
        """A page by its path below `/admin`; it must be one that people can read and use."""
        self.page.goto(f"{self._root}/admin{path}")
        self.read()
        return self.page

    def read(self) -> None:
        """Hold what the window shows to what must hold of every page."""
        assert self.page.evaluate(_READING) == []


@contextmanager
def window(browser: Browser, root: str, options: dict[str, Any] = DESK) -> Iterator[Window]:
    """A fresh window, without cookies, on the pages below `root`."""
    context = browser.new_context(**options)
    context.set_default_timeout(_PATIENCE)
    expect.set_options(timeout=_PATIENCE)
    try:
        opened = Window(context.new_page(), root)
        yield opened
        assert opened.complaints == []
    finally:
        context.close()


def aside(work: Callable[[], _Result]) -> _Result:
    """Do that in another thread: in this one Playwright has an event loop running, where a sync has none."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()
