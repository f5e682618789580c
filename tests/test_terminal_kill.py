"""kill -9 of the backend on every screen: the person is told within five seconds, keeps what they typed, and goes on.

And no half-done account comes of it, and no second mail with another link.
"""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.backend_process import BackendProcess
from tests.outliving import TOLD_WITHIN, outlives_a_kill
from tests.test_walking import children_of
from tests.traveller import PASSWORD, MakeBackend, Traveller, one_time_code
from tests.walking import PERRON

pytest_plugins = ["tests.terminal_fixtures"]
pytestmark = pytest.mark.slow


@pytest.fixture
def backend(make_backend: MakeBackend) -> Iterator[BackendProcess]:
    backend = make_backend()
    backend.start()
    yield backend
    backend.kill()


def test_the_letter_on_every_screen(backend: BackendProcess, tmp_path: Path) -> None:
    with Traveller(backend, "P013", home=tmp_path) as person:
        login, forwarded = person.row["login"], person.row["mail_redirection"]

        def wait_at(
            kind: str, typed: str = "", seen: str | None = None, then: Callable[[], object] | None = None
        ) -> None:
            person.at(kind)
            person.type(typed)
            person.see(typed if seen is None else seen)
            outlives_a_kill(backend, person, still=typed if seen is None else seen)
            (then or person.send_it)()

        wait_at("login", login)
        wait_at("provisional_password", person.row["mdp_provisoire_test"], seen="•" * 14)
        wait_at("backup_email", person.backup, then=lambda: person.press("tab").type(person.backup).press("enter"))
        first = person.number()
        wait_at("link_sent", "ABCD-", then=lambda: backend.open_link(person.mail().link, first))
        wait_at("charter", " ", seen=r"\[x\]")
        wait_at("public_directory", " ", seen=r"\[x\]")
        wait_at("mailbox")
        wait_at("redirection", " ", seen=r"\[x\]", then=lambda: person.press("tab").retype(forwarded))
        second = person.number()
        wait_at("link_sent", then=lambda: backend.open_link(person.mail(forwarded).link, second))
        assert backend.show(login)["status"] == "inactive"

        person.at("new_password")
        person.fill(PASSWORD, PASSWORD)
        backend.kill()  # while the answer itself is on its way
        person.see("Connexion perdue|Un instant", seconds=TOLD_WITHIN)
        backend.start()
        person.at("phone_pairing", seconds=30)

        key = person.key()
        wait_at("phone_pairing", seen=key[:4], then=lambda: person.fill(one_time_code(key)))
        codes = person.recovery_codes()
        wait_at("recovery_codes", " ", seen=codes[9])
        person.at("done")
        person.press("enter")
        assert person.end() == 0
    shown = backend.show(login)
    assert (shown["status"], shown["second_factor"], shown["listed"]) == ("active", "totp", True)
    assert shown["redirection"]["address"] == forwarded
    mails = [mail for mail in backend.mails() if mail.to in (person.backup, forwarded)]
    assert len([mail for mail in mails if mail.link]) == 2, "one link for each address"
    assert len([mail for mail in mails if not mail.link]) == 1, "the news that it is active, once"


def test_the_link_on_every_screen_and_the_door(backend: BackendProcess, tmp_path: Path) -> None:
    command = [PERRON, "--backend", backend.url, "--lang", "fr"]
    with (
        Traveller(backend, "P005", home=tmp_path / "1", journey="activation-link") as person,
        Traveller(backend, "P002", home=tmp_path / "2", command=command) as other,
    ):
        other.at("welcome")
        person.at("activation_code")
        person.type("ABCD-EF").see("ABCD-EF")
        backend.kill()
        other.press("enter").see("Connexion perdue", seconds=TOLD_WITHIN)
        person.see("Connexion perdue", seconds=TOLD_WITHIN)
        backend.start()
        other.at("login", seconds=25)
        person.see_no_more("Connexion perdue", seconds=25)
        person.see("ABCD-EF")
        person.choose("Je n’ai pas de code").at("activation_resend")
        person.type("loic.l").see("loic.l")
        outlives_a_kill(backend, person, other, still="loic.l")
        person.retype(person.row["mail_institutionnel"]).at("link_sent")
        theirs = person.row["mail_secours"]
        sent = [mail for mail in backend.mails() if mail.to == theirs]
        person.mail(theirs)
        outlives_a_kill(backend, person, still=person.number())
        person.prove(theirs)
        person.at("charter")
        assert len([mail for mail in backend.mails() if mail.to == theirs]) <= len(sent) + 1


def test_the_demonstration_brings_its_own_backend_back(tmp_path: Path) -> None:
    backend = BackendProcess(tmp_path / "perron" / "data" / "demonstration")
    command = [PERRON, "--lang", "fr", "--journey", "activation-letter"]
    with Traveller(backend, "P008", home=tmp_path, command=command) as person:
        person.at("login", seconds=40)
        person.type("p000").see("p000")
        (child,) = children_of(person.pid)
        os.kill(child, signal.SIGKILL)
        person.type("00400104").see("p00000400104")
        person.press("enter").at("provisional_password", seconds=30)
        person.arrive("charter")
        person.press("f10", "f10")
        assert person.end() == 0
