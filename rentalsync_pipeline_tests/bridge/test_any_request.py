"""Whatever is asked of a documented route: no fault, and no answer that the document does not describe.

All routes are switched on, and each is asked by every kind of caller. What a new route needs to be reached,
beyond what its own schema says, stands in `KNOWN`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline_tests.bridge.jwts import SWITCHED_ON, a_jwt
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.dialects import airbnb, reservation
from rentalsync_pipeline_tests.operations.hotel import opened
from rentalsync_pipeline_tests.operations.town import Town

pytestmark = pytest.mark.slow

_UNSAYABLE: list[Any] = [positive_data_acceptance, negative_data_rejection]
"""What a schema allows is refused sometimes: which zones, fields and slugs there are, no schema can say.
What it does not know is accepted in a query, where everybody adds keys; in a body it is refused."""

KNOWN = {
    "/api/listings/{id}": 1,
    "/api/v1/channel-connections/{id}": "loft-airbnb",
    "/api/integrations/{type}": "airbnb",
    "/api/integrations/{type}/configure": "hostaway",
    "/ical/{slug}": "downtown-loft",
    "/ical/{listing}/{room}": {"listing": "villa", "room": "downtown-loft"},
}
"""What there is, by the beginning of a route, the longest last: no random name finds it."""

FITTING: dict[str, Any] = {"POST /api/integrations/{type}/sync": {"propertyMapping": {}}}
"""Instead of an example of the document that speaks of listings which are not here."""

BEYOND_REACH = {
    "GET /api/oauth/callback": "a person must have agreed: test_oauth",
    "POST /api/oauth/refresh": "a person must have agreed: test_oauth",
    "POST /api/integrations/{type}/webhook": "a channel must have proved itself: test_webhooks",
}

Operation = APIOperation[Any, Any, Any, Any]
Seen = dict[str, set[int]]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[Served]:
    """A town with a guest, a house of one room, and an account; everything is switched on."""
    town = Town(tmp_path_factory.mktemp("any"), template)
    town.listing("downtown-loft", feed={"token": False})
    town.listing("villa", rooms=["downtown-loft"])
    calendar = airbnb(reservation("HMAAAAAAA1", "2026-12-01", 3))
    town.connect("loft-airbnb", calendar, listing="downtown-loft")
    client = {"client_id": "a client", "client_secret": "of nobody"}
    with opened(town, 2, client, listings={}), serving(town, SWITCHED_ON) as served:
        town.sync()
        yield served
    town.close()


def _try_everything(api: Served, role: Role | None, examples: int) -> Seen:
    """Ask every route for what its description allows, and for what it forbids; the statuses by route."""
    document = schemathesis.openapi.from_url(f"{api.url}/openapi.json")
    operations = [each.ok() for each in document.get_all_operations() if isinstance(each, Ok)]
    credentials = _credentials(api, role) if role else {}
    seen: Seen = defaultdict(set)
    for operation in sorted(operations, key=_how_much_it_changes):
        for mode in GenerationMode:
            _try(api, operation, mode, credentials, seen, examples)
    return seen


def _try(
    api: Served,
    operation: Operation,
    mode: GenerationMode,
    credentials: Mapping[str, str],
    seen: Seen,
    examples: int,
) -> None:
    headers = {"Authorization": credentials[_scheme(operation)]} if credentials else {}
    statuses, asked, example = seen[operation.label], 0, _example(operation)

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        nonlocal asked
        asked += 1
        if mode is GenerationMode.POSITIVE and asked % 2:
            _name_what_there_is(case)
            case.body = deepcopy(example) if example and asked % 4 == 1 else case.body
        _let_time_pass(api.town)
        answer = case.call_and_validate(headers=headers, excluded_checks=_UNSAYABLE)
        statuses.add(answer.status_code)

    with suppress(Unsatisfiable):  # a route that takes nothing can't be asked wrongly
        ask()


def _how_much_it_changes(operation: Operation) -> tuple[int, bool]:
    """So that all is there that the next ones ask for."""
    return ("get", "post", "put", "delete").index(operation.method), bool(operation.body)


def _credentials(api: Served, role: Role) -> dict[str, str]:
    """By the security scheme of a route; the JWT is good for as long as all that takes."""
    api.present(role)
    jwt = a_jwt(api.town.now + timedelta(days=365), role)
    return {"HTTPBearer": api.client.headers["Authorization"], "JWT": f"Bearer {jwt}"}


def _scheme(operation: Operation) -> str:
    schemes = [name for each in operation.definition.raw.get("security", []) for name in each]
    return schemes[0] if schemes else "HTTPBearer"


def _example(operation: Operation) -> Any:
    """A body that fits: the one that the document shows."""
    schemas = operation.schema.raw_schema["components"]["schemas"]
    content = operation.definition.raw.get("requestBody", {}).get("content", {})
    shown = content.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
    return FITTING.get(operation.label) or schemas.get(shown, {}).get("example")


def _name_what_there_is(case: Case[Any]) -> None:
    for beginning, known in KNOWN.items():
        if case.path.startswith(beginning):
            named = known if isinstance(known, dict) else dict.fromkeys(case.path_parameters, known)
            case.path_parameters.update(named)


def _let_time_pass(town: Town) -> None:
    """So long that the wrong tokens of the request before, which are part of every trial, are forgotten."""
    town.now += timedelta(minutes=2)
    town.stores.control.record_look(town.now)


def _is_success(status: int) -> bool:
    return 200 <= status < 400


def test_an_admin_reaches_every_route_and_finds_no_fault(api: Served) -> None:
    seen = _try_everything(api, Role.ADMIN, examples=6)
    missed = {name for name, statuses in seen.items() if not any(map(_is_success, statuses))}
    assert missed == BEYOND_REACH.keys(), {name: seen[name] for name in missed}
    assert len(seen) > 25


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.READ])
def test_who_may_do_less_finds_none_either(api: Served, role: Role) -> None:
    seen = _try_everything(api, role, examples=3)
    assert {name for name, statuses in seen.items() if 403 in statuses} > {"POST /api/oauth/configure"}


def test_without_a_key_everything_that_needs_one_is_closed(api: Served) -> None:
    document = api.get("/openapi.json").json()
    seen = _try_everything(api, None, examples=4)
    for name, statuses in seen.items():
        method, path = name.split(" ")
        if "security" in document["paths"][path][method.lower()]:
            assert 401 in statuses, name
            assert statuses <= {400, 401}, name  # what is no JSON is not read any further
