"""Which establishments a SIREN or a SIRET stands for: those the operator knows, those the register has (§8.6–8.7)."""

from backend.fields.siret import SIRET_DIGITS
from backend.house import House
from backend.portal.records import Member, members_of
from backend.portal.register import Found, RegisterUnavailable
from backend.portal.registration import Site


async def look_up(house: House, number: str) -> tuple[Site, ...]:
    """Those that somebody may belong to: known to the operator, or active. None where it is neither.

    It may take seconds, so it runs outside of any transaction. Raises RegisterUnavailable when nobody can tell.
    """
    async with house.store.read() as connection:
        members = {one.siret: one for one in await members_of(connection, number)}
    if len(number) == SIRET_DIGITS:
        return await _one(house, number, members.get(number))
    found = await house.register.of_siren(number)
    active = tuple(_site(one.siret, one, members.get(one.siret)) for one in found)
    # An old file may need closing by its member: where nothing is active any more, that is who asks.
    return active or tuple(_site(siret, None, member, closed=True) for siret, member in members.items())


async def _one(house: House, siret: str, member: Member | None) -> tuple[Site, ...]:
    try:
        found = await house.register.find(siret)
    except RegisterUnavailable:
        if member is None:
            raise
        return (_site(siret, None, member),)  # known here: its number says enough
    closed = found is not None and not found.active
    if member is None and (found is None or closed):
        return ()
    return (_site(siret, found, member, closed=closed),)


def _site(siret: str, found: Found | None, member: Member | None, *, closed: bool = False) -> Site:
    return Site(
        siret=siret,
        name=(found.name if found else "") or (member.name if member else ""),
        postcode=found.postcode if found else "",
        town=found.town if found else "",
        recognised=member is not None,
        closed=closed,
    )
