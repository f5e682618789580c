"""The port of the company register on INSEE's API: two kinds of requests, whose answers are kept for a while."""

from collections import OrderedDict
from datetime import datetime, timedelta

from backend.clock import Clock
from backend.fields.siret import SIRET_DIGITS
from backend.portal.register import MOST, Found, in_order
from backend.portal.sirene.answers import read_one, read_several
from backend.portal.sirene.asking import Asking

_KEPT = 2000
_KEPT_FOR = timedelta(hours=1)
_ABSENCE_KEPT_FOR = timedelta(minutes=5)
"""Somebody may have declared it meanwhile."""


class SireneRegister:
    """Answers from the API, or from what it said within the hour."""

    def __init__(self, asking: Asking, clock: Clock) -> None:
        self._asking, self._clock = asking, clock
        self._kept: OrderedDict[str, tuple[datetime, tuple[Found, ...]]] = OrderedDict()

    async def find(self, siret: str) -> Found | None:
        return next(iter(await self._known(siret)), None)

    async def of_siren(self, siren: str) -> tuple[Found, ...]:
        return await self._known(siren)

    async def close(self) -> None:
        await self._asking.close()

    async def _known(self, number: str) -> tuple[Found, ...]:
        if (kept := self._kept.get(number)) and kept[0] > self._clock():
            return kept[1]
        found = await (self._one(number) if len(number) == SIRET_DIGITS else self._several(number))
        self._kept[number] = (self._clock() + (_KEPT_FOR if found else _ABSENCE_KEPT_FOR), found)
        self._kept.move_to_end(number)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return found

    async def _one(self, siret: str) -> tuple[Found, ...]:
        found = await self._asking.get(f"/siret/{siret}", lambda body: read_one(body, siret))
        return (found,) if found else ()

    async def _several(self, siren: str) -> tuple[Found, ...]:
        active = f"siren:{siren} AND periode(etatAdministratifEtablissement:A)"
        listed, total = await self._search(active)
        if total > len(listed) and not any(one.head_office for one in listed):
            head_office, _ = await self._search(f"{active} AND etablissementSiege:true")
            listed += head_office
        theirs = {one.siret: one for one in listed if one.active and one.siren == siren}
        return in_order(tuple(theirs.values()))

    async def _search(self, asked: str) -> tuple[tuple[Found, ...], int]:
        """Those found, at most ``MOST``, and how many there are."""
        # Without a date, a search finds whatever was active once.
        query = {"q": asked, "date": self._clock().date().isoformat(), "nombre": str(MOST)}
        return await self._asking.get("/siret", read_several, query) or ((), 0)
