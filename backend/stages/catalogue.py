"""Every stage by its kind, and the check that a journey asks nothing of them that they cannot do."""

from pathlib import Path
from typing import Any

from msgspec import structs

from backend.journeys import Journey, JourneyError, JourneyStep, Library, When
from backend.stages.activation_code import ActivationCodeStage
from backend.stages.activation_resend import ActivationResendStage
from backend.stages.assistance_contact import AssistanceContactStage
from backend.stages.assistance_identity import AssistanceIdentityStage
from backend.stages.assistance_message import AssistanceMessageStage
from backend.stages.assistance_subject import AssistanceSubjectStage
from backend.stages.backup_email import BackupEmailStage
from backend.stages.charter import CharterStage
from backend.stages.consent import ConsentStage
from backend.stages.current_password import CurrentPasswordStage
from backend.stages.device_confirmation import DeviceConfirmationStage
from backend.stages.devices import DevicesStage
from backend.stages.done import DoneStage
from backend.stages.establishment import EstablishmentStage
from backend.stages.establishment_choice import EstablishmentChoiceStage
from backend.stages.idcc import IdccStage
from backend.stages.identity import IdentityStage
from backend.stages.link_sent import LinkSentStage
from backend.stages.login import LoginStage
from backend.stages.mailbox import MailboxStage
from backend.stages.member_number import MemberNumberStage
from backend.stages.menu import MenuStage
from backend.stages.new_password import NewPasswordStage
from backend.stages.notice import NoticeStage
from backend.stages.outcomes import ExpiredStage, HandedOverStage, LockedStage, RefusedStage, TakeOverStage
from backend.stages.pending import PendingStage
from backend.stages.phone_pairing import PhonePairingStage
from backend.stages.provisional_password import ProvisionalPasswordStage
from backend.stages.public_directory import PublicDirectoryStage
from backend.stages.recovery_codes import RecoveryCodesStage
from backend.stages.redirection import RedirectionStage
from backend.stages.second_factor import SecondFactorStage
from backend.stages.sign_in import SignInStage
from backend.stages.stage import Stage
from backend.stages.topics import TopicsStage

AnyStage = Stage[Any]

STAGES: dict[str, AnyStage] = {
    stage.kind: stage
    for stage in (
        LoginStage(),
        ProvisionalPasswordStage(),
        ActivationCodeStage(),
        ActivationResendStage(),
        BackupEmailStage(),
        LinkSentStage(),
        CharterStage(),
        PublicDirectoryStage(),
        MailboxStage(),
        RedirectionStage(),
        NewPasswordStage(),
        PhonePairingStage(),
        RecoveryCodesStage(),
        CurrentPasswordStage(),
        SecondFactorStage(),
        SignInStage(),
        DeviceConfirmationStage(),
        DevicesStage(),
        PendingStage(),
        IdentityStage(),
        ConsentStage(),
        TopicsStage(),
        EstablishmentStage(),
        EstablishmentChoiceStage(),
        MemberNumberStage(),
        IdccStage(),
        MenuStage(),
        NoticeStage(),
        AssistanceSubjectStage(),
        AssistanceContactStage(),
        AssistanceMessageStage(),
        AssistanceIdentityStage(),
        DoneStage(),
    )
}
"""Those that a journey may name."""

OUTCOMES: dict[str, AnyStage] = {
    stage.kind: stage for stage in (TakeOverStage(), RefusedStage(), LockedStage(), ExpiredStage(), HandedOverStage())
}
"""Those that stand outside of every journey."""

FACTS = {
    "name": "somebody who said their name",
    "person": "somebody who proved who they are",
    "address": "an address of theirs",
    "signed_in": "somebody who signed in at the identity provider",
    "identity": "somebody who said who they are",
    "establishment": "the establishment that they named",
    "subject": "what their request is about",
    "contact": "how to reach them",
    "request": "a request that was described",
}
"""What a step may need, as the mistakes of an institution's file say it."""
_KEYS = {"mandatory": False, "pairs": "totp", "hidden": False, "awaits": None}
"""Keys that only some kinds know, and what they are where nobody says them."""


def stage_of(step: JourneyStep) -> AnyStage:
    return STAGES[step.kind].of(step) if step.kind in STAGES else OUTCOMES[step.kind]


def offered(library: Library, *, has_issuer: bool) -> Library:
    """The doors that can be opened here: without an identity provider, not those that need one."""
    journeys = {id: one for id, one in library.journeys.items() if has_issuer or not _signs_in(one)}
    return structs.replace(library, journeys=journeys)


def _signs_in(journey: Journey) -> bool:
    return any("signed_in" in stage_of(step).gives for step in journey.steps)


