"""The ways by which APIs let somebody in, each a small value.

Belongs here: from credentials to the headers that prove who asks. Does not: which way a channel offers (its
own file), keeping tokens (`tokens`), the pages of an authorisation in a browser (the HTTP side).
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol, Self
from urllib.parse import urlencode, urljoin

from rentalsync_pipeline.channels.wire.response import FetchError
from rentalsync_pipeline.channels.wire.tokens import Keys, renewed
from rentalsync_pipeline.core.secret import Secret
from rentalsync_pipeline.core.token import Token
from rentalsync_pipeline.core.verdict import Reason

if TYPE_CHECKING:
    from rentalsync_pipeline.channels.wire.session import Session

Proof = Mapping[str, str]
"""Headers that prove who asks. Secret."""


class Auth(Protocol):
    """One way to be let in."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The credentials without which it can't be used, by their names in the configuration."""
        ...

    async def proof(self, session: Session, keys: Keys) -> Proof:
        """Headers for the next question; raises `FetchError`."""
        ...

    async def renew(self, session: Session, keys: Keys, stale: Proof) -> bool:
        """After a refusal: whether asking again with a new proof can help."""
        ...


@dataclass(frozen=True, slots=True)
class Header:
    """A credential that is sent as it is: an API key, or a token that lasts."""

    credential: str
    name: str = "Authorization"
    prefix: str = ""

    @property
    def needs(self) -> tuple[str, ...]:
        """The one credential."""
        return (self.credential,)

    async def proof(self, session: Session, keys: Keys) -> Proof:
        """Always the same header."""
        return {self.name: self.prefix + keys.credentials[self.credential].reveal()}

    async def renew(self, session: Session, keys: Keys, stale: Proof) -> bool:
        """What was refused will be refused again."""
        return False


