"""What agents do with a request: every row of ``transitions.csv`` of the assistance, and the commands they do it by."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from api_client import contract
from api_client.secret import Secret
from backend.assistance import desk
from backend.assistance.desk import ActRefused, UnknownRequest
from backend.assistance.identity import Agreement
from backend.assistance.number import number_of
from backend.assistance.request import Request, find_request
from backend.commands.assistance import ACTS
from backend.database.tables import accounts, assistance, audit, proofs
from backend.mistakes import Mistake
from backend.recovery import NotRecoverable
from tests.asking import DESK, NOBODY, caller
from tests.backend_house import PEOPLE, BackendHouse
from tests.commanding import run, run_outside
from tests.transitions import Row, Walks, rows

pytest_plugins = ["tests.house_fixtures"]

BLOCKED, BLOCKED_STUDENT, ACTIVE, NEW = "P009", "P053", "P003", "P001"
walks = Walks()
row = walks.row


@pytest.mark.parametrize("transition", rows("assistance"), ids=str)
async def test_the_row_is_walked(house: BackendHouse, transition: Row) -> None:
    await walks.walk(transition, house)


def test_every_walk_has_a_row() -> None:
    assert walks.idle("assistance") == set()


async def submitted(house: BackendHouse, person: str = BLOCKED, *acts: str, **said: Any) -> str:
    """The number of that person's request, after these acts of an agent."""
    one = await caller(house, person, **said)
    await one.ask()
    for name in acts:
        await act(house, name, one.number)
    return one.number


async def act(house: BackendHouse, name: str, number: str) -> Request:
    async with house.house.store.write() as tx:
        return await ACTS[name](house.house, tx, number)


async def request_of(house: BackendHouse, number: str) -> Request:
    async with house.house.store.read() as connection:
        found = await find_request(connection, number)
    assert found
    return found


async def agreement(house: BackendHouse, number: str) -> Agreement:
    async with house.house.store.read() as connection:
        return await desk.weigh_identity(house.house, connection, await desk.open_request(connection, number))


async def results(house: BackendHouse, number: str) -> list[tuple[str, str]]:
    """What the audit keeps of the request."""
    query = audit.select().where(audit.c.subject == number).order_by(audit.c.seq)
    async with house.house.store.read() as connection:
        return [(one.action, one.result) for one in await connection.execute(query)]


# --------------------------------------------------------------------------------------------------------- transitions


@row("assistance", "DRAFT", "submit")
async def a_request_is_submitted(house: BackendHouse) -> None:
    number = await submitted(house)
    assert (await request_of(house, number)).state == "submitted"
    assert number in (await house.newest_mail(PEOPLE[BLOCKED]["mail_secours"])).subject


@row("assistance", "SUBMITTED", "agent_takes")
async def an_agent_takes_it(house: BackendHouse) -> None:
    number = await submitted(house)
    house.clock.move(minutes=5)
    request = await act(house, "take", number)
    assert (request.state, request.taken_at) == ("callback", house.clock())
    assert ("assistance.taken", "ok") in await results(house, number)


@row("assistance", "CALLBACK", "identity_ok")
async def the_right_person_answers(house: BackendHouse) -> None:
    for person in (BLOCKED, BLOCKED_STUDENT):
        number = await submitted(house, person, "take")
        assert await agreement(house, number) is Agreement.AGREES
        assert (await act(house, "agree", number)).state == "unlocking"


@row("assistance", "CALLBACK", "identity_ko")
async def somebody_else_answers(house: BackendHouse) -> None:
    number = await submitted(house, BLOCKED, "take", identity="30/10/1963")
    assert await agreement(house, number) is Agreement.DIFFERS
    with pytest.raises(ActRefused, match="does not agree"):
        await act(house, "agree", number)
    request = await act(house, "differ", number)
    assert (request.state, request.closed_at) == ("rejected", house.clock())
    assert ("assistance.closed", "differs") in await results(house, number)
    assert (await house.account(PEOPLE[BLOCKED]["login"])).status == "locked"


