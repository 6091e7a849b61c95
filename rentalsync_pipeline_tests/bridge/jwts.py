"""Users of a Supabase project, as our tests know them: their JWTs, signed for real."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import jwt

from rentalsync_pipeline.bridge.settings import BridgeSettings, JwtSettings
from rentalsync_pipeline.core.access import Role
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline_tests.bridge.served import Served

SECRET = "a secret of a Supabase project, in tests"
SWITCHED_ON = BridgeSettings(jwts=JwtSettings(Secret(SECRET)), channel_manager=True)
USER = "1f0e7c1e-8d5a-4c0b-9a57-5a0f3e9d7c11"


def claims(expires: datetime, role: str, **others: Any) -> dict[str, Any]:
    """What Supabase says of a user who is signed in, cut to what matters; `others` go before."""
    return {
        "sub": USER,
        "aud": "authenticated",
        "exp": int(expires.timestamp()),
        "role": "authenticated",
        "app_metadata": {"provider": "email", "role": role},
        **others,
    }


def a_jwt(expires: datetime, role: str, **others: Any) -> str:
    """A JWT of that role in the form of Supabase's."""
    return jwt.encode(claims(expires, role, **others), SECRET, "HS256")


def present_jwt(served: Served, role: Role) -> None:
    """Present a user's JWT, good for an hour, from now on."""
    token = a_jwt(served.town.now + timedelta(hours=1), role)
    served.client.headers["Authorization"] = f"Bearer {token}"
