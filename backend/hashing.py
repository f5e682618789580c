"""Passwords as argon2id with a pepper, off the event loop, a bounded number at a time.

Hashing is slow on purpose (RFC 9106; OWASP's m=19456, t=2, p=1: about 40 ms of a core). So it runs in one thread per
core, a few may wait, and more are told to come back: a flood of wrong passwords must not bury the person with the
right one. Those threads give way to the others, so that whoever needs no hash does not wait for one. An unknown login
is weighed against a hash that nothing matches, so that it takes as long as a known one.
"""

import asyncio
import hmac
import os
import sys
import unicodedata
from base64 import b64encode
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from secrets import token_bytes
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError

from api_client.secret import Secret
from backend.keys import Keys

MOST_WAITING = 32
MOST_REMEMBERED = 4096
GIVING_WAY = 5
"""By how much nicer the hashing threads are (on Linux, where a thread has a niceness of its own)."""
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
        self._threads = ThreadPoolExecutor(self._cores, thread_name_prefix="hashing", initializer=_give_way)
        self._matched: OrderedDict[str, bytes] = OrderedDict()
        """What was right for a hash, as a MAC under a key that this process made for itself and never writes down."""
        self._matched_key = token_bytes(_TAG_BYTES)
        self._under_way = 0
        self._nobodys = self.nobodys()

    async def hash(self, secret: Secret) -> str:
        """A hash to keep, in the encoded form of argon2 with its own salt and cost."""
        return await self._run(partial(self._argon2.hash, self._peppered(secret)))

    async def verify(self, stored: str | None, secret: Secret) -> bool:
        """Whether ``stored`` is a hash of ``secret``. ``None``: no, in the same time."""
        peppered = self._peppered(secret)
        right = await self._run(partial(self._matches, stored or self._nobodys, peppered))
        if right and stored:
            self._matched[stored] = self._mark(peppered)
            if len(self._matched) > MOST_REMEMBERED:
                self._matched.popitem(last=False)
        return right

    async def is_same(self, stored: str, secret: Secret) -> bool:
        """As ``verify``, at once where this process has seen the right one: only for whoever has shown it already.

        Asked by somebody who may be guessing, the time it takes would tell whether the right one was seen here.
        """
        peppered = self._peppered(secret)
        if (mark := self._matched.get(stored)) is not None:
            return hmac.compare_digest(mark, self._mark(peppered))
        return await self._run(partial(self._matches, stored, peppered))

    def nobodys(self) -> str:
        """A hash of this cost that no password has: salt and tag are random. Costs nothing to make."""
        salt, tag = (b64encode(token_bytes(size)).rstrip(b"=").decode() for size in (_SALT_BYTES, _TAG_BYTES))
        return f"$argon2id$v=19$m={self._cost.memory},t={self._cost.passes},p={self._cost.lanes}${salt}${tag}"

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _peppered(self, secret: Secret) -> bytes:
        """HMAC under a key that is not in the database; NFKC first, so that keyboards agree on what was typed."""
        return self._keys.mac("password pepper", unicodedata.normalize("NFKC", secret.reveal()).encode())

    def _mark(self, peppered: bytes) -> bytes:
        return hmac.digest(self._matched_key, peppered, "sha256")

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


def _give_way() -> None:
    if sys.platform == "linux":
        with suppress(PermissionError):  # forbidden to this service: it hashes all the same
            os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0) + GIVING_WAY)
