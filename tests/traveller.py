"""A person of the test data who travels through a journey by keyboard, in French or in English, at any size.

::

    with Traveller(backend, "P001", home=tmp_path) as person:
        person.arrive("charter")          # every step before it, as its data say
        person.press("space", "enter")
        person.at("public_directory")

``at`` waits for a step; each method after it answers one. Words are looked for that every size shows: at 40×15 a
title may have scrolled away, the field being filled in has not.
"""

import csv
import re
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from tests.backend_process import PEOPLE, BackendProcess, Mail
from tests.walking import PERRON, Walk

MakeBackend = Callable[..., BackendProcess]
"""The fixture ``make_backend`` of terminal_fixtures.py."""

PASSWORD = "Cormoran-7-Ardoise"

SIZES = [(80, 24), (40, 15)]

SIGNS: dict[str, tuple[str, str]] = {
    "welcome": ("J’ai reçu une lettre", "I have a letter"),
    "login": ("Nom de connexion", r"\bLogin\b"),
    "provisional_password": ("Mot de passe provisoire", "Provisional password"),
    "backup_email": ("Adresse mail de secours", "Backup e-mail address"),
    "link_sent": (r"sur la page : ([1-9]\d)", r"on the page: ([1-9]\d)"),
    "activation_code": ("Code ou lien reçu", "Code or link"),
    "activation_resend": ("Adresse institutionnelle", "Institutional address"),
    "take_over": ("Continuer ici", "Go on here"),
    "identity": ("J’agis|Sans prénom", "I act|No first name"),
    "consent": ("J’accepte la connexion", "I accept that support"),
    "topics": ("Contribution formation", "Training contribution"),
    "establishment": ("Je suis rattaché", "I belong to a"),
    "establishment_choice": ("portent ce SIREN", "have this SIREN"),
    "pending": ("l’INSEE ne répond pas", "register does not answer"),
    "member_number": ("Numéro adhérent / organisme", "Member or training-provider"),
    "idcc": (r"IDCC \(4 chiffres", r"IDCC \(4 digits"),
    "notice": ("Merci pour votre inscription", "Thank you for registering"),
    "sign_in": ("En attente de votre connexion", "Waiting for you to sign in"),
    "app_pairing": ("En attente du téléphone", "Waiting for the phone"),
    "phone_sign_in": ("À vous, sur le téléphone", "Go on at your phone"),
    "device_confirmation": ("Oui, appairer", "Yes, pair it"),
    "phone_answer": ("Dernière question", "One last question"),
    "app_menu": ("Aide au paramétrage", "Help with setting up"),
    "account_menu": ("› Modifier mon adresse mail", "› Change my backup e-mail"),
    "paired": ("C’est terminé", "All done"),
    "charter": ("J’ai pris connaissance", "I have read the IT"),
    "public_directory": ("J’accepte d’apparaître", "I agree to appear"),
    "mailbox": ("Une boîte mail va être", "A mailbox will be"),
    "redirection": ("Rediriger mes mails", "Forward my mail"),
    "mandatory_redirection": ("Adresse mail de redirection", "Forwarding address"),
    "new_password": ("Nouveau mot de passe", "New password"),
    "phone_pairing": ("Code à six chiffres", "Six-digit code"),
    "recovery_codes": ("J’ai noté ces codes", "I have written these"),
    "done": ("Votre compte est (?:activé|créé)", "Your account is (?:activated|created)"),
    "expired": ("Le délai est dépassé", "Time is up"),
    "handed_over": ("continue sur un autre", "goes on at another"),
}
"""What shows that a step is there, in French and in English; that of ``link_sent`` tells its number too."""

with PEOPLE.open(encoding="utf-8", newline="") as _file:
    PERSONS: dict[str, dict[str, str]] = {row["id"]: row for row in csv.DictReader(_file)}


class Backend(Protocol):
    """Where a journey happens and its mails arrive: a ``BackendProcess``, or the demonstration's."""

    @property
    def url(self) -> str: ...

    def newest_mail(self, to: str, *, after: int = 0, seconds: float = 10) -> Mail: ...

    def open_link(self, link: str, number: int | str | None = None) -> str: ...


