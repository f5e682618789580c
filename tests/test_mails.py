"""What the mails say: every kind in both languages, within 72 columns, with nothing hostile and no password."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from jinja2 import UndefinedError

from api_client.contract import Locale
from api_client.secret import Secret
from backend.institution import Institution
from backend.journeys import load_library
from backend.mail.composition import COLUMNS, OPERATORS, Facts, HostileHeader, Kind, compose

WITH_LINK: tuple[Kind, ...] = ("M1", "M2", "M3", "M4", "M7", "M9", "M13", "M14")
KINDS: tuple[Kind, ...] = (*WITH_LINK, "M5", "M6", "M7b", "M8", "M8b", "M12")
URL = "https://perron.univ-exemple.example/l/" + "aB3-_" * 8 + "xyz"
CODE = "ABCDEFGHJKMN"
WRITTEN = datetime(2026, 11, 3, 9, 15, tzinfo=UTC)
NEXT_DAY = datetime(2026, 11, 4, 22, 59, 59, tzinfo=UTC)

TOLD = {
    "called": "Élodie",
    "number": "A-2026-00042-5",
    "motive": "compte bloqué ou verrouillé",
    "profile": "Étudiant",
    "institutional": "elodie.lefevre@etu.univ-exemple.example",
    "personal": "lefevre.01@example.com",
    "telephone": "06 39 98 12 34",
    "identity": "Code INE",
    "description": f"Bonjour,\n\n{'mon compte ne marche plus ' * 9}\n> merci",
}
"""Beside the account: by somebody who registers, by a request for help of which nobody knows whose it is."""


@pytest.fixture(scope="module")
def institution() -> Institution:
    return load_library().institution


def facts(**changes: object) -> Facts:
    known: dict[str, object] = {
        "mail_id": "5f2c",
        "recipient": "lefevre.01@example.com",
        "written_at": WRITTEN,
        "full_name": "Élodie Lefèvre",
        "login": "p00000400013",
        "institutional_email": "elodie.lefevre@univ-exemple.example",
        "url": Secret(URL),
        "code": Secret(CODE),
        "deadline": NEXT_DAY,
        "told": TOLD,
    }
    return Facts(**(known | changes))  # type: ignore[arg-type]


def text_of(mail: EmailMessage) -> str:
    content = mail.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_mail_is_plain_text_of_72_columns_that_ends_with_who_to_tell(
    kind: Kind, locale: Locale, institution: Institution
) -> None:
    mail = compose(kind, locale, institution, facts())
    text = text_of(mail)
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content_charset() == "utf-8"
    assert not list(mail.iter_attachments())
    assert all(len(line) <= COLUMNS or " " not in line for line in text.splitlines())
    *_, warning, signature = text.split("\n\n")
    ours = f"{institution.name}\n{institution.support_email} · {institution.support_phone}\n"
    assert institution.operator
    theirs = f"{institution.operator.name}\n{institution.operator.contact_url}\n"
    thanks = {"fr": "Merci,\n", "en": "Thank you,\n"}[locale] if kind == "M9" else ""
    assert signature == (f"{thanks}{theirs}" if kind in OPERATORS else ours)
    asked = {"fr": "vous n’avez rien demandé", "en": "you did not ask"}[locale] if kind == "M4" else "?"
    assert asked in " ".join(warning.split())
    assert "{" not in text


@pytest.mark.parametrize("kind", WITH_LINK)
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_the_link_stands_alone_on_its_line_and_the_code_is_grouped(
    kind: Kind, locale: Locale, institution: Institution
) -> None:
    text = text_of(compose(kind, locale, institution, facts()))
    assert text.split("\n").count(URL) == 1
    assert "ABCD-EFGH-JKMN" in text
    date = "mercredi 4 novembre 2026 à 23 h 59 (heure de Paris)"
    assert {"fr": date, "en": "Wednesday 4 November 2026 at 23:59 (Paris time)"}[locale] in " ".join(text.split())


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("M1", "Activez votre compte informatique UE"),
        ("M2", "Nouveau lien d’activation de votre compte UE"),
        ("M3", "Poursuivez l’activation de votre compte UE"),
        ("M4", "Validez votre adresse de redirection"),
        ("M5", "Votre compte UE est activé"),
        ("M6", "Votre mot de passe UE a été modifié"),
        ("M7", "Confirmez votre nouvelle adresse de secours"),
        ("M7b", "Votre adresse de secours va changer"),
        ("M8", "Votre demande d’assistance n° A-2026-00042-5"),
        ("M12", "[Assistance] Étudiant A-2026-00042-5"),
    ],
)
def test_subjects_are_those_of_the_specification(kind: Kind, subject: str, institution: Institution) -> None:
    assert compose(kind, "fr", institution, facts())["Subject"] == subject


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("M1", "Votre compte informatique UE est créé. Il demeure inactif tant que vous ne l’avez pas activé."),
        ("M1", "Votre identifiant : p00000400013"),
        ("M1", "Vous n’attendiez pas ce message ? Ignorez-le et prévenez assistance@univ-exemple.example."),
        ("M2", "Le lien précédent ne fonctionne plus."),
        ("M3", "Vous avez indiqué cette adresse comme mail de secours de votre compte informatique UE."),
        ("M3", "il sera nécessaire de reprendre la procédure à l’étape 1."),
        ("M4", "Élodie Lefèvre souhaite rediriger vers cette adresse les mails de son compte UE."),
        ("M4", "n’ouvrez pas le lien : aucune redirection ne sera mise en place."),
        ("M5", "Votre adresse : elodie.lefevre@univ-exemple.example"),
        ("M6", "a été modifié le mardi 3 novembre 2026 à 10 h 15 (heure de Paris)."),
        ("M7", "Le changement n’est fait qu’à l’ouverture du lien."),
        ("M7b", "Ce n’était pas vous ?"),
        ("M8", "Un agent de la DSIN vous contactera par téléphone au 06 39 98 12 34 pour vous aider."),
        ("M8", "Ne communiquez jamais votre mot de passe : aucun agent ne vous le demandera"),
        ("M8b", "Nous avons essayé trois fois de vous appeler"),
        ("M12", "Motif : compte bloqué ou verrouillé"),
        ("M12", "Code INE : fourni"),
        ("M6", "Pensez à mettre le nouveau mot de passe sur votre téléphone"),
    ],
)
def test_the_shipped_sentences(kind: Kind, sentence: str, institution: Institution) -> None:
    assert sentence in " ".join(text_of(compose(kind, "fr", institution, facts())).split())


def test_the_same_day_is_promised_only_when_it_is_true(institution: Institution) -> None:
    same_day = compose("M3", "fr", institution, facts(deadline=datetime(2026, 11, 3, 22, 59, 59, tzinfo=UTC)))
    assert "valide le jour même jusqu’au mardi 3" in " ".join(text_of(same_day).split())
    assert "le jour même" not in text_of(compose("M3", "fr", institution, facts()))


def test_a_mailbox_is_announced_to_those_who_get_one_only(institution: Institution) -> None:
    assert "messagerie" in text_of(compose("M5", "fr", institution, facts(has_mailbox=True)))
    assert "messagerie" not in text_of(compose("M5", "fr", institution, facts(has_mailbox=False)))


def test_headers(institution: Institution) -> None:
    mail = compose("M1", "en", institution, facts())
    again = compose("M1", "en", institution, facts())
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"].addresses[0].display_name == "Université Exemple"
    assert mail["To"].addresses[0].addr_spec == "lefevre.01@example.com"
    assert mail["Message-ID"] == again["Message-ID"] == "<5f2c@univ-exemple.example>"
    assert mail["Date"].datetime == WRITTEN
    assert mail.as_bytes() == again.as_bytes()


def test_a_hostile_name_is_shown_as_plain_text(institution: Institution) -> None:
    name = "Ana\x1b[2J\x1b]0;x\x07 {{ 7*7 }} \u202egnp.exe\r\nBcc: x@example.org"
    mail = compose("M4", "fr", institution, facts(full_name=name))
    text = text_of(mail)
    assert "{{ 7*7 }}" in text
    assert not set("\x1b\x07\u202e") & set(text)
    assert not any(line.startswith("Bcc") for line in mail.as_string().splitlines())


@pytest.mark.parametrize("recipient", ["a@example.com\r\nBcc: b@example.com", "a@example.com\x00"])
def test_a_header_with_control_characters_is_refused(recipient: str, institution: Institution) -> None:
    with pytest.raises(HostileHeader) as refusal:
        compose("M1", "fr", institution, facts(recipient=recipient))
    assert "example.com" not in str(refusal.value)


def test_a_missing_fact_is_an_error_and_never_a_blank(institution: Institution) -> None:
    with pytest.raises(UndefinedError):
        compose("M1", "fr", institution, facts(url=None))
