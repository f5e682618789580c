"""What can go wrong between the terminal and the backend, as one tree of exceptions.

::

    PerronError
    ├── Unreachable      no answer: refused, timeout, dropped, tls, name, address (``reason``)
    ├── Busy             429 or 503: later (``retry_after``, seconds)
    ├── Refusal          a problem of RFC 9457 (``problem``: type, title, detail, reference)
    │   ├── SeatLost     401: this screen's token means nothing to the backend
    │   └── Gone         404 or 410: what was asked for is no more
    └── Garbled          an answer that is not ours: not JSON, not the contract, too long

Whoever asks the backend needs to know these and no exception of the library underneath. None carries what was sent,
so none can tell a secret.
"""

from typing import Literal

from api_client.contract import Problem

Reason = Literal["refused", "timeout", "dropped", "tls", "name", "address"]


class PerronError(Exception):
    """The backend was asked for something, and it did not come."""


class Unreachable(PerronError):
    """Nobody answered. ``sent`` tells whether the request may have arrived all the same."""

    def __init__(self, reason: Reason, *, sent: bool = True) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.sent = sent


class Busy(PerronError):
    """The backend asks for patience: not before ``retry_after`` seconds from now."""

    def __init__(self, retry_after: float, problem: Problem | None = None) -> None:
        super().__init__(f"retry after {retry_after:g} s")
        self.retry_after = retry_after
        self.problem = problem


class Refusal(PerronError):
    """The backend said no, and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.type}")
        self.problem = problem


class SeatLost(Refusal):
    """The token of this screen is unknown: the enrolment is over, or goes on elsewhere."""


class Gone(Refusal):
    """There is no such thing, or no more."""


class Garbled(PerronError):
    """Something answered that does not speak our language: a captive portal, a proxy, another version."""
