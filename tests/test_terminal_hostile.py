"""Hostile text, typed and pasted into every field and imported as a name: harmless or refused, never obeyed."""

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.backend_process import PEOPLE, BackendProcess
from tests.payloads import strays
from tests.traveller import MakeBackend, Traveller
from tests.walking import PERRON

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow

MARKUP = "[@click=app.quit]x[/] [b]y[/b]"
ESCAPES = "Martin\x1b]0;pwned\x07\x1b[2J\x1b[31;99mpwned\x9b31;99m\x00\x08"
HIDDEN = "Dup\u202eont\u200b"
LONG = "A" * 10_000


def assert_only_words(person: Traveller) -> None:
    """Nothing of all that reached the terminal, in the whole of what was written on it."""
    assert not strays(person.raw.decode())


def _assail(person: Traveller, *, secret: bool = False) -> None:
    """Everything above into the field that has the focus, pasted and typed; the screen stays, and says why."""
    for hostile in (ESCAPES, HIDDEN):  # the sentence may be broken beside the pairing code
        person.paste(hostile).see(r"caractères\b.*\bcachés")
        person.press("ctrl+u")
    person.paste(LONG).see(r"caractères au\b.*\bplus")
    person.press("ctrl+u")
    person.paste(MARKUP)
    if not secret:
        person.see(re.escape(MARKUP[:16]) + r"|caractères au\b.*\bplus")
    person.press("ctrl+u").send(b"A\x1b[31;99mB\x07\x00\x9b\x1b]0;pwned\x07")
    person.press("f1").see("Fermer")
    person.press("escape").see_no_more("Fermer")
    person.press("ctrl+u")


def _refused(person: Traveller, kind: str) -> None:
    """Markup, sent as an answer, is refused by a sentence on the same screen."""
    person.paste(MARKUP).press("enter")
    person.see("✗")
    person.at(kind)
    person.press("ctrl+u")


def test_row_10_every_field_of_the_letter(town: BackendProcess, tmp_path: Path) -> None:
    with Traveller(town, "P017", home=tmp_path) as person:
        person.at("login")
        _assail(person)
        _refused(person, "login")
        person.fill(person.row["login"]).at("provisional_password")
        _assail(person, secret=True)
        _refused(person, "provisional_password")
        person.fill(person.row["mdp_provisoire_test"]).at("backup_email")
        _assail(person)
        _refused(person, "backup_email")
        person.press("tab")
        _assail(person)
        person.press("shift+tab").fill(person.backup, person.backup).at("link_sent")
        _assail(person)
        _refused(person, "link_sent")
        person.arrive("redirection")
        person.press("space", "tab")
        _assail(person)
        _refused(person, "redirection")
        person.press("shift+tab", "space")
        person.arrive("new_password")
        _assail(person, secret=True)
        person.paste(MARKUP).press("tab").paste(MARKUP).press("enter")
        person.see("Des règles ne sont pas encore")
        person.press("ctrl+u", "tab", "ctrl+u", "shift+tab")
        person.arrive("phone_pairing")
        _assail(person)
        _refused(person, "phone_pairing")
        person.arrive("done")
        person.press("enter")
        assert person.end() == 0
    assert_only_words(person)


def test_row_10_every_field_of_the_link_and_of_the_hand_over(town: BackendProcess, tmp_path: Path) -> None:
    command = [PERRON, "--backend", town.url, "--lang", "fr"]
    with Traveller(town, "P020", home=tmp_path, command=command) as person:
        person.at("welcome")
        person.choose("J’ai un code de reprise").see("Continuer un parcours")
        _assail(person)
        person.press("tab")
        _assail(person)
        person.paste(MARKUP).press("shift+tab").paste(MARKUP).press("enter").see("n’est pas le bon")
        person.press("escape").at("welcome")
        person.choose("Première connexion").at("activation_code")
        _assail(person)
        _refused(person, "activation_code")
        person.choose("Je n’ai pas de code").at("activation_resend")
        _assail(person)
        _refused(person, "activation_resend")
        person.press("f10").see("Quitter maintenant")
        person.press("f10")
        assert person.end() == 0
    assert_only_words(person)


def _people(file: Path, **change: str) -> Path:
    """A file of one person, P001, with these columns changed."""
    with PEOPLE.open(encoding="utf-8", newline="") as source:
        first = next(csv.DictReader(source))
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(first))
        writer.writeheader()
        writer.writerow(first | change)
    return file


@pytest.mark.parametrize("name", [ESCAPES.replace("\x00", ""), "Dup\u202eont", "Du\u200bpont", "😀"], ids=ascii)
def test_row_10_a_name_that_steers_terminals_is_refused(tmp_path: Path, name: str) -> None:
    file = _people(tmp_path / "people.csv", nom=name)
    words = [sys.executable, "-I", "-m", "backend.cli", "import-people", str(file), "--data", str(tmp_path / "data")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "people.csv" in done.stderr
    assert "2" in done.stderr
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e]", done.stdout + done.stderr)


def test_row_08_09_a_position_of_markup_is_only_text(make_backend: MakeBackend, tmp_path: Path) -> None:
    backend = make_backend()
    backend.import_people(_people(tmp_path / "people.csv", corps_libelle="[@click=app.quit]O[/] =2+2 [/b]"))
    backend.start()
    with Traveller(backend, "P001", home=tmp_path) as person:
        person.arrive("public_directory").see(re.escape("[@click=app.quit]O[/] =2+2 [/b]"))
        person.arrive("done")
    texts = "".join(mail.text for mail in backend.mails() if mail.to == person.backup)
    assert "\x1b" not in texts
