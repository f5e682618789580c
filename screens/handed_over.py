"""The journey goes on at another screen."""

from api_client.contract import HandedOver
from screens.outcome import OutcomeScreen


class HandedOverScreen(OutcomeScreen[HandedOver], shows=HandedOver):
    """All its words come with the step."""
