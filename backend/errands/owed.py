"""Mails that a screen was told of, and that an earlier life of the service had no time to write."""

from backend.enrolments import owing_a_mail
from backend.errands.catalogue import WAYS_IN
from backend.house import House


async def write_owed(house: House) -> None:
    """Each of them, beside the requests."""
    async with house.store.read() as connection:
        records = await owing_a_mail(connection)
    for record in records:
        claim = record.claim
        if claim.mail_due and claim.resent_at:
            house.background.run(WAYS_IN[claim.mail_due].write_due(house, record.id, claim.resent_at))
