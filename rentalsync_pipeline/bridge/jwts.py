"""Who calls with a JWT: a user of the Supabase project that the settings name.

Belongs here: what makes a JWT one to believe (RFC 7519, RFC 8725), and the role in it. Does not: what a role
may (`core.access`), the limit on failures (`auth`). Nothing in a token chooses how it is checked: the
algorithms are pinned by the kind of key.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from json import JSONDecodeError
from typing import Annotated, Any

import jwt
from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from jwt.types import Options

from rentalsync_pipeline.bridge.auth import A_TOKEN, Presented, admitted, bearer_of, owner_of
from rentalsync_pipeline.bridge.context import Here
from rentalsync_pipeline.bridge.errors import Refused
from rentalsync_pipeline.bridge.settings import JwtSettings
from rentalsync_pipeline.bridge.surroundings import surrounding
from rentalsync_pipeline.core.access import Caller, Role
from rentalsync_pipeline.core.secret import Secret

_BY_SECRET = ["HS256"]
_BY_PUBLISHED_KEY = ["ES256", "RS256"]
_CLAIMS = ("exp", "aud", "sub")
"""Without which a token is none: who it is of, for whom, and until when."""
_WANTED = "present a user's JWT as `Authorization: Bearer …`, its app_metadata.role read, operator or admin"
_OWN_CLOCK: Options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
_SECONDS_TO_ANSWER = 5

_bearer = HTTPBearer(auto_error=False, scheme_name="JWT", bearerFormat="JWT", description="Of a user.")
_Presented = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]


class Jwts:
    """The JWTs of one issuer."""

    def __init__(self, settings: JwtSettings) -> None:
        self._audience, self._algorithms = settings.audience, _BY_SECRET
        trusted = settings.trusted
        if isinstance(trusted, Secret):
            self._key: Callable[[str], Any] = lambda _token: trusted.reveal()
        else:
            self._algorithms = _BY_PUBLISHED_KEY
            self._key = partial(_published, jwt.PyJWKClient(trusted, timeout=_SECONDS_TO_ANSWER))

    def user(self, token: str, now: datetime) -> Caller | None:
        """Whose token it is; `None` if it is not to be believed, `Refused` where no keys can be had."""
        try:
            claims = self._claims(token)
        except jwt.PyJWTError:
            return None
        role = _role(claims)
        return Caller(claims["sub"], role, "JWT") if role and _is_now(claims, now) else None

    def _claims(self, token: str) -> dict[str, Any]:
        """What is signed. The clock is held against it by us, as everywhere."""
        options: Options = {"require": list(_CLAIMS), **_OWN_CLOCK}
        key = self._key(token)
        return jwt.decode(token, key, self._algorithms, options, audience=self._audience)


def needs_user(role: Role) -> Callable[..., Caller]:
    """A dependency: the user, who has at least that role; nobody is let in without a JWT."""

    def admit(request: Request, here: Here, presented: _Presented) -> Caller:
        jwts: Jwts = request.app.state.jwts
        user = bearer_of(request, presented, lambda token: jwts.user(token, here.now()), _WANTED)
        return admitted(request, role, user)

    return admit


def needs_owner_or_user(role: Role) -> Callable[..., Caller]:
    """A dependency: whoever `auth` lets in, or a user where JWTs are believed, who has at least that role."""

    def admit(request: Request, here: Here, presented: Presented, _as_user: _Presented) -> Caller:
        jwts: Jwts | None = request.app.state.jwts

        def recognise(token: str) -> Caller | None:
            return owner_of(here, token) or (jwts.user(token, here.now()) if jwts else None)

        caller = surrounding(request, here.settings)
        if caller is None:
            caller = bearer_of(
                request, presented, recognise, f"{A_TOKEN}, or a user's JWT" if jwts else A_TOKEN
            )
        return admitted(request, role, caller)

    return admit


ReadingUser = Annotated[Caller, Depends(needs_user(Role.READ))]
OperatingUser = Annotated[Caller, Depends(needs_user(Role.OPERATOR))]
AdminUser = Annotated[Caller, Depends(needs_user(Role.ADMIN))]
Onlooker = Annotated[Caller, Depends(needs_owner_or_user(Role.READ))]
Integrator = Annotated[Caller, Depends(needs_owner_or_user(Role.ADMIN))]
"""Of the integrations: who may look, and who may do anything at all."""


def _published(keys: jwt.PyJWKClient, token: str) -> jwt.PyJWK:
    """The key that a token names, of those that are published."""
    try:
        return keys.get_signing_key_from_jwt(token)
    except (jwt.PyJWKClientConnectionError, JSONDecodeError):
        raise Refused(503, "The keys of SUPABASE_JWKS_URL can't be fetched") from None


def _role(claims: dict[str, Any]) -> Role | None:
    """`app_metadata` is what a Supabase user can't change of himself, unlike `user_metadata`."""
    metadata = claims.get("app_metadata")
    named = metadata.get("role") if isinstance(metadata, dict) else None
    return Role(named) if named in list(Role) else None


def _is_now(claims: dict[str, Any], now: datetime) -> bool:
    begins, ends = claims.get("nbf", 0), claims["exp"]
    are_moments = all(isinstance(each, int | float) for each in (begins, ends))
    return are_moments and begins <= now.timestamp() < ends
