"""The demonstration's panel (F9): whom to try on this very screen, and the mailbox where its mails arrive.

It lies over the page, which keeps what was typed, and fills in the fields there, has done what happens elsewhere, or
opens a mail's link as a browser would. Whom there is to try, and with what, the demonstration backend tells for each
kind of screen.
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import OptionList

from api_client import demonstration
from api_client.contract import Catalogue
from api_client.demonstration_contract import DemoMail, DemoPerson, DemoSight, Filling
from api_client.problems import PerronError
from api_client.secret import Secret
from screens.page import Page
from screens.widgets.prose import Prose
from screens.widgets.push_button import PushButton
from screens.words import _
from tui.endings import in_words
from tui.pick_list import Entry, PickList

if TYPE_CHECKING:
    from api_client.client import Client

MAILBOX_SECONDS = 1.0


class DemonstrationScreen(Page):
    """People above, mails below. Once it is gone, ``filling`` is what to fill in."""

    DEFAULT_CSS = """
    DemonstrationScreen OptionList { height: auto; max-height: 6; padding: 0; text-wrap: nowrap; }
    DemonstrationScreen OptionList { text-overflow: ellipsis; }
    DemonstrationScreen OptionList, DemonstrationScreen OptionList:focus { border: none; background: $surface; }
    DemonstrationScreen #mails { max-height: 4; }
    DemonstrationScreen.-short OptionList { max-height: 3; }
    DemonstrationScreen #about-person { padding: 0 0 1 0; }
    """

    help_kind = "demonstration"

    def __init__(self, catalogue: Catalogue | None, client: "Client", below: Page, tried: str) -> None:
        super().__init__(catalogue)
        self._client, self._below = client, below
        self.tried = tried
        """The id of the person who was looked at last."""
        self.filling: Filling = {}
        self.said = ""
        """What came of the last act, where there is something to read about it."""
        self.people: Sequence[DemoPerson] = ()
        self.mails: Sequence[DemoMail] = ()
        self._loaded = False

    def heading(self) -> str:
        return _("Demonstration")

    def next_label(self) -> str:
        return ""

    def back_label(self) -> str:
        return _("Close")

    def compose_fields(self) -> ComposeResult:
        whom = _("Whom to try here?")
        people = PickList("people", whom, self._choose_person)
        mails = PickList("mails", _("The mailbox, newest first:"), self._read)
        if self.plain:  # what is needed first is asked first
            yield from (mails, people) if self._below.awaits_mail else (people, mails)
        else:
            yield Prose(whom, classes="question")
            yield people
            yield Prose(id="about-person")
            yield Prose(_("The mailbox, newest first. Enter reads a mail."), classes="question")
            yield mails

    def focus_first(self) -> None:
        self.query_one("#mails" if self._below.awaits_mail and self.mails else "#people").focus()

    def on_mount(self) -> None:
        self.run_worker(self._load(), exclusive=True)

    async def recompose(self) -> None:
        await super().recompose()
        if self._loaded:
            self._show_people()
            self._show_mails()

    async def _load(self) -> None:
        """The people once; the mails again and again, for they take a moment to arrive."""
        lost = False
        while True:
            try:
                if not self._loaded:
                    self.people = await demonstration.people(self._client, self._below.journey)
                mails = await demonstration.mails(self._client)
            except PerronError as problem:
                if not lost:
                    self._tell_loss(problem)
                lost = True
            else:
                if lost:
                    self.complain({})
                lost = False
                self._take_in(mails)
            await asyncio.sleep(MAILBOX_SECONDS)

    def _tell_loss(self, problem: PerronError) -> None:
        self.complain({"": in_words(problem)})
        if not self._loaded:
            for nothing in self.query(PickList):
                nothing.fill(())

    def _take_in(self, mails: Sequence[DemoMail]) -> None:
        first, self._loaded = not self._loaded, True
        if first or [mail.id for mail in mails] != [mail.id for mail in self.mails]:
            self.mails = mails
            self._show_mails()
        if first:
            self._show_people()

    def _show_mails(self) -> None:
        if self._is_closed():
            return
        told = _("to {address}: {subject}")
        entries = [
            Entry(mail.id, f"{mail.to} · {mail.subject}", told.format(address=mail.to, subject=mail.subject))
            for mail in self.mails
        ]
        self.query_one("#mails", PickList).fill(entries, self._place_of_mail())

    def _is_closed(self) -> bool:
        """Whether it was taken away, which it is piece by piece, while an answer was on its way."""
        return not (self.query("#people") and self.query("#mails"))

    def _place_of_mail(self) -> int:
        """The newest; where this screen asked for none, the newest with a code to the person who was looked at."""
        boxes = {person.mailbox for person in self.people if person.id == self.tried}
        if self._below.number_of_mail() is None:
            theirs = (n for n, mail in enumerate(self.mails) if mail.to in boxes and demonstration.code_in(mail))
            return next(theirs, 0)
        return 0

    def _show_people(self) -> None:
        if self._is_closed():
            return
        if self.plain:  # nobody wants to hear sixty names before the one they already tried
            self.people = sorted(self.people, key=lambda person: person.id != self.tried)
        kind, ids = self._below.help_kind, [person.id for person in self.people]
        act = _by_lines(next((person.acts[kind] for person in self.people if kind in person.acts), ""))
        # Not by their ids: at the doors, one person may open several.
        entries = [Entry(str(n), _line_of(person), _in_sentences(person)) for n, person in enumerate(self.people)]
        self.query_one("#people", PickList).fill(entries, ids.index(self.tried) if self.tried in ids else 0, act)
        self.focus_first()

    @on(OptionList.OptionHighlighted, "#people")
    def _person_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if self.plain:  # nobody points at anything
            return
        person = self.people[event.option_index]
        self.tried = person.id
        about = (person.story, person.paper, self._what_enter_does(person))
        self.query_one("#about-person", Prose).show("\n".join(filter(None, about)))

    def _what_enter_does(self, person: DemoPerson) -> str:
        kind = self._below.help_kind
        if kind in person.acts:
            return _("Enter: {act}").format(act=person.acts[kind])
        return _("Enter fills in this screen.") if kind in person.fills else ""

    def _choose_person(self, place: str) -> None:
        person, kind = self.people[int(place)], self._below.help_kind
        self.tried = person.id
        if kind in person.fills:
            self._close(person.fills[kind])
        elif kind in person.acts:
            self.busy(True)
            self.run_worker(self._have_done(person), group="act", exclusive=True)
        else:
            self.query_one("#notice", Prose).show(_("There is nothing to fill in on the screen below."))

    async def _have_done(self, person: DemoPerson) -> None:
        seen, nothing = self._below.in_sight(), Secret("")
        sight = DemoSight(kind=self._below.help_kind, uri=seen.get("uri", nothing), key=seen.get("key", nothing))
        try:
            deed = await demonstration.act(self._client, person, self._below.journey, sight)
        except PerronError as problem:
            self.busy(False)
            self.complain({"": in_words(problem)})
            return
        if not deed.said:
            self._close(deed.filling)
            return
        self.busy(False)
        self.said = deed.said
        self.query_one("#notice", Prose).show(self.said)
        if self.mails:
            self.query_one("#mails").focus()

    def _read(self, id: str) -> None:
        mail = next(one for one in self.mails if one.id == id)
        reading = MailScreen(self.catalogue, self._client, mail, self._below.number_of_mail())

        def close_too(done: bool | None) -> None:
            if done:
                self._close(reading.filling)

        # By the App: F3 may take away the list that asks, and nobody would hear the result.
        self.app.call_later(self.app.push_screen, reading, close_too)

    def _close(self, filling: Filling) -> None:
        self.filling = filling
        self.dismiss(True)

    def go_back(self) -> None:
        self.dismiss(False)


class MailScreen(Page):
    """One mail. Its result: whether its link was opened or its code is to be filled in (``filling``)."""

    help_kind = "demonstration"

    def __init__(self, catalogue: Catalogue | None, client: "Client", mail: DemoMail, number: int | None) -> None:
        super().__init__(catalogue)
        self._client, self._mail, self._number = client, mail, number
        self.filling: Filling = {}
        self._code, self._link = demonstration.code_in(mail), demonstration.link_in(mail)

    def heading(self) -> str:
        return self._mail.subject

    def lead(self) -> str:
        return _("To: {address}").format(address=self._mail.to)

    def next_label(self) -> str:
        return _("Open the link") if self._link else ""

    def back_label(self) -> str:
        return _("Close")

    def compose_fields(self) -> ComposeResult:
        if self._code:
            yield PushButton(_("Fill in the code {code}").format(code=self._code), id="fill", classes="action")
        yield Prose(self._mail.text, id="mail")

    def focus_first(self) -> None:
        """A link is for a screen that shows a number; elsewhere the code is what goes on."""
        first = "#next" if self._link and (self._number or not self._code) else "#fill" if self._code else "#back"
        self.query_one(first).focus()

    @on(PushButton.Pressed, "#fill")
    def _fill_pressed(self, event: PushButton.Pressed) -> None:
        event.stop()
        self.filling = {"code": self._code}
        self.dismiss(True)

    def say(self) -> None:
        self.run_worker(self._open(), exclusive=True)

    async def _open(self) -> None:
        try:
            await demonstration.open_link(self._client, self._link, self._number)
        except PerronError as problem:
            self.busy(False)
            self.complain({"": in_words(problem)})
        else:
            self.dismiss(True)

    def go_back(self) -> None:
        self.dismiss(False)


def _line_of(person: DemoPerson) -> str:
    works = "" if person.works else _("(refused)")
    return " · ".join(filter(None, (person.name, person.detail, works)))


def _in_sentences(person: DemoPerson) -> str:
    name = ", ".join(filter(None, (person.name, person.detail)))
    return _by_lines(" ".join(filter(None, (f"{name}.", person.story, person.paper))))


def _by_lines(text: str) -> str:
    """``text`` where this panel is asked for by a word rather than by a key."""
    return text.replace("F9", f"/{_('demo')}")