def check_library(library: Library, folder: Path) -> None:
    """Raises JourneyError, with the path of the first thing in a journey that cannot be."""
    for journey in library.journeys.values():
        places: set[str] = set()
        for position, step in enumerate(journey.steps):
            where = _where(folder, journey, position)
            if step.kind not in STAGES:
                raise JourneyError(f"{where}: no step is called `{step.kind}`; there are {', '.join(sorted(STAGES))}.")
            if step.place in places:
                raise JourneyError(f"{where}: `{step.place}` was said before; give this step an `id` of its own.")
            places.add(step.place)
            if step.kind == "pending" and step.awaits not in PendingStage.awaited:
                raise JourneyError(f"{where}: `pending` needs `awaits`: one of {', '.join(PendingStage.awaited)}.")
            _check_keys(step, where)
            _check_words(library, journey, step, where)
        _check_order(journey, folder)
        _check_branches(journey, folder)
        if not journey.steps or (end := journey.steps[-1]).kind != "done" or end.when != When() or end.branch:
            raise JourneyError(f"{folder}: journey `{journey.id}` must end with a step of kind `done`, for everybody.")


def _where(folder: Path, journey: Journey, position: int) -> str:
    return f"{folder}: journey `{journey.id}`, at `$.steps[{position}]`"


def _check_order(journey: Journey, folder: Path) -> None:
    """Each step finds what it needs before it, and what it leads to after it, or people would be left half way."""
    known: set[str] = set()
    for position, step in enumerate(journey.steps):
        where, stage = _where(folder, journey, position), stage_of(step)
        if missing := sorted(stage.needs(step) - known):
            givers = sorted(kind for kind, other in STAGES.items() if missing[0] in other.gives)
            raise JourneyError(
                f"{where}: `{step.kind}` needs {FACTS[missing[0]]}; one of these must stand before it: "
                f"{', '.join(givers)}."
            )
        known |= stage.gives_of(step)
        if step.id and stage.later_of(step) and step.kind in ("backup_email", "activation_resend"):
            raise JourneyError(f"{where}: `{step.kind}` has no `id`: people are led back to it by its kind.")
        for wanted in stage.later_of(step):
            kind, _, what = wanted.partition(":")
            after = (
                one
                for one in journey.steps[position + 1 :]
                if one.kind == kind and _is_for_all_of(step.when, one.when) and what in ("", one.purpose, one.awaits)
            )
            if not any(True for _ in after):
                told = f'{kind}` for `"{what}"' if what else f"{kind}"
                raise JourneyError(f"{where}: `{step.kind}` needs a step `{told}` after it, for the same people.")


def _is_for_all_of(people: When, wider: When) -> bool:
    """Whether ``wider`` leaves out nobody of ``people``."""
    return all(getattr(wider, name) in (None, getattr(people, name)) for name in When.__struct_fields__)


def _check_branches(journey: Journey, folder: Path) -> None:
    """A branch hangs below a menu, and a menu has branches."""
    menu: JourneyStep | None = None
    branches: set[str] = set()
    for position, step in enumerate(journey.steps):
        where = _where(folder, journey, position)
        if step.branch and menu is None:
            raise JourneyError(f"{where}: a `branch` belongs below a step of kind `menu`.")
        if step.kind == "menu" or (position == len(journey.steps) - 1 and menu):
            if menu and not branches:
                raise JourneyError(f"{where}: the `menu` before it has no step with a `branch`.")
            menu, branches = step, set()
        branches |= {step.branch} - {""}


def _check_keys(step: JourneyStep, where: str) -> None:
    stage = stage_of(step)
    for key, default in _KEYS.items():
        if getattr(step, key) != default and key not in stage.keys:
            raise JourneyError(f"{where}: `{key}` means nothing for `{step.kind}`.")
    if step.purpose and step.purpose not in stage.purposes:
        known = f"; there are {', '.join(stage.purposes)}" if stage.purposes else ""
        raise JourneyError(f"{where}: the `purpose` `{step.purpose}` means nothing for `{step.kind}`{known}.")
    if step.kind == "link_sent" and not step.purpose:
        raise JourneyError(f"{where}: `link_sent` needs a `purpose`: one of {', '.join(stage.purposes)}.")


def _check_words(library: Library, journey: Journey, step: JourneyStep, where: str) -> None:
    stage, said = stage_of(step), library.step_words(step)
    if missing := stage.words_of(journey, step) - said.keys():
        raise JourneyError(f"{where}: the words {', '.join(sorted(missing))} of `{step.place}` are missing.")
    allowed = stage.names | set(library.institution.names())
    for word, text in said.items():
        try:
            unknown = text.names() - allowed
        except ValueError as error:
            raise JourneyError(f"{where}: the word `{word}`: {error}.") from error
        if unknown:
            raise JourneyError(f"{where}: the word `{word}` calls `{{{min(unknown)}}}`, which nothing is called here.")
