"""A browser without its window: follows, keeps cookies, and sends the forms that it was given."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

import httpx

from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline.operations.configuring.access import grant
from rentalsync_pipeline_tests.bridge.served import Served


class _Forms(HTMLParser):
    """The forms of a page: where each is sent, and what its fields hold."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
        is_sent = given.get("type") != "checkbox" or "checked" in given
        if tag == "input" and self.forms and "name" in given and is_sent:
            self.forms[-1][1][given["name"]] = given.get("value", "")


class Visitor:
    """Somebody at the pages of a served town."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self.client = httpx.Client(base_url=served.url, follow_redirects=True, timeout=30)

    def sign_in(self, role: Role) -> httpx.Response:
        """With a new token of that role."""
        control = self._served.town.stores.control
        _, secret = grant(control, f"{role}-desk", role, "a test", self._served.town.now)
        self.open("/admin/login")
        return self.send("/admin/login", token=secret.reveal())

    def open(self, path: str, status: int = 200) -> httpx.Response:
        self.page = self.client.get(path)
        assert self.page.status_code == status, f"{path}: {self.page.status_code} {self.page.text[-2000:]}"
        return self.page

    def forms(self) -> list[tuple[str, dict[str, str]]]:
        """The forms of the page that stands open."""
        parser = _Forms()
        parser.feed(self.page.text)
        return parser.forms

    def post(self, path: str) -> httpx.Response:
        """What no form of the open page offers, with the proof of one that it has."""
        self.page = self.client.post(path, data={"proof": self.forms()[0][1]["proof"]})
        return self.page

    def send(self, path: str, status: int = 200, **fields: str) -> httpx.Response:
        """The form of the open page that goes to `path`, its fields as they stand but for these."""
        action, given = next(form for form in self.forms() if form[0].partition("?")[0] == path)
        self.page = self.client.post(action, data={**given, **fields})
        assert self.page.status_code == status, f"{path}: {self.page.status_code} {self.page.text[-2000:]}"
        return self.page


Meet = Callable[[Served], Visitor]
