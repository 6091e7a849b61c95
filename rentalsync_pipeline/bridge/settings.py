"""How the HTTP side is set up on this machine: by the environment, as containers do it.

Belongs here: the variables and what is wrong with them. Does not: anything about the portfolio (the
`rentalsync.yaml`), host and port (options of `rentalsync serve`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from rentalsync_pipeline.core.secret import Secret

KEY_LENGTH = 32
"""Characters that a key must have at least: one that people make up themselves is guessed."""

_YES = {"1", "true", "yes", "on"}
_NO = {"", "0", "false", "no", "off"}


class BridgeError(Exception):
    """The HTTP side can't, or must not, start like this; the message says what to do."""


@dataclass(frozen=True, slots=True)
class BridgeSettings:
    """What holds for one server.

    `proxies` are the only peers whose Ingress headers count. `max_listings` bounds the enabled ones.
    """

    standalone: bool = False
    feeds_only: bool = False
    key: Secret | None = None
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    max_listings: int | None = None

    @classmethod
    def of(cls, env: Mapping[str, str]) -> BridgeSettings:
        """The settings that the environment holds; raises `BridgeError`."""
        return cls(
            standalone=_switch(env, "STANDALONE_MODE"),
            feeds_only=_switch(env, "RENTALSYNC_FEEDS_ONLY"),
            key=_key(env.get("RENTALSYNC_API_KEY")),
            proxies=_networks(env.get("RENTALSYNC_TRUSTED_PROXIES", "")),
            max_listings=_count(env, "MAX_LISTINGS"),
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


def _key(value: str | None) -> Secret | None:
    if not value:
        return None
    if len(value) < KEY_LENGTH:
        raise BridgeError(
            f"RENTALSYNC_API_KEY has fewer than {KEY_LENGTH} characters: `openssl rand -hex 32` makes a good "
            "one"
        )
    return Secret(value)


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
