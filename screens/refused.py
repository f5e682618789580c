"""It cannot be done, and why."""

from api_client.contract import Refused
from screens.outcome import OutcomeScreen


class RefusedScreen(OutcomeScreen[Refused], shows=Refused):
    """All its words come with the step."""
