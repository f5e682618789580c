"""People of an HR file become accounts, and keep up with the file without losing anything that they did themselves.

A line that did not change changes nothing, so a file may be imported as often as one likes. A line that did change
renews what HR knows; status, draft and a letter that Perron printed are the person's, and stay.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import uuid4

import msgspec
from sqlalchemy import Row, insert, select, update

from api_client.secret import Secret
from backend.database.rows import as_text, from_text
from backend.database.store import Transaction
from backend.database.tables import accounts
from backend.house import House
from backend.imports import Report, batches
from backend.mistakes import Mistake
from backend.people.file import InitialState, Registration
from backend.people.person import Person, is_called_one_of, plain_provisional, without_mailbox
from backend.provisioning import Activation, Credential, Suspension
from backend.situation import CharterRecord, Draft, RedirectionChoice

BATCH = 200
"""People per transaction: others write in between."""
_HASHES_AT_ONCE = 4
"""People who sign in meanwhile must find a place in the queue."""

_STATUS = {InitialState.ACTIVE: "active", InitialState.LOCKED: "locked"}
_MAIL_DUE = (InitialState.LINK_SENT, InitialState.LINK_EXPIRED)
_PAST_THE_CHARTER = (InitialState.CHARTER_ACCEPTED, InitialState.REDIRECTION_AWAITED)


class NameTaken(Mistake):
    """A login, alias or address of the file belongs to somebody else here."""


class IssueActivation(Protocol):
    """Write the activation mail, with its link, in the transaction that makes the account."""

    async def __call__(self, tx: Transaction, account_id: str, person: Person, expired: bool) -> None:
        """``expired``: the link was sent long ago, so only its proof is written and its deadline has passed."""


@dataclass(frozen=True)
class _Newcomer:
    """A registration on its way in: the person as they will be kept, and the hash where one is needed."""

    registration: Registration
    person: Person
    provisional_hash: str | None = None


@dataclass(frozen=True)
class Admission:
    """The way in, through ``import_people``."""

    house: House
    issue_activation: IssueActivation

    async def import_people(self, people: Iterable[Registration]) -> Report:
        """Make or renew their accounts, BATCH by BATCH. Raises NameTaken; the batches before are kept."""
        created = updated = unchanged = 0
        for batch in batches(people, BATCH):
            newcomers = await self._prepare(batch)
            async with self.house.store.write() as tx:
                known = await self._known(tx, newcomers)
                for newcomer in newcomers:
                    row = known.get(newcomer.person.login)
                    if row is None:
                        await self._create(tx, newcomer)
                        created += 1
                    elif row.person != as_text(newcomer.person):
                        await self._renew(tx, row, newcomer)
                        updated += 1
                    else:
                        unchanged += 1
        return Report(created, updated, unchanged)

    async def _prepare(self, batch: list[Registration]) -> list[_Newcomer]:
        """Hash what is new, outside of any transaction."""
        logins = [registration.person.login for registration in batch]
        query = select(accounts.c.login, accounts.c.person).where(accounts.c.login.in_(logins))
        async with self.house.store.read() as connection:
            macs = {row.login: from_text(row.person, Person).provisional_mac for row in await connection.execute(query)}
        turn = asyncio.Semaphore(_HASHES_AT_ONCE)

        async def newcomer(registration: Registration) -> _Newcomer:
            former = macs.get(registration.person.login, "")
            if registration.provisional is None:
                return _Newcomer(registration, msgspec.structs.replace(registration.person, provisional_mac=former))
            secret = Secret(plain_provisional(registration.provisional.reveal()))
            told = msgspec.json.encode([registration.person.login, secret.reveal()])
            mac = self.house.keys.mac("imported provisional password", told).hex()
            person = msgspec.structs.replace(registration.person, provisional_mac=mac)
            if mac == former:
                return _Newcomer(registration, person)
            async with turn:
                return _Newcomer(registration, person, await self.house.hasher.hash(secret))

        return list(await asyncio.gather(*map(newcomer, batch)))

    async def _known(self, tx: Transaction, newcomers: list[_Newcomer]) -> dict[str, Row[tuple[object, ...]]]:
        """Accounts of these people by login, once no name of theirs is somebody else's."""
        owner = {name: newcomer for newcomer in newcomers for name in newcomer.person.names}
        query = select(accounts).where(is_called_one_of(owner.keys()))
        known = {}
        for row in await tx.connection.execute(query):
            person = from_text(row.person, Person)
            for name in person.names & owner.keys():
                if owner[name].person.login != person.login:
                    raise _taken(name, owner[name].registration, person)
            known[row.login] = row
        return known

    async def _create(self, tx: Transaction, newcomer: _Newcomer) -> None:
        person, state, now = newcomer.person, newcomer.registration.state, self.house.clock()
        account_id = uuid4().hex
        await tx.connection.execute(
            insert(accounts).values(
                id=account_id,
                login=person.login,
                alias=person.alias or None,
                institutional_email=person.institutional_email,
                person=as_text(person),
                status=_STATUS.get(state, "inactive"),
                draft=as_text(self._draft(newcomer.registration, now)),
                imported_at=now,
                contract_end=_day(person),
                **self._letter(newcomer, now),
            )
        )
        if state in _STATUS:
            # Their password is known to another system alone: this one opens to nobody.
            credential = Credential(Secret(self.house.hasher.nobodys()))
            await self.house.provisioning.activate(tx, self._activation(newcomer.registration, now), credential)
        if state is InitialState.LOCKED:
            await self.house.provisioning.suspend(tx, person.login, Suspension(why="blocked", since=now))
        await self._record(tx, account_id, "created")
        if state in _MAIL_DUE and person.backup_email:
            await self.issue_activation(tx, account_id, person, state is InitialState.LINK_EXPIRED)

    async def _renew(self, tx: Transaction, row: Row[tuple[object, ...]], newcomer: _Newcomer) -> None:
        person, before = newcomer.person, from_text(row.person, Person)
        values: dict[str, object] = {
            "person": as_text(person),
            "alias": person.alias or None,
            "institutional_email": person.institutional_email,
            "contract_end": _day(person),
        }
        if row.status == "inactive" and newcomer.provisional_hash:
            values |= self._letter(newcomer, self.house.clock())
        await tx.connection.execute(update(accounts).where(accounts.c.id == row.id).values(values))
        await self._record(tx, row.id, "updated")
        proved = from_text(row.draft, Draft).backup_proved_at
        another = person.backup_email not in ("", before.backup_email)
        if row.status == "inactive" and another and not proved:
            await self.issue_activation(tx, row.id, person, False)

    def _letter(self, newcomer: _Newcomer, now: datetime) -> dict[str, object]:
        lifetime = self.house.institution.provisional.lifetime
        return {
            "provisional_hash": newcomer.provisional_hash,
            "provisional_issued": False,
            "provisional_expires_at": now + lifetime if newcomer.provisional_hash else None,
        }

    def _draft(self, registration: Registration, now: datetime) -> Draft:
        """What somebody had given before, as far as the file says."""
        if registration.state not in _PAST_THE_CHARTER:
            return Draft()
        draft = Draft(
            backup_email=registration.person.backup_email,
            backup_proved_at=now,
            charter=CharterRecord(
                version=self.house.institution.charter_version,
                sha256=self.house.library.charter["fr"].sha256,
                accepted_at=now,
            ),
        )
        if registration.state is InitialState.REDIRECTION_AWAITED:
            has_mailbox = not without_mailbox(registration.person, self.house.institution.vacataires)
            draft.listed = registration.listed
            draft.mailbox_read = has_mailbox
            draft.redirection = RedirectionChoice(
                address=registration.redirection, keep_copy=has_mailbox and registration.keep_copy
            )
        return draft

    def _activation(self, registration: Registration, now: datetime) -> Activation:
        person = registration.person
        vacataire = without_mailbox(person, self.house.institution.vacataires)
        chosen = RedirectionChoice(
            address=registration.redirection, keep_copy=registration.keep_copy and not vacataire, proved_at=now
        )
        return Activation(
            login=person.login,
            backup_email=person.backup_email,
            listed=registration.listed,
            redirection=chosen if registration.redirection else None,
            mailbox="none" if vacataire else "queued",
        )

    async def _record(self, tx: Transaction, account_id: str, result: str) -> None:
        await self.house.audit.record(
            tx, actor="administrator", subject=account_id, action="account.imported", channel="cli", result=result
        )


def _day(person: Person) -> str | None:
    return person.contract_end.isoformat() if person.contract_end else None


def _taken(name: str, registration: Registration, owner: Person) -> NameTaken:
    return NameTaken(
        f"Ligne {registration.line} : « {name} » désigne déjà {owner.login} : corrigez le fichier, ou importez d’abord "
        f"la nouvelle ligne de {owner.login}.",
        f"Line {registration.line}: “{name}” already means {owner.login}: correct the file, or import the new line of "
        f"{owner.login} first.",
    )
