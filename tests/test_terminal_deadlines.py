"""A-02, A-03 and A-05 to A-07 of domain.md §18: links and their deadlines, on a backend whose clock is moved."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.backend_process import PEOPLE, BackendProcess
from tests.faketime import MovedClock, paris
from tests.traveller import SIZES, Traveller

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow

MORNING = paris("2026-11-03 09:00:00")
EVENING = paris("2026-11-03 23:58:30")
_LAST = "mardi 3 novembre 2026 à 23 h 59"


@pytest.fixture
def clock(tmp_path: Path) -> MovedClock:
    return MovedClock(tmp_path / "clock")


@pytest.fixture
def backend(tmp_path: Path, clock: MovedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[BackendProcess]:
    """One that lives by ``clock``, and to which P001 and P002 have come in the morning."""
    clock.set(MORNING)
    backend = BackendProcess(tmp_path / "data")
    people = tmp_path / "people.csv"
    kept = [line for line in PEOPLE.read_text(encoding="utf-8").splitlines() if line[:4] in ("id,r", "P001", "P002")]
    people.write_text("\n".join(kept), encoding="utf-8")
    with clock.given(monkeypatch):
        backend.import_people(people)
        backend.start()
    yield backend
    backend.stop()


def test_a02_a03_at_midnight_a_link_of_the_evening_is_over(
    backend: BackendProcess, clock: MovedClock, tmp_path: Path
) -> None:
    clock.set(EVENING)
    with (
        Traveller(backend, "P001", home=tmp_path / "1") as last,
        Traveller(backend, "P002", home=tmp_path / "2") as late,
    ):
        for person in (last, late):
            person.arrive("link_sent")
            person.see(re.escape(_LAST).replace("\\ ", r"\s+"))
        mail = late.mail()
        assert _LAST in " ".join(mail.text.split())
        clock.set(EVENING + timedelta(seconds=85))
        last.prove()
        last.at("charter")
        clock.set(EVENING + timedelta(seconds=89))
        late.at("expired", seconds=40)  # by itself, as midnight passes
        late.see(re.escape(_LAST).replace("\\ ", r"\s+"))
        assert "<form" not in backend.open_link(mail.link)
        late.choose("Reprendre à l’étape 1").at("login")
        late.arrive("backup_email").see(late.backup)


@pytest.mark.parametrize(
    ("moment", "kind"),
    [("2026-11-04 23:59:57", "charter"), ("2026-11-05 00:00:00", "expired")],
    ids=["in time", "late"],
)
def test_a05_the_first_link_works_until_the_end_of_the_next_day(
    backend: BackendProcess, clock: MovedClock, tmp_path: Path, moment: str, kind: str
) -> None:
    with Traveller(backend, "P001", home=tmp_path, journey="activation-link") as person:
        person.at("activation_code")
        mail = person.mail(person.row["mail_secours"])
        clock.set(paris(moment))
        person.paste(mail.link).press("enter").at(kind)


@pytest.mark.parametrize(("cols", "rows"), SIZES, ids=str)
def test_a06_a_new_mail_ends_the_old_link(town: BackendProcess, tmp_path: Path, cols: int, rows: int) -> None:
    who = "P005" if cols == 80 else "P018"
    with Traveller(town, who, home=tmp_path, cols=cols, rows=rows, journey="activation-link") as person:
        theirs = person.row["mail_secours"]
        before = [mail for mail in town.mails() if mail.to == theirs]
        person.at("activation_code")
        person.choose("Je n’ai pas de code").at("activation_resend")
        person.fill(person.row["mail_institutionnel"]).at("link_sent")
        mail = person.mail(theirs, after=len(before))
        assert mail.subject == "Nouveau lien d’activation de votre compte UE"
        for old in before:
            assert "<form" not in town.open_link(old.link)
        if cols == 80:
            person.prove(theirs)
        else:
            person.type(mail.code.lower()).press("enter")
        person.at("charter")


def test_a07_nobody_learns_whether_an_address_has_an_account(town: BackendProcess, tmp_path: Path) -> None:
    pictures: list[list[str]] = []
    with Traveller(town, "P010", home=tmp_path, journey="activation-link") as person:
        sent = len(town.mails())
        person.at("activation_code")
        person.choose("Je n’ai pas de code").at("activation_resend")
        for address in (
            "personne.inconnue@univ-exemple.example",
            "aymeric.du-plessis-verdier@univ-exemple.example",  # active
            person.row["mail_institutionnel"],  # no backup address
        ):
            person.retype(address).at("link_sent")
            pictures.append([re.sub(r"\d+", "…", line) for line in person.lines])
            person.choose("Changer d’adresse").at("activation_resend")
    assert pictures[0] == pictures[1] == pictures[2]
    assert len(town.mails()) == sent
