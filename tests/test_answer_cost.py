"""What an answer costs in the database, counted: it must not grow with the number of people, nor by carelessness."""

from api_client import contract
from api_client.contract import Act, Answer, AnyStep
from api_client.secret import Secret
from tests.backend_house import BackendHouse, Mail, letter
from tests.counting import MOST_STATEMENTS, Tally, walked

pytest_plugins = ["tests.house_fixtures", "tests.counting_fixtures"]

ADDRESS = "secours.1@example.org"
TWO_COMMITS = {"provisional_password", "link_sent"}
"""A try is counted, and that is kept, before it is weighed."""
ONE_HASH = {"provisional_password", "new_password"}


def answer_to(step: AnyStep, mail: Mail | None) -> Answer:
    login, password = letter("P001")
    match step:
        case contract.Login():
            return contract.LoginAnswer(login=login)
        case contract.ProvisionalPassword():
            return contract.ProvisionalPasswordAnswer(password=Secret(password))
        case contract.BackupEmail():
            return contract.BackupEmailAnswer(address=ADDRESS, confirmation=ADDRESS)
        case contract.LinkSent():
            assert mail, "the mail comes before its code"
            return contract.LinkSentAnswer(code=Secret(mail.code))
        case contract.Charter():
            return contract.CharterAnswer(accepted=True, sha256=step.sha256)
        case contract.PublicDirectory():
            return contract.PublicDirectoryAnswer(listed=False)
        case contract.Mailbox():
            return contract.MailboxAnswer()
        case contract.Redirection():
            return contract.RedirectionAnswer(redirect=False, address="", keep_copy=True)
        case contract.NewPassword():
            chosen = Secret("Cerisier-Bleu-42")
            return contract.NewPasswordAnswer(password=chosen, confirmation=chosen)
        case _:
            return Act(action="skip")


async def test_every_answer_of_an_activation_is_cheap(house: BackendHouse, tally: Tally) -> None:
    screen = await house.begun()
    seen: set[str] = set()
    scans: list[str] = []
    while screen.kind != "done":
        mail = await house.newest_mail(ADDRESS) if screen.kind == "link_sent" else None
        kind = screen.kind
        tally.empty()
        await screen.say(answer_to(screen.step, mail))
        seen.add(kind)
        assert len(tally.statements) <= MOST_STATEMENTS, (kind, [sql for sql, _ in tally.statements])
        assert tally.commits == (2 if kind in TWO_COMMITS else 1), kind
        assert tally.hashes == (kind in ONE_HASH), kind
        scans += walked(house.data, tally.statements)
    assert seen > ONE_HASH | TWO_COMMITS
    assert not scans, "a table is walked, which takes as long as it is"
