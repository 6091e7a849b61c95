"""Who is let in by a JWT: a user of the one project that is trusted, until it ends; anything else is 401."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm

from rentalsync_pipeline.bridge.settings import BridgeError, BridgeSettings, JwtSettings
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline_tests.bridge.jwts import SECRET, SWITCHED_ON, a_jwt, claims, present_jwt
from rentalsync_pipeline_tests.bridge.served import Served, serving
from rentalsync_pipeline_tests.operations.town import Town

PATH = "/api/v1/channel-connections"
KEY = ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def served(town: Town) -> Iterator[Served]:
    with serving(town, SWITCHED_ON) as served:
        yield served


def _ask(served: Served, token: str, status: int = 401) -> Any:
    return served.get(PATH, status, headers={"Authorization": f"Bearer {token}"}).json()


def test_a_user_with_a_role_is_let_in_until_the_token_ends(served: Served) -> None:
    present_jwt(served, Role.READ)
    served.get(PATH)
    served.town.now += timedelta(minutes=59, seconds=59)
    served.get(PATH)
    served.town.now += timedelta(seconds=1)
    served.get(PATH, 401)


def test_nobody_is_let_in_without_one(served: Served) -> None:
    answer = served.get(PATH, 401)
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["error"] == "Authentication required"
    served.present(Role.ADMIN)  # a token of ours is none
    served.get(PATH, 401)
    with serving(served.town, replace(SWITCHED_ON, standalone=True)) as standalone:
        standalone.get("/api/status")
        standalone.get(PATH, 401)


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "anon"},
        {"aud": None},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": float("nan")},
        {"sub": None},
        {"sub": 7},
        {"nbf": 4_000_000_000},
        {"app_metadata": {"role": "owner"}},
        {"app_metadata": {"role": ["admin"]}},
        {"app_metadata": "admin"},
        {"app_metadata": None, "user_metadata": {"role": "admin"}, "role": "admin"},
    ],
    ids=str,
)
def test_a_token_with_something_wrong_in_it_is_none(served: Served, wrong: dict[str, Any]) -> None:
    said = claims(served.town.now + timedelta(hours=1), Role.ADMIN) | wrong
    _ask(served, _signed({name: value for name, value in said.items() if value is not None}))


def _signed(said: dict[str, Any]) -> str:
    """As whoever knows the secret can sign it, whatever it says."""
    return jwt.api_jws.encode(json.dumps(said).encode(), SECRET, "HS256")


def test_what_is_not_signed_as_it_must_be_is_none(served: Served) -> None:
    said = claims(served.town.now + timedelta(hours=1), Role.ADMIN)
    _ask(served, jwt.encode(said, "another secret that is long enough, too", "HS256"))
    _ask(served, jwt.encode(said, SECRET * 2, "HS512"))
    _ask(served, f"{_text({'alg': 'none'}, said)}.")
    _ask(served, jwt.encode(said, KEY, "ES256"))
    head, _, signature = a_jwt(served.town.now + timedelta(hours=1), Role.READ).split(".")
    _ask(served, f"{head}.{_text(said)}.{signature}")
    for nonsense in ("a", "a.b.c", "..", "é"):
        served.get(PATH, 401, headers={"Authorization": f"Bearer {nonsense}".encode()})


def test_wrong_ones_are_tried_ten_times_and_no_oftener(served: Served) -> None:
    for _ in range(10):
        _ask(served, "a.b.c")
    present_jwt(served, Role.READ)
    served.get(PATH, 429)


def test_keys_that_a_project_publishes_are_fetched_and_pin_the_algorithm(town: Town) -> None:
    said = claims(town.now + timedelta(hours=1), Role.READ)
    public = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    jwk = ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
    published = json.dumps({"keys": [{**jwk, "kid": "one", "alg": "ES256", "use": "sig"}]})
    with _publishing(published) as url, serving(town, replace(SWITCHED_ON, jwts=JwtSettings(url))) as served:
        _ask(served, jwt.encode(said, KEY, "ES256", headers={"kid": "one"}), 200)
        _ask(served, jwt.encode(said, KEY, "ES256", headers={"kid": "two"}))
        _ask(served, jwt.encode(said, KEY, "ES256"))
        stolen = ec.generate_private_key(ec.SECP256R1())
        _ask(served, jwt.encode(said, stolen, "ES256", headers={"kid": "one"}))
        _ask(served, _by_public_key(said, public))
        _ask(served, a_jwt(town.now + timedelta(hours=1), Role.READ))


def _by_public_key(said: dict[str, Any], public: bytes) -> str:
    """Signed with what everybody knows, as if it were a secret; by hand, as PyJWT refuses to."""
    text = _text({"alg": "HS256", "typ": "JWT", "kid": "one"}, said)
    return f"{text}.{_encoded(hmac.digest(public, text.encode(), 'sha256'))}"


def _text(*parts: dict[str, Any]) -> str:
    """What is signed of a JWT."""
    return ".".join(_encoded(json.dumps(part).encode()) for part in parts)


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.mark.parametrize("published", ["<html>", None])
def test_keys_that_can_not_be_fetched_are_no_fault_of_the_caller(town: Town, published: str | None) -> None:
    said = claims(town.now + timedelta(hours=1), Role.READ)
    with _publishing(published) as url, serving(town, replace(SWITCHED_ON, jwts=JwtSettings(url))) as served:
        answer = _ask(served, jwt.encode(said, KEY, "ES256", headers={"kid": "one"}), 503)
    assert answer == {"error": "The keys of SUPABASE_JWKS_URL can't be fetched"}


@contextmanager
def _publishing(text: str | None) -> Iterator[str]:
    """A server whose answer is that text; without any, a fault."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(500 if text is None else 200)
            self.end_headers()
            self.wfile.write((text or "").encode())

        def log_message(self, *_: object) -> None:
            """Nothing is to be seen."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/jwks.json"
        finally:
            server.shutdown()
            thread.join()


def test_it_is_switched_on_by_the_environment_and_only_with_something_to_trust() -> None:
    assert BridgeSettings.of({"SUPABASE_JWT_SECRET": SECRET}) == replace(SWITCHED_ON, channel_manager=False)
    on = {"CHANNEL_MANAGER_ENABLED": "true"}
    assert BridgeSettings.of(on | {"SUPABASE_JWT_SECRET": SECRET}) == SWITCHED_ON
    keys = BridgeSettings.of(
        on | {"SUPABASE_JWKS_URL": "https://a.example/jwks", "SUPABASE_JWT_AUDIENCE": "b"}
    )
    assert keys.jwts == JwtSettings("https://a.example/jwks", "b")
    for wrong in (
        {},
        {"SUPABASE_JWT_SECRET": "short"},
        {"SUPABASE_JWKS_URL": "http://a.example/jwks"},
        {"SUPABASE_JWKS_URL": "file:///etc/passwd"},
        {"SUPABASE_JWT_SECRET": SECRET, "SUPABASE_JWKS_URL": "https://a.example/jwks"},
    ):
        with pytest.raises(BridgeError):
            BridgeSettings.of(on | wrong)
    assert SECRET not in repr(BridgeSettings.of(on | {"SUPABASE_JWT_SECRET": SECRET}))
