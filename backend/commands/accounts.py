"""The commands about people: import them, print a letter, show an account, verify a password."""

import getpass
import json
import sys
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from api_client.secret import Secret
from backend.accounts import find_account
from backend.commands.opening import opened
from backend.database.tables import second_factors
from backend.house import House
from backend.mail.invitations import Invitations
from backend.mistakes import Language
from backend.people.admission import Admission
from backend.people.file import read_people
from backend.people.letters import UnknownLogin, issue_letter
from backend.situation import Account, CharterRecord, RedirectionChoice

RIGHT, WRONG = 0, 1
_LONGEST_PASSWORD = 4096


async def import_people(arguments: Namespace) -> int:
    async with opened(arguments.data, arguments.institution, make=True) as parts:
        said = await admit(parts.house, arguments.file, arguments.language)
    print(said)
    return 0


async def admit(house: House, file: Path, language: Language) -> str:
    """Import ``file`` and say what that changed. It is read whole before, so that a bad line changes nothing."""
    for _ in read_people(file):
        pass
    return (await Admission(house, Invitations(house)).import_people(read_people(file))).told(language)


async def letter(arguments: Namespace) -> int:
    async with opened(arguments.data, arguments.institution) as parts:
        text = await issue_letter(parts.house, arguments.login)
    print(text, end="")
    return 0


async def show(arguments: Namespace) -> int:
    async with opened(arguments.data) as parts:
        facts = await _facts(parts.house, arguments.login)
    if arguments.json:
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        print("\n".join(f"{name}: {_plain(value)}" for name, value in facts.items()))
    return 0


async def verify_password(arguments: Namespace) -> int:
    french = arguments.language == "fr"
    async with opened(arguments.data) as parts:
        account = await _account(parts.house, arguments.login)
        password = _ask("Mot de passe : " if french else "Password: ")
        right = await parts.house.provisioning.verify(account.login, password)
    if right and account.status == "active":
        print("Bon mot de passe." if french else "Right password.")
        return RIGHT
    print("Mauvais mot de passe." if french else "Wrong password.")
    return WRONG


def _ask(prompt: str) -> Secret:
    """From the terminal without echo, or one line of standard input: never from the arguments, which others can see."""
    if sys.stdin.isatty():
        return Secret(getpass.getpass(prompt))
    return Secret(sys.stdin.readline(_LONGEST_PASSWORD).rstrip("\r\n"))


async def _account(house: House, login: str) -> Account:
    async with house.store.read() as connection:
        account = await find_account(connection, login)
    if account is None:
        raise UnknownLogin(login)
    return account


async def _facts(house: House, login: str) -> dict[str, Any]:
    """What the directory holds, and before the activation what the person said so far."""
    account = await _account(house, login)
    draft, entry = account.draft, await house.provisioning.entry(account.login)
    confirmed = select(second_factors.c.confirmed_at).where(second_factors.c.account_id == account.id)
    async with house.store.read() as connection:
        paired = (await connection.execute(confirmed)).scalar_one_or_none()
    redirection = entry.redirection if entry else draft.redirection
    charter = entry.charter if entry else draft.charter
    return {
        "login": account.login,
        "status": account.status,
        "backup_email": entry.backup_email if entry else draft.backup_email or account.person.backup_email,
        "listed": entry.listed if entry else draft.listed,
        "redirection": _redirection(redirection),
        "charter": _charter(charter),
        "mailbox": entry.mailbox if entry else "none",
        "second_factor": "totp" if paired else "none",
        "activated_at": _instant(entry.activated_at) if entry else None,
    }


def _redirection(choice: RedirectionChoice | None) -> dict[str, Any] | None:
    if choice is None or not choice.address:
        return None
    return {"address": choice.address, "keep_copy": choice.keep_copy, "proved_at": _instant(choice.proved_at)}


def _charter(record: CharterRecord | None) -> dict[str, Any] | None:
    if record is None:
        return None
    return {"version": record.version, "sha256": record.sha256, "accepted_at": _instant(record.accepted_at)}


def _instant(instant: datetime | None) -> str | None:
    return instant.isoformat().replace("+00:00", "Z") if instant else None


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(part)}" for name, part in value.items())
    return "-" if value is None else str(value)
