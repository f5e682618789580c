"""What a provider says of itself: OpenID Connect Discovery 1.0, or RFC 8414 where it only has that; and its keys."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct

from backend.clock import Clock
from backend.sign_in.wire import IssuerDistrusted, Said, Wire

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

_KEPT = timedelta(hours=1)
_KEYS_KEPT = timedelta(hours=24)
_LOOK_AGAIN = timedelta(minutes=1)
"""For a key that we do not know: once, but not each time that somebody invents one."""
TENANT = "{tenantid}"
"""What Entra's document says in its issuer, where the tenant of each token belongs."""


class Metadata(Struct, frozen=True, kw_only=True):
    """The part of the document that is used."""

    issuer: str
    """As tokens must say it; with TENANT in it where the provider serves several."""
    device_authorization_endpoint: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class Discovery:
    """The document and the keys of one issuer, fetched when they are needed and kept for a while."""

    def __init__(self, issuer: str, wire: Wire, clock: Clock) -> None:
        self._issuer, self._wire, self._clock = issuer.rstrip("/"), wire, clock
        self._metadata: tuple[Metadata, datetime] | None = None
        self._keys: tuple[KeySet, datetime] | None = None

    async def metadata(self) -> Metadata:
        """Raises IssuerUnavailable, IssuerDistrusted."""
        now = self._clock()
        if self._metadata is None or now - self._metadata[1] > _KEPT:
            self._metadata = (self._checked(await self._document()), now)
        return self._metadata[0]

    async def keys(self, *, unknown: bool = False) -> "KeySet":
        """What tokens are signed with. ``unknown``: a token names a key that is not among them, so look again."""
        now = self._clock()
        kept_for = _LOOK_AGAIN if unknown else _KEYS_KEPT
        if self._keys is None or now - self._keys[1] >= kept_for:
            self._keys = (await self._fetch_keys(), now)
        return self._keys[0]

    async def _fetch_keys(self) -> "KeySet":
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        status, said = await self._wire.get((await self.metadata()).jwks_uri)
        try:
            if status != 200:
                raise IssuerDistrusted(f"its keys: {status}")
            return KeySet.import_key_set(said)  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError):
            raise IssuerDistrusted("its keys cannot be read") from None

    async def _document(self) -> Said:
        status, said = await self._wire.get(f"{self._issuer}/.well-known/openid-configuration")
        if status == 404:  # RFC 8414 §3.1 puts the path of the issuer behind
            parts = urlsplit(self._issuer)
            there = f"{parts.scheme}://{parts.netloc}/.well-known/oauth-authorization-server{parts.path}"
            status, said = await self._wire.get(there)
        if status != 200:
            raise IssuerDistrusted(f"it has no discovery document: {status}")
        return said

    def _checked(self, said: Said) -> Metadata:
        texts = {name: said.get(name) for name in Metadata.__struct_fields__}
        missing = [name for name, text in texts.items() if not isinstance(text, str)]
        if missing:
            raise IssuerDistrusted(f"its discovery document has no {missing[0]}")
        found = Metadata(**{name: str(text) for name, text in texts.items()})
        if not self._is_ours(found.issuer.rstrip("/")):
            raise IssuerDistrusted("its discovery document is another issuer’s")
        return found

    def _is_ours(self, issuer: str) -> bool:
        """The very same (OpenID Connect Discovery §4.3), or Entra's for several tenants, of the same host."""
        if TENANT in issuer:
            return urlsplit(issuer).netloc == urlsplit(self._issuer).netloc
        return issuer == self._issuer
