"""A welcome screen with every door that Perron ships, as an institution would name them."""

import msgspec

from api_client.contract import Catalogue, JourneyOffer
from tests.screens_gallery import CATALOGUE

DOORS = (
    *CATALOGUE.journeys,
    JourneyOffer(
        id="my-account",
        title="Mon compte",
        summary="Changer mon mot de passe, mon mail de secours, ma redirection ou mon choix pour l’annuaire.",
        prerequisite="Pré-requis : le mot de passe que vous avez choisi",
    ),
    JourneyOffer(
        id="recovery",
        title="L’assistance m’a envoyé un code",
        summary="Choisir un nouveau mot de passe.",
        prerequisite="Pré-requis : le mail reçu sur votre adresse de secours",
    ),
    JourneyOffer(
        id="portal-registration",
        title="Créer mon accès à Mon Espace",
        summary="Je travaille dans une entreprise adhérente, ou pour l’une d’elles.",
        prerequisite="Pré-requis : le SIREN ou le SIRET de l’établissement",
        host="Formation Exemple",
    ),
    JourneyOffer(
        id="phone-pairing",
        title="Temps Exemple sur mon téléphone",
        summary="Je me connecte avec mon compte professionnel, puis j’appaire l’application.",
        prerequisite="Pré-requis : votre téléphone",
        host="Temps Exemple",
    ),
    JourneyOffer(
        id="assistance",
        title="Déposer une demande d’assistance",
        summary="Mon compte est bloqué, ou je n’arrive pas à l’activer.",
    ),
)

ALL_DOORS: Catalogue = msgspec.structs.replace(CATALOGUE, journeys=DOORS)
