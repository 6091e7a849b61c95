"""docs/reference/http.md names the routes, roles and variables that there are."""

from __future__ import annotations

import re
from pathlib import Path

from rentalsync_pipeline.bridge.settings import BridgeSettings
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline_tests.bridge.jwts import SWITCHED_ON, present_jwt
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.town import Town

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "http.md").read_text(encoding="utf-8")


def _table(heading: str) -> dict[tuple[str, str], str]:
    """The routes under a heading, with the role that each needs."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([A-Z]+) (/\S*)` \| (\S+) \|", section, re.MULTILINE)
    return {(method, path): role for method, path, role in rows}


ROUTES = _table("Routes") | _table("Integrations")
SWITCHED = _table("Channel connections")
BY_ROLE = {route: needed for route, needed in ROUTES.items() if needed != "proof"}


def _filled(path: str) -> str:
    return path.replace("{id}", "1").replace("{type}", "airbnb")


def _documented(served: Served) -> set[tuple[str, str]]:
    paths = served.get("/openapi.json").json()["paths"]
    return {(method.upper(), path) for path, methods in paths.items() for method in methods}


def test_the_table_of_routes_is_the_document(closed: Served) -> None:
    assert set(ROUTES) == _documented(closed)


def test_what_is_switched_on_is_in_the_document_with_the_roles_of_its_table(town: Town) -> None:
    with serving(town, SWITCHED_ON) as served:
        assert {*ROUTES, *SWITCHED} == _documented(served)
        for has in Role:
            present_jwt(served, has)
            for (method, path), needed in SWITCHED.items():
                status = served.client.request(method, path.replace("{id}", "x"), json={}).status_code
                assert (status == 403) != has.allows(Role(needed)), f"{method} {path} as {has}: {status}"


def test_a_route_needs_the_role_that_the_table_says_and_no_other(town: Town) -> None:
    town.listing("loft")
    town.apply()
    with serving(town, BridgeSettings()) as served:
        for has in Role:
            served.present(has)
            for (method, path), needed in BY_ROLE.items():
                status = served.client.request(method, _filled(path), json={}).status_code
                is_refused = needed != "–" and not has.allows(Role(needed))
                assert (status == 403) == is_refused, f"{method} {path} as {has}: {status}"
        del served.client.headers["Authorization"]
        for (method, path), needed in ROUTES.items():
            status = served.client.request(method, _filled(path), json={}).status_code
            assert (status == 401) == (needed != "–"), f"{method} {path}: {status}"


def test_every_variable_of_the_table_is_read_somewhere() -> None:
    section = PAGE.split("## Environment")[1].split("\n## ")[0]
    named = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "rentalsync_pipeline").rglob("*.py"))
    assert [name for name in named if f'"{name}"' not in code] == []
    read = set(
        re.findall(r'env(?:\.get\(|, )"(\w+)"', (ROOT / "rentalsync_pipeline/bridge/settings.py").read_text())
    )
    assert read <= set(named)
