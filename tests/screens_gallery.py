"""A bare App that shows one screen and keeps what it posts: no wizard, no backend. Also the steps it can show.

``python -m tests.screens_gallery charter fr`` shows one in a terminal.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.segment import Segment
from textual.app import App
from textual.filter import LineFilter
from textual.message import Message

from api_client.contract import (
    Action,
    ActivationCode,
    ActivationResend,
    AnyStep,
    BackupEmail,
    CardLine,
    Catalogue,
    Charter,
    Done,
    Drawing,
    Enrolment,
    Expired,
    HandedOver,
    HelpTopic,
    JourneyOffer,
    LinkSent,
    Locale,
    Locked,
    Login,
    Mailbox,
    NewPassword,
    PhonePairing,
    Progress,
    ProvisionalPassword,
    PublicDirectory,
    RailStep,
    RecoveryCodes,
    Redirection,
    Refused,
    TakeOver,
    TotpOffer,
    Unexpected,
)
from api_client.passwords import PROFILES
from api_client.secret import Secret
from screens.frame import kind_of, screen_for
from screens.words import speak
from tests.account_steps import account_steps
from tests.assistance_steps import assistance_steps
from tests.portal_steps import portal_steps
from tui.appearance import Appearance

NOW = datetime(2026, 11, 4, 19, 47, 30, tzinfo=UTC)
"""20 h 47 in Paris: 3 h 12 before the evening's deadline."""

TOTP_KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
TOTP_URI = f"otpauth://totp/UE:p00000400013?secret={TOTP_KEY}&issuer=UE"

CHARTER = """# Charte d’utilisation des ressources informatiques

La présente charte définit les règles d’usage des moyens informatiques de l’Université Exemple.

## Article 1 — Champ d’application

Elle s’applique à toute personne qui utilise ces moyens :

- les personnels titulaires et contractuels ;
- les vacataires et les personnes hébergées ;
- les étudiantes et les étudiants.

## Article 2 — Mot de passe

Le mot de passe est personnel. Il ne se communique à personne, pas même à l’assistance.

## Article 3 — Respect des autres

Chacun s’interdit de gêner le travail d’autrui et de contourner les protections.
"""

CATALOGUE = Catalogue(
    institution="Université Exemple",
    acronym="UE",
    accent="#8ecae6",
    support="Assistance : assistance@univ-exemple.example, 04 65 71 00 00",
    journeys=(
        JourneyOffer(
            id="activation-letter",
            title="Activer mon compte informatique",
            summary="La DRH vous a remis un document appelé PASS’EX.",
            prerequisite="Pré-requis : avoir son PASS’EX",
        ),
        JourneyOffer(
            id="activation-link",
            title="J’ai reçu un mail d’activation",
            summary="Ce mail contient un lien et un code.",
            prerequisite="Pré-requis : avoir un identifiant de connexion",
        ),
    ),
    help=(
        HelpTopic(question="Où est mon nom de connexion ?", answer="En première page du PASS’EX.", steps=("login",)),
        HelpTopic(question="Qui peut m’aider ?", answer="L’assistance, au 04 65 71 00 00."),
    ),
    demonstration=True,
)

_OUTCOME_ACTIONS = (Action(id="restart", label="Recommencer"),)