@row("assistance", "CALLBACK", "no_answer")
async def nobody_answers(house: BackendHouse) -> None:
    number = await submitted(house, BLOCKED, "take")
    for calls in (1, 2):
        request = await act(house, "no-answer", number)
        assert (request.state, request.calls) == ("callback", calls)
    before = len(await house.mails(PEOPLE[BLOCKED]["mail_secours"]))
    request = await act(house, "no-answer", number)
    assert (request.state, request.calls, request.closed_at) == ("closed", 3, house.clock())
    mails = await house.mails(PEOPLE[BLOCKED]["mail_secours"])
    assert len(mails) == before + 1
    assert f"n° {number} : nous n’avons pas pu vous joindre" in mails[-1].subject


@row("assistance", "UNLOCKING", "unlock")
async def the_account_opens_again(house: BackendHouse) -> None:
    """To the verified backup address, whatever the form says, and only by a new password."""
    number = await submitted(house, BLOCKED, "take", "agree", personal="autre@example.org")
    assert (await act(house, "unlock", number)).state == "closed"
    link = await house.newest_mail(PEOPLE[BLOCKED]["mail_secours"])
    assert "nouveau mot de passe" in link.subject
    assert [mail.subject for mail in await house.mails("autre@example.org")] == [
        f"Votre demande d’assistance n° {number}"
    ]
    account = await house.account(PEOPLE[BLOCKED]["login"])
    assert account.status == "unlocking", "the former password stays shut"

    screen = await house.begun("recovery")
    assert isinstance(screen.step, contract.ActivationCode)
    await screen.say(contract.ActivationCodeAnswer(code=Secret(link.code)))
    assert isinstance(screen.step, contract.NewPassword)
    password = Secret("Cerisier-Bleu-42")
    await screen.say(contract.NewPasswordAnswer(password=password, confirmation=password))
    assert screen.kind == "done"
    assert (await house.account(PEOPLE[BLOCKED]["login"])).status == "active"


# ------------------------------------------------------------------------------------------------- what is not possible


async def test_no_act_out_of_its_place(house: BackendHouse) -> None:
    """Each act on each state: only the rows of the file go through, and ``close`` where an agent has called."""
    allowed = {
        "submitted": {"take"},
        "callback": {"agree", "differ", "no-answer", "close"},
        "unlocking": {"unlock", "close"},
        "rejected": set(),
        "closed": set(),
    }
    number = await submitted(house)
    for state, acts in allowed.items():
        for name in ACTS.keys() - acts:
            async with house.house.store.write() as tx:
                await tx.connection.execute(update(assistance).values(state=state))
            with pytest.raises(ActRefused) as refused:
                await act(house, name, number)
            assert number in refused.value.french
            assert (await request_of(house, number)).state == state
    assert len(await results(house, number)) == 1, "what was refused is not in the audit as done"


async def test_nobody_without_an_account_is_agreed_with(house: BackendHouse) -> None:
    number = await submitted(house, BLOCKED, "take", institutional=NOBODY)
    assert await agreement(house, number) is Agreement.UNKNOWN
    with pytest.raises(ActRefused):
        await act(house, "agree", number)


async def test_an_identity_of_the_other_kind_does_not_agree(house: BackendHouse) -> None:
    """Somebody of the staff who says that they are a student: HR has no INE of theirs."""
    number = await submitted(house, BLOCKED, "take", profile="student", identity=PEOPLE[BLOCKED_STUDENT]["ine"])
    assert await agreement(house, number) is Agreement.UNKNOWN


async def test_an_account_that_was_never_activated_is_helped_otherwise(house: BackendHouse) -> None:
    number = await submitted(house, NEW, "take", "agree", motive="activation")
    with pytest.raises(NotRecoverable, match="never activated"):
        await act(house, "unlock", number)
    assert (await request_of(house, number)).state == "unlocking", "nothing happened"
    assert (await act(house, "close", number)).state == "closed"
    assert ("assistance.closed", "helped") in await results(house, number)


