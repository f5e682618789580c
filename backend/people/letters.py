"""The letter that HR hands over: the login and a fresh provisional password, printed once and kept by nobody.

Only the argon2id hash stays here. Each new letter ends the former one.
"""

import textwrap
from datetime import datetime
from pathlib import Path

from sqlalchemy import update

from api_client.codes import grouped
from api_client.contract import Locale
from api_client.secret import Secret
from backend.accounts import find_account
from backend.codes import new_provisional_password
from backend.database.store import Transaction
from backend.database.tables import accounts
from backend.dates import in_words
from backend.house import House
from backend.journeys import Journey, Library
from backend.mistakes import Mistake
from backend.people.person import Person, is_meant
from backend.situation import Account
from backend.throttle import PROVISIONAL_ACCOUNT

COLUMNS = 72
_TEMPLATE = Path(__file__).parent / "letter.txt"

_REFUSALS = {
    "active": (
        "Le compte {login} est déjà actif, sa lettre ne servirait plus ; mot de passe oublié : contactez le support.",
        "The account {login} is already active, a letter would open nothing; password forgotten: contact support.",
    ),
    "locked": (
        "Le compte {login} est bloqué : faites-le débloquer avant d’imprimer une lettre.",
        "The account {login} is locked: have it unlocked before a letter is printed.",
    ),
    "expired": (
        "Le compte {login} a expiré : prolongez le contrat dans le logiciel RH, puis importez de nouveau le fichier.",
        "The account {login} has expired: extend the contract in the HR software, then import the file again.",
    ),
}


class LetterRefused(Mistake):
    """A letter would open nothing."""


class UnknownLogin(Mistake):
    """Nobody here has this login."""

    exit_status = 2

    def __init__(self, login: str) -> None:
        super().__init__(
            f"Personne n’a le login « {login} » ici : vérifiez-le, ou importez d’abord la personne (import-people).",
            f"Nobody has the login “{login}” here: check it, or import the person first (import-people).",
        )


async def issue_letter(house: House, login: str) -> str:
    """Give ``login`` a fresh provisional password and return the letter that tells it: at most 72 columns, for A4.

    Raises UnknownLogin and LetterRefused, and then the former letter still works.
    """
    journey = _journey_of_letters(house.library)
    async with house.store.read() as connection:
        _refuse_if_useless(await find_account(connection, login), login)
    password = Secret(new_provisional_password())
    stored = await house.hasher.hash(password)
    expires_at = house.clock() + house.institution.provisional.lifetime
    async with house.store.write() as tx:
        account = _refuse_if_useless(await find_account(tx.connection, login), login)
        change = {"provisional_hash": stored, "provisional_issued": True, "provisional_expires_at": expires_at}
        await tx.connection.execute(update(accounts).where(accounts.c.id == account.id).values(change))
        await _forget_tries(house, tx, account.person)
        await house.audit.record(tx, actor="administrator", subject=account.id, action="letter.issued", channel="cli")
    return _print(house.library, journey, account.person, password, expires_at)


def _journey_of_letters(library: Library) -> Journey:
    for journey in library.journeys.values():
        if any(step.kind == "provisional_password" for step in journey.steps):
            return journey
    raise LetterRefused(
        "Aucun parcours de cet établissement ne demande de lettre : ajoutez-lui une étape provisional_password.",
        "No journey of this institution asks for a letter: give one a provisional_password step.",
    )


def _refuse_if_useless(account: Account | None, login: str) -> Account:
    if account is None:
        raise UnknownLogin(login)
    if account.status in _REFUSALS:
        french, english = _REFUSALS[account.status]
        raise LetterRefused(french.format(login=account.login), english.format(login=account.login))
    return account


async def _forget_tries(house: House, tx: Transaction, person: Person) -> None:
    """Wrong tries at the former letter must not void this one."""
    for name in person.names:
        await house.throttle.succeed(tx, PROVISIONAL_ACCOUNT, name)


def _print(library: Library, journey: Journey, person: Person, password: Secret, expires_at: datetime) -> str:
    institution = library.institution
    zone = institution.zone
    names = institution.names()
    words = {
        **names,
        "support_phone": names["support_phone"].replace(" ", "\N{NO-BREAK SPACE}"),
        "full_name": person.full_name,
        "institutional_email": person.institutional_email,
        "box": _box(
            ("Nom de connexion / Login", person.login),
            ("Mot de passe provisoire / Provisional password", grouped(password.reveal())),
        ),
        "until_fr": in_words(expires_at, "fr", zone),
        "until_en": in_words(expires_at, "en", zone),
        "journey_fr": journey.title.fill("fr", names),
        "journey_en": journey.title.fill("en", names),
        "steps_fr": "\n".join(_steps(library, journey, person, "fr")),
    }
    text = _TEMPLATE.read_text(encoding="utf-8").format_map(words)
    return "".join(f"{_fold(line)}\n" for line in text.strip("\n").split("\n"))


def _steps(library: Library, journey: Journey, person: Person, locale: Locale) -> list[str]:
    """The steps that this person will see on the rail, by their titles."""
    said = [
        library.step_words(step)
        for step in journey.steps
        if is_meant(step.when, person, library.institution.vacataires)
    ]
    titles = [words["title"].fill(locale, library.institution.names()) for words in said if "rail" in words]
    return [f"{number:>3}. {title}" for number, title in enumerate(titles, start=1)]


def _box(*lines: tuple[str, str]) -> str:
    """Labels and values in a frame that a printer without box drawing prints too."""
    frame = f"+{'-' * (COLUMNS - 2)}+"
    rows = [f"|  {label:{COLUMNS - 4}}|\n|      {value:{COLUMNS - 8}}|" for label, value in lines]
    return "\n".join([frame, f"\n|{'':{COLUMNS - 2}}|\n".join(rows), frame])


def _fold(line: str) -> str:
    return textwrap.fill(line, COLUMNS, subsequent_indent="     " if line[:1] == " " else "")
