"""Appear in the public directory, or not: unticked is no (domain.md §6.2; SUPANN's supannListeRouge is the inverse)."""

from api_client import contract
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.amendments import amend
from backend.stages.stage import Onward, Outcome, Stage, framed


class PublicDirectoryStage(Stage[contract.PublicDirectoryAnswer]):
    """Shows the very card that would be public."""

    kind = "public_directory"
    changes = True
    words = frozenset(
        {
            "title",
            "lead",
            "label",
            "note",
            "card_name",
            "card_position",
            "card_component",
            "card_telephone",
            "card_address",
        }
    )

    def finished(self, s: Situation, step: JourneyStep) -> bool:
        return s.draft.listed is not None

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.PublicDirectory:
        wording, person = s.wording(step), s.known.person
        lines = {
            "name": person.full_name,
            "position": person.position,
            "component": person.component,
            "telephone": person.telephone,
            "address": person.institutional_email,
        }
        return contract.PublicDirectory(
            label=wording("label"),
            note=wording("note"),
            card=tuple(contract.CardLine(wording(f"card_{name}"), value) for name, value in lines.items() if value),
            listed=bool(s.draft.listed),
            **framed(s, step),
        )

    async def take(
        self,
        house: House,
        tx: Transaction,
        s: Situation,
        step: JourneyStep,
        answer: contract.PublicDirectoryAnswer,
        weighed: None,
    ) -> Outcome:
        s.known.draft.listed = answer.listed
        result = "listed" if answer.listed else "unlisted"
        await house.audit.record(
            tx, actor="person", subject=s.known.id, action="directory.choice", channel="tui", result=result
        )
        return Onward(notice=await amend(house, tx, s, "directory", listed=answer.listed))
