"""What the company register says about an establishment (domain.md §8.7, §12.1), whichever source it is asked of.

The port, and the several sources behind it taken as one. ``embedded`` answers from our own database, ``sirene`` asks
INSEE's API; docs/operating.md tells how an operator chooses.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from msgspec import Struct

MOST = 20
"""Establishments of one SIREN that are listed: somebody who does not find theirs types its SIRET."""


class Found(Struct, frozen=True, kw_only=True):
    """One establishment as it stands today. What its publication withholds is empty."""

    siret: str
    """14 digits."""
    name: str = ""
    active: bool
    head_office: bool = False
    activity: str = ""
    """NAF code, such as ``81.21Z``."""
    postcode: str = ""
    town: str = ""

    @property
    def siren(self) -> str:
        return self.siret[:9]


class RegisterUnavailable(Exception):
    """The register does not answer for now: nobody knows whether the number exists. Ask again in ``retry_after``.

    ``asked``: False where it was not asked for this at all, since it is not to be asked before.
    """

    def __init__(self, retry_after: timedelta, *, asked: bool = True) -> None:
        super().__init__("the company register does not answer")
        self.retry_after, self.asked = retry_after, asked


class CompanyRegister(Protocol):
    """Asked outside of any transaction: it may take seconds. Numbers are digits alone, checked before."""

    async def find(self, siret: str) -> Found | None:
        """That establishment, open or closed; None when the register has none of that number.
        Raises RegisterUnavailable."""

    async def of_siren(self, siren: str) -> tuple[Found, ...]:
        """The active establishments of that SIREN, at most ``MOST``, head office first, then by SIRET; none when
        there is none. Raises RegisterUnavailable."""

    async def close(self) -> None:
        """Nothing is asked any more."""


def in_order(found: Sequence[Found]) -> tuple[Found, ...]:
    """As ``of_siren`` gives them."""
    return tuple(sorted(found, key=lambda one: (not one.head_office, one.siret))[:MOST])


class Sources:
    """Several registers as one. Any of them may be partial: the first that knows an establishment is believed."""

    def __init__(self, *registers: CompanyRegister) -> None:
        self._registers = registers

    async def find(self, siret: str) -> Found | None:
        for register in self._registers:
            if (found := await register.find(siret)) is not None:
                return found
        return None

    async def of_siren(self, siren: str) -> tuple[Found, ...]:
        """What they know together. Raises RegisterUnavailable as soon as one does: half a list would look whole."""
        listed: dict[str, Found] = {}
        for place, register in enumerate(self._registers):
            for one in await register.of_siren(siren):
                if one.siret not in listed and not await self._is_known_before(place, one.siret):
                    listed[one.siret] = one
        return in_order(tuple(listed.values()))

    async def _is_known_before(self, place: int, siret: str) -> bool:
        """Whether an earlier register knows it; since that one did not list it, it is closed there."""
        for register in self._registers[:place]:
            if await register.find(siret) is not None:
                return True
        return False

    async def close(self) -> None:
        for register in self._registers:
            await register.close()
