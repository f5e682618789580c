"""OAuth 2.0 device authorization (RFC 8628), by RFC names and by Entra's (domain.md §12.3)."""

from typing import Literal

from msgspec import Struct

from api_client.secret import Secret
from api_client.wording import clean
from backend.sign_in.wire import IssuerDistrusted, Said

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_INTERVAL = 5
"""Seconds between two questions where the provider says nothing (RFC 8628 §3.2)."""
_LIFETIME = 900
_LONGEST = 3600

Refusal = Literal["pending", "slow_down", "declined", "bad_code", "expired"]
"""What the provider says instead of a token; ``expired`` and ``bad_code`` ask for a new code."""


class Refused(Struct, frozen=True):
    """No token, and why."""

    why: Refusal


_REFUSALS: dict[str, Refusal] = {
    "authorization_pending": "pending",
    "slow_down": "slow_down",
    "access_denied": "declined",
    "authorization_declined": "declined",
    "bad_verification_code": "bad_code",
    "invalid_grant": "bad_code",
    "expired_token": "expired",
    "code_expired": "expired",
}


class DeviceCode(Struct, frozen=True, kw_only=True):
    """What the provider gives for one sign-in; times in seconds."""

    device_code: Secret
    user_code: str
    verification_uri: str
    verification_uri_complete: str
    """Empty where the provider has none, as Entra."""
    expires_in: int
    interval: int


def read_device_code(status: int, said: Said) -> DeviceCode:
    """Raises IssuerDistrusted."""
    device_code, user_code = said.get("device_code"), said.get("user_code")
    where = said.get("verification_uri", said.get("verification_url"))
    if status != 200 or not all(isinstance(text, str) and text for text in (device_code, user_code, where)):
        raise IssuerDistrusted(f"it gives no device code: {status} {_named(said)}")
    complete = said.get("verification_uri_complete")
    return DeviceCode(
        device_code=Secret(str(device_code)),
        user_code=clean(str(user_code))[:40],
        verification_uri=_web(str(where)),
        verification_uri_complete=_web(complete) if isinstance(complete, str) else "",
        expires_in=_seconds(said.get("expires_in"), _LIFETIME),
        interval=_seconds(said.get("interval"), _INTERVAL),
    )


def read_token(status: int, said: Said) -> str | Refused:
    """The id_token, still to be verified; or what is said instead. Raises IssuerDistrusted."""
    if status == 200:
        token = said.get("id_token")
        if not isinstance(token, str):
            raise IssuerDistrusted("it grants no id_token")
        return token
    if refusal := _REFUSALS.get(str(said.get("error"))):
        return Refused(refusal)
    raise IssuerDistrusted(f"it answers {status} {_named(said)}")


def _named(said: Said) -> str:
    """The error's word, for a log: never its description, which may be long or hold what was sent."""
    return clean(str(said.get("error", "")))[:40]


def _seconds(value: object, usual: int) -> int:
    said = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= _LONGEST
    return max(1, int(value)) if said else usual  # type: ignore[call-overload]


def _web(address: str) -> str:
    """An address that a person may open. Raises IssuerDistrusted."""
    if not address.startswith(("https://", "http://")) or len(address) > 400 or clean(address) != address:
        raise IssuerDistrusted("what it asks people to open is no web address")
    return address
