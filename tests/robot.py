"""A robot that plays one person of ``people.csv``: it looks at the kind of the step, and answers as the row says.

``Robot.walk`` goes on until the step that it is told to stop at, so that any test can begin where it matters.
"""

import subprocess
from dataclasses import dataclass
from datetime import datetime

from api_client import contract
from api_client.contract import Answer, AnyStep, Locale
from api_client.secret import Secret
from tests.backend_house import PEOPLE, BackendHouse, Screen, kind_of

PASSWORD = "Cerisier-Bleu-42"
_MOST_STEPS = 30
_OUTCOMES = {"done", "refused", "locked", "expired", "handed_over"}


@dataclass
class Robot:
    """One person at one screen. ``by_page``: opens links in a browser; else types the code of the mail."""

    house: BackendHouse
    screen: Screen
    person: str
    by_page: bool = True
    pairs: bool = False
    redirection: str | None = None
    """An address instead of the row's; empty for none."""

    @property
    def row(self) -> dict[str, str]:
        return PEOPLE[self.person]

    @property
    def is_vacataire(self) -> bool:
        return self.row["role"] == "vacataire"

    @property
    def backup(self) -> str:
        """The address of the row, or the one that somebody of whom HR knows none would type."""
        return self.row["mail_secours"] or f"{self.row['supannAliasLogin']}@example.org"

    @property
    def forwarding(self) -> str:
        """Where the row says that mail goes; empty for nowhere."""
        if self.redirection is not None:
            return self.redirection
        return {"aucune": "", "identique": self.backup, "differente": self.row["mail_redirection"]}[
            self.row["scenario_redirection"]
        ]

    @property
    def keeps_copy(self) -> bool:
        return self.row["garder_copie"] == "oui"

    async def walk(self, until: str = "done") -> AnyStep:
        """Answer step after step; stops at the kind ``until``, or at an end."""
        for _ in range(_MOST_STEPS):
            step = self.screen.step
            if kind_of(step) in {until, *_OUTCOMES}:
                return step
            assert not (step.errors and "" not in step.errors), f"{self.person}: {kind_of(step)} {step.errors}"
            await self.take(step)
        raise AssertionError(f"{self.person} does not get past {self.screen.kind}")

    async def take(self, step: AnyStep) -> None:
        """What this person does on this step."""
        match step:
            case contract.LinkSent():
                await self._prove(step)
            case contract.ActivationCode():
                if self.row["etat_initial"] == "lien_envoye":
                    mail = await self.house.newest_mail(self.backup)
                    await self.screen.say(contract.ActivationCodeAnswer(code=Secret(mail.code)))
                else:
                    await self.screen.act("resend")
            case contract.PhonePairing() if not self.pairs:
                await self.screen.act("skip")
            case contract.Redirection() if self.unticks_copy(step):
                await self.screen.say(self.answer(step))
                assert "keep_copy" in self.screen.step.errors, "unticking the copy asks once more"
                await self.screen.say(self.answer(step))
            case _:
                await self.screen.say(self.answer(step))

    def unticks_copy(self, step: contract.Redirection) -> bool:
        return bool(self.forwarding) and not step.mandatory and not self.keeps_copy

    def answer(self, step: AnyStep) -> Answer:
        """The answer of the row to a step that has but one."""
        match step:
            case contract.Charter():
                return contract.CharterAnswer(accepted=True, sha256=step.sha256)
            case contract.PhonePairing():
                assert step.offer, "a key is offered on arrival"
                return contract.PhonePairingAnswer(code=Secret(totp(step.offer.key.reveal(), self.house.clock())))
            case _:
                return self._known[type(step)]

    @property
    def _known(self) -> dict[type[AnyStep], Answer]:
        """What the row alone says, by the kind of the step."""
        row, password = self.row, Secret(PASSWORD)
        return {
            contract.Login: contract.LoginAnswer(login=row["login"]),
            contract.ProvisionalPassword: contract.ProvisionalPasswordAnswer(
                password=Secret(row["mdp_provisoire_test"] or "inconnu")
            ),
            contract.BackupEmail: contract.BackupEmailAnswer(address=self.backup, confirmation=self.backup),
            contract.ActivationResend: contract.ActivationResendAnswer(address=row["mail_institutionnel"]),
            contract.TakeOver: contract.TakeOverAnswer(here=True),
            contract.PublicDirectory: contract.PublicDirectoryAnswer(listed=row["annuaire_public"] == "oui"),
            contract.Mailbox: contract.MailboxAnswer(),
            contract.Redirection: contract.RedirectionAnswer(
                redirect=bool(self.forwarding), address=self.forwarding, keep_copy=self.keeps_copy
            ),
            contract.NewPassword: contract.NewPasswordAnswer(password=password, confirmation=password),
            contract.RecoveryCodes: contract.RecoveryCodesAnswer(kept=True),
        }

    async def _prove(self, step: contract.LinkSent) -> None:
        address = self.forwarding if step.purpose == "redirection" else self.backup
        mail = await self.house.newest_mail(address)
        if self.by_page:
            await self.house.press(mail, step.number)
            await self.screen.look()
        else:
            await self.screen.say(contract.LinkSentAnswer(code=Secret(mail.code)))


def totp(key: str, at: datetime) -> str:
    """What a phone would show: ``oathtool`` is another implementation than ours."""
    command = ["oathtool", "--totp", "--base32", "--now", f"{at:%Y-%m-%d %H:%M:%S} UTC", "-"]
    return subprocess.run(command, input=key, capture_output=True, text=True, check=True).stdout.strip()


async def robot(
    house: BackendHouse,
    person: str,
    until: str,
    *,
    journey: str = "activation-letter",
    locale: Locale = "fr",
    source: str = "192.0.2.1",
    redirection: str | None = None,
    pairs: bool = False,
) -> Robot:
    """That person at that step, everything before it done."""
    screen = await house.begun(journey, locale, source)
    one = Robot(house, screen, person, redirection=redirection, pairs=pairs)
    await one.walk(until)
    assert screen.kind == until, f"{person} is at {screen.kind} instead: {screen.step}"
    return one
