"""An identity provider that speaks as Entra does (domain.md §12.3), and misbehaves as a test says.

It is a transport: whatever is asked of it is answered here, and nothing leaves the process.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

from backend.clock import Clock
from backend.sign_in.issuer import Issuer

TENANT = "11111111-2222-3333-4444-555555555555"
HOST = "https://login.exemple.example"
ISSUER = f"{HOST}/{TENANT}/v2.0"
CLIENT = "66666666-7777-8888-9999-000000000000"
AGNES_OID = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
_KEY = RSAKey.generate_key(2048, parameters={"kid": "key-1", "use": "sig", "alg": "RS256"})
OTHER_KEY = RSAKey.generate_key(2048, parameters={"kid": "key-2", "use": "sig", "alg": "RS256"})


class _Body(httpx.ByteStream):
    """Read once, as it comes over a wire."""

    def __init__(self, text: str | bytes) -> None:
        super().__init__(text.encode() if isinstance(text, str) else text)


@dataclass
class FakeEntra(httpx.AsyncBaseTransport):
    """``says``: the error that the next questions get, until it is empty; then a token is granted."""

    clock: Clock
    says: str = "authorization_pending"
    down: bool = False
    interval: int | None = 5
    key: RSAKey = field(default_factory=lambda: _KEY)
    published: list[RSAKey] = field(default_factory=lambda: [_KEY])
    claims: dict[str, Any] = field(default_factory=dict)
    """Instead of those of an ordinary token; None leaves one out."""
    document: dict[str, Any] = field(default_factory=dict)
    """Instead of what an ordinary document says."""
    bodies: dict[str, Any] = field(default_factory=dict)
    """What a path answers instead, as it is."""
    header: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, datetime]] = field(default_factory=list)
    """The last part of each path, and when."""
    forms: list[dict[str, str]] = field(default_factory=list)

    def issuer(self, url: str = ISSUER) -> Issuer:
        return Issuer(url, CLIENT, clock=self._now, transport=self)

    def _now(self) -> datetime:
        """By whichever clock it has by then."""
        return self.clock()

    def times(self, what: str) -> int:
        return sum(1 for asked, _ in self.asked if asked == what)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        what = request.url.path.rpartition("/")[2]
        self.asked.append((what, self.clock()))
        if self.down:
            raise httpx.ConnectError("down")
        if what in self.bodies:
            return httpx.Response(200, stream=_Body(self.bodies[what]))
        if request.method == "POST":
            body = (await request.aread()).decode()
            self.forms.append({name: values[0] for name, values in parse_qs(body).items()})
        status, said = getattr(self, f"_{what.replace('-', '_')}", self._unknown)()
        return httpx.Response(status, stream=_Body(json.dumps(said)))

    def _unknown(self) -> tuple[int, Any]:
        return 404, {"error": "not_found"}

    def _openid_configuration(self) -> tuple[int, Any]:
        base = f"{HOST}/{TENANT}/oauth2/v2.0"
        return 200, {
            "issuer": ISSUER,
            "device_authorization_endpoint": f"{base}/devicecode",
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token",
            "jwks_uri": f"{HOST}/{TENANT}/discovery/v2.0/keys",
            **self.document,
        }

    def _keys(self) -> tuple[int, Any]:
        return 200, {"keys": [key.as_dict(private=False) for key in self.published]}

    def _devicecode(self) -> tuple[int, Any]:
        """As Entra's documentation shows it: a message, and no complete address."""
        said = {
            "device_code": "GMMhmHCXhWEzkobqIHGG_EnNYYsAkukHspeYUk9E8",
            "user_code": "FJCKH7W3Q",
            "verification_uri": f"{HOST}/devicelogin",
            "expires_in": 900,
            "message": "To sign in, use a web browser to open the page and enter the code to authenticate.",
        }
        return 200, said if self.interval is None else {**said, "interval": self.interval}

    def _token(self) -> tuple[int, Any]:
        if self.says:
            return 400, {
                "error": self.says,
                "error_description": "AADSTS70016: pending",
                "error_codes": [70016],
                "timestamp": "2026-11-03 09:00:00Z",
                "trace_id": "0000aaaa-11bb-cccc-dd22-eeeeee333333",
                "correlation_id": "aaaa0000-bb11-2222-33cc-444444dddddd",
            }
        return 200, {"token_type": "Bearer", "scope": "openid", "expires_in": 3599, "id_token": self.id_token()}

    def id_token(self) -> str:
        now = int(self.clock().timestamp())
        claims = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "pairwise-subject",
            "oid": AGNES_OID,
            "tid": TENANT,
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
            "preferred_username": "A.Exemple@groupe-exemple.example",
            "given_name": "Agnès",
            "family_name": "EXEMPLE",
            **self.claims,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": self.key.kid, **self.header}, kept, self.key)
