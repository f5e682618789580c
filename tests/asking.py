"""Somebody who asks for help without an account: what they would type, screen by screen."""

from dataclasses import dataclass

from api_client import contract
from api_client.contract import Answer, AnyStep, Locale
from api_client.secret import Secret
from backend.assistance.request import WAITING, Request, list_requests
from tests.backend_house import PEOPLE, BackendHouse, Screen, kind_of

DESK = "assistance@univ-exemple.example"
NOBODY = "camille.personne@univ-exemple.example"
"""No account has that address."""
STORY = "Depuis ce matin, l’ENT refuse mon mot de passe.\nJ’avais cliqué sur un lien étrange."


@dataclass
class Caller:
    """One person of ``people.csv``, or anybody, at one screen."""

    screen: Screen
    profile: str
    institutional: str
    personal: str
    identity: str
    telephone: str = "06 39 98 19 33"
    text: str = STORY
    motive: str = "blocked"

    @property
    def step(self) -> AnyStep:
        return self.screen.step

    async def ask(self, until: str = "done") -> AnyStep:
        """Answer screen after screen; stops at the kind ``until``, or where an answer was not taken."""
        while self.screen.kind not in (until, "done"):
            before = self.screen.kind
            await self.screen.say(self.answer(self.step))
            if self.screen.kind == before:
                break
        return self.step

    def answer(self, step: AnyStep) -> Answer:
        answers: dict[str, Answer] = {
            "notice": contract.NoticeAnswer(),
            "assistance_subject": contract.AssistanceSubjectAnswer(motive=self.motive, profile=self.profile),
            "assistance_contact": contract.AssistanceContactAnswer(
                institutional=self.institutional, personal=self.personal, telephone=self.telephone
            ),
            "assistance_message": contract.AssistanceMessageAnswer(text=self.text),
            "assistance_identity": contract.AssistanceIdentityAnswer(value=Secret(self.identity)),
        }
        return answers[kind_of(step)]

    @property
    def number(self) -> str:
        """Of the request, as the last screen shows it."""
        assert isinstance(self.step, contract.Done), self.step
        return self.step.facts[0].value


async def caller(
    house: BackendHouse, person: str = "P009", *, locale: Locale = "fr", source: str = "192.0.2.1", **said: str
) -> Caller:
    """That person, just arrived at the form; ``said``: what they would type otherwise."""
    row = PEOPLE[person]
    student = row["role"] == "etudiant"
    typed = {
        "profile": "student" if student else "staff",
        "institutional": row["mail_institutionnel"],
        "personal": row["mail_secours"],
        "identity": row["ine"] if student else "/".join(reversed(row["date_naissance"].split("-"))),
    }
    return Caller(await house.begun("assistance", locale, source), **(typed | said))


async def requests_kept(house: BackendHouse) -> list[Request]:
    """Every request that is waiting, the oldest first."""
    async with house.house.store.read() as connection:
        return await list_requests(connection, WAITING)
