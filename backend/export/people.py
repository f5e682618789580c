"""The people of the university: how far each of them is, and what they chose.

Neither their birth date nor their INE, their telephone or whatever else HR's file holds: who needs it has that file.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from backend.accounts import walk_accounts
from backend.assistance.glossary import ACCOUNTS
from backend.database.tables import second_factors
from backend.export.spreadsheet import Column, Spreadsheet, Tongue
from backend.house import House
from backend.institution import Text
from backend.provisioning import Entry
from backend.situation import Account, CharterRecord, RedirectionChoice

_NOWHERE = RedirectionChoice(keep_copy=False)
_BACKUP_STATES = {
    True: Text(fr="vérifiée", en="verified"),
    False: Text(fr="à vérifier", en="to be verified"),
}


@dataclass(frozen=True)
class _Enrolled:
    """Somebody, as the directory has them; before their activation, as they were heard so far."""

    account: Account
    entry: Entry | None
    second_factor: bool

    @property
    def backup_email(self) -> str:
        said = self.account.draft.backup_email or self.account.person.backup_email
        return self.entry.backup_email if self.entry else said

    @property
    def backup_proved(self) -> bool:
        """The directory has no other (``recovery``)."""
        return self.entry is not None or self.account.draft.backup_proved_at is not None

    @property
    def listed(self) -> bool | None:
        return self.entry.listed if self.entry else self.account.draft.listed

    @property
    def redirection(self) -> RedirectionChoice:
        said = self.entry.redirection if self.entry else self.account.draft.redirection
        return said if said and said.address else _NOWHERE

    @property
    def activated_at(self) -> datetime | None:
        return self.entry.activated_at if self.entry else None

    @property
    def charter(self) -> CharterRecord | None:
        return self.entry.charter if self.entry else self.account.draft.charter


async def _walk(house: House) -> AsyncIterator[_Enrolled]:
    async for batch in walk_accounts(house.store, "university"):
        entries = await house.provisioning.entries([one.login for one in batch])
        paired = await _with_second_factor(house, batch)
        for one in batch:
            yield _Enrolled(one, entries.get(one.login), one.id in paired)


async def _with_second_factor(house: House, batch: list[Account]) -> frozenset[str]:
    theirs = second_factors.c.account_id.in_([one.id for one in batch])
    confirmed = select(second_factors.c.account_id).where(theirs, second_factors.c.confirmed_at.is_not(None))
    async with house.store.read() as connection:
        return frozenset((await connection.execute(confirmed)).scalars())


def _backup_state(one: _Enrolled, tongue: Tongue) -> str:
    return tongue.say(_BACKUP_STATES[one.backup_proved]) if one.backup_email else ""


def _keeps_copy(one: _Enrolled, tongue: Tongue) -> str:
    return tongue.yes(one.redirection.keep_copy) if one.redirection.address else ""


def _contract_end(one: _Enrolled, _: Tongue) -> str:
    return one.account.person.contract_end.isoformat() if one.account.person.contract_end else ""


PEOPLE = Spreadsheet(
    "people.exported",
    _walk,
    (
        Column("login", "login", lambda one, _: one.account.login),
        Column("role", "role", lambda one, _: one.account.person.role),
        Column("prenom", "first_name", lambda one, _: one.account.person.first_name),
        Column("nom", "last_name", lambda one, _: one.account.person.last_name),
        Column("mail_institutionnel", "institutional_email", lambda one, _: one.account.institutional_email),
        Column("composante", "component", lambda one, _: one.account.person.component),
        Column("statut", "status", lambda one, tongue: tongue.say(ACCOUNTS[one.account.status])),
        Column("mail_secours", "backup_email", lambda one, _: one.backup_email),
        Column("mail_secours_etat", "backup_email_state", _backup_state),
        Column("annuaire_public", "listed", lambda one, tongue: tongue.yes(one.listed)),
        Column("mail_redirection", "forwarding", lambda one, _: one.redirection.address),
        Column("garder_copie", "keep_copy", _keeps_copy),
        Column("redirection_verifiee", "forwarding_verified", lambda one, t: t.instant(one.redirection.proved_at)),
        Column("charte_version", "charter_version", lambda one, _: one.charter.version if one.charter else ""),
        Column(
            "charte_acceptee",
            "charter_accepted",
            lambda one, t: t.instant(one.charter.accepted_at if one.charter else None),
        ),
        Column("second_facteur", "second_factor", lambda one, tongue: tongue.yes(one.second_factor)),
        Column("importe", "imported", lambda one, tongue: tongue.instant(one.account.imported_at)),
        Column("active", "activated", lambda one, tongue: tongue.instant(one.activated_at)),
        Column("date_fin", "contract_end", _contract_end),
    ),
)
