"""What the last screen tells: of an activation what was set up, of a later visit what was changed, of a request its
number (domain.md §6.8, §7)."""

from dataclasses import dataclass

from api_client.contract import CardLine
from backend.fields import siret, telephone
from backend.people.person import without_mailbox
from backend.situation import Situation


@dataclass(frozen=True)
class Summary:
    """As ``contract.Done`` has it."""

    facts: tuple[CardLine, ...] = ()
    set_up: tuple[str, ...] = ()
    in_preparation: tuple[str, ...] = ()
    next_url: str = ""


def summarise(s: Situation) -> Summary:
    """Of the enrolment that ends."""
    if s.claim.assistance.number:
        return _of_a_request(s)
    if not s.claim.activated:
        return _of_a_visit(s)
    return _of_a_registration(s) if s.known.realm == "portal" else _of_an_activation(s)


def _of_a_request(s: Situation) -> Summary:
    """Its number, and where its owner will be called; the same whoever they are (domain.md §3.3)."""
    asking = s.claim.assistance
    return Summary(
        facts=(
            CardLine(s.say("request_number"), asking.number),
            CardLine(s.say("request_telephone"), telephone.displayed(asking.telephone)),
        )
    )


def _of_a_registration(s: Situation) -> Summary:
    """The login, the establishments, and which of them an agent will look at first (domain.md §8.8)."""
    said, operator = s.draft.registration, s.library.institution.operator
    called = {one.siret: f"{one.name} {siret.displayed(one.siret)}".strip() for one in said.standing}
    given = (s.say("portal_support_given"),) if said.support_consent else ()
    return Summary(
        facts=(
            CardLine(s.say("your_login"), s.known.login),
            *(CardLine(s.say("portal_establishment"), called[one.siret]) for one in said.standing),
        ),
        set_up=(s.say("portal_opens"), s.say("portal_password"), *given),
        in_preparation=tuple(
            s.say("portal_to_review", establishment=called[one.siret])
            for one in said.standing
            if one.state != "attached"
        ),
        next_url=operator.space_url if operator else "",
    )


def _of_an_activation(s: Situation) -> Summary:
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
    facts = [CardLine(s.say("your_login"), account.login)]
    if not without:
        facts.append(CardLine(s.say("your_address"), address))
    return Summary(
        facts=tuple(facts),
        set_up=tuple(set_up),
        in_preparation=() if without else (s.say("preparing_mailbox", address=address),),
        next_url=institution.portal_url,
    )


def _of_a_visit(s: Situation) -> Summary:
    """What was changed; a journey without an account may have nothing to tell but its words."""
    if s.account is None:
        return Summary()
    changed = tuple(s.say(f"changed_{what}") for what in s.claim.changed) or (s.say("changed_nothing"),)
    return Summary(facts=(CardLine(s.say("your_login"), s.account.login),), set_up=changed)
