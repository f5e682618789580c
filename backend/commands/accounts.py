"""The commands about people: import them, print a letter, show an account, verify a password."""

import getpass
import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from api_client.secret import Secret
from backend.accounts import find_account
from backend.commands.opening import opened
from backend.commands.portraits import portray
from backend.house import House
from backend.journeys import Realm
from backend.mail.invitations import Invitations
from backend.mistakes import Language
from backend.people.admission import Admission
from backend.people.file import read_people
from backend.people.letters import UnknownLogin, issue_letter
from backend.situation import Account

ALL_REALMS: tuple[Realm, ...] = get_args(Realm)
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
        facts = await portray(parts.house, await _account(parts.house, arguments.login, ALL_REALMS))
    if arguments.json:
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        print("\n".join(f"{name}: {_plain(value)}" for name, value in facts.items()))
    return 0


async def verify_password(arguments: Namespace) -> int:
    french = arguments.language == "fr"
    async with opened(arguments.data) as parts:
        account = await _account(parts.house, arguments.login, ALL_REALMS)
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


async def _account(house: House, login: str, realms: Sequence[Realm] = ("university",)) -> Account:
    async with house.store.read() as connection:
        account = await find_account(connection, login, realms)
    if account is None:
        raise UnknownLogin(login)
    return account


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(_plain, value)) or "-"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(part)}" for name, part in value.items())
    return "-" if value is None else str(value)
