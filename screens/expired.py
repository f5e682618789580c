"""A deadline has passed, or nothing happened for too long; what was given is kept."""

from api_client.contract import Expired
from screens.outcome import OutcomeScreen


class ExpiredScreen(OutcomeScreen[Expired], shows=Expired):
    """All its words come with the step."""
