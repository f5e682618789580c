"""Who signed in: an id_token believed once its signature, issuer, audience and times are right (OIDC Core §3.1.3.7)."""

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from api_client.addresses import AddressFlaw, check
from api_client.wording import clean
from backend.clock import Clock
from backend.sign_in.discovery import TENANT, Discovery
from backend.sign_in.wire import IssuerDistrusted

if TYPE_CHECKING:
    from joserfc.jwt import Token

ALGORITHMS = ["RS256", "PS256", "ES256"]
"""Never ``none``, nor a secret shared by everybody who is signed in to."""
_LEEWAY = 120
"""Seconds by which two clocks may differ."""


class Identity(Struct, frozen=True, kw_only=True):
    """Somebody, as the provider knows them. Two of them are the same person when their ``key`` is the same."""

    issuer: str
    tenant: str
    """Entra's ``tid``; empty elsewhere."""
    subject: str
    """Entra's ``oid``, which is the same for every application; ``sub`` elsewhere."""
    upn: str
    """Their address at work, in lower case."""
    first_name: str
    last_name: str

    @property
    def key(self) -> str:
        """What they are found by, however their name or address changes: 64 hexadecimal digits."""
        return hashlib.sha256(msgspec.json.encode([self.issuer, self.tenant, self.subject])).hexdigest()


class NoAddress(Exception):
    """The provider says nobody's address: such an account cannot be told apart by people."""


async def verify(token: str, discovery: Discovery, *, client_id: str, clock: Clock, nonce: str = "") -> Identity:
    """The identity in it; ``nonce``: where one was sent. Raises IssuerUnavailable, IssuerDistrusted, NoAddress."""
    claims = (await _decoded(token, discovery)).claims
    issuer = (await discovery.metadata()).issuer.replace(TENANT, _text(claims, "tid"))
    _check_claims(claims, issuer, client_id, clock)
    if nonce and not hmac.compare_digest(_text(claims, "nonce").encode(), nonce.encode()):
        raise IssuerDistrusted("its token answers another question")
    tenant, subject = _text(claims, "tid"), _text(claims, "sub")
    first, last = clean(_text(claims, "given_name"))[:80], clean(_text(claims, "family_name"))[:80]
    upn = _address(claims)
    return Identity(
        issuer=issuer,
        tenant=tenant,
        subject=(_text(claims, "oid") or subject) if tenant else subject,
        upn=upn,
        first_name=first if last else "",
        last_name=last or clean(_text(claims, "name"))[:160] or upn.partition("@")[0],
    )


async def _decoded(token: str, discovery: Discovery) -> "Token":
    """The token, its signature verified; a key that we do not know is looked for once more (keys rotate)."""
    from joserfc import jwt
    from joserfc.errors import InvalidKeyIdError, JoseError

    try:
        try:
            return jwt.decode(token, await discovery.keys(), algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            return jwt.decode(token, await discovery.keys(unknown=True), algorithms=ALGORITHMS)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise IssuerDistrusted(f"its token cannot be believed: {type(error).__name__}") from None


def _check_claims(claims: dict[str, Any], issuer: str, client_id: str, clock: Clock) -> None:
    from joserfc.errors import JoseError
    from joserfc.jwt import JWTClaimsRegistry

    registry = JWTClaimsRegistry(
        now=int(clock().timestamp()),
        leeway=_LEEWAY,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        registry.validate(claims)
    except (JoseError, ValueError, TypeError) as error:
        raise IssuerDistrusted(f"its token is not for us, or not for now: {type(error).__name__}") from None
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != client_id:
        raise IssuerDistrusted("its token was made for another application")


def _address(claims: dict[str, Any]) -> str:
    for name in ("preferred_username", "upn", "email"):
        try:
            return check(_text(claims, name)).lower()
        except AddressFlaw:
            continue
    raise NoAddress


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""
