"""A-01, A-04 and A-08 to A-21 of domain.md §18 with the letter: by keyboard, through the installed commands.

Some walks run at 40×15 too, where nothing may be out of reach.
"""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.backend_process import NO_TLS, BackendProcess
from tests.traveller import PASSWORD, SIZES, Traveller

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow

at_both_sizes = pytest.mark.parametrize(("cols", "rows"), SIZES, ids=str)


@at_both_sizes
def test_a01_a08_a09_a18_a19_a21_the_whole_way_of_a_letter(
    town: BackendProcess, tmp_path: Path, cols: int, rows: int
) -> None:
    with Traveller(town, "P001" if cols == 80 else "P002", home=tmp_path, cols=cols, rows=rows) as person:
        login = person.row["login"]
        person.arrive("link_sent")
        mail = person.mail()
        with httpx.Client(trust_env=False, verify=NO_TLS) as scanner:  # what mail filters do
            for _ in range(3):
                assert scanner.head(mail.link).is_success
                assert "<form" in scanner.get(mail.link).text
        person.at("link_sent")  # looking at a link is not opening it
        assert "confirmé" in person.prove()
        assert "<form" not in town.open_link(mail.link), "its button works once"

        person.at("charter")
        person.press("enter").see("Vous devez accepter la charte")
        person.press("space", "enter").at("public_directory")
        person.arrive("new_password")

        for password, told in _REFUSED.items():
            person.fill(password, password).see("pas encore respectées")
            person.see(told)
            person.see_cursor_below("Nouveau mot de passe")
            person.press("ctrl+u", "tab", "ctrl+u", "shift+tab")

        with _held(town):
            person.fill(PASSWORD, PASSWORD).see("très occupé", seconds=30)
            assert _written(town, login) == (("inactive",), None)
        person.at("phone_pairing", seconds=30)  # as soon as it is free again, without another key
        person.arrive("done").press("enter")
        assert person.end() == 0
    shown = town.show(login)
    assert shown["status"] == "active"
    assert shown["listed"] is False
    assert shown["mailbox"] == "queued"
    assert shown["charter"]["version"] == "2026-09"
    assert len([mail for mail in town.mails() if mail.to == person.backup]) == 2, "the link, and the news"


_REFUSED = {"Montagne-42": "✗ 12 caractères", "Lefevre-2026!!": "✗ ne contient ni", "Montagne-1111!": "✗ le même"}


