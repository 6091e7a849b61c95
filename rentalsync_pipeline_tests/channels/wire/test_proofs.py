"""Proofs of webhooks, against vectors that vendors publish and against whoever knows less than the secret."""

from __future__ import annotations

import base64
import hmac
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from rentalsync_pipeline.channels.wire import proofs
from rentalsync_pipeline.channels.wire.proofs import (
    Message,
    Proof,
    SharedSecret,
    Signature,
    SvixSignature,
    moment,
    several,
)
from rentalsync_pipeline.core.secret import Secret

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
SECRET = Secret("a secret that nobody guesses")

# developer.hospitable.com, "Webhooks"; the page prints a blank in the body that its signature has not.
HOSPITABLE = "cc99bf5947391ddb0d0d9866f5b9d3a68e8b273c5ac8f699b4ae2399a7433118"

# The example of docs.svix.com, "Verifying Webhooks Manually".
SVIX_SECRET = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
SVIX_SENT = datetime.fromtimestamp(1614265330, UTC)
SVIX = {
    "svix-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "svix-timestamp": "1614265330",
    "svix-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
SVIX_BODY = b'{"test": 2432232314}'


def basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def test_a_signature_is_that_of_the_vendor_s_example() -> None:
    proof = Signature("Signature")
    assert proof.holds(Message({"signature": HOSPITABLE}, b'{"foo":"bar"}'), Secret("123456"), NOW)


def test_a_body_that_says_the_same_in_other_bytes_has_another_signature() -> None:
    proof = Signature("Signature")
    assert not proof.holds(Message({"signature": HOSPITABLE}, b'{"foo": "bar"}'), Secret("123456"), NOW)


def test_what_stands_before_a_signature_belongs_to_it() -> None:
    proof = Signature("ms-signature", prefix="sha256=")
    assert proof.holds(
        Message({"ms-signature": f"sha256={HOSPITABLE}"}, b'{"foo":"bar"}'), Secret("123456"), NOW
    )
    assert not proof.holds(Message({"ms-signature": HOSPITABLE}, b'{"foo":"bar"}'), Secret("123456"), NOW)


def test_of_several_svix_signatures_one_suffices() -> None:
    others = SVIX | {"svix-signature": f"v1,{'A' * 43}= {SVIX['svix-signature']} v2,x"}
    for headers in (SVIX, others):
        assert SvixSignature().holds(Message(headers, SVIX_BODY), SVIX_SECRET, SVIX_SENT)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_svix_signature_of_another_moment_is_a_replay(minutes: int) -> None:
    then = SVIX_SENT + timedelta(minutes=minutes)
    assert not SvixSignature().holds(Message(SVIX, SVIX_BODY), SVIX_SECRET, then)


@pytest.mark.parametrize("name", ["svix-id", "svix-timestamp"])
def test_what_svix_signs_beside_the_body_can_t_be_changed(name: str) -> None:
    changed = SVIX | {name: SVIX[name][:-1] + "1"}
    assert not SvixSignature().holds(Message(changed, SVIX_BODY), SVIX_SECRET, SVIX_SENT)


@pytest.mark.parametrize(
    "message",
    [
        Message({}, b"{}", key=SECRET.reveal()),
        Message({"x-webhook-secret": SECRET.reveal()}, b"{}"),
        Message({"authorization": basic("anybody", SECRET.reveal())}, b"{}"),
    ],
    ids=["address", "header", "password"],
)
def test_a_shared_secret_may_stand_in_three_places(message: Message) -> None:
    assert SharedSecret().holds(message, SECRET, NOW)
    assert not SharedSecret().holds(message, Secret("another"), NOW)


PROOFS: tuple[Proof, ...] = (SharedSecret(), Signature("Signature"), SvixSignature())
NOTHING = (
    Message({}, b""),
    Message({"signature": "", "x-webhook-secret": "", "svix-signature": ""}, b"{}"),
    Message({"authorization": "Basic ====", "svix-timestamp": "soon", "svix-signature": "v1,"}, b"\xff\x00"),
    Message({"authorization": "Bearer x", "signature": "é" * 64, "svix-timestamp": "9" * 400}, b"{}", "é"),
)


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: type(proof).__name__)
@pytest.mark.parametrize("message", NOTHING)
def test_what_proves_nothing_is_no_proof(proof: Proof, message: Message) -> None:
    for secret in (SECRET, SVIX_SECRET, Secret("whsec_no base64")):
        assert not proof.holds(message, secret, NOW)


@pytest.mark.parametrize(
    ("proof", "message"),
    [
        (SharedSecret(), Message({}, b"", key="wrong")),
        (Signature("Signature"), Message({"signature": "0" * 64}, b"")),
        (SvixSignature(), Message(SVIX, b"another body")),
    ],
)
def test_secrets_are_compared_in_constant_time(
    proof: Proof, message: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append(one)
        return hmac.compare_digest(one, other)

    monkeypatch.setattr(proofs, "hmac", SimpleNamespace(new=hmac.new, compare_digest=compare))
    secret = SVIX_SECRET if isinstance(proof, SvixSignature) else SECRET
    assert not proof.holds(message, secret, SVIX_SENT)
    assert compared


def test_several_secrets_count_beside_each_other() -> None:
    assert [each.reveal() for each in several(Secret("new, old,"))] == ["new", "old"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2023-10-01T09:35:24Z", "2023-10-01T09:35:24+00:00"),
        ("2024-05-28T12:34:56", "2024-05-28T12:34:56+00:00"),
        ("2024-05-28T12:34:56+02:00", "2024-05-28T10:34:56+00:00"),
        (1611758157.431234, "2021-01-27T14:35:57.431234+00:00"),
        ("1614265330", "2021-02-25T15:02:10+00:00"),
    ],
)
def test_dates_are_read_as_vendors_write_them(written: object, meant: str) -> None:
    assert moment(written) == datetime.fromisoformat(meant)


@pytest.mark.parametrize("written", [None, "", "yesterday", True, [], {}, 1e300, "9" * 400, float("nan")])
def test_what_is_no_date_is_none(written: object) -> None:
    assert moment(written) is None
