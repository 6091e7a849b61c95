"""Who is let in: nobody, unless known by a token, by a trusted proxy, or because the host said so."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network

import pytest

from rentalsync_pipeline.bridge.auth import Failures
from rentalsync_pipeline.bridge.settings import BridgeError, BridgeSettings, refuse_open_doors
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.town import Town

INGRESS = BridgeSettings(proxies=(ip_network("127.0.0.0/8"),))
USER = {"X-Remote-User-Id": "7f3a", "X-Remote-User-Name": "anna"}
KEY = "k" * 32


def test_without_a_token_nothing_but_health_is_shown(closed: Served) -> None:
    answer = closed.get("/api/status", 401)
    assert answer.json()["error"] == "Authentication required"
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    closed.get("/health")


def test_a_token_of_any_role_may_read(closed: Served) -> None:
    closed.present(Role.READ)
    closed.get("/api/status")


def test_a_token_that_was_revoked_counts_no_longer(closed: Served) -> None:
    closed.present(Role.ADMIN)
    closed.get("/api/status")
    (token,) = closed.town.stores.control.tokens.all()
    assert closed.town.stores.control.tokens.revoke(token.id, "a test", closed.town.now)
    closed.get("/api/status", 401)
    assert not closed.town.stores.control.tokens.revoke(token.id, "a test", closed.town.now)


def test_the_key_of_the_environment_is_an_admins_token(town: Town) -> None:
    with serving(town, BridgeSettings(key=Secret(KEY))) as served:
        served.get("/api/status", headers={"Authorization": f"Bearer {KEY}"})
        served.get("/api/status", 401, headers={"Authorization": f"Bearer {KEY}x"})


def test_wrong_tokens_are_tried_ten_times_a_minute_and_no_oftener(closed: Served) -> None:
    wrong = {"Authorization": "Bearer rsync_wrong"}
    for _ in range(Failures.LIMIT):
        closed.get("/api/status", 401, headers=wrong)
    assert closed.get("/api/status", 429, headers=wrong).headers["Retry-After"] == "61"
    closed.present(Role.READ)
    closed.get("/api/status", 429)
    closed.town.now += timedelta(seconds=61)
    closed.get("/api/status")


def test_failures_of_very_many_addresses_fill_no_memory(town: Town) -> None:
    failures = Failures()
    for number in range(Failures._ADDRESSES + 5):
        failures.add(str(number), town.now)
    assert len(failures._counts) == Failures._ADDRESSES


def test_a_user_of_the_ingress_is_known_from_a_trusted_proxy_alone(town: Town) -> None:
    with serving(town, INGRESS) as served:
        served.get("/api/status", headers=USER)
        served.get("/api/status", headers={"X-Ingress-User": "anna"})
        served.get("/api/status", 401)
    with serving(town, BridgeSettings(proxies=(ip_network("172.30.32.2"),))) as served:
        served.get("/api/status", 401, headers=USER)


def test_another_web_site_can_start_nothing_in_the_name_of_who_is_let_in_by_place(town: Town) -> None:
    with serving(town) as served:
        served.get("/api/status", 403, headers={"Sec-Fetch-Site": "cross-site"})
        served.get("/api/status", headers={"Sec-Fetch-Site": "same-origin"})


@pytest.mark.parametrize("path", ["/api/docs", "/docs"])
def test_links_lead_back_through_the_ingress(town: Town, path: str) -> None:
    behind = {"X-Ingress-Path": "/api/hassio_ingress/Ab-9"}
    with serving(town, INGRESS) as served:
        assert "/api/hassio_ingress/Ab-9/api/openapi.json" in served.get(path, headers=behind).text
        forged = {"X-Ingress-Path": "/x'><script>"}
        assert "<script>'" not in served.get(path, headers=forged).text
    with serving(town) as served:
        assert "hassio" not in served.get(path, headers=behind).text


def _may_start(host: str, *, chosen: bool = True, tokens: bool = False, **env: str) -> bool:
    try:
        settings = BridgeSettings.of(env)
        refuse_open_doors(settings, host, has_tokens=tokens, is_host_chosen=chosen)
    except BridgeError:
        return False
    return True


def test_it_refuses_to_start_where_others_could_come_in_and_nobody_has_a_key() -> None:
    assert not _may_start("0.0.0.0")
    assert not _may_start("::")
    assert not _may_start("0.0.0.0", RENTALSYNC_API_KEY="too short")
    assert not _may_start("127.0.0.1", RENTALSYNC_API_KEY="too short")
    assert not _may_start("0.0.0.0", chosen=False, STANDALONE_MODE="true")
    assert not _may_start("127.0.0.1", STANDALONE_MODE="perhaps")
    assert not _may_start("127.0.0.1", RENTALSYNC_TRUSTED_PROXIES="hassio")
    assert not _may_start("127.0.0.1", MAX_LISTINGS="many")


def test_it_starts_on_this_machine_with_a_key_or_as_the_host_says() -> None:
    assert _may_start("127.0.0.1")
    assert _may_start("0.0.0.0", tokens=True)
    assert _may_start("0.0.0.0", RENTALSYNC_API_KEY=KEY)
    assert _may_start("0.0.0.0", RENTALSYNC_TRUSTED_PROXIES="172.30.32.2, fd00::/8")
    assert _may_start("0.0.0.0", STANDALONE_MODE="true")
    assert _may_start("127.0.0.1", chosen=False, STANDALONE_MODE="true")
    assert _may_start("0.0.0.0", RENTALSYNC_FEEDS_ONLY="yes")


def test_no_secret_shows_in_the_settings() -> None:
    assert KEY not in repr(BridgeSettings.of({"RENTALSYNC_API_KEY": KEY}))