@dataclass(frozen=True, slots=True)
class Basic:
    """A user and a password (RFC 7617)."""

    user: str = "username"
    password: str = "password"  # noqa: S105 the name of a credential

    @property
    def needs(self) -> tuple[str, ...]:
        """Both."""
        return (self.user, self.password)

    async def proof(self, session: Session, keys: Keys) -> Proof:
        """Always the same header."""
        user, password = (keys.credentials[name].reveal() for name in self.needs)
        return {"Authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}

    async def renew(self, session: Session, keys: Keys, stale: Proof) -> bool:
        """What was refused will be refused again."""
        return False


@dataclass(frozen=True, slots=True)
class InMessage:
    """Credentials that stand in the message itself (`Session.credential`): no header proves anything."""

    needs: tuple[str, ...]

    async def proof(self, session: Session, keys: Keys) -> Proof:
        """Nothing to add."""
        return {}

    async def renew(self, session: Session, keys: Keys, stale: Proof) -> bool:
        """What was refused will be refused again."""
        return False


Obtain = Callable[["Session", Keys, Token | None], Awaitable[Token]]
"""From the credentials, and the token that is held, to a new one; raises `FetchError`."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Access that runs out: obtained by the credentials, kept, renewed when it has run out or is refused."""

    needs: tuple[str, ...]
    obtain: Obtain = field(repr=False)
    name: str = "Authorization"
    prefix: str = "Bearer "

    async def proof(self, session: Session, keys: Keys) -> Proof:
        """The kept token, or a new one."""
        token = keys.token()
        if token is None or not token.lasts(session.now):
            token = await self._renewed(session, keys, token.access if token else None)
        return {self.name: self.prefix + token.access.reveal()}

    async def renew(self, session: Session, keys: Keys, stale: Proof) -> bool:
        """Obtain another token than the refused one, unless somebody else just has."""
        await self._renewed(session, keys, Secret(stale[self.name].removeprefix(self.prefix)))
        return True

    async def _renewed(self, session: Session, keys: Keys, stale: Secret | None) -> Token:
        async def obtain(held: Token | None) -> Token:
            return await self.obtain(session, keys, held)

        return await renewed(keys, stale, obtain)


@dataclass(frozen=True, slots=True)
class Grant:
    """A way in together with the keys for it."""

    auth: Auth
    keys: Keys

    @classmethod
    def of(cls, ways: Sequence[Auth], keys: Keys) -> Self:
        """The first way for which the credentials suffice; raises `FetchError` where none is."""
        for way in ways:
            if set(way.needs) <= keys.credentials.keys():
                return cls(way, keys)
        wanted = ", or ".join(" and ".join(way.needs) for way in ways)
        raise FetchError(Reason.NO_SECRET, f"its credentials must have {wanted}")

    async def proof(self, session: Session) -> Proof:
        """Headers for the next question."""
        return await self.auth.proof(session, self.keys)

    async def renew(self, session: Session, stale: Proof) -> bool:
        """After a refusal: whether asking again can help."""
        return await self.auth.renew(session, self.keys, stale)


def client_credentials(path: str, *, rest: float = 0, **fields: str) -> Obtain:
    """OAuth2's grant of that name (RFC 6749 §4.4): `client_id` and `client_secret` for a token.

    A path with a slash before it counts from the server's root. `rest`: seconds before a new token is taken.
    """

    async def obtain(session: Session, keys: Keys, _held: Token | None) -> Token:
        place = urljoin(session.base, path) if path.startswith("/") else path
        form = _client(keys) | {"grant_type": "client_credentials"} | fields
        token = await ask_token(session, place, form)
        await session.wait(rest)
        return token

    return obtain


@dataclass(frozen=True, slots=True)
class CodeFlow:
    """OAuth2's authorisation code (RFC 6749 §4.1), and the refresh tokens that follow from it (§6)."""

    page: str
    """Where a person is sent to agree; https."""
    path: str
    """Where codes and refresh tokens become tokens."""
    scopes: tuple[str, ...] = ()

    def authorise_url(self, keys: Keys, redirect: str, state: str) -> str:
        """Where to send a person's browser; it comes back to `redirect` with `code` and this `state`.

        The state must be random, and be compared: it proves that the answer belongs to this question.
        """
        asked = {
            "response_type": "code",
            "client_id": keys.credentials["client_id"].reveal(),
            "redirect_uri": redirect,
            "scope": " ".join(self.scopes),
            "state": state,
        }
        return f"{self.page}?{urlencode(asked)}"

    async def exchange(self, session: Session, keys: Keys, code: str, redirect: str) -> None:
        """Make the code that came back a token, and keep it."""
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
        keys.keep(await ask_token(session, self.path, _client(keys) | asked))

    async def refresh(self, session: Session, keys: Keys, held: Token | None) -> Token:
        """A token for the refresh token that is kept, or, before the first, for the one configured."""
        refresh = held.refresh if held else keys.credentials.get("refresh_token")
        if refresh is None:
            raise FetchError(Reason.UNAUTHORISED, "nobody has agreed to the access yet")
        asked = {"grant_type": "refresh_token", "refresh_token": refresh.reveal()}
        token = await ask_token(session, self.path, _client(keys) | asked)
        return token if token.refresh else Token(token.access, token.expires, refresh)


async def ask_token(session: Session, path: str, form: Mapping[str, str]) -> Token:
    """Ask a token endpoint (RFC 6749 §5.1); raises `FetchError` where the answer holds no token."""
    return await granted(session, session.post(path, form, form=True, proven=False))


async def granted(session: Session, asking: Awaitable[Any]) -> Token:
    """The token that a question leads to; raises `FetchError` where it is refused or leads to none."""
    try:
        return token_of(session, await asking)
    except FetchError as error:
        if error.status == 400:  # RFC 6749 §5.2: whatever is wrong with what was sent
            raise FetchError(Reason.UNAUTHORISED, "its credentials are not taken any more") from None
        raise


def token_of(session: Session, answer: Any) -> Token:
    """The token in a token endpoint's answer."""
    try:
        access, refresh, seconds = (
            answer["access_token"],
            answer.get("refresh_token"),
            answer.get("expires_in"),
        )
        expires = None if seconds is None else session.now + timedelta(seconds=int(seconds))
    except (LookupError, TypeError, ValueError, AttributeError):
        raise FetchError(Reason.UNAUTHORISED, "the answer to its credentials holds no token") from None
    return Token(Secret(access), expires, Secret(refresh) if refresh else None)


def _client(keys: Keys) -> dict[str, str]:
    return {name: keys.credentials[name].reveal() for name in ("client_id", "client_secret")}