STEPS: dict[str, AnyStep] = {
    kind_of(step): step
    for step in (
        Login(
            title="Authentification avec votre nom de connexion",
            lead="Entrez votre nom de connexion indiqué sur votre PASS’EX, puis choisissez « Suivant ».",
            label="Nom de connexion",
            hint="p00000000000",
        ),
        ProvisionalPassword(
            title="Authentification avec votre mot de passe provisoire",
            lead="Entrez votre mot de passe provisoire indiqué sur votre PASS’EX, puis choisissez « Suivant ».",
            label="Mot de passe provisoire",
        ),
        BackupEmail(
            title="Saisie du mail de secours",
            lead="Renseignez une adresse mail de secours : elle sécurise la création du compte et vous permettra de "
            "récupérer vos accès plus facilement en cas d’oubli de votre mot de passe.",
            label="Adresse mail de secours",
            confirmation_label="Confirmez l’adresse mail de secours",
            refused_domains=("univ-exemple.example",),
            common_domains=("gmail.com", "orange.fr"),
        ),
        LinkSent(
            title="Consultez votre boîte e…5@example.org",
            lead="Un message vient d’y être envoyé. Ouvrez le lien : cet écran avancera tout seul.",
            purpose="backup_email",
            address_hint="e…5@example.org",
            deadline=datetime(2026, 11, 4, 22, 59, 59, tzinfo=UTC),
            deadline_text="Valable jusqu’au mercredi 4 novembre 2026 à 23 h 59 (heure de Paris)",
            number=47,
            delivery="sent",
            actions=(
                Action(id="resend", label="Renvoyer le mail", available_at=NOW + timedelta(minutes=9, seconds=30)),
                Action(id="change_address", label="Changer d’adresse", leads_back=True),
                Action(id="hand_over", label="Continuer ailleurs"),
            ),
        ),
        ActivationCode(
            title="Activer mon compte informatique",
            lead="Ce mail contient votre identifiant et un lien vous permettant d’activer votre compte informatique.",
            label="Collez ici le lien reçu, ou saisissez le code inscrit sous le lien :",
            actions=(Action(id="resend", label="Recevoir un nouveau mail"),),
        ),
        ActivationResend(
            title="Procédure de secours : le délai est dépassé",
            lead="Un nouvel e-mail d’activation vous sera alors envoyé sur votre adresse de secours.",
            label="Adresse institutionnelle",
            hint="prenom.nom@univ-exemple.example",
        ),
        TakeOver(
            title="Votre parcours est ouvert sur un autre écran",
            lead="Vous pouvez continuer ici : l’autre écran se fermera.",
            since=NOW - timedelta(minutes=5),
            since_text="Ouvert depuis 20 h 42",
        ),
        Charter(
            title="Acceptation de la charte informatique",
            lead="Prenez-en connaissance, cochez la case d’acceptation, puis choisissez « Suivant ».",
            label="J’ai pris connaissance de la charte informatique (version 2026-1) et je l’accepte.",
            version="2026-1",
            sha256="0" * 64,
            text=CHARTER,
        ),
        PublicDirectory(
            title="Donner votre accord pour apparaître dans l’annuaire public",
            lead="Choisissez d’apparaître ou pas dans le futur annuaire public de l’Université Exemple.",
            label="J’accepte d’apparaître dans l’annuaire public.",
            note="Sans votre accord, vos coordonnées restent visibles des seules personnes authentifiées.",
            card=(
                CardLine("Nom", "Élodie Lefèvre"),
                CardLine("Mail", "elodie.lefevre@univ-exemple.example"),
                CardLine("Téléphone", "04 65 71 00 12"),
            ),
        ),
        Mailbox(
            title="Messagerie universitaire",
            lead="Une boîte mail va être créée à la fin de la procédure et sera disponible dans votre ENT.",
            address="elodie.lefevre@univ-exemple.example",
        ),
        Redirection(
            title="Rediriger vos mails vers une adresse de messagerie",
            lead="Vous pouvez mettre en place une redirection de messagerie vers une boîte mail externe.",
            mandatory=False,
            redirect_label="Rediriger mes mails vers une boîte mail externe",
            label="Adresse mail de redirection",
            keep_copy_label="Conserver une copie des mails sur ma boîte mail universitaire (fortement conseillé)",
            address="elodie5@example.org",
            common_domains=("gmail.com",),
        ),
        NewPassword(
            title="Saisissez votre mot de passe",
            lead="Il vous servira pour l’ENT, le mail et le Wi-Fi.",
            label="Nouveau mot de passe",
            confirmation_label="Confirmez le mot de passe",
            policy=PROFILES["cnil80"],
            refused_words=("p00000400013", "lefevre", "Élodie", "Lefèvre"),
        ),
        PhonePairing(
            title="Protéger votre compte avec votre téléphone",
            lead="Ouvrez une application d’authentification, choisissez « Scanner un QR code » et visez le code.",
            label="Code affiché par l’application",
            offer=TotpOffer(uri=Secret(TOTP_URI), key=Secret(TOTP_KEY)),
            expires_at=NOW + timedelta(minutes=10, seconds=30),
            actions=(Action(id="skip", label="Plus tard"),),
        ),
        RecoveryCodes(
            title="Vos codes de secours",
            lead="Recopiez-les : chacun remplace une fois votre téléphone s’il est perdu.",
            label="J’ai noté mes codes de secours.",
            codes=tuple(Secret(f"{n}ABC-DEFG-HJK{n}") for n in range(10)),
        ),
        Done(
            title="Confirmation, informations importantes",
            lead="Votre compte informatique UE est activé et prêt à être utilisé.",
            facts=(
                CardLine("Votre identifiant", "p00000400013"),
                CardLine("Votre adresse", "elodie.lefevre@univ-exemple.example"),
            ),
            set_up=("Mail de secours e…5@example.org", "Charte acceptée, version 2026-1"),
            in_preparation=("Boîte mail : disponible sous une heure",),
            next_url="https://ent.univ-exemple.example",
        ),
        Refused(title="L’activation n’est pas possible", lead="Ce compte est déjà actif.", contact="DRH"),
        Locked(
            title="Trop d’essais",
            lead="Demandez une nouvelle lettre à la DRH.",
            contact="DRH : 04 65 71 00 01",
            actions=_OUTCOME_ACTIONS,
        ),
        Expired(
            title="Le délai est dépassé",
            lead="Reprenez la procédure à l’étape 1 : ce que vous aviez donné est conservé.",
            actions=_OUTCOME_ACTIONS,
        ),
        HandedOver(title="Votre parcours continue ailleurs", lead="Il a été repris sur un autre écran."),
        Unexpected(
            title="Une erreur de notre côté",
            lead="Rien de ce que vous avez donné n’est perdu.",
            reference="7F3A-21",
            actions=_OUTCOME_ACTIONS,
        ),
        *account_steps(NOW),
        *portal_steps(),
        *assistance_steps(),
    )
}
"""One step of every kind, as a backend would send it."""

