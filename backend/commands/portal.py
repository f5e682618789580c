"""The commands about the portal's files: establishments, and the contacts that are known already."""

from argparse import Namespace
from pathlib import Path

from backend.commands.opening import opened
from backend.house import House
from backend.mistakes import Language
from backend.portal.companies import read_companies
from backend.portal.contacts import read_contacts
from backend.portal.loading import load_companies, load_contacts


async def import_companies(arguments: Namespace) -> int:
    async with opened(arguments.data, make=True) as parts:
        print(await admit_companies(parts.house, arguments.file, arguments.language))
    return 0


async def import_contacts(arguments: Namespace) -> int:
    async with opened(arguments.data, make=True) as parts:
        print(await admit_contacts(parts.house, arguments.file, arguments.language))
    return 0


async def admit_companies(house: House, file: Path, language: Language) -> str:
    """Import ``file`` and say what that changed. It is read whole before, so that a bad line changes nothing."""
    for _ in read_companies(file):
        pass
    in_register, in_members = await load_companies(house.store, read_companies(file))
    register, members = ("Registre", "Adhérents") if language == "fr" else ("Register", "Members")
    colon = " :" if language == "fr" else ":"
    return f"{register}{colon} {in_register.told(language)}\n{members}{colon} {in_members.told(language)}"


async def admit_contacts(house: House, file: Path, language: Language) -> str:
    """The same for contacts."""
    for _ in read_contacts(file):
        pass
    return (await load_contacts(house.store, read_contacts(file))).told(language)
