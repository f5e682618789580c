"""What somebody types, line by line, on a step of every kind; and a listener that plays them."""

import asyncio
from collections.abc import Sequence

from screens.talk import Interrupted

PASSWORD = "Cerisier-Bleu-42"
F3 = "\x1bOR"
ADDRESS = "moi@courriel.example"

LINES: dict[str, Sequence[str]] = {
    "login": ("p00000400013",),
    "provisional_password": ("g9cf-9hqy-atc2",),
    "backup_email": (ADDRESS, ADDRESS),
    "link_sent": ("ABCD-EFGH-JKMN",),
    "activation_code": ("ABCD-EFGH-JKMN",),
    "activation_resend": ("elodie.lefevre@univ-exemple.example",),
    "take_over": ("",),
    "charter": ("0", "oui"),
    "public_directory": ("oui",),
    "mailbox": ("",),
    "redirection": ("oui", ADDRESS, "non"),
    "new_password": (PASSWORD, PASSWORD),
    "phone_pairing": ("123456",),
    "recovery_codes": ("oui",),
    "menu": ("2",),
    "device_confirmation": ("",),
    "devices": ("",),
    "current_password": (PASSWORD,),
    "second_factor": ("123456",),
    "identity": ("2", "1", "Lefèvre", "", "oui", ADDRESS),
    "consent": ("0", "oui"),
    "topics": ("1, 3",),
    "establishment": ("1", "000 010 017 00010"),
    "establishment_choice": ("2",),
    "member_number": ("00123",),
    "idcc": ("0200",),
    "notice": ("",),
    "assistance_subject": ("1", "2"),
    "assistance_contact": ("elodie.lefevre@univ-exemple.example", ADDRESS, "04 65 71 00 12"),
    "assistance_message": ("Mon compte est bloqué", "depuis ce matin.", ""),
    "assistance_identity": ("12/03/1990",),
}
"""By kind, for the steps of screens_gallery.py. « 0 » leaves out the rest of a text."""


class Listener:
    """A ``PlainTalk`` that hears ``lines`` one after the other, then nothing more. Behind a slash, it is a command.

    A line that ends with F3 was only begun.
    """

    pace = 0.0

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = list(lines)
        self.said: list[str] = []
        self.hidden: list[str] = []
        """The prompts behind which nothing was to be seen."""
        self.heard_out = asyncio.Event()

    @property
    def text(self) -> str:
        return "\n".join(self.said)

    def say(self, text: str) -> None:
        self.said.append(text)

    def forget(self) -> None:
        """Nothing was begun: lines come whole."""

    async def overhear(self) -> None:
        """Nothing is typed before it is asked for."""
        await asyncio.Event().wait()

    async def hear(self, prompt: str, *, hidden: bool = False, kept: bool = False) -> str:
        self.said.append(prompt)
        if hidden:
            self.hidden.append(prompt)
        while self.lines:
            line = self.lines.pop(0)
            if line == "0" and "lire la suite" not in prompt and "Numéros" not in prompt:
                continue  # the text was short
            if line.endswith(F3):
                raise Interrupted("screen", line.removesuffix(F3))
            if line.startswith("/"):
                raise Interrupted(line[1:])
            return line
        self.heard_out.set()
        await asyncio.Event().wait()
        raise AssertionError("nothing more is ever heard")
