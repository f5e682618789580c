"""What somebody gave to be known by, kept so that it can be recognised and not read."""

import hashlib
import hmac
import os


class Proofs:
    """The values themselves stay in the fields; here are digests of this process alone."""

    def __init__(self) -> None:
        self._key = os.urandom(32)
        self._digests: list[bytes] = []
        self.asked = ""
        """The label of what was given last; empty as long as nothing was."""

    def keep(self, label: str, value: str) -> None:
        """Somebody said that this is who they are; nothing is kept of nothing."""
        if _essence(value):
            self._digests.append(self._digest(value))
            self.asked = label

    def know(self, value: str) -> bool:
        """Whether this was given before, however it is spaced, grouped or capitalised."""
        digest = self._digest(value)
        return any(hmac.compare_digest(digest, kept) for kept in self._digests)

    def _digest(self, value: str) -> bytes:
        return hashlib.blake2b(_essence(value).encode(), key=self._key).digest()


def _essence(value: str) -> str:
    return "".join(filter(str.isalnum, value.casefold()))
