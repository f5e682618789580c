"""Every kind of the portal and of assistance, saying all it can say; test_contract.py sends them over the wire."""

from typing import Any

from api_client import contract
from api_client.contract import CardLine, Choice
from api_client.secret import Secret

_CHOICES = (Choice("one", "L’un", "Ou plutôt lui"), Choice("other", "L’autre"))
_CARD = (CardLine("Nom", "Élodie Lefèvre"),)


def step_samples(frame: dict[str, Any]) -> tuple[contract.Step, ...]:
    """``frame``: what every step has."""
    return (
        contract.Identity(
            labels={"last_name": "Nom", "email": "Adresse"},
            civilities=_CHOICES,
            roles=_CHOICES,
            role="client",
            civility="one",
            last_name="Lefèvre",
            first_name="Élodie",
            no_first_name=True,
            email="moi@example.org",
            common_domains=("example.org",),
            **frame,
        ),
        contract.Consent(label="J’accepte", text="# Connexion « en tant que »", given=True, **frame),
        contract.Topics(label="Thématiques", choices=_CHOICES, chosen=("one", "other"), **frame),
        contract.Establishment(
            recap=_CARD,
            types_label="Type",
            types=_CHOICES,
            label="SIRET",
            type="one",
            number="000 010 017 00010",
            **frame,
        ),
        contract.EstablishmentChoice(label="Lequel", choices=_CHOICES, siret="00001001700010", **frame),
        contract.MemberNumber(label="Numéro", establishment=_CARD, number="ADH-1", contact="Aide", **frame),
        contract.Idcc(label="IDCC", establishment=_CARD, choices=_CHOICES, code="0573", optional=True, **frame),
        contract.Notice(lines=("Ceci.", "Cela."), **frame),
        contract.AssistanceSubject(
            motives_label="Motif",
            motives=_CHOICES,
            profiles_label="Profil",
            profiles=_CHOICES,
            motive="one",
            profile="other",
            **frame,
        ),
        contract.AssistanceContact(
            labels={"telephone": "Téléphone"},
            hint="prenom.nom",
            institutional="elodie.lefevre@univ-exemple.example",
            personal="moi@example.org",
            telephone="06 39 98 12 34",
            **frame,
        ),
        contract.AssistanceMessage(label="Message", text="Bonjour.\nVoilà.", shortest=10, longest=500, **frame),
        contract.AssistanceIdentity(wanted="birth_date", label="Date de naissance", hint="jj/mm/aaaa", **frame),
    )


def answer_samples(secret: Secret) -> tuple[contract.Answer, ...]:
    """``secret``: what must be in no ``repr``."""
    return (
        contract.IdentityAnswer(
            role="client",
            civility="one",
            last_name="Lefèvre",
            first_name="Élodie",
            no_first_name=False,
            email="moi@example.org",
        ),
        contract.ConsentAnswer(given=True),
        contract.TopicsAnswer(chosen=("one",)),
        contract.EstablishmentAnswer(type="one", number="000 010 017 00010"),
        contract.EstablishmentChoiceAnswer(siret="00001001700010"),
        contract.MemberNumberAnswer(number="ADH-1"),
        contract.IdccAnswer(code="0573"),
        contract.NoticeAnswer(),
        contract.AssistanceSubjectAnswer(motive="one", profile="other"),
        contract.AssistanceContactAnswer(
            institutional="elodie.lefevre@univ-exemple.example", personal="moi@example.org", telephone="06 39 98 12 34"
        ),
        contract.AssistanceMessageAnswer(text="Bonjour.\nVoilà."),
        contract.AssistanceIdentityAnswer(value=secret),
    )