class Traveller(Walk):
    """``Walk`` for one person of ``people.csv``. ``command`` stands for ``perron --backend … --journey …``."""

    def __init__(
        self,
        backend: Backend,
        person: str = "P001",
        *,
        home: Path,
        lang: str = "fr",
        cols: int = 80,
        rows: int = 24,
        journey: str = "activation-letter",
        command: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        named = (PERRON, "--backend", backend.url, "--journey", journey, "--lang", lang)
        super().__init__(command or named, home=home, cols=cols, rows=rows, environment=environment)
        self.backend, self.row = backend, PERSONS[person]
        self.backup = f"{person.lower()}.perso@courriel.example"
        self.password = PASSWORD
        self._lang = lang
        self._cols = cols

    def __enter__(self) -> "Traveller":
        return self

    # ------------------------------------------------------------------------------------------ looking

    def at(self, kind: str, seconds: float = 20) -> re.Match[str]:
        """Wait until this step is on the screen, and drawn to the end: nobody presses a key sooner."""
        found = self.see(self._sign(kind), seconds)
        self.rest()
        return found

    def left(self, kind: str, seconds: float = 20) -> None:
        """Wait until it is not."""
        self.see_no_more(self._sign(kind), seconds)

    def where(self) -> str:
        """Which step is on the screen."""
        text = self.text
        return next((kind for kind in _MOST_TELLING if re.search(self._sign(kind), text)), "")

    def _sign(self, kind: str) -> str:
        return SIGNS[kind][self._lang == "en"]

    def speak(self, lang: str) -> None:
        """F2, until the page speaks ``lang``."""
        self._lang = lang
        self.press("f2").see("F2 English" if lang == "fr" else "F2 Français")

    # ----------------------------------------------------------------------------------------- pressing

    def choose(self, label: str) -> "Traveller":
        """Tab to the button ``label``, and press it."""
        limit = time.monotonic() + 20
        while not self._is_focused(label):
            assert time.monotonic() < limit, f"Tab does not lead to {label!r}:\n{self._picture()}"
            painted, patience = self._colours(), time.monotonic() + 1
            self.press("tab")
            while self._colours() == painted and time.monotonic() < patience:
                self._read(0.05)
            self.rest()
        self.press("enter")
        return self

    def rest(self, seconds: float = 0.15) -> None:
        """Read until nothing has come for so long."""
        drawn = -1
        while len(self.raw) > drawn:
            drawn = len(self.raw)
            self._read(seconds)

    def _is_focused(self, label: str) -> bool:
        """Focus is drawn in the institution's colour, or reversed where there is none, as the header is too."""
        for y, line in enumerate(self.lines[1:], 1):
            if (x := line.find(label)) >= 0:
                words, header = self._screen.buffer[y][x], self._screen.buffer[0][0]
                return bool((words.bg, words.reverse) == (header.bg, header.reverse))
        return False

    def _colours(self) -> list[tuple[str, str, bool]]:
        """Of every cell: what moves with the focus, while counting down changes only text."""
        self._read(0)
        screen = self._screen
        cells = (screen.buffer[y][x] for y in range(screen.lines) for x in range(screen.columns))
        return [(cell.fg, cell.bg, cell.reverse) for cell in cells]

    def fill(self, *values: str) -> "Traveller":
        """Type one value in each field, and send them."""
        for number, value in enumerate(values):
            if number:
                self.press("tab")
            self.type(value)
        return self.send_it()

    def send_it(self) -> "Traveller":
        self.press("enter")
        return self

    # ---------------------------------------------------------------------------------------- travelling

    def arrive(self, kind: str, **answers: object) -> "Traveller":
        """Answer every step up to ``kind``. ``answers``: ``listed``, ``redirect`` (an address), ``phone`` (pair it)."""
        passed: set[str] = set()
        answering = self._answering(passed, answers)
        here = self._awaited(answering.keys() | {kind})
        while here != kind:
            passed.add(here)
            answering[here]()
            here = self._awaited((answering.keys() | {kind}) - {here})
        return self

    def _answering(self, passed: set[str], answers: Mapping[str, object]) -> dict[str, Callable[[], object]]:
        """What this person does at each step, having passed some."""
        return {
            "welcome": self.send_it,
            "login": lambda: self.retype(self.row["login"]),
            "provisional_password": lambda: self.fill(self.row["mdp_provisoire_test"]),
            "backup_email": lambda: self.fill(self.backup, self.backup),
            "link_sent": lambda: self.prove(str(answers.get("redirect", "")) if "charter" in passed else ""),
            "charter": lambda: self.press("space", "enter"),
            "public_directory": lambda: self.press(*(["space"] if answers.get("listed") else []), "enter"),
            "mailbox": self.send_it,
            "redirection": lambda: self.redirect(str(answers.get("redirect", ""))),
            "mandatory_redirection": lambda: self.retype(str(answers.get("redirect", self.backup))),
            "new_password": lambda: self.fill(self.password, self.password),
            "phone_pairing": lambda: self.pair() if answers.get("phone") else self.choose(self._later),
            "recovery_codes": lambda: self.press("space", "enter"),
        }

    def _awaited(self, kinds: set[str]) -> str:
        """The step that comes; not the one before, whose words may only have scrolled away."""
        limit = time.monotonic() + 30
        while (here := self.where()) not in kinds:
            assert time.monotonic() < limit, f"none of {sorted(kinds)} comes:\n{self._picture()}"
            self._read(0.05)
        self.rest()
        return here

    @property
    def _later(self) -> str:
        return "Later" if self._lang == "en" else "Plus tard"

    def number(self) -> str:
        """That of the waiting screen."""
        return self.at("link_sent").group(1)

    def mail(self, to: str = "", *, after: int = 0) -> Mail:
        """The newest mail, to the backup address unless another is named."""
        return self.backend.newest_mail(to or self.backup, after=after)

    def prove(self, to: str = "") -> str:
        """Open the link of the newest mail as a browser does, with the number of this screen; the page that follows."""
        number, mail = self.number(), self.mail(to)
        return self.backend.open_link(mail.link, number)

    def retype(self, value: str) -> "Traveller":
        """Put ``value`` in the place of what stands in the field, and send it."""
        self.press("ctrl+u").type(value)
        return self.send_it()

    def redirect(self, address: str) -> "Traveller":
        """Have the mail forwarded to ``address``, keeping a copy; or not, when it is empty."""
        if address:
            self.press("space").see(SIGNS["mandatory_redirection"][self._lang == "en"])
            self.press("tab", "ctrl+u").type(address)
        return self.send_it()

    def key(self) -> str:
        """The pairing key that stands on the screen in groups of four."""
        self.at("phone_pairing")
        lines = (re.sub("[▀▄█▅▌▂▃▆▇▁]", " ", line).strip() for line in self.lines)
        groups = [line for line in lines if re.fullmatch(r"(?:[A-Z2-7]{4} ?)+", line)]
        return "".join(groups).replace(" ", "")

    def pair(self) -> str:
        """Pair a phone by typing the code of the key that is shown; the key."""
        key = self.key()
        self.fill(one_time_code(key))
        return key

    def recovery_codes(self) -> list[str]:
        """Those on the screen, whole, once all of the first picture is drawn."""
        self.at("recovery_codes")
        self.see(r"10\. [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}")
        return re.findall(r"\d\. ([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5})\b", "\n".join(self.lines))


_MOST_TELLING = sorted(SIGNS, key=list(SIGNS).index, reverse=True)
"""Later steps first: the word for a field of an early one may stand in the text of a later one."""


def one_time_code(key: str) -> str:
    """What a phone that was given ``key`` (base32) shows now, by another implementation than ours."""
    told = subprocess.run(["oathtool", "--totp", "-b", key], capture_output=True, text=True, check=True)
    return told.stdout.strip()
