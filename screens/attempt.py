"""Something that only its owner knows, of which so many tries are weighed: what every such screen does.

It has no step of its own.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, TypeVar, cast

from textual.app import ComposeResult

from api_client.contract import Enrolment, Step
from api_client.secret import Secret
from screens.frame import StepScreen
from screens.widgets.deadline import Deadline
from screens.widgets.field import TextField
from screens.words import _


class _Spaced(Protocol):
    @property
    def retry_at(self) -> datetime | None: ...


S = TypeVar("S", bound=Step)


class AttemptScreen(StepScreen[S]):
    """One field, cleared when it was wrong: dots cannot be corrected. Too early, nothing is sent.

    The step has a ``retry_at``. Subclasses say ``compose_question``, and may say ``misread``.
    """

    def compose_question(self) -> TextField:
        """The field; its id is the field's name."""
        raise NotImplementedError

    def misread(self, typed: str) -> str:
        """What can be told to be wrong with ``typed`` before it costs a try, as a sentence."""
        return ""

    def compose_fields(self) -> ComposeResult:
        yield self.compose_question()
        if (retry_at := self._retry_at) is not None:
            yield Deadline(self.clock, retry_at, _how_long, id="retry")
        yield self.compose_actions()

    @property
    def _retry_at(self) -> datetime | None:
        return cast(_Spaced, self.step).retry_at

    @property
    def secret(self) -> Secret:
        """What was typed."""
        return Secret(self.field.value)

    @property
    def field(self) -> TextField:
        return self.query_one(TextField)

    def on_deadline_passed(self) -> None:
        self.query_one("#retry", Deadline).show(_("You may try again now."))

    def amiss(self) -> Mapping[str, str]:
        if self._retry_at is not None and self.clock.now() < self._retry_at:
            return {"": _("Too many tries: please wait until the time told here has passed.")}
        name = self.field.id or ""
        if unfilled := self.unfilled(name):
            return unfilled
        sentence = self.misread(self.field.value)
        return {name: sentence} if sentence else {}

    async def take_in(self, enrolment: Enrolment) -> None:
        await super().take_in(enrolment)
        if self.step.errors:
            self.field.value = ""


def _how_long(left: str) -> str:
    return _("Too many tries: the next one is possible in {left}.").format(left=left)
