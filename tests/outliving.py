"""kill -9 under people at their screens: they are told within five seconds, and keep what they typed."""

import time

from tests.backend_process import BackendProcess
from tests.traveller import Traveller

TOLD_WITHIN = 5.0


def outlives_a_kill(backend: BackendProcess, *people: Traveller, still: str = "") -> None:
    """The backend dies and comes back under these people; ``still``: what the first of them keeps in sight."""
    backend.kill()
    limit = time.monotonic() + TOLD_WITHIN
    for person in people:
        person.see("Connexion perdue", seconds=limit - time.monotonic())
    people[0].see(still)
    backend.start()
    for person in people:
        person.see_no_more("Connexion perdue", seconds=25)
    people[0].see(still)
