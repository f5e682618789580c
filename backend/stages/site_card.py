"""The card of the establishment that was chosen, beside what is asked about it."""

from api_client.contract import CardLine
from backend.fields import siret
from backend.journeys import JourneyStep
from backend.situation import Situation
from backend.stages.establishment_choice import place_of


def site_card(s: Situation, step: JourneyStep) -> tuple[CardLine, ...]:
    """Its name and place as far as they are published, and its number."""
    if (site := s.registration.site) is None:
        return ()
    wording = s.wording(step)
    lines = (("name", site.name), ("siret", siret.displayed(site.siret)), ("town", place_of(site)))
    return tuple(CardLine(wording(word), value) for word, value in lines if value)