@contextmanager
def _held(backend: BackendProcess) -> Iterator[None]:
    """The database, where the accounts are made, is somebody else's for a while."""
    program = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('BEGIN EXCLUSIVE'); print(); input()"
    holder = subprocess.Popen(
        [sys.executable, "-I", "-c", program, str(backend.data / "perron.sqlite")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout
    holder.stdout.readline()
    try:
        yield
    finally:
        holder.communicate(b"\n", timeout=10)


def _written(backend: BackendProcess, login: str) -> tuple[object, object]:
    """The account's status and its entry in the directory, which a reader sees whoever writes."""
    with closing(sqlite3.connect(f"file:{backend.data / 'perron.sqlite'}?mode=ro", uri=True)) as database:
        status = database.execute("SELECT status FROM accounts WHERE login = ?", (login,)).fetchone()
        return status, database.execute("SELECT 1 FROM directory WHERE login = ?", (login,)).fetchone()


def test_a04_a_wrong_password_and_an_unknown_login_are_told_the_same(town: BackendProcess, tmp_path: Path) -> None:
    told = []
    with Traveller(town, "P008", home=tmp_path) as person:
        for login in (person.row["login"], "p99999999999"):
            person.at("login")
            person.retype(login).at("provisional_password")
            person.fill("aaaa-bbbb-cccc")
            person.see("Nom de connexion ou mot de passe provisoire incorrect")
            person.see_no_more("Un instant")
            person.rest()
            told.append(person.lines)
            person.press("escape")
    assert told[0] == told[1]


def test_a10_a11_listed_and_forwarded_to_the_backup_address_in_another_case(
    town: BackendProcess, tmp_path: Path
) -> None:
    with Traveller(town, "P007", home=tmp_path) as person:
        person.arrive("redirection", listed=True)
        person.redirect(person.backup.upper()).at("new_password")
        person.arrive("done")
    shown = town.show(person.row["login"])
    assert shown["listed"] is True
    assert shown["redirection"]["address"].lower() == person.backup
    assert shown["redirection"]["keep_copy"] is True
    assert [mail.subject for mail in town.mails() if "redirection" in mail.subject and mail.to == person.backup] == []


@at_both_sizes
def test_a12_a17_a_forwarding_address_is_confirmed_elsewhere(
    town: BackendProcess, tmp_path: Path, cols: int, rows: int
) -> None:
    with Traveller(town, "P004" if cols == 80 else "P013", home=tmp_path, cols=cols, rows=rows) as person:
        person.arrive("redirection")
        person.redirect(person.row["mail_institutionnel"])
        person.see("hors de l’établissement")
        person.retype(person.row["mail_redirection"]).at("link_sent")
        mail = person.mail(person.row["mail_redirection"])
        assert mail.subject == "Validez votre adresse de redirection"
        person.prove(person.row["mail_redirection"])
        person.at("new_password")
        person.arrive("done")
    redirection = town.show(person.row["login"])["redirection"]
    assert redirection["address"] == person.row["mail_redirection"]
    assert redirection["proved_at"]


def test_a13_a_forwarding_that_was_never_confirmed_is_skipped(town: BackendProcess, tmp_path: Path) -> None:
    with Traveller(town, "P014", home=tmp_path) as person:
        person.arrive("link_sent")
        person.see("redirection")
        person.choose("Continuer sans redirection").at("new_password")
        person.arrive("done")
    assert town.show(person.row["login"])["redirection"] is None


@at_both_sizes
def test_a14_a15_a20_a_vacataire_has_no_mailbox(town: BackendProcess, tmp_path: Path, cols: int, rows: int) -> None:
    with Traveller(town, "P025" if cols == 80 else "P027", home=tmp_path, cols=cols, rows=rows) as person:
        person.arrive("public_directory")
        person.press("enter").at("mandatory_redirection")  # no mailbox screen
        assert "copie" not in person.text
        person.retype("").see("Remplissez ce champ|de la forme")
        person.type(person.backup).press("enter").at("new_password")
        person.arrive("done")
        _read_down(person)
        person.press("enter")
    done = town.show(person.row["login"])
    assert done["mailbox"] == "none"
    assert done["redirection"]["address"] == person.backup
    assert done["redirection"]["keep_copy"] is False
    assert [mail.subject for mail in town.mails() if mail.to == person.backup and "redirection" in mail.subject] == []


def _read_down(person: Traveller) -> None:
    """The confirmation of a vacataire promises no mailbox, however far one scrolls."""
    for _ in range(6):
        assert not re.search("messagerie|[Bb]oîte|préparation", person.text)
        person.press("down", "down", "down")
    person.see("redirigés vers")


@at_both_sizes
def test_a16_a_vacataire_falls_back_on_the_backup_address(
    town: BackendProcess, tmp_path: Path, cols: int, rows: int
) -> None:
    with Traveller(town, "P026" if cols == 80 else "P030", home=tmp_path, cols=cols, rows=rows) as person:
        person.arrive("mandatory_redirection")
        person.retype(person.row["mail_redirection"]).at("link_sent")
        assert "sans redirection" not in person.text
        person.choose("Utiliser mon mail de secours").at("new_password")
        person.arrive("done")
    assert town.show(person.row["login"])["redirection"]["address"] == person.backup


def test_the_audit_of_a_module_of_journeys_is_intact_until_a_row_is_edited(town: BackendProcess) -> None:
    command = [sys.executable, "-I", "-m", "backend.cli", "audit", "verify", "--data", str(town.data)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    with sqlite3.connect(town.data / "perron.sqlite") as database:
        (entry,) = database.execute("SELECT seq FROM audit WHERE action = 'account.activated' LIMIT 1").fetchone()
        database.execute("UPDATE audit SET subject = 'somebody else' WHERE seq = ?", (entry,))
    verdict = subprocess.run(command, capture_output=True, text=True, check=False)
    assert verdict.returncode == 1
    assert str(entry) in verdict.stdout + verdict.stderr
