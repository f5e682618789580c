"""What the welcome screen is made of: who we are, and which doors there are."""

from collections.abc import Iterable, Mapping

from api_client.contract import Catalogue, HelpTopic, JourneyOffer, Locale
from backend.institution import HelpEntry
from backend.journeys import Library


def catalogue(library: Library, locale: Locale, *, demonstration: bool) -> Catalogue:
    """In one language, every ``{name}`` filled."""
    institution, names = library.institution, library.institution.names()
    return Catalogue(
        institution=institution.name,
        acronym=institution.acronym,
        accent=institution.accent,
        support=library.help_at(None, locale),
        journeys=tuple(
            JourneyOffer(
                id=journey.id,
                title=journey.title.fill(locale, names),
                summary=journey.summary.fill(locale, names),
                prerequisite=journey.prerequisite.fill(locale, names) if journey.prerequisite else "",
                host=journey.host.fill(locale, names) if journey.host else "",
                support=library.help_at(journey, locale) if journey.support else "",
                leaving=journey.leaving.fill(locale, names) if journey.leaving else "",
                help=_topics(journey.help, locale, names),
            )
            for journey in library.journeys.values()
        ),
        help=_topics(library.help, locale, names),
        demonstration=demonstration,
    )


def _topics(entries: Iterable[HelpEntry], locale: Locale, names: Mapping[str, str]) -> tuple[HelpTopic, ...]:
    return tuple(
        HelpTopic(
            question=entry.question.fill(locale, names),
            answer=entry.answer.fill(locale, names),
            steps=entry.steps,
        )
        for entry in entries
    )