async def test_an_account_that_is_gone_meanwhile(house: BackendHouse) -> None:
    number = await submitted(house, BLOCKED, "take", "agree")
    async with house.house.store.write() as tx:
        await tx.connection.execute(
            update(accounts)
            .where(accounts.c.login == PEOPLE[BLOCKED]["login"])
            .values(institutional_email="autre.nom@univ-exemple.example")
        )
    with pytest.raises(ActRefused, match="no account"):
        await act(house, "unlock", number)


async def test_an_active_account_gets_its_link_too(house: BackendHouse) -> None:
    """The second motive: the link was never received."""
    number = await submitted(house, ACTIVE, "take", "agree", motive="link")
    await act(house, "unlock", number)
    account = await house.account(PEOPLE[ACTIVE]["login"])
    assert account.status == "active", "who was not locked is not"
    assert await house.count(proofs, proofs.c.account_id == account.id, proofs.c.purpose == "recovery") == 1


async def test_numbers_that_are_none(house: BackendHouse) -> None:
    for typed, told in (("A-2026-00042-6", "a digit is wrong"), (number_of(2026, 42), "no request"), ("", "is not")):
        with pytest.raises(UnknownRequest, match=told) as unknown:
            await act(house, "take", typed)
        assert isinstance(unknown.value, Mistake)
        assert unknown.value.exit_status == 2


# ------------------------------------------------------------------------------------------------------------ commands


@pytest.mark.slow
async def test_an_agent_does_it_all_by_command(house: BackendHouse) -> None:
    wrong = await submitted(house, BLOCKED_STUDENT, identity="9900000123Z")
    number = await submitted(house, BLOCKED)

    def said(*arguments: str, status: int = 0, lang: str = "fr_FR.UTF-8") -> str:
        done = run_outside("assistance", *arguments, "--data", house.data, lang=lang)
        assert done.returncode == status, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout if status == 0 else done.stderr

    listed = said("list").splitlines()
    assert [line.split(" · ")[0] for line in listed] == [wrong, number]
    assert "déposée · Personnel · compte bloqué ou verrouillé" in listed[1]
    assert "@" not in "".join(listed)

    shown = said("show", number.replace("-", " ").lower())
    assert "Date de naissance : concorde" in shown
    assert "Compte : bloqué" in shown
    assert "Téléphone : 06 39 98 19 33" in shown
    assert "> J’avais cliqué sur un lien étrange." in shown
    assert "1963" not in shown
    shown = said("show", wrong, lang="en_GB.UTF-8")
    assert "INE: does not agree" in shown
    assert "9900000" not in shown

    assert "déposée" in said("agree", number, status=1)
    assert "Téléphone : 06 39 98 19 33" in said("take", number)
    assert "Appels sans réponse : 1" in said("no-answer", number)
    assert said("agree", number) == f"{number} · identité confirmée\n"
    assert said("unlock", number) == f"{number} · close\n"
    assert "nouveau mot de passe" in (await house.newest_mail(PEOPLE[BLOCKED]["mail_secours"])).subject
    assert [line.split(" · ")[0] for line in said("list").splitlines()] == [wrong]
    said("take", wrong)
    assert said("differ", wrong) == f"{wrong} · rejetée\n"
    assert said("list") == ""
    assert "un chiffre est faux" in said("show", "A-2026-00001-1", status=2)
    assert run_outside("audit", "verify", "--data", house.data).returncode == 0


@pytest.mark.slow
def test_the_commands_explain_themselves(tmp_path: Path) -> None:
    assert "Montre qui attend un appel." in run("assistance", "--help").stdout
    assert "Shows who waits for a call." in run("assistance", "--help", lang="en_GB.UTF-8").stdout
    assert "--help" in run("assistance").stderr
    assert str(tmp_path / "none") in run("assistance", "list", "--data", tmp_path / "none").stderr


async def test_the_ticket_names_the_command(house: BackendHouse) -> None:
    number = await submitted(house)
    ticket = " ".join((await house.newest_mail(DESK)).text.split())
    assert f"perron-backend assistance show {number}" in ticket
