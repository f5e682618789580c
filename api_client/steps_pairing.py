"""Signing in at the institution's own identity provider, and pairing a phone (domain.md §9, §12.3–12.4)."""

from datetime import datetime

from msgspec import Struct

from api_client.secret import Secret
from api_client.step import Answer, Step


class SignIn(Step, frozen=True, kw_only=True):
    """Waiting for the person to sign in with a browser: OAuth 2.0 device authorization (RFC 8628). Nothing is typed."""

    verification_uri: str
    """What to open on any device."""
    user_code: str
    """What to type there."""
    verification_uri_complete: str = ""
    """The same with the code in it, to be drawn as a QR code; empty where the provider gives none."""
    expires_at: datetime | None = None


class TotpOffer(Struct, frozen=True, kw_only=True, tag_field="pairs", tag="totp"):
    """A second factor about to be paired (RFC 6238: SHA-1, 6 digits, 30 s). Sent once."""

    uri: Secret
    """``otpauth://totp/…`` short enough for a QR of version 5 at level L."""
    key: Secret
    """The same key in base32, 32 characters, for people without a camera."""


class AppOffer(Struct, frozen=True, kw_only=True, tag_field="pairs", tag="app"):
    """The institution's application about to be paired (domain.md §9.2). Sent once; a new one follows by itself."""

    uri: Secret
    """``HTTPS://HOST/P/…`` in upper case, 130 random bits in base32; opened on the phone."""
    key: Secret
    """Nine digits, ``123-456-789``, for people without a camera."""
    link: Secret
    """The same as ``uri``, as one types or copies it on the phone itself."""


class PhonePairing(Step, frozen=True, kw_only=True):
    """A phone paired by a QR code: an authenticator, proved by one code, or the institution's application."""

    label: str = ""
    """Of the field ``code``; empty where nothing is typed and the screen advances by itself."""
    offer: TotpOffer | AppOffer | None = None
    """``None`` when the step is sent again: keep showing the last one, or ask for another by ``Act("renew")``."""
    expires_at: datetime | None = None
    optional: bool = True
    hidden: bool = False
    """The QR code is not shown here: ``actions`` lead to it."""
    advice: tuple[str, ...] = ()
    """What to do on the phone, in this order."""


class PhonePairingAnswer(Answer, frozen=True, kw_only=True):
    code: Secret


class DeviceConfirmation(Step, frozen=True, kw_only=True):
    """« Téléphone {model} — appairer ? » Field ``pair``."""

    model: str
    platform: str
    expires_at: datetime


class DeviceConfirmationAnswer(Answer, frozen=True, kw_only=True):
    pair: bool


class Device(Struct, frozen=True, kw_only=True):
    """One paired phone."""

    id: str
    model: str
    paired_text: str
    """« appairé le 4 novembre 2026 », and whether biometrics are on."""


class Devices(Step, frozen=True, kw_only=True):
    """The paired phones, one of which may be revoked. Field ``device``."""

    devices: tuple[Device, ...]


class DevicesAnswer(Answer, frozen=True, kw_only=True):
    revoke: str
    """Id of the phone to revoke; empty: none, on to what comes next."""


class Pending(Step, frozen=True, kw_only=True):
    """Something is done elsewhere, by a service or on the phone: this screen advances by itself."""

    deadline: datetime | None = None
    """When it stops being waited for."""


PairingSteps = SignIn | PhonePairing | DeviceConfirmation | Devices | Pending
PairingAnswers = PhonePairingAnswer | DeviceConfirmationAnswer | DevicesAnswer
