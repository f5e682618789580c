"""``GET /demonstration/people`` and ``/demonstration/mails``: whose letter to try, and where mails arrive."""

import asyncio
import mailbox
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api_client.contract import Locale
from api_client.demonstration_contract import DemoMail, DemoPerson
from backend.database.rows import from_text
from backend.database.tables import accounts
from backend.demonstration import PEOPLE_FILE
from backend.house import House
from backend.people.file import read_people
from backend.people.person import Person, without_mailbox
from backend.situation import Draft
from backend.web.routes import guarded


def demonstration_routes(house: House, data: Path) -> list[Route]:
    """``data``: the folder whose ``outbox`` takes the mails."""
    letters = {registration.person.login: registration.provisional for registration in read_people(PEOPLE_FILE)}

    async def people(request: Request) -> Response:
        locale: Locale = "en" if request.query_params.get("locale") == "en" else "fr"
        async with house.store.read() as connection:
            rows = (await connection.execute(select(accounts).where(accounts.c.realm == "university"))).all()
        found = [_person(house, row, letters, locale) for row in rows]
        return _json(sorted(found, key=lambda person: person.id))

    async def mails(_: Request) -> Response:
        return _json(await asyncio.to_thread(_mails, data / "outbox"))

    return [Route("/demonstration/people", guarded(people)), Route("/demonstration/mails", guarded(mails))]


def _person(house: House, row: Any, letters: dict[str, Any], locale: Locale) -> DemoPerson:
    person, draft = from_text(row.person, Person), from_text(row.draft, Draft)
    story = _story(house, person, draft, row.status)
    letter = letters.get(person.login)
    return DemoPerson(
        id=person.id,
        name=person.full_name,
        role=person.role,
        login=person.login,
        provisional_password=letter.reveal() if letter and row.provisional_hash else "",
        works=row.status == "inactive",
        story=house.library.say(f"demo_{story}", locale, address=person.institutional_email),
    )


def _story(house: House, person: Person, draft: Draft, status: str) -> str:
    if status in ("active", "locked"):
        return str(status)
    if draft.charter:
        return "interrupted"
    if not person.backup_email:
        return "no_backup"
    if without_mailbox(person, house.institution.vacataires):
        return "vacataire"
    return "student" if person.is_student else "staff"


def _mails(outbox: Path) -> list[DemoMail]:
    """Newest first."""
    if not outbox.exists():
        return []
    box = mailbox.Maildir(outbox, create=False)
    parser = BytesParser(EmailMessage, policy=policy.default)
    found = [_mail(key, parser.parsebytes(box.get_bytes(key))) for key in box.keys()]  # noqa: SIM118 - no iterator
    return sorted(found, key=lambda mail: (mail.at, mail.id), reverse=True)


def _mail(key: str, message: EmailMessage) -> DemoMail:
    at = parsedate_to_datetime(str(message["Date"])) if message["Date"] else datetime.now(UTC)
    return DemoMail(id=key, at=at, to=str(message["To"]), subject=str(message["Subject"]), text=message.get_content())


def _json(found: list[Any]) -> Response:
    return Response(msgspec.json.encode(found), headers={"cache-control": "no-store"}, media_type="application/json")
