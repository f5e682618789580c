"""What is asked of an identity provider, and what of its answers is believed."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from api_client.secret import Secret
from backend.sign_in.identity import Identity, NoAddress
from backend.sign_in.issuer import RoundTrip
from backend.sign_in.wire import IssuerDistrusted, IssuerUnavailable
from tests.backend_house import START, MovableClock
from tests.fake_entra import AGNES_OID, CLIENT, HOST, ISSUER, OTHER_KEY, TENANT, FakeEntra

CODE = Secret("GMMhmHCXhWEzkobqIHGG_EnNYYsAkukHspeYUk9E8")
RETURN = "https://perron.univ-exemple.example/p/signed-in"


@pytest.fixture
def entra() -> FakeEntra:
    return FakeEntra(MovableClock(START), says="")


async def identity(entra: FakeEntra) -> Identity:
    found = await entra.issuer().ask(CODE)
    assert isinstance(found, Identity)
    return found


async def test_a_device_code_as_entra_gives_it(entra: FakeEntra) -> None:
    """No complete address, so no QR code of ours; five seconds where it says nothing."""
    entra.interval = None
    code = await entra.issuer().new_device_code()
    assert (code.user_code, code.verification_uri) == ("FJCKH7W3Q", f"{HOST}/devicelogin")
    assert code.verification_uri_complete == ""
    assert (code.interval, code.expires_in) == (5, 900)
    assert entra.forms == [{"client_id": CLIENT, "scope": "openid profile email"}]
    assert str(code.device_code) == "•••"


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("authorization_pending", "pending"),
        ("slow_down", "slow_down"),
        ("authorization_declined", "declined"),
        ("access_denied", "declined"),
        ("bad_verification_code", "bad_code"),
        ("invalid_grant", "bad_code"),
        ("expired_token", "expired"),
    ],
)
async def test_refusals_by_either_name(entra: FakeEntra, said: str, means: str) -> None:
    entra.says = said
    assert await entra.issuer().ask(CODE) == means


@pytest.mark.parametrize("said", ["invalid_client", "unauthorized_client", "", "expired"])
async def test_another_refusal_is_nobody_s_doing_at_the_screen(entra: FakeEntra, said: str) -> None:
    entra.bodies["token"] = json.dumps({"error": said, "error_description": "secret detail"})
    with pytest.raises(IssuerDistrusted) as error:
        await entra.issuer().ask(CODE)
    assert "secret detail" not in str(error.value)


async def test_who_signed_in(entra: FakeEntra) -> None:
    found = await identity(entra)
    assert (found.issuer, found.tenant, found.subject) == (ISSUER, TENANT, AGNES_OID)
    assert found.upn == "a.exemple@groupe-exemple.example"
    assert (found.first_name, found.last_name) == ("Agnès", "EXEMPLE")


async def test_somebody_is_the_same_whatever_they_are_called(entra: FakeEntra) -> None:
    before = await identity(entra)
    entra.claims = {"preferred_username": "a.mariee@groupe-exemple.example", "family_name": "MARIÉE", "sub": "another"}
    assert (await identity(entra)).key == before.key
    entra.claims = {"oid": "ffffffff-bbbb-cccc-dddd-eeeeeeeeeeee"}
    assert (await identity(entra)).key != before.key


async def test_elsewhere_than_at_entra_the_subject_says_who(entra: FakeEntra) -> None:
    entra.claims = {"tid": None, "oid": "of no meaning", "preferred_username": None, "email": "B@exemple.example"}
    found = await identity(entra)
    assert (found.tenant, found.subject, found.upn) == ("", "pairwise-subject", "b@exemple.example")


async def test_a_name_is_made_of_what_there_is(entra: FakeEntra) -> None:
    entra.claims = {"given_name": None, "family_name": None, "name": "Agnès\x1b[31m EXEMPLE"}
    assert (await identity(entra)).last_name == "Agnès EXEMPLE", "and nothing that a terminal would obey"
    entra.claims = {"given_name": None, "family_name": None, "name": 7}
    assert (await identity(entra)).last_name == "a.exemple"


@pytest.mark.parametrize("upn", [None, "", "agnes", "agnes@", 7, "a\x00b@exemple.example"])
async def test_somebody_without_an_address(entra: FakeEntra, upn: object) -> None:
    entra.claims = {"preferred_username": upn}
    with pytest.raises(NoAddress):
        await entra.issuer().ask(CODE)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": f"{HOST}/another/v2.0"},
        {"iss": None},
        {"aud": "another client"},
        {"aud": None},
        {"aud": [CLIENT, "another client"]},
        {"sub": None},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": int(START.timestamp()) - 121},
        {"iat": int(START.timestamp()) + 121},
        {"nbf": int(START.timestamp()) + 121},
    ],
    ids=str,
)
async def test_a_token_that_is_not_for_us_or_not_for_now(entra: FakeEntra, claims: dict[str, object]) -> None:
    entra.claims = claims
    with pytest.raises(IssuerDistrusted):
        await entra.issuer().ask(CODE)


async def test_two_audiences_when_the_token_was_made_for_us(entra: FakeEntra) -> None:
    entra.claims = {"aud": [CLIENT, "another client"], "azp": CLIENT}
    assert (await identity(entra)).upn


async def test_clocks_may_differ_a_little(entra: FakeEntra) -> None:
    entra.claims = {"iat": int(START.timestamp()) + 60, "exp": int(START.timestamp()) - 60}
    assert (await identity(entra)).upn


def _unsigned(entra: FakeEntra) -> str:
    header, claims, _ = entra.id_token().split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    assert header
    return f"{none}.{claims}."


def _by_their_public_key(entra: FakeEntra) -> str:
    """The old trick: their public key as a shared secret."""
    header = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": entra.key.kid}).encode()).rstrip(b"=").decode()
    said = f"{header}.{entra.id_token().split('.')[1]}"
    signed = hmac.digest(entra.key.as_pem(private=False), said.encode(), "sha256")
    return f"{said}.{base64.urlsafe_b64encode(signed).rstrip(b'=').decode()}"


def _changed(entra: FakeEntra) -> str:
    header, claims, signature = entra.id_token().split(".")
    said = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    changed = base64.urlsafe_b64encode(json.dumps({**said, "oid": "x"}).encode()).rstrip(b"=").decode()
    return f"{header}.{changed}.{signature}"


def _by_another_key(entra: FakeEntra) -> str:
    entra.key = OTHER_KEY
    return entra.id_token()


@pytest.mark.parametrize(
    "forge", [_unsigned, _by_their_public_key, _changed, _by_another_key, lambda _: "", lambda _: "a.b.c"]
)
async def test_a_token_that_they_did_not_sign(entra: FakeEntra, forge: Callable[[FakeEntra], str]) -> None:
    entra.bodies["token"] = json.dumps({"id_token": forge(entra)})
    with pytest.raises(IssuerDistrusted) as error:
        await entra.issuer().ask(CODE)
    assert "eyJ" not in str(error.value), "no part of a token is in what is said of it"


async def test_a_key_that_is_new_is_looked_for_once(entra: FakeEntra) -> None:
    issuer = entra.issuer()
    assert isinstance(await issuer.ask(CODE), Identity)
    entra.key, entra.published = OTHER_KEY, [OTHER_KEY]
    with pytest.raises(IssuerDistrusted):  # keys that were fetched a moment ago are not fetched for every invented name
        await issuer.ask(CODE)
    assert isinstance(entra.clock, MovableClock)
    entra.clock.move(minutes=1)
    assert isinstance(await issuer.ask(CODE), Identity)
    assert entra.times("keys") == 2


async def test_what_was_discovered_is_kept_for_an_hour(entra: FakeEntra) -> None:
    issuer = entra.issuer()
    for _ in range(3):
        await issuer.ask(CODE)
    assert entra.times("openid-configuration") == 1
    assert isinstance(entra.clock, MovableClock)
    entra.clock.move(minutes=61)
    await issuer.ask(CODE)
    assert entra.times("openid-configuration") == 2


async def test_a_provider_of_several_tenants(entra: FakeEntra) -> None:
    """Entra's ``organizations``: its document names no tenant, each token does."""
    entra.document = {"issuer": f"{HOST}/{{tenantid}}/v2.0"}
    found = await entra.issuer(f"{HOST}/organizations/v2.0").ask(CODE)
    assert isinstance(found, Identity)
    assert found.issuer == ISSUER
    entra.claims = {"tid": "another-tenant"}
    with pytest.raises(IssuerDistrusted):
        await entra.issuer(f"{HOST}/organizations/v2.0").ask(CODE)


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": f"{HOST}/another/v2.0"},
        {"issuer": "https://elsewhere.example/{tenantid}/v2.0"},
        {"token_endpoint": None},
        {"token_endpoint": 7},
        {"jwks_uri": "http://login.exemple.example/keys"},
        {"token_endpoint": "file:///etc/passwd"},
    ],
    ids=str,
)
async def test_a_document_that_is_not_theirs_or_not_whole(entra: FakeEntra, document: dict[str, object]) -> None:
    entra.document = document
    with pytest.raises(IssuerDistrusted):
        await entra.issuer().ask(CODE)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b'"text"', b"[" * 100_000, b'{"user_code": 7}', b'{"user_code": "A", "device_code": "B"}'],
    ids=["nothing", "a page", "a list", "a text", "very deep", "a number", "half of it"],
)
async def test_an_answer_that_is_none(entra: FakeEntra, body: bytes) -> None:
    entra.bodies["devicecode"] = body
    with pytest.raises(IssuerDistrusted):
        await entra.issuer().new_device_code()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://x.example", f"https://x.example/{'a' * 500}"])
