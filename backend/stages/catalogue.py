"""Every stage by its kind, and the check that a journey asks nothing of them that they cannot do."""

from pathlib import Path
from typing import Any

from backend.journeys import Journey, JourneyError, JourneyStep, Library, Purpose, When
from backend.stages.activation_code import ActivationCodeStage
from backend.stages.activation_resend import ActivationResendStage
from backend.stages.backup_email import BackupEmailStage
from backend.stages.charter import CharterStage
from backend.stages.done import DoneStage
from backend.stages.link_sent import LinkSentStage
from backend.stages.login import LoginStage
from backend.stages.mailbox import MailboxStage
from backend.stages.new_password import NewPasswordStage
from backend.stages.outcomes import ExpiredStage, HandedOverStage, LockedStage, RefusedStage, TakeOverStage
from backend.stages.phone_pairing import PhonePairingStage
from backend.stages.provisional_password import ProvisionalPasswordStage
from backend.stages.public_directory import PublicDirectoryStage
from backend.stages.recovery_codes import RecoveryCodesStage
from backend.stages.redirection import RedirectionStage
from backend.stages.stage import Stage

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
        DoneStage(),
    )
}
"""Those that a journey may name."""

OUTCOMES: dict[str, AnyStage] = {
    stage.kind: stage for stage in (TakeOverStage(), RefusedStage(), LockedStage(), ExpiredStage(), HandedOverStage())
}
"""Those that stand outside of every journey."""

_MANDATORY = frozenset({"redirection", "phone_pairing"})
_BEGINNINGS = {
    "login": ("login", "provisional_password"),
    "activation_code": ("activation_code", "activation_resend", "link_sent"),
}
"""How a journey may begin: every other step needs somebody who proved who they are."""
_FOR_EVERYBODY = {"login": ("new_password", "backup_email"), "activation_code": ("new_password",)}
"""What must not be missing, by the way it begins: an address that is the person's, and the password that activates."""
_PROVED_BY_LINK: dict[str, Purpose] = {
    "backup_email": "backup_email",
    "activation_resend": "activation",
    "redirection": "redirection",
}


def stage_of(step: JourneyStep) -> AnyStage:
    return STAGES[step.kind] if step.kind in STAGES else OUTCOMES[step.kind]


def check_library(library: Library, folder: Path) -> None:
    """Raises JourneyError, with the path of the first thing in a journey that cannot be."""
    for journey in library.journeys.values():
        places: set[str] = set()
        for position, step in enumerate(journey.steps):
            where = f"{folder}: journey `{journey.id}`, at `$.steps[{position}]`"
            if step.kind not in STAGES:
                raise JourneyError(f"{where}: no step is called `{step.kind}`; there are {', '.join(sorted(STAGES))}.")
            if step.place in places:
                raise JourneyError(f"{where}: `{step.place}` was said before; give this step an `id` of its own.")
            places.add(step.place)
            _check_step(library, step, where)
        if not journey.steps or journey.steps[0].kind not in _BEGINNINGS:
            raise JourneyError(f"{folder}: journey `{journey.id}` must begin with {' or '.join(sorted(_BEGINNINGS))}.")
        _check_order(journey, folder)
        end = journey.steps[-1]
        if end.kind != "done" or end.when != When():
            raise JourneyError(f"{folder}: journey `{journey.id}` must end with a step of kind `done`, for everybody.")


def _check_order(journey: Journey, folder: Path) -> None:
    """A step that leads to another must find it, or people would be left half way."""
    kinds = tuple(step.kind for step in journey.steps)
    beginning = _BEGINNINGS[kinds[0]]
    if kinds[: len(beginning)] != beginning:
        raise JourneyError(f"{folder}: journey `{journey.id}` must begin with {', '.join(beginning)}, in this order.")
    for_everybody = [step.kind for step in journey.steps if step.when == When()]
    before_its_end = for_everybody[: for_everybody.index("new_password") + 1] if "new_password" in for_everybody else []
    if missing := [kind for kind in _FOR_EVERYBODY[kinds[0]] if kind not in before_its_end]:
        raise JourneyError(
            f"{folder}: journey `{journey.id}` needs a step `{missing[0]}` for everybody, before its end."
        )
    for position, step in enumerate(journey.steps):
        where = f"{folder}: journey `{journey.id}`, at `$.steps[{position}]`"
        purpose = _PROVED_BY_LINK.get(step.kind)
        if step.id and step.kind in ("backup_email", "activation_resend"):
            raise JourneyError(f"{where}: `{step.kind}` has no `id`: people are led back to it by its kind.")
        later = (s for s in journey.steps[position:] if s.purpose == purpose and s.when in (When(), step.when))
        if purpose and not any(later):
            raise JourneyError(f'{where}: `{step.kind}` needs a `link_sent` with `purpose = "{purpose}"` after it.')


def _check_step(library: Library, step: JourneyStep, where: str) -> None:
    if step.mandatory and step.kind not in _MANDATORY:
        raise JourneyError(f"{where}: `mandatory` means nothing for `{step.kind}`.")
    if (step.purpose is not None) != (step.kind == "link_sent"):
        raise JourneyError(f"{where}: `purpose` belongs to `link_sent`, and is needed there.")
    stage, said = STAGES[step.kind], library.step_words(step)
    if missing := stage.words - said.keys():
        raise JourneyError(f"{where}: the words {', '.join(sorted(missing))} of `{step.place}` are missing.")
    allowed = stage.names | set(library.institution.names())
    for word, text in said.items():
        try:
            unknown = text.names() - allowed
        except ValueError as error:
            raise JourneyError(f"{where}: the word `{word}`: {error}.") from error
        if unknown:
            raise JourneyError(f"{where}: the word `{word}` calls `{{{min(unknown)}}}`, which nothing is called here.")
