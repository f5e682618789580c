"""The tools that acceptance tests walk with do what they promise, on the real backend and a real terminal."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.backend_process import BackendProcess, is_running
from tests.walking import PERRON, Walk

pytest_plugins = ["tests.terminal_fixtures"]

LOGIN = "p00000400013"


@pytest.mark.slow
def test_the_first_steps_of_a_letter_by_keyboard(
    town: BackendProcess, tmp_path_factory: pytest.TempPathFactory
) -> None:
    provisional = town.letter(LOGIN)
    command = [PERRON, "--backend", town.url, "--journey", "activation-letter", "--lang", "fr"]
    with Walk(command, home=tmp_path_factory.mktemp("home")) as walk:
        walk.see("nom de connexion")
        walk.type(LOGIN).press("enter").see("[Mm]ot de passe")
        walk.type(provisional).press("enter").see("mail de secours")
        walk.type("elodie@courriel.example").press("tab").type("elodie@courriel.example").press("enter")
        number = walk.see(r"sur la page : ([1-9]\d)").group(1)
        mail = town.newest_mail("elodie@courriel.example")
        assert mail.code
        town.open_link(mail.link, number)
        walk.see("charte")
        assert provisional.encode() not in walk.raw


@pytest.mark.slow
def test_a_killed_backend_is_told_and_gone_on_with(
    town: BackendProcess, tmp_path_factory: pytest.TempPathFactory
) -> None:
    command = [PERRON, "--backend", town.url, "--journey", "activation-letter", "--lang", "fr"]
    with Walk(command, home=tmp_path_factory.mktemp("home")) as walk:
        walk.see("nom de connexion")
        walk.type("p00000")
        walk.see("p00000")
        town.kill()
        walk.see("Connexion perdue", seconds=5)
        walk.see("p00000")
        town.start()
        walk.see_no_more("Connexion perdue", seconds=20)
        walk.type("400013").press("enter").see("[Mm]ot de passe provisoire")


@pytest.mark.slow
def test_the_embedded_demonstration_from_its_panel(tmp_path: Path) -> None:
    with Walk([PERRON, "--lang", "fr"], home=tmp_path) as walk:
        walk.see("Bienvenue", seconds=5)
        walk.see("F9", seconds=30)
        (backend,) = children_of(walk.pid)
        walk.press("enter").see("Étape 1 sur")
        walk.press("f9").see("Lefèvre")
        walk.press("enter").see_no_more("Qui essayer")
        walk.see("p00000400013")
        walk.press("enter").see("votre mot de passe provisoire")
        walk.press("f9").see("Lefèvre")
        walk.press("enter").see_no_more("Qui essayer")
        walk.press("enter").see("mail de secours")
        walk.type("elodie@courriel.example").press("tab").type("elodie@courriel.example").press("enter")
        walk.see("Numéro")
        walk.press("f9").see("elodie@courriel.example ·")
        walk.press("enter").see("Ouvrir le lien")
        walk.press("enter").see("charte")
        os.kill(backend, signal.SIGKILL)
        # It is started again behind the scenes, sooner than anything needs to be said about it.
        walk.press("space", "enter").see("annuaire public", seconds=20)
        (again,) = children_of(walk.pid)
        assert again != backend
        walk.press("f10").see("Quitter maintenant")
        walk.press("f10")
        assert walk.end() == 0  # how soon, test_terminal_leaving.py sees
        assert not is_running(again)


@pytest.mark.slow
def test_a_killed_wizard_leaves_no_backend(tmp_path: Path) -> None:
    with Walk([PERRON, "--lang", "fr"], home=tmp_path) as walk:
        walk.see("F9", seconds=30)
        (backend,) = children_of(walk.pid)
        walk.signal(signal.SIGKILL)
        walk.end()
        limit = time.monotonic() + 2
        while is_running(backend) and time.monotonic() < limit:
            time.sleep(0.02)
        assert not is_running(backend)


def children_of(pid: int) -> list[int]:
    """The processes that ``pid`` started and that still run."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    listed = " ".join((thread / "children").read_text() for thread in threads)
    return [int(child) for child in listed.split()]
