"""One identity provider: a code for another device, a page for a browser, and in the end who signed in."""

import base64
import hashlib
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from msgspec import Struct

from api_client.secret import Secret
from backend.clock import Clock, present
from backend.sign_in.device_grant import GRANT, DeviceCode, Refusal, Refused, read_device_code, read_token
from backend.sign_in.discovery import Discovery
from backend.sign_in.identity import Identity, verify
from backend.sign_in.wire import Wire

if TYPE_CHECKING:
    import httpx

SCOPE = "openid profile email"


class RoundTrip(Struct, frozen=True, kw_only=True):
    """What a browser is sent to the provider with, and must come back to us with (RFC 6749 §4.1, RFC 7636)."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> "RoundTrip":
        """256 bits each."""
        return cls(state=secrets.token_urlsafe(32), nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(32))

    @property
    def challenge(self) -> str:
        """S256 of the verifier."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class Issuer:
    """A public client of one provider. Every method may raise IssuerUnavailable or IssuerDistrusted."""

    def __init__(
        self,
        url: str,
        client_id: str,
        *,
        clock: Clock = present,
        transport: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        self._client_id, self._clock = client_id, clock
        self._wire = Wire(transport)
        self._discovery = Discovery(url, self._wire, clock)

    async def close(self) -> None:
        await self._wire.close()

    # ------------------------------------------------------------------------------------- on any device (RFC 8628)

    async def new_device_code(self) -> DeviceCode:
        where = (await self._discovery.metadata()).device_authorization_endpoint
        return read_device_code(*await self._wire.post(where, {"client_id": self._client_id, "scope": SCOPE}))

    async def ask(self, device_code: Secret) -> Identity | Refusal:
        """Once: who signed in, or why nobody has. Raises NoAddress too."""
        form = {"grant_type": GRANT, "device_code": device_code.reveal()}
        answered = await self._token(form)
        return answered.why if isinstance(answered, Refused) else await self._identity(answered)

    # ------------------------------------------------------------------------------------------- in a browser of ours

    async def sign_in_address(self, trip: RoundTrip, redirect_uri: str) -> str:
        """Where the browser goes. ``prompt=login``: whoever holds the phone says who they are, now."""
        where = (await self._discovery.metadata()).authorization_endpoint
        asked = {
            "client_id": self._client_id,
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "scope": SCOPE,
            "state": trip.state,
            "nonce": trip.nonce,
            "code_challenge": trip.challenge,
            "code_challenge_method": "S256",
            "prompt": "login",
        }
        return f"{where}{'&' if urlsplit(where).query else '?'}{urlencode(asked)}"

    async def redeem(self, code: str, trip: RoundTrip, redirect_uri: str) -> Identity | Refusal:
        """Who signed in there. Raises NoAddress too."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": trip.verifier,
        }
        answered = await self._token(form)
        return answered.why if isinstance(answered, Refused) else await self._identity(answered, trip.nonce)

    # --------------------------------------------------------------------------------------------------------- both

    async def _token(self, form: dict[str, str]) -> str | Refused:
        where = (await self._discovery.metadata()).token_endpoint
        return read_token(*await self._wire.post(where, {"client_id": self._client_id, **form}))

    async def _identity(self, token: str, nonce: str = "") -> Identity:
        return await verify(token, self._discovery, client_id=self._client_id, clock=self._clock, nonce=nonce)