async def test_an_address_that_nobody_should_open(entra: FakeEntra, address: str) -> None:
    entra.bodies["devicecode"] = json.dumps({"device_code": "a", "user_code": "B", "verification_uri": address})
    with pytest.raises(IssuerDistrusted):
        await entra.issuer().new_device_code()


async def test_an_answer_without_end(entra: FakeEntra) -> None:
    entra.bodies["devicecode"] = b" " * (300 * 1024)
    with pytest.raises(IssuerUnavailable):
        await entra.issuer().new_device_code()


async def test_a_provider_that_is_down(entra: FakeEntra) -> None:
    entra.down = True
    with pytest.raises(IssuerUnavailable):
        await entra.issuer().new_device_code()


async def test_a_browser_is_sent_with_a_challenge_and_comes_back_with_a_code(entra: FakeEntra) -> None:
    trip, issuer = RoundTrip.new(), entra.issuer()
    address = urlsplit(await issuer.sign_in_address(trip, RETURN))
    asked = {name: values[0] for name, values in parse_qs(address.query).items()}
    digest = base64.urlsafe_b64encode(hashlib.sha256(trip.verifier.encode()).digest()).rstrip(b"=").decode()
    assert asked == {
        "client_id": CLIENT,
        "response_type": "code",
        "redirect_uri": RETURN,
        "scope": "openid profile email",
        "state": trip.state,
        "nonce": trip.nonce,
        "code_challenge": digest,
        "code_challenge_method": "S256",
        "prompt": "login",
    }
    assert min(len(trip.state), len(trip.nonce), len(trip.verifier)) >= 43
    entra.claims = {"nonce": trip.nonce}
    assert isinstance(await issuer.redeem("the code", trip, RETURN), Identity)
    assert entra.forms[-1]["code_verifier"] == trip.verifier


@pytest.mark.parametrize("nonce", [None, "", "of another browser"])
async def test_a_token_that_answers_another_browser(entra: FakeEntra, nonce: object) -> None:
    entra.claims = {"nonce": nonce}
    with pytest.raises(IssuerDistrusted):
        await entra.issuer().redeem("the code", RoundTrip.new(), RETURN)
