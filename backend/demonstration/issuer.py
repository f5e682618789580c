"""An identity provider for a demonstration: fictitious people, whom anybody may be. It asks for no password.

OpenID Connect with the device grant (RFC 8628) and the code flow with PKCE (RFC 7636), as a real one would speak them,
in memory: what it knows ends with the process.
"""

import base64
import csv
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from backend.clock import Clock, present
from backend.sign_in.device_grant import GRANT
from backend.sign_in.issuer import Issuer

if TYPE_CHECKING:
    from joserfc.jwk import ECKey

PATH = "/demonstration/issuer"
CLIENT_ID = "perron"
LIFETIME = timedelta(minutes=15)
INTERVAL = 1
_TOKEN_SECONDS = 300
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # RFC 8628 §6.1: no vowels, no words
_USERS_FILE = Path(__file__).parent / "sign_in_users.csv"

Answer = tuple[int, dict[str, Any]]
"""Status and JSON body of what a client asked."""


def _users() -> dict[str, dict[str, str]]:
    rows = csv.DictReader(_USERS_FILE.read_text(encoding="utf-8").splitlines())
    return {row["upn"]: row for row in rows}


@dataclass
class Grant:
    """One sign-in under way, on another device or in a browser."""

    expires_at: datetime
    nonce: str = ""
    challenge: str = ""
    user: str | None = None
    """UPN of whoever said yes."""
    declined: bool = False


@dataclass
class DemoIssuer:
    """Its books. ``url``: where it is found, as its tokens say it."""

    url: str
    clock: Clock = present
    users: dict[str, dict[str, str]] = field(default_factory=_users)
    _devices: dict[str, Grant] = field(default_factory=dict)
    """By device code."""
    _user_codes: dict[str, str] = field(default_factory=dict)
    """User code → device code."""
    _codes: dict[str, Grant] = field(default_factory=dict)
    """By authorization code."""
    _key: "ECKey | None" = None

    @classmethod
    def beside(cls, public_url: str, clock: Clock = present) -> "DemoIssuer":
        """Served by the same backend."""
        return cls(public_url.rstrip("/") + PATH, clock)

    def issuer(self) -> Issuer:
        """As a backend knows it."""
        return Issuer(self.url, CLIENT_ID, clock=self.clock)

    @property
    def key(self) -> "ECKey":
        from joserfc.jwk import ECKey

        if self._key is None:
            self._key = ECKey.generate_key("P-256", parameters={"kid": secrets.token_hex(8), "use": "sig"})
        return self._key

    def document(self) -> dict[str, Any]:
        """OpenID Connect Discovery 1.0 §3."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "device_authorization_endpoint": f"{self.url}/devicecode",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def keys(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False)]}

    # ----------------------------------------------------------------------------------------- what a client asks

    def new_device_code(self) -> Answer:
        self._sweep()
        device_code, letters = secrets.token_urlsafe(32), [secrets.choice(_LETTERS) for _ in range(8)]
        user_code = "".join(letters[:4]) + "-" + "".join(letters[4:])
        self._devices[device_code] = Grant(self.clock() + LIFETIME)
        self._user_codes[user_code] = device_code
        return 200, {
            "device_code": device_code,
            "user_code": user_code,
            "verification_uri": f"{self.url}/device",
            "verification_uri_complete": f"{self.url}/device?{urlencode({'user_code': user_code})}",
            "expires_in": int(LIFETIME.total_seconds()),
            "interval": INTERVAL,
        }

    def token(self, form: Mapping[str, str]) -> Answer:
        """Either grant, by RFC names."""
        if form.get("client_id") != CLIENT_ID:
            return 401, {"error": "invalid_client"}
        if form.get("grant_type") == GRANT:
            return self._device_token(form.get("device_code", ""))
        grant = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if grant is None or grant.user is None or grant.expires_at <= self.clock() or challenge != grant.challenge:
            return 400, {"error": "invalid_grant"}
        return self._granted(grant.user, grant.nonce)

    def _device_token(self, device_code: str) -> Answer:
        grant = self._devices.get(device_code)
        if grant is None:
            return 400, {"error": "invalid_grant"}
        if grant.expires_at <= self.clock():
            return 400, {"error": "expired_token"}
        if grant.declined:
            return 400, {"error": "access_denied"}
        if grant.user is None:
            return 400, {"error": "authorization_pending"}
        del self._devices[device_code]
        return self._granted(grant.user, "")

    def _granted(self, upn: str, nonce: str) -> Answer:
        from joserfc import jwt

        user, now = self.users[upn], int(self.clock().timestamp())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "sub": user["id"],
            "iat": now,
            "exp": now + _TOKEN_SECONDS,
            "preferred_username": upn,
            "given_name": user["first_name"],
            "family_name": user["last_name"],
            **({"nonce": nonce} if nonce else {}),
        }
        token = jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)
        return 200, {"token_type": "Bearer", "expires_in": _TOKEN_SECONDS, "access_token": "none", "id_token": token}

    # ------------------------------------------------------------------------------------------ what a person says

    def is_awaited(self, user_code: str) -> bool:
        grant = self._devices.get(self._user_codes.get(user_code, ""))
        return grant is not None and grant.user is None and not grant.declined and grant.expires_at > self.clock()

    def answer_device(self, user_code: str, upn: str | None) -> bool:
        """``upn`` signs in on the other device, or nobody does. False when no device waits for that."""
        if not self.is_awaited(user_code) or upn not in (None, *self.users):
            return False
        grant = self._devices[self._user_codes.pop(user_code)]
        grant.user, grant.declined = upn, upn is None
        return True

    def let_expire(self, user_code: str) -> None:
        """Its time is over now."""
        if grant := self._devices.get(self._user_codes.get(user_code, "")):
            grant.expires_at = self.clock()

    def answer_browser(self, asked: Mapping[str, str], upn: str | None) -> str:
        """Where the browser goes back to: with a code for ``upn``, or refused."""
        back = {"state": asked.get("state", "")}
        if upn in self.users:
            code = secrets.token_urlsafe(32)
            nonce, challenge = asked.get("nonce", ""), asked.get("code_challenge", "")
            self._codes[code] = Grant(self.clock() + LIFETIME, nonce=nonce, challenge=challenge, user=upn)
            back["code"] = code
        else:
            back["error"] = "access_denied"
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def _sweep(self) -> None:
        """What is over for long goes; a moment over is still told as such."""
        before = self.clock() - LIFETIME
        self._devices = {code: grant for code, grant in self._devices.items() if grant.expires_at > before}
        self._codes = {code: grant for code, grant in self._codes.items() if grant.expires_at > before}
        self._user_codes = {user: device for user, device in self._user_codes.items() if device in self._devices}
