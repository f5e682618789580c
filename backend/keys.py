"""One key outside the database, and every other key derived from it.

``DIR/keys/master.key`` holds 32 random bytes, readable by its owner alone. A stolen database without it verifies no
password, derives no link and opens no TOTP key; a lost one makes all of them worthless, so it is saved apart.
"""

import base64
import hmac
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.mistakes import Mistake

KEY_BYTES = 32
_NONCE_BYTES = 12  # NIST SP 800-38D §8.2: 96 bits


class KeysUnavailable(Mistake):
    """The master key cannot be made or read, or others could read it."""


class Unsealable(Exception):
    """The sealed bytes were changed, or sealed for another purpose or under another master key."""


class Keys:
    """Derives, authenticates and seals. Each ``purpose`` is a phrase of ours, and has a key of its own."""

    def __init__(self, master: bytes) -> None:
        if len(master) != KEY_BYTES:
            raise ValueError(f"the master key has {KEY_BYTES} bytes")
        self._master = master
        self._derived: dict[str, bytes] = {}

    @classmethod
    def in_folder(cls, data: Path) -> "Keys":
        """The keys of a data folder, made at first use. Raises KeysUnavailable."""
        file = data / "keys" / "master.key"
        try:
            return cls(_read(file) if file.exists() else _make(file))
        except OSError as error:
            raise KeysUnavailable(
                f"Impossible de lire ou de créer la clé {file} ({error.strerror}) : donnez au compte qui lance Perron "
                f"le droit d’écrire dans {data}.",
                f"Cannot read or make the key {file} ({error.strerror}): give the account that runs Perron the right "
                f"to write in {data}.",
            ) from error

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose (HKDF-SHA256, RFC 5869)."""
        if purpose not in self._derived:
            kdf = HKDF(SHA256(), KEY_BYTES, salt=None, info=f"perron {purpose}".encode())
            self._derived[purpose] = kdf.derive(self._master)
        return self._derived[purpose]

    def mac(self, purpose: str, message: bytes) -> bytes:
        """HMAC-SHA-256 (RFC 2104), 32 bytes."""
        return hmac.digest(self.derive(purpose), message, "sha256")

    def token(self, purpose: str, message: str) -> str:
        """43 characters of base64url that nobody else can make: 256 bits."""
        return base64.urlsafe_b64encode(self.mac(purpose, message.encode())).rstrip(b"=").decode()

    def seal(self, purpose: str, plain: bytes) -> bytes:
        """``plain`` unreadable and unchangeable (AES-256-GCM): 28 bytes longer."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self.derive(purpose)).encrypt(nonce, plain, None)

    def unseal(self, purpose: str, sealed: bytes) -> bytes:
        """What was sealed for the same purpose. Raises Unsealable."""
        from cryptography.exceptions import InvalidTag

        try:
            return AESGCM(self.derive(purpose)).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
        except (InvalidTag, ValueError) as error:
            raise Unsealable(purpose) from error

    def __repr__(self) -> str:
        return "Keys(•••)"

    def __reduce__(self) -> str:
        raise TypeError("keys are never pickled")


def _make(file: Path) -> bytes:
    """A new master key, complete or not there at all: of two processes that start together, one wins, both use it."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".master-{os.getpid()}-{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as target:
            target.write(secrets.token_bytes(KEY_BYTES))
            target.flush()
            os.fsync(target.fileno())
        with suppress(FileExistsError):  # the other one was first: read theirs
            os.link(draft, file)
    finally:
        draft.unlink()
    return _read(file)


def _read(file: Path) -> bytes:
    for place, wanted in ((file.parent, 0o700), (file, 0o600)):
        if stat.S_IMODE(place.stat().st_mode) & 0o077:
            raise KeysUnavailable(
                f"D’autres comptes peuvent lire {place} : lancez « chmod {wanted:o} {place} » ; si quelqu’un a pu le "
                f"faire, changez la clé.",
                f"Other accounts can read {place}: run “chmod {wanted:o} {place}”; if one may have, change the key.",
            )
    master = file.read_bytes()
    if len(master) != KEY_BYTES:
        raise KeysUnavailable(
            f"{file} n’est pas une clé de Perron ({len(master)} octets au lieu de {KEY_BYTES}) : restaurez-la depuis "
            f"la sauvegarde.",
            f"{file} is no key of Perron ({len(master)} bytes instead of {KEY_BYTES}): restore it from the backup.",
        )
    return master
