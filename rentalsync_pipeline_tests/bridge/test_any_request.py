"""Whatever is asked of a documented route: no fault, and no answer that the document does not describe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
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
from rentalsync_pipeline_tests.operations.town import Town

pytestmark = pytest.mark.slow

_EXAMPLES = 10
"""A route and mode: enough to try every parameter wrong once, few enough to stay within seconds."""

_UNSAYABLE: list[Any] = [positive_data_acceptance, negative_data_rejection]
"""What a schema allows is refused sometimes: which zones, fields and slugs there are, no schema can say.
What it does not know is accepted in a query, where everybody adds keys; in a body it is refused."""
Operation = APIOperation[Any, Any, Any, Any]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[Served]:
    """A town with a listing, a guest and a daemon."""
    town = Town(tmp_path_factory.mktemp("any"), template)
    town.connect("loft-airbnb", airbnb(reservation("HMAAAAAAA1", "2026-12-01", 3)))
    town.apply()
    town.sync()
    town.stores.control.record_look(town.now)
    with serving(town, SWITCHED_ON) as served:
        yield served
    town.close()


def _try_everything(api: Served, headers: dict[str, str], under: str = "/") -> int:
    """Ask every route for what its description allows, and for what it forbids; returns how often."""
    document = schemathesis.openapi.from_url(f"{api.url}/openapi.json")
    found = [each.ok() for each in document.get_all_operations() if isinstance(each, Ok)]
    operations = [each for each in found if each.path.startswith(under)]
    return sum(_try(api, each, mode, headers) for each in operations for mode in GenerationMode)


def _try(api: Served, operation: Operation, mode: GenerationMode, headers: dict[str, str]) -> int:
    asked = 0

    @settings(max_examples=_EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        nonlocal asked
        asked += 1
        if mode is GenerationMode.POSITIVE and asked % 2 and "id" in case.path_parameters:
            case.path_parameters["id"] = "loft-airbnb" if "/v1/" in case.path else 1
        _let_time_pass(api.town)
        case.call_and_validate(headers=headers, excluded_checks=_UNSAYABLE)

    with suppress(Unsatisfiable):  # a route that takes nothing can't be asked wrongly
        ask()
    return asked


def _let_time_pass(town: Town) -> None:
    """So long that the wrong tokens of the request before, which are part of every trial, are forgotten."""
    town.now += timedelta(minutes=2)
    town.stores.control.record_look(town.now)


def test_with_a_key_nothing_that_is_asked_is_a_fault(api: Served) -> None:
    api.present(Role.ADMIN)
    assert _try_everything(api, {"Authorization": api.client.headers["Authorization"]}) > 150


def test_with_a_jwt_neither(api: Served) -> None:
    headers = {"Authorization": f"Bearer {a_jwt(api.town.now + timedelta(days=365), Role.ADMIN)}"}
    assert _try_everything(api, headers, under="/api/v1/") > 40


def test_without_a_key_neither(api: Served) -> None:
    assert _try_everything(api, {}) > 150