RAIL = ("Connexion", "Mail de secours", "Charte", "Annuaire", "Messagerie", "Redirection", "Mot de passe", "Téléphone")


def enrolment_of(step: AnyStep, *, locale: Locale = "fr", position: int = 3, can_go_back: bool = True) -> Enrolment:
    """``step`` in the middle of a letter journey; position 0 for an outcome."""
    rail = tuple(
        RailStep(label=label, state="done" if n < position else "current" if n == position else "ahead")
        for n, label in enumerate(RAIL, 1)
    )
    return Enrolment(
        id="e1",
        revision=1,
        journey="activation-letter",
        journey_title="Activer mon compte informatique",
        status="active",
        server_time=NOW,
        expires_at=NOW + timedelta(minutes=30),
        locale=locale,
        seat=1,
        progress=Progress(position=position, total=len(rail), steps=rail),
        can_go_back=can_go_back,
        step=step,
    )


class Gallery(App[None], inherit_bindings=False):
    """Shows ``first`` and keeps every message of screens/messages.py in ``said``."""

    CSS_PATH = Path(__file__).parent.parent / "tui" / "perron.tcss"
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        first: Any,
        locale: Locale = "fr",
        drawing: Drawing | None = None,
        appearance: Appearance = Appearance(),  # noqa: B008
    ) -> None:
        speak(locale)
        self.appearance = appearance
        super().__init__()
        appearance.put_on(self, CATALOGUE.accent)
        if drawing is not None:
            self.drawing = drawing
        self.first = first if not isinstance(first, Enrolment) else screen_for(first, CATALOGUE)
        self.said: list[Message] = []

    async def on_mount(self) -> None:
        await self.push_screen(self.first)

    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), *self.appearance.filters()]

    def _keep(self, message: Message) -> None:
        self.said.append(message)

    on_answered = on_back_asked = on_hand_over_asked = on_language_asked = on_leave_asked = on_help_asked = _keep
    on_journey_chosen = on_resume_asked = on_resume_given = on_retry_asked = on_welcome_asked = _keep


def segments_of(app: App[Any]) -> list[Segment]:
    """Every run of cells on the screen, with its style."""
    return [segment for strip in app.screen._compositor.render_strips() for segment in strip]


def rows_of(app: App[Any]) -> list[str]:
    """The words on the screen, row by row."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


if __name__ == "__main__":
    Gallery(enrolment_of(STEPS[sys.argv[1]]), "en" if "en" in sys.argv[2:] else "fr").run()
