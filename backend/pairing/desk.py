"""The computer's side of a pairing: the screen that showed the code, whether it is still there, and what it is told."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.database.store import Transaction
from backend.pairing.pairings import Pairing
from backend.progression import Progression, Stand, UnknownEnrolment
from backend.situation import LIVING
from backend.stages.stage import Outcome

SILENCE = timedelta(seconds=60)
"""After which a screen counts as gone. It asks for changes every 25 s."""


class Desk:
    """Finds the screen of a pairing, and moves it."""

    def __init__(self, progression: Progression) -> None:
        self._progression = progression

    async def of(self, connection: AsyncConnection, pairing: Pairing) -> Stand | None:
        """The enrolment that shows this very pairing; None when its screen has gone, or shows something else now."""
        try:
            stand = await self._progression.load(connection, pairing.enrolment_id)
        except UnknownEnrolment:
            return None
        record = stand.s.record
        there = record.status in LIVING and stand.s.now - record.heard_at <= SILENCE
        return stand if there and record.turn.values.get("pairing") == pairing.id else None

    async def move(self, tx: Transaction, stand: Stand, outcome: Outcome) -> None:
        await self._progression.follow(tx, stand, outcome)
        await self._progression.write(tx, stand)
