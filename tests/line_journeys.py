"""One person through each journey, line by line, from the first line to the last: what each hears for, and types.

They live in one demonstration, which plays a browser and an agent. Some make the mistakes that people make.
``tests/test_terminal_plain_journeys.py`` walks them, and ``make transcripts`` writes down what was heard.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import httpx

from tests.backend_process import BackendProcess
from tests.listening import LineWalk
from tests.phones import PIXEL, Page
from tests.registering import Registrant
from tests.signing_in import USERS
from tests.traveller import one_time_code

YES_OR_NO = "oui ou non|yes or no"
READ_ON = "lire la suite|goes on reading"
URL = r"https?://\S+"


class LineJourney(NamedTuple):
    """``walk`` goes from the first question to the end; ``secrets`` are what must never be seen of it."""

    journey: str
    lang: str
    person: str
    """Of people.csv, of registration_scenarios.csv or of sign_in_users.csv: see the walk."""
    walk: Callable[[LineWalk, BackendProcess], None]
    secrets: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.journey}.{self.lang}"

    def begin(self, town: BackendProcess, home: Path) -> LineWalk:
        return LineWalk(town, self.person, home=home / self.name, journey=self.journey, lang=self.lang)


def by_letter(person: LineWalk, town: BackendProcess) -> None:
    """A charter refused at first, and a password that was too weak."""
    person.asked("Nom de connexion", person.row["login"])
    person.asked("Mot de passe provisoire", person.row["mdp_provisoire_test"])
    person.asked("Adresse mail de secours", person.backup)
    person.asked("Confirm", person.backup)
    number = person.hears(r"sur la page : (\d\d)").group(1)
    person.hears(r"Code [^\n]*: $")
    town.open_link(town.newest_mail(person.backup).link, number)
    read_charter(person)
    person.types("")
    person.hears("Vous devez accepter la charte")
    person.asked(YES_OR_NO, "oui")
    person.asked(f"annuaire public[^$]*(?:{YES_OR_NO})", "")
    person.asked("Une boîte mail va être[^$]*Votre choix", "")
    person.asked(YES_OR_NO, "")
    person.hears("12 caractères")
    person.asked("Nouveau mot de passe", WEAK)
    person.asked("Confirm", WEAK)
    person.hears("Pas encore respecté : 12 caractères")
    choose_password(person)
    key = person.hears(r"((?:[A-Z2-7]{4}\s){7}[A-Z2-7]{4})").group(1)
    person.asked("six chiffres", one_time_code("".join(key.split())))
    person.hears(r"10\. ([0-9A-Z]{4}-){2}[0-9A-Z]{5}")
    person.asked(YES_OR_NO, "oui")
    person.hears("Votre compte est activé")
    person.asked("Votre choix", "")


def by_mail(person: LineWalk, town: BackendProcess) -> None:
    """A student, in either language, who forwards her mail and pairs no phone."""
    elsewhere = "noemie@courriel.example"
    person.asked("Code", town.newest_mail(person.row["mail_secours"]).code)
    read_charter(person)
    person.says_yes()
    person.asked(f"(?:annuaire|directory)[^$]*(?:{YES_OR_NO})", "")
    person.asked("(?:boîte mail|mailbox)[^$]*(?:Votre|Your) cho", "")
    person.asked(f"(?:Rediriger|Forward)[^$]*(?:{YES_OR_NO})", person.yes)
    person.asked("Adresse|address", elsewhere)
    person.asked(YES_OR_NO, "")
    number = person.hears(r"(?:sur la page :|on the page:) (\d\d)").group(1)
    person.hears(r"Code [^\n]*: $")
    town.open_link(town.newest_mail(elsewhere).link, number)
    choose_password(person)
    person.asked("six chiffres|[Ss]ix-digit", "/2")
    person.hears("Votre compte est activé|Your account is activated")
    person.asked("Votre choix|Your choice", "")


def registering(person: LineWalk, town: BackendProcess) -> None:
    """R02, who has two establishments."""
    who = Registrant.of_scenario("R02")
    person.asked("J’agis[^$]*Numéro", "")
    person.asked("Civilité[^$]*Numéro", "1")
    person.asked(r"\* Nom", who.last_name)
    person.asked(r"\* Prénom", who.first_name)
    person.asked(f"Sans prénom[^$]*(?:{YES_OR_NO})", "")
    person.asked("e-mail", who.email)
    person.asked(f"lire la suite|J’accepte[^$]*(?:{YES_OR_NO})", "")
    number = person.hears(r"sur la page : (\d\d)").group(1)
    person.hears(r"Code [^\n]*: $")
    town.open_link(town.newest_mail(who.email).link, number)
    person.asked("thématiques[^$]*Numéros", "1 3")
    person.asked("Je suis rattaché[^$]*Numéro", "1")
    person.asked("SIRET", who.number)
    person.asked("Numéro", "1")
    person.asked("Numéro adhérent", who.member_number)
    person.asked("Merci pour votre inscription[^$]*Votre choix", "")
    choose_password(person)
    person.hears("Votre compte est créé")
    person.asked("Votre choix", "")


def pairing(person: LineWalk, town: BackendProcess) -> None:
    """O04, who has no camera and types the nine digits."""
    code = person.hears(r"\b[B-DF-HJ-NP-TV-Z]{4}-[B-DF-HJ-NP-TV-Z]{4}\b").group()
    address = person.hears(f"({URL}user_code={code})").group()
    person.hears("En attente de votre connexion")
    is_done(town, person, kind="sign_in", uri=address, key=code)
    digits = person.hears(r"\b\d{3}-\d{3}-\d{3}\b").group()
    person.hears("En attente du téléphone")
    with Phone(town) as phone:
        phone.open("/p")
        phone.press(digits=digits)
        person.hears("À vous, sur le téléphone[^$]*avancera tout seul")
        phone.open(phone.page.leads_to)
        phone.press(user=USERS["O04"]["upn"])
        person.asked("Oui, appairer[^$]*Votre choix", "")
        person.hears("Dernière question[^$]*avancera tout seul")
        phone.open("/p/here")
        phone.press(choice="skip")
        person.hears("C’est terminé")
        person.asked("Votre choix", "")


def owning(person: LineWalk, town: BackendProcess) -> None:
    """P012, whose password everybody knows, and who changes it."""
    person.asked("Nom de connexion", person.row["login"])
    person.asked("Mot de passe", "Lavande-47-Tramvay")
    person.hears("incorrect")
    person.asked("Mot de passe", OWNED)
    read_charter(person)
    person.says_yes()
    person.asked("Changer mon mot de passe[^$]*Numéro", "2")
    choose_password(person)
    person.hears("Pensez à vos appareils")
    person.asked("Votre choix", "")
    last = person.hears(r"(\d+) pour : Terminer").group(1)
    person.asked("Numéro", last)
    person.hears("C’est terminé")
    person.asked("Votre choix", "")


def asking_for_help(person: LineWalk, town: BackendProcess) -> None:
    """P009, locked out, whose first number is none."""
    person.asked("Votre choix", "")
    person.asked("Numéro", "1")
    person.asked("Numéro", "2")
    person.asked("institutionnelle", person.row["mail_institutionnel"])
    person.asked("personnelle", person.row["mail_secours"])
    person.asked("téléphone", "12")
    person.asked("téléphone", person.row["telephone"])
    person.asked("Ligne", "Mon compte est bloqué")
    person.asked("Ligne", "depuis ce matin.")
    person.asked("Ligne", "")
    person.asked("naissance", BORN)
    person.hears(r"A-20\d\d-\d{5}-\d")
    person.asked("Votre choix", "")


def getting_back_in(person: LineWalk, town: BackendProcess) -> None:
    """P009, whom an agent has called back: the code of their mail, then a password."""
    before = sum(mail.to == person.row["mail_secours"] for mail in town.mails())
    is_done(town, person, kind="activation_code")
    person.asked("Code", town.newest_mail(person.row["mail_secours"], after=before).code)
    choose_password(person)
    person.asked("Votre choix", "")


class Phone:
    """The browser of a phone, one page after the other; what its pages are made of is read as in phones.py."""

    def __init__(self, town: BackendProcess) -> None:
        self.page = Page("", 0, "")
        agent = {"User-Agent": PIXEL, "Accept-Language": "fr"}
        self._http = httpx.Client(base_url=town.url, headers=agent, trust_env=False, follow_redirects=True)

    def __enter__(self) -> "Phone":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def open(self, address: str) -> None:
        self._show(self._http.get(address))

    def press(self, **fields: str) -> None:
        """Send the form of the page, with what is typed or chosen."""
        self._show(self._http.post(self.page.sends_to, data={**self.page.form, **fields}))

    def _show(self, response: httpx.Response) -> None:
        self.page = Page(str(response.url), response.status_code, response.text)


def read_charter(person: LineWalk) -> None:
    """Page by page, up to the question at its end."""
    while person.hears(f"(?:{READ_ON}|{YES_OR_NO})[^\n]*: $").group().startswith(tuple(READ_ON.split("|"))):
        person.types("")


def choose_password(person: LineWalk) -> None:
    person.asked("ouveau mot de passe|New password", person.password)
    person.asked("Confirm|password again", person.password)


def is_done(town: BackendProcess, person: LineWalk, *, kind: str, uri: str = "", key: str = "") -> None:
    """What the demonstration does for that person on a screen of that kind."""
    acts = f"{town.url}/demonstration/people/{person.id}/acts?journey={person.journey}&locale=fr"
    sight = {"kind": kind, "uri": uri, "key": key}
    assert httpx.post(acts, json=sight, trust_env=False, timeout=20).is_success


WEAK, OWNED, BORN = "Montagne-42", "Lavande-47-Tramway", "31/10/1963"

LINE_JOURNEYS = (
    LineJourney("activation-letter", "fr", "P001", by_letter, (WEAK, "g9cf-9hqy-atc2")),
    LineJourney("activation-link", "fr", "P045", by_mail),
    LineJourney("activation-link", "en", "P046", by_mail),
    LineJourney("portal-registration", "fr", "R02", registering),
    LineJourney("phone-pairing", "fr", "O04", pairing),
    LineJourney("my-account", "fr", "P012", owning, (OWNED,)),
    LineJourney("assistance", "fr", "P009", asking_for_help),
    LineJourney("recovery", "fr", "P009", getting_back_in),
)
