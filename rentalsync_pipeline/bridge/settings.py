"""How the HTTP side is set up on this machine: by the environment, as containers do it.

Belongs here: the variables and what is wrong with them. Does not: anything about the portfolio (the
`rentalsync.yaml`), host and port (options of `rentalsync serve`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from rentalsync_pipeline.core.secret import Secret

KEY_LENGTH = 32
"""Characters that a key must have at least: one that people make up themselves is guessed."""

_AUDIENCE = "authenticated"
"""That of the users of a Supabase project."""
_YES = {"1", "true", "yes", "on"}
_NO = {"", "0", "false", "no", "off"}


class BridgeError(Exception):
    """The HTTP side can't, or must not, start like this; the message says what to do."""


@dataclass(frozen=True, slots=True)
class JwtSettings:
    """Whose JWTs are believed: signed with this secret, or with one of the keys at this URL (JWKS)."""

    trusted: Secret | str
    audience: str = _AUDIENCE


@dataclass(frozen=True, slots=True)
class BridgeSettings:
    """What holds for one server.

    `proxies` are the only peers whose Ingress headers count. `max_listings` bounds the enabled ones. Without
    `jwts` nobody's are believed; `channel_manager` switches the channel connections on, which need them.
    """

    standalone: bool = False
    feeds_only: bool = False
    key: Secret | None = None
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    max_listings: int | None = None
    jwts: JwtSettings | None = None
    channel_manager: bool = False
    dagster_url: str | None = None
    """Where whoever looks at our pages finds those of Dagster."""

    @classmethod
    def of(cls, env: Mapping[str, str]) -> BridgeSettings:
        """The settings that the environment holds; raises `BridgeError`."""
        jwts, channel_manager = _jwts(env), _switch(env, "CHANNEL_MANAGER_ENABLED")
        if channel_manager and jwts is None:
            raise BridgeError(
                "CHANNEL_MANAGER_ENABLED needs SUPABASE_JWT_SECRET or SUPABASE_JWKS_URL: callers are known "
                "by it"
            )
        return cls(
            standalone=_switch(env, "STANDALONE_MODE"),
            feeds_only=_switch(env, "RENTALSYNC_FEEDS_ONLY"),
            key=_key(env, "RENTALSYNC_API_KEY"),
            proxies=_networks(env.get("RENTALSYNC_TRUSTED_PROXIES", "")),
            max_listings=_count(env, "MAX_LISTINGS"),
            jwts=jwts,
            channel_manager=channel_manager,
            dagster_url=_page(env, "RENTALSYNC_DAGSTER_URL"),
        )

    @property
    def knows_somebody(self) -> bool:
        """Whether anybody is let in without a token."""
        return self.standalone or self.key is not None or bool(self.proxies)

    def trusts(self, peer: str | None) -> bool:
        """Whether the headers of that peer count."""
        try:
            address = ip_address(peer or "")
        except ValueError:
            return False
        return any(address in network for network in self.proxies)


def refuse_open_doors(settings: BridgeSettings, host: str, *, has_tokens: bool, is_host_chosen: bool) -> None:
    """Raise `BridgeError` where others could reach the API and nothing would tell them from its owner."""
    if settings.feeds_only or _is_loopback(host):
        return
    if settings.standalone and not is_host_chosen:
        raise BridgeError("STANDALONE_MODE has no authentication: say `--host` to be reachable like that")
    if not (has_tokens or settings.knows_somebody):
        raise BridgeError(
            f"{host} can be reached by others and nobody has a key: make one with `rentalsync token create`, "
            "set RENTALSYNC_API_KEY, or serve the calendars alone with `--feeds-only`"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _switch(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "").strip().lower()
    if value not in _YES | _NO:
        raise BridgeError(f"{name} is neither `true` nor `false`")
    return value in _YES


def _key(env: Mapping[str, str], name: str) -> Secret | None:
    value = env.get(name)
    if not value:
        return None
    if len(value) < KEY_LENGTH:
        raise BridgeError(
            f"{name} has fewer than {KEY_LENGTH} characters: `openssl rand -hex 32` makes a good one"
        )
    return Secret(value)


def _jwts(env: Mapping[str, str]) -> JwtSettings | None:
    secret, url = _key(env, "SUPABASE_JWT_SECRET"), env.get("SUPABASE_JWKS_URL") or None
    trusted = secret or url
    if trusted is None:
        return None
    if secret and url:
        raise BridgeError("SUPABASE_JWT_SECRET and SUPABASE_JWKS_URL can't both say who callers are")
    if url and not _is_private_way(url):
        raise BridgeError("SUPABASE_JWKS_URL must begin with https://: else anybody could send other keys")
    return JwtSettings(trusted, env.get("SUPABASE_JWT_AUDIENCE") or _AUDIENCE)


def _page(env: Mapping[str, str], name: str) -> str | None:
    value = env.get(name, "").rstrip("/")
    if value and not value.startswith(("http://", "https://")):
        raise BridgeError(f"{name} is no address of a web page")
    return value or None


def _is_private_way(url: str) -> bool:
    """Whether nobody on the way can change what comes from there."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))


def _networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(each.strip()) for each in value.split(",") if each.strip())
    except ValueError as error:
        raise BridgeError(f"RENTALSYNC_TRUSTED_PROXIES: {error}; write addresses or networks") from None


def _count(env: Mapping[str, str], name: str) -> int | None:
    value = env.get(name, "")
    if not value:
        return None
    if not value.isascii() or not value.isdecimal():
        raise BridgeError(f"{name} is no number")
    return int(value)
