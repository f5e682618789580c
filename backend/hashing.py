"""Passwords as argon2id with a pepper, off the event loop, a bounded number at a time.

Hashing is slow on purpose (RFC 9106; OWASP's m=19456, t=2, p=1: about 40 ms of a core). So it runs in one thread per
core, a few may wait, and more are told to come back: a flood of wrong passwords must not bury the person with the
right one. An unknown login is weighed against a hash that nothing matches, so that it takes as long as a known one.
"""

import asyncio
import os
import unicodedata
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from secrets import token_bytes
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError

from api_client.secret import Secret
from backend.keys import Keys

MOST_WAITING = 32
_SALT_BYTES = 16
_TAG_BYTES = 32
_R = TypeVar("_R")


@dataclass(frozen=True)
class Cost:
    """What one hash costs: KiB of memory, passes over it, lanes. The default is the one to use."""

    memory: int = 19456
    passes: int = 2
    lanes: int = 1


class Overloaded(Exception):
    """Too many passwords are being weighed. Try again after ``retry_after`` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too many passwords at once; again in {retry_after} s")
        self.retry_after = retry_after


class Hasher:
    """Hashes and verifies. Both may raise Overloaded."""

    def __init__(self, keys: Keys, cost: Cost | None = None) -> None:
        self._keys = keys
        self._cost = cost or Cost()
        self._argon2 = PasswordHasher(
            self._cost.passes, self._cost.memory, self._cost.lanes, _TAG_BYTES, _SALT_BYTES, type=Type.ID
        )
        self._cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self._threads = ThreadPoolExecutor(self._cores, thread_name_prefix="hashing")
        self._under_way = 0
        self._nobodys = self.nobodys()

    async def hash(self, secret: Secret) -> str:
        """A hash to keep, in the encoded form of argon2 with its own salt and cost."""
        return await self._run(partial(self._argon2.hash, self._peppered(secret)))

    async def verify(self, stored: str | None, secret: Secret) -> bool:
        """Whether ``stored`` is a hash of ``secret``. ``None``: no, in the same time."""
        return await self._run(partial(self._matches, stored or self._nobodys, self._peppered(secret)))

    def nobodys(self) -> str:
        """A hash of this cost that no password has: salt and tag are random. Costs nothing to make."""
        salt, tag = (b64encode(token_bytes(size)).rstrip(b"=").decode() for size in (_SALT_BYTES, _TAG_BYTES))
        return f"$argon2id$v=19$m={self._cost.memory},t={self._cost.passes},p={self._cost.lanes}${salt}${tag}"

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _peppered(self, secret: Secret) -> bytes:
        """HMAC under a key that is not in the database; NFKC first, so that keyboards agree on what was typed."""
        return self._keys.mac("password pepper", unicodedata.normalize("NFKC", secret.reveal()).encode())

    def _matches(self, stored: str, peppered: bytes) -> bool:
        try:
            return self._argon2.verify(stored, peppered)
        except VerifyMismatchError:
            return False

    async def _run(self, work: "partial[_R]") -> _R:
        if self._under_way >= self._cores + MOST_WAITING:
            raise Overloaded(retry_after=1 + MOST_WAITING // (16 * self._cores))
        self._under_way += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._under_way -= 1
