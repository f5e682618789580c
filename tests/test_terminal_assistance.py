"""A-22 to A-24 of domain.md §18: asking for help by keyboard, at both sizes, until an agent can call."""

from collections import Counter
from pathlib import Path

import pytest

from tests.asking import DESK, NOBODY
from tests.backend_process import BackendProcess
from tests.traveller import PERSONS, SIZES
from tests.walking import PERRON, Walk

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow

at_both_sizes = pytest.mark.parametrize(("cols", "rows"), SIZES, ids=str)
STORY = "Depuis ce matin, l’ENT refuse mon mot de passe."
NUMBER = r"A-20\d\d-\d{5}-\d"


class Caller(Walk):
    """Somebody at the form, who gives the same answers to its first screens as everybody."""

    def __init__(self, backend: BackendProcess, home: Path, cols: int = 80, rows: int = 24) -> None:
        command = [PERRON, "--backend", backend.url, "--journey", "assistance", "--lang", "fr"]
        super().__init__(command, home=home, cols=cols, rows=rows)

    def __enter__(self) -> "Caller":
        return self

    def choose(self, *, student: bool) -> None:
        """The first motive, and the profile."""
        self.see("Avant de déposer une demande|quelques vérifications", 30)
        self.press("enter").see(r"› \( \) Mon compte")
        self.press("space").see(r"\(•\) Mon compte")
        self.press("tab").see(r"› \( \) Étudiant")
        self.press("space").see(r"\(•\) Étudiant")
        if not student:
            self.press("right").see(r"\(•\) Personnel")
        self.press("enter").see("Votre adresse e-mail institutionnelle")

    def say_how(self, institutional: str, personal: str, telephone: str) -> None:
        for value in (institutional, personal):
            self.type(value).press("tab")
        self.type(telephone).press("enter")

    def tell(self, text: str = STORY) -> None:
        self.see("Description du problème")
        self.type(text).see(f"{len(text)} ")
        self.press("tab", "enter")


@at_both_sizes
def test_a22_an_employee_s_form_without_a_telephone_is_refused(
    town: BackendProcess, tmp_path: Path, cols: int, rows: int
) -> None:
    row = PERSONS["P009"]
    already = Counter(mail.to for mail in town.mails())
    with Caller(town, tmp_path, cols, rows) as person:
        person.choose(student=False)
        person.say_how(row["mail_institutionnel"], row["mail_secours"], "")
        person.see("✗ Remplissez ce champ|✗ Indiquez un numéro")
        person.type("06 39 98 19 33").press("enter")
        person.tell()
        person.see("Votre date de naissance")
        person.type("31/10/1963").press("enter")
        person.see("Votre demande est enregistrée|contactera par téléphone", 20)
        number = person.see(NUMBER).group()
        person.see_no_more("1963")
    confirmation = town.newest_mail(row["mail_secours"], after=already[row["mail_secours"]])
    assert confirmation.subject == f"Votre demande d’assistance n° {number}"
    ticket = town.newest_mail(DESK, after=already[DESK])
    assert ticket.subject == f"[Assistance] Personnel {number}"
    assert "Date de naissance : fourni" in ticket.text
    assert "1963" not in ticket.text


def test_a23_a_student_s_ine_of_the_wrong_form_is_refused_and_an_unusual_letter_only_told(
    town: BackendProcess, tmp_path: Path
) -> None:
    row = PERSONS["P053"]
    with Caller(town, tmp_path) as person:
        person.choose(student=True)
        person.say_how(row["mail_institutionnel"], row["mail_secours"], "06 39 98 63 61")
        person.tell()
        person.see("Votre code INE")
        person.type("99000001@AB").press("enter").see("Un INE compte 11 caractères")
        person.press("ctrl+u").type("9900000456B").press("enter")
        person.see("inhabituelle")
        person.press("enter")  # still typed there, so that Enter is enough
        person.see(NUMBER, 20)


def test_a24_an_address_that_does_not_exist_reads_the_same(town: BackendProcess, tmp_path: Path) -> None:
    screens = set()
    for address in (PERSONS["P001"]["mail_institutionnel"], NOBODY):
        with Caller(town, tmp_path / address) as person:
            person.choose(student=False)
            person.say_how(address, "quelquun@example.org", "06 39 98 19 33")
            person.tell()
            person.see("Votre date de naissance")
            person.type("12/04/1978").press("enter")
            number = person.see(NUMBER, 20).group()
            screens.add(person.text.replace(number, "…"))
    assert len(screens) == 1
