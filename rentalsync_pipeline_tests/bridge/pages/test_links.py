"""Every link and form of every page leads to one of ours."""

from __future__ import annotations

import re

import pytest

from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline_tests.bridge.pages.village import populate
from rentalsync_pipeline_tests.bridge.pages.visitor import Meet
from rentalsync_pipeline_tests.bridge.served import Served


def _kind(path: str) -> str:
    """What a page is a page of: one of each is opened."""
    return re.sub(r"(?<=/integrations/)[^/?]+|\d{4}-\d\d-\d\d|\d+|(?<==)[^&]*", "*", path)


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.READ, Role.ADMIN])
def test_every_link_leads_to_a_page_for_whoever_sees_it(closed: Served, meet: Meet, role: Role) -> None:
    populate(closed.town)
    visitor = meet(closed)
    visitor.sign_in(role)
    waiting = known = {"/admin/"}
    while waiting:
        path = waiting.pop()
        page = visitor.open(path.replace("&amp;", "&"))
        assert page.url.path != "/admin/login", path
        assert all(action.startswith("/admin/") for action, _ in visitor.forms()), path
        assert page.text.count('method="post"') == page.text.count('name="proof"'), path
        links = re.findall(r'href="(/[^"#]*)', page.text)
        assert all(link.startswith("/admin/") for link in links), path
        new = {_kind(link): link for link in links if _kind(link) not in known}
        known, waiting = known | new.keys(), waiting | set(new.values())
    assert {"/admin/board", "/admin/listings", "/admin/integrations/*", "/admin/history"} <= known
