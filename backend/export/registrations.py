"""The registrations on the portal: who, for which establishments, and what they agreed to.

Only of addresses that were proved: until then nobody knows whose it is, and whoever typed it said nothing for them.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from backend.accounts import walk_accounts
from backend.assistance.glossary import ACCOUNTS
from backend.export.spreadsheet import LIST, Column, Spreadsheet, Tongue
from backend.house import House
from backend.institution import Text
from backend.portal.registration import Attached, Attachment, EstablishmentType, Identity, Registration
from backend.provisioning import Entry
from backend.situation import Account

_ROLES = {"self": Text(fr="soi-même", en="themselves"), "client": Text(fr="un client", en="a client")}
_TYPES: dict[EstablishmentType, Text] = {
    "adherent": Text(fr="adhérent", en="member"),
    "organisme_formation": Text(fr="organisme de formation", en="training provider"),
}
_STATES: dict[Attachment, Text] = {
    "attached": Text(fr="rattaché", en="attached"),
    "to_review": Text(fr="à vérifier", en="to be reviewed"),
    "out_of_scope": Text(fr="à vérifier, hors champ", en="to be reviewed, out of scope"),
    "pending": Text(fr="registre attendu", en="register awaited"),
}


@dataclass(frozen=True)
class _Registered:
    """Somebody who proved their address."""

    account: Account
    identity: Identity
    entry: Entry | None

    @property
    def activated_at(self) -> datetime | None:
        return self.entry.activated_at if self.entry else None

    @property
    def said(self) -> Registration:
        return self.account.draft.registration


async def _walk(house: House) -> AsyncIterator[_Registered]:
    async for batch in walk_accounts(house.store, "portal"):
        entries = await house.provisioning.entries([one.login for one in batch])
        for one in batch:
            if identity := one.draft.registration.identity:
                yield _Registered(one, identity, entries.get(one.login))


def _establishments(one: _Registered, tongue: Tongue) -> str:
    return LIST.join(_establishment(each, tongue) for each in one.said.standing)


def _establishment(one: Attached, tongue: Tongue) -> str:
    """The number is never alone in its cell: a spreadsheet would take its leading zeros, and round it."""
    belongs_as = tongue.say(_TYPES[one.type]) if one.type else ""
    return " · ".join(filter(None, (one.siret, tongue.say(_STATES[one.state]), belongs_as, one.name)))


def _agreements(one: _Registered, _: Tongue) -> str:
    return LIST.join(dict.fromkeys(f"IDCC {each.idcc}" for each in one.said.standing if each.idcc))


REGISTRATIONS = Spreadsheet(
    "registrations.exported",
    _walk,
    (
        Column("email", "email", lambda one, _: one.identity.email),
        Column("civilite", "civility", lambda one, _: one.account.person.civility),
        Column("prenom", "first_name", lambda one, _: one.identity.first_name),
        Column("nom", "last_name", lambda one, _: one.identity.last_name),
        Column("agit_pour", "acts_for", lambda one, tongue: tongue.say(_ROLES[one.identity.role])),
        Column("contact_connu", "known_contact", lambda one, tongue: tongue.yes(one.said.known_contact)),
        Column("statut", "status", lambda one, tongue: tongue.say(ACCOUNTS[one.account.status])),
        Column("etablissements", "establishments", _establishments),
        Column("idcc", "idcc", _agreements),
        Column("thematiques", "topics", lambda one, _: LIST.join(one.said.topics or ())),
        Column("accord_support", "support_consent", lambda one, tongue: tongue.yes(one.said.support_consent)),
        Column("accord_support_date", "support_consent_date", lambda one, t: t.instant(one.said.support_consent_at)),
        Column("inscription", "registered", lambda one, tongue: tongue.instant(one.account.imported_at)),
        Column("active", "activated", lambda one, tongue: tongue.instant(one.activated_at)),
    ),
)
