"""The FAQ (domain.md §7, F1 to F8) is answered where people have its questions, once a screen, in two languages."""

import pytest

from api_client.contract import HelpTopic, Locale
from backend.journeys import JourneyStep, load_library
from backend.web.catalogue import catalogue

LIBRARY = load_library()
PLACES = {
    "F1": ("my-account", "backup_email", "Comment changer mon adresse mail de secours ?"),
    "F2": (
        "assistance",
        "notice",
        "Je n’ai pas reçu le lien de réinitialisation de mon compte informatique, que faire ?",
    ),
    "F2 after a call": ("recovery", "activation_code", "Je n’ai pas reçu le lien de réinitialisation"),
    "F3": ("assistance", "assistance_subject", "Que faire si mon compte informatique est bloqué ou verrouillé ?"),
    "F3 on the way": ("activation-letter", "locked", "Que faire si mon compte informatique est bloqué ou verrouillé ?"),
    "F4": ("assistance", "assistance_subject", "pourquoi mon compte est-il bloqué ?"),
    "F5": ("assistance", "notice", "Je n’arrive pas à activer mon compte informatique."),
    "F5 by letter": ("activation-letter", "provisional_password", "Je n’arrive pas à activer mon compte informatique."),
    "F5 by mail": ("activation-link", "activation_code", "Je n’arrive pas à activer mon compte informatique."),
    "F6": ("my-account", "menu", "Comment changer son mot de passe ?"),
    "F7 by letter": ("activation-letter", "new_password", "Comment choisir un mot de passe ?"),
    "F7 later": ("my-account", "new_password", "Comment choisir un mot de passe ?"),
    "F8 by letter": ("activation-letter", "login", "Comment connaître mes identifiants"),
    "F8 by mail": ("activation-link", "activation_resend", "Comment connaître mes identifiants"),
}


def topics(journey: str, kind: str, locale: Locale = "fr") -> list[HelpTopic]:
    """What F1 shows there, as ``screens.help`` chooses it."""
    told = catalogue(LIBRARY, locale, demonstration=False)
    (door,) = [door for door in told.journeys if door.id == journey]
    return [topic for topic in (*door.help, *told.help) if not topic.steps or kind in topic.steps]


@pytest.mark.parametrize(("journey", "kind", "question"), PLACES.values(), ids=list(PLACES))
def test_each_question_is_answered_where_people_have_it(journey: str, kind: str, question: str) -> None:
    assert [topic for topic in topics(journey, kind) if question in topic.question]


STEPS = [(journey.id, step) for journey in LIBRARY.journeys.values() for step in journey.steps]


@pytest.mark.parametrize(("journey", "step"), STEPS, ids=lambda one: one.place if isinstance(one, JourneyStep) else one)
def test_no_screen_answers_a_question_twice(journey: str, step: JourneyStep) -> None:
    for locale in ("fr", "en"):
        asked = [topic.question for topic in topics(journey, step.kind, locale)]
        assert len(asked) == len(set(asked))


@pytest.mark.parametrize("step", [step for id, step in STEPS if id == "assistance"], ids=lambda step: step.place)
def test_every_screen_of_the_form_has_an_answer_of_its_own(step: JourneyStep) -> None:
    assert [topic for topic in topics("assistance", step.kind) if topic.steps]


def test_whoever_registers_or_pairs_reads_nothing_of_a_letter() -> None:
    """What only a university's people may ask is in their journeys, and not among what everybody is told."""
    for journey in ("portal-registration", "phone-pairing", "my-account", "assistance"):
        for step in LIBRARY.journeys[journey].steps:
            told = [topic for topic in topics(journey, step.kind) if "Je n’ai pas le document" in topic.question]
            assert not told
