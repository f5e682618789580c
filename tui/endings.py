"""Sentences of the terminal for what stops a journey, and the step that says so when the backend cannot."""

from math import ceil

from msgspec import structs

from api_client.contract import Action, Enrolment, Expired, Progress
from api_client.problems import Busy, PerronError, Refusal, Unreachable
from screens.widgets import deadline
from screens.words import _
from tui.embedded import EmbeddedFailed
from tui.patience import TooSoon


def in_words(problem: PerronError | EmbeddedFailed) -> str:
    """What happened and what can be done, in the language now spoken."""
    if isinstance(problem, EmbeddedFailed):
        sentence = _("The demonstration does not start: {reason} (see {log})")
        return sentence.format(reason=problem.reason or "?", log=problem.log)
    if isinstance(problem, TooSoon):
        left = deadline.in_words(ceil(problem.retry_after))
        return _("Too much was tried from here. Please try again in {left}.").format(left=left)
    if isinstance(problem, Refusal):
        ours = _refusals().get(problem.problem.type)
        said = (ours,) if ours else (problem.problem.title, problem.problem.detail)
        reference = problem.problem.reference and _("Reference: {reference}").format(
            reference=problem.problem.reference
        )
        return "\n".join(part for part in (*said, reference) if part)
    if isinstance(problem, Busy):
        return _("The service is very busy. Please try again in a moment.")
    if isinstance(problem, Unreachable):
        return _reasons()[problem.reason]
    return _("The service gave an answer that this program does not understand. Is its address right?")


def _refusals() -> dict[str, str]:
    """Those that a person can meet (docs/api.md); a problem's own title is in the language of programmers."""
    return {
        "resumption-refused": _("The code or what stands beside it is not right, or the code has expired."),
        "nothing-proved": _("Nothing was proved on this way yet: please go on here."),
        "unexpected": _("Something broke in the service. Nothing you gave is lost: please try again."),
    }


def _reasons() -> dict[str, str]:
    return {
        "refused": _("Nobody answers at this address: the service may be stopped."),
        "timeout": _("The service does not answer in time."),
        "dropped": _("The connection with the service was cut."),
        "tls": _("The service cannot prove who it is: its certificate is not valid here."),
        "name": _("The name of the service is unknown here: is the network up?"),
        "address": _("The address of the service is not right."),
    }


def journey_over(enrolment: Enrolment) -> Enrolment:
    """The same enrolment at an end of our own making: the backend knows it no more."""
    return structs.replace(
        enrolment,
        status="expired",
        can_go_back=False,
        progress=Progress(position=0, total=0, steps=()),
        step=Expired(
            title=_("This journey has ended"),
            lead=_("Nothing happened for too long, or it goes on at another screen. What you had given is kept."),
            actions=(Action(id="restart", label=_("Back to the welcome screen"), leads_back=True),),
        ),
    )
