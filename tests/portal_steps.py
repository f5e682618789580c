"""One step of each kind of a registration on a portal, as a backend would send it; screens_gallery.py shows them."""

from api_client.contract import (
    AnyStep,
    CardLine,
    Choice,
    Consent,
    Establishment,
    EstablishmentChoice,
    Idcc,
    Identity,
    MemberNumber,
    Topics,
)
from tests.conftest import ROOT

SUPPORT_CONSENT = """La connexion « en tant que » permet à un utilisateur du support Opérateur Exemple ou à un \
Conseiller de se connecter au nom de l’utilisateur. Cela facilite le dépannage des problèmes des utilisateurs.

## En l’acceptant

- vous donnez un accès au Conseiller ou au support technique Opérateur Exemple à votre interface entreprise ;
- vous avez conscience qu’il aura visibilité sur toutes les données auxquelles vous avez vous-même accès ;
- vous en tiendrez informées les personnes concernées.
"""

ESTABLISHMENT = (
    CardLine("Établissement", "Atelier des Tilleuls"),
    CardLine("SIRET", "000 010 017 00010"),
)


def agreements() -> tuple[Choice, ...]:
    """Every agreement that ships, as the backend offers it."""
    lines = (ROOT / "backend" / "portal" / "idcc.csv").read_text(encoding="utf-8").splitlines()[1:]
    return tuple(Choice(line[:4], line[5:].rpartition(",")[0].strip('"')) for line in lines)


def portal_steps() -> tuple[AnyStep, ...]:
    return (
        Identity(
            title="Identifiez-vous",
            lead="À noter : cette étape est à réaliser même si vous aviez déjà un compte sur l’ancien espace client "
            "Opérateur Exemple.",
            labels={
                "role": "J’agis",
                "civility": "Civilité (facultatif)",
                "last_name": "* Nom",
                "first_name": "* Prénom",
                "no_first_name": "Sans prénom",
                "email": "* Adresse e-mail",
            },
            roles=(Choice("self", "pour mon propre compte"), Choice("client", "pour un client")),
            civilities=(
                Choice("madame", "Madame"),
                Choice("monsieur", "Monsieur"),
                Choice("undisclosed", "Sans réponse"),
            ),
            common_domains=("gmail.com",),
        ),
        Consent(
            title="Connexion « en tant que »",
            lead="Lisez ce qui suit. Vous pouvez continuer sans cocher la case.",
            label="J’accepte la connexion « en tant que » (facultatif, révocable à tout moment).",
            text=SUPPORT_CONSENT,
        ),
        Topics(
            title="Vos thématiques",
            lead="Précisez les thématiques sur lesquelles vous souhaitez recevoir de l’information par e-mail.",
            label="En tant qu’utilisateur du portail, je souhaite être destinataire de toutes les informations "
            "relatives à ces thématiques :",
            choices=(
                Choice("contribution", "Contribution formation", "Contribution légale, conventionnelle…"),
                Choice("files", "Instruction des dossiers", "Accord de prise en charge, demande de pièces…"),
                Choice("invoices", "Instruction des factures", "Demande de pièces, avoir, etc."),
                Choice("payments", "Règlement des dossiers", "Avis de virement"),
            ),
        ),
        Establishment(
            title="Mon établissement",
            lead="Indiquez le SIRET ou le SIREN de l’établissement auquel vous voulez vous rattacher.",
            recap=(CardLine("Je suis", "Madame Élodie Lefèvre"), CardLine("E-mail", "elodie@example.org")),
            types_label="Je suis rattaché(e) à",
            types=(Choice("member", "un adhérent"), Choice("training_body", "un organisme de formation")),
            label="SIRET ou SIREN",
        ),
        EstablishmentChoice(
            title="Mon établissement",
            lead="Plusieurs établissements actifs portent ce SIREN : choisissez le vôtre.",
            label="Établissement",
            choices=(
                Choice("00001001700010", "000 010 017 00010, siège", "Atelier des Tilleuls, 12 rue des Tilleuls"),
                Choice("00001001700028", "000 010 017 00028", "Atelier des Tilleuls, 3 impasse du Vieux-Moulin"),
                Choice("00001001700036", "000 010 017 00036", "Atelier des Acacias, zone artisanale des Acacias"),
            ),
        ),
        MemberNumber(
            title="Votre numéro",
            lead="L’établissement est reconnu par notre système : renseignez son numéro pour finaliser l’inscription.",
            label="Numéro adhérent ou organisme de formation",
            establishment=ESTABLISHMENT,
            contact="Si vous n’avez pas ce numéro, contactez Opérateur Exemple : https://operateur.example/contact",
        ),
        Idcc(
            title="Votre convention collective",
            lead="L’établissement n’est pas reconnu par notre système, mais il est actif au niveau de l’INSEE : "
            "renseignez l’IDCC (Identifiant De la Convention Collective).",
            label="IDCC",
            establishment=ESTABLISHMENT,
            choices=agreements(),
        ),
    )
