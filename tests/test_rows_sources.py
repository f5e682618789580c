"""Row 10 of the hardening table (docs/security.md), where texts come from: each payload in each column, text and answer
of others is refused by a sentence that is itself only words, or kept as words.

What is kept is cleaned again on its way to a screen (test_rows_text.py), a mail (test_mails.py) and a page
(test_link_pages.py); here is looked at what an administrator's terminal and the database are given.
"""

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from api_client.secret import Secret
from api_client.wording import is_plain
from backend.lines import LineError
from backend.mistakes import Mistake
from backend.parts import read_institution
from backend.people.file import read_people
from backend.portal.companies import read_companies
from backend.portal.contacts import read_contacts
from backend.portal.sirene.answers import read_several
from backend.sign_in.identity import Identity, NoAddress
from backend.sign_in.wire import IssuerDistrusted
from tests.admitting import PEOPLE
from tests.backend_house import START, MovableClock, open_house
from tests.fake_entra import FakeEntra
from tests.fake_sirene import FakeSirene
from tests.payloads import PAYLOADS
from tests.test_adoption import EXAMPLE, INSTITUTION
from tests.test_register_files import FRENCH, KNOWN
from tests.test_rows_text import texts_in

READERS: dict[str, tuple[Path, Callable[[Path], Any]]] = {
    "people": (PEOPLE, read_people),
    "companies": (FRENCH, read_companies),
    "contacts": (KNOWN, read_contacts),
}


def assert_words(text: str) -> None:
    assert all(map(is_plain, text.split("\n"))), ascii(text)


def words_of(value: Any) -> Iterator[str]:
    """Every text in it, however deep; of a dataclass too."""
    if hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from words_of(getattr(value, name))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from words_of(part)
    else:
        yield from texts_in(value)


def columns_of(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="") as source:
        return next(csv.reader(source))


_COLUMNS = [(source, column) for source, (file, _) in READERS.items() for column in columns_of(file)]


@pytest.mark.parametrize(("source", "column"), _COLUMNS)
def test_row_10_a_column_of_a_file_that_is_imported(tmp_path: Path, source: str, column: str) -> None:
    original, read = READERS[source]
    with original.open(encoding="utf-8", newline="") as shipped:
        first = next(csv.DictReader(shipped))
    file = tmp_path / f"{source}.csv"
    for payload in PAYLOADS.values():
        with file.open("w", encoding="utf-8", newline="") as target:
            writer = csv.DictWriter(target, list(first))
            writer.writeheader()
            writer.writerow(first | {column: payload})
        try:
            kept = list(read(file))
        except LineError as refusal:
            for told in (refusal.told("fr"), refusal.told("en")):
                assert_words(told.replace(str(tmp_path), ""))
        else:
            for text in words_of(kept):
                assert_words(text)


async def test_row_10_an_answer_of_the_company_register() -> None:
    with FakeSirene() as register:
        row = next(iter(register.rows.values()))
        for payload in PAYLOADS.values():
            poisoned = row | dict.fromkeys(("denomination", "code_postal", "commune", "naf"), payload)
            answer = {"header": {"statut": 200, "total": 1}, "etablissements": [register.establishment(poisoned)]}
            (found,), _ = read_several(json.dumps(answer).encode())
            for text in words_of(found):
                assert_words(text)


@pytest.mark.parametrize("claim", ["given_name", "family_name", "name", "preferred_username", "upn", "email"])
async def test_row_10_what_an_identity_provider_says_of_somebody(claim: str) -> None:
    entra = FakeEntra(MovableClock(START), says="")
    nobody = {"given_name": None, "family_name": None} if claim == "name" else {}
    for payload in PAYLOADS.values():
        entra.claims = nobody | {claim: payload}
        try:
            found = await entra.issuer().ask(Secret("GMMhmHCXhWEzkobqIHGG"))
        except (NoAddress, IssuerDistrusted) as refusal:
            assert_words(str(refusal))
            continue
        assert isinstance(found, Identity)
        for name in structs.asdict(found):
            assert_words(str(getattr(found, name)))


@pytest.mark.parametrize("name", ["user_code", "verification_uri", "verification_uri_complete", "message"])
async def test_row_10_what_it_gives_people_to_type_and_to_open(name: str) -> None:
    entra = FakeEntra(MovableClock(START), says="")
    _, usual = entra._devicecode()
    for payload in PAYLOADS.values():
        for said in (payload, f"https://login.exemple.example/{payload}"):
            entra.bodies["devicecode"] = json.dumps({**usual, name: said})
            try:
                code = await entra.issuer().new_device_code()
            except IssuerDistrusted as refusal:
                assert_words(str(refusal))
            else:
                assert_words(code.user_code + code.verification_uri + code.verification_uri_complete)


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_row_10_a_key_or_a_text_of_an_institution_s_file_that_is_a_mistake(tmp_path: Path, payload: str) -> None:
    """Told to the administrator: what is quoted of the file is words, too."""
    folder = shutil.copytree(EXAMPLE, tmp_path / "ecole")
    file = folder / INSTITUTION
    shipped = file.read_text(encoding="utf-8")
    quoted = toml_string(payload)
    beginning, colour, end = f"{quoted} = 1\n{shipped}", shipped.replace('"#7a2e0e"', quoted, 1), f"[words.{quoted}]\n"
    for changed in (beginning, colour, f"{shipped}\n{end}lead = 1\n"):
        file.write_text(changed, encoding="utf-8")
        with pytest.raises(Mistake) as mistake:
            read_institution(folder)
        for lang in ("fr", "en"):
            assert_words(mistake.value.told(lang).replace(str(tmp_path), ""))


def toml_string(text: str) -> str:
    """``text`` as TOML writes it, with every character that is not ASCII by its number."""
    plain = {'"': '\\"', "\\": "\\\\"}
    return '"' + "".join(plain.get(c, c if c.isascii() and c.isprintable() else f"\\U{ord(c):08x}") for c in text) + '"'


async def test_row_10_whatever_an_institution_says_of_itself_is_words_on_a_screen(tmp_path: Path) -> None:
    """All payloads at once, in each sentence of the file that no check would refuse."""
    folder = shutil.copytree(EXAMPLE, tmp_path / "ecole")
    file = folder / INSTITUTION
    everything = toml_string(" ".join(text for text in PAYLOADS.values() if "{" not in text))
    shipped = file.read_text(encoding="utf-8")
    assert 'École d’Exemple"' in shipped
    file.write_text(shipped.replace('"École d’Exemple"', everything), encoding="utf-8")
    async with open_house(tmp_path / "data", "P001", institution=folder) as house:
        screen = await house.begun("arrivee")
        for text in (*words_of(await screen.client.catalogue()), *words_of(screen.enrolment)):
            assert_words(text)
