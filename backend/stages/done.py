"""The end: what was set up, what is still being prepared, where to go next (domain.md §6.8)."""

from api_client import contract
from backend.database.store import Transaction
from backend.house import House
from backend.journeys import JourneyStep
from backend.people.person import without_mailbox
from backend.situation import Situation
from backend.stages.stage import Stage, framed


class DoneStage(Stage[contract.Answer]):
    """Nothing is answered any more; the enrolment is completed on arrival."""

    kind = "done"
    words = frozenset({"title", "lead"})
    barrier = True
    returnable = False

    def needs(self, step: JourneyStep) -> frozenset[str]:
        return frozenset()

    async def enter(self, house: House, tx: Transaction, s: Situation, step: JourneyStep) -> object:
        s.record.status = "completed"
        return None

    def show(self, s: Situation, step: JourneyStep, once: object = None) -> contract.Done:
        institution, account, draft = s.library.institution, s.known, s.draft
        without = without_mailbox(account.person, institution.vacataires)
        opened = (*institution.services, *(() if without else (institution.mailbox_service,)))
        services = ", ".join(service.fill(s.record.locale, institution.names()) for service in opened)
        set_up = [
            s.say("opens", services=services),
            s.say("set_up_password"),
            s.say("set_up_backup", address=draft.backup_email),
            s.say("set_up_listed" if draft.listed else "set_up_unlisted"),
        ]
        if draft.redirection and draft.redirection.address:
            copied = draft.redirection.keep_copy and not without
            key = "set_up_redirection_copy" if copied else "set_up_redirection"
            set_up.append(s.say(key, address=draft.redirection.address))
        if draft.phone == "paired":
            set_up.append(s.say("set_up_phone"))
        address = account.person.institutional_email
        facts = [contract.CardLine(s.say("your_login"), account.login)]
        if not without:
            facts.append(contract.CardLine(s.say("your_address"), address))
        return contract.Done(
            facts=tuple(facts),
            set_up=tuple(set_up),
            in_preparation=() if without else (s.say("preparing_mailbox", address=address),),
            next_url=institution.portal_url,
            **framed(s, step),
        )
