"""A-25 and A-26 of domain.md §18: who owns an active account changes its password and backup address by keyboard."""

from pathlib import Path

import pytest

from tests.backend_process import BackendProcess
from tests.traveller import PASSWORD, Traveller

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow

CHANGED = "Tilleul-Orange-73"


def test_a25_a26_a_password_and_a_backup_address_are_changed(town: BackendProcess, tmp_path: Path) -> None:
    with Traveller(town, "P001", home=tmp_path / "1") as person:
        login, former = person.row["login"], person.backup
        person.arrive("phone_pairing")
        person.pair()
        codes = person.recovery_codes()
        person.arrive("done").press("enter")
        assert person.end() == 0
    told = len([mail for mail in town.mails() if mail.to == former])
    assert town.verifies(login, PASSWORD) == 0

    with Traveller(town, "P001", home=tmp_path / "2", journey="my-account") as person:
        person.see("Qui êtes-vous")
        person.fill(login).see("Votre mot de passe")
        person.fill("Tilleul-Orange-37").see("incorrect")
        person.see_no_more("Un instant")
        person.fill(PASSWORD)
        person.see("ou code de secours")
        person.fill(codes[0])

        person.at("account_menu")
        person.press("down").see("› Changer mon mot de passe")
        person.send_it().see("Changer votre mot de passe")
        person.fill(CHANGED, CHANGED).see("Pensez à vos appareils", 20)
        assert town.verifies(login, CHANGED) == 0, "at once"
        assert town.verifies(login, PASSWORD) == 1
        changed = town.newest_mail(former, after=told)
        assert changed.subject == "Votre mot de passe UE a été modifié"
        person.send_it().at("account_menu")

        person.send_it().see("nouvelle adresse mail de secours")
        new = "nouvelle@courriel.example"
        person.fill(new, new).at("link_sent")
        warned = town.newest_mail(former, after=told + 1)
        assert not warned.link
        assert former in str(town.show(login)["backup_email"]), "not before the click"
        person.prove(new)
        person.at("account_menu")
        assert new in str(town.show(login)["backup_email"])

        person.press("end").see("› Terminer")
        person.send_it().see("C’est terminé")
        person.see("mot de passe")
        person.send_it()
        assert person.end() == 0
    assert not [mail.subject for mail in town.mails() if mail.to == new and "annul" in mail.subject]
