"""One thing asked: a label, something to fill in, and what is wrong with it underneath."""

from textual.containers import Vertical
from textual.widget import Widget

from screens.looks import signs_of
from screens.talk import Talk
from screens.widgets.prose import Prose
from screens.words import _


class Question(Vertical):
    """The parent of every field. Its ``id`` is the field's name in the step, so that errors find their place.

    ``value`` is what the person has filled in: it survives a language switch and a step that comes again.
    """

    def __init__(self, name: str) -> None:
        super().__init__(id=name)
        self.complaint = Prose(classes="complaint")
        self.flawed = ""
        """The sentence that stands there, without its sign."""

    # Not ``:focus-within``: Textual restyles the field for it, but not the label in it.
    def on_descendant_focus(self) -> None:
        self.add_class("-asked")

    def on_descendant_blur(self) -> None:
        self.remove_class("-asked")

    @property
    def value(self) -> object:
        raise NotImplementedError

    @value.setter
    def value(self, value: object) -> None:
        raise NotImplementedError

    @property
    def control(self) -> Widget:
        """What takes the focus."""
        raise NotImplementedError

    async def ask(self, talk: Talk) -> None:
        """Ask it line by line, and fill in the answer."""
        raise NotImplementedError

    def keep(self, draft: str) -> None:
        """``draft`` was typed, and something else was asked for before Enter."""

    def wanting(self) -> str:
        """What to say where an answer is needed and nothing is filled in."""
        return _("Please fill in this field.")

    def complain(self, sentence: str) -> None:
        """Show ``sentence`` under the field, or take away what was there."""
        self.complaint.show(f"{signs_of(self.app).wrong} {sentence}" if sentence else "")
        self.flawed = sentence
        self.set_class(bool(sentence), "-wrong")
