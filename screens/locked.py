"""Too many failures: the letter is void, or the account is blocked."""

from api_client.contract import Locked
from screens.outcome import OutcomeScreen


class LockedScreen(OutcomeScreen[Locked], shows=Locked):
    """All its words come with the step."""
