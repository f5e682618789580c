"""One step of each kind of the accounts' own journeys, as a backend would send it; screens_gallery.py shows them."""

from datetime import datetime, timedelta

from api_client.contract import (
    Action,
    AnyStep,
    AppOffer,
    Choice,
    CurrentPassword,
    Device,
    DeviceConfirmation,
    Devices,
    Menu,
    Pending,
    PhonePairing,
    SecondFactor,
    SignIn,
)
from api_client.secret import Secret

APP_URI = "HTTPS://COMPTE.UNIV-EXEMPLE.EXAMPLE/P/"
"""With a code behind it 64 characters of QR's alphanumeric alphabet; the usual ones have about 54."""
CODE_IN_URI = "JBSWY3DPEHPK3PXPJBSWY3DPEH"
APP_CODE = "123-456-789"

APP_ADVICE = (
    "Téléchargez l’application Temps Mobile sur votre téléphone, via l’App Store ou Google Play.",
    "Touchez « Ouvrir » dans le magasin d’applications (puis à nouveau « Ouvrir » si votre téléphone le demande).",
    "Touchez « Autoriser les notifications » (facultatif).",
    "Touchez « Ajouter un compte », puis « Scanner un QR code ».",
    "Autorisez l’accès à la caméra et placez votre téléphone devant le QR code de cet écran.",
)


def app_pairing(now: datetime, code: str = CODE_IN_URI) -> PhonePairing:
    """The pairing of the institution's application, which nothing is typed for. ``code`` is 26 characters of base32."""
    return PhonePairing(
        title="Appairer votre téléphone",
        lead="Restez connecté(e) sur cet écran pendant que vous suivez ces étapes sur votre téléphone : si vous le "
        "quittez, l’appairage est annulé.",
        offer=AppOffer(uri=Secret(APP_URI + code), key=Secret(APP_CODE), link=Secret((APP_URI + code).lower())),
        expires_at=now + timedelta(minutes=2),
        advice=APP_ADVICE,
        actions=(
            Action(id="renew", label="Nouveau QR code", leads_back=True),
            Action(id="advanced", label="Gestion avancée"),
        ),
    )


def account_steps(now: datetime) -> tuple[AnyStep, ...]:
    """``now`` is the backend's time when it sends them."""
    return (
        Menu(
            title="Mon compte",
            lead="Que voulez-vous faire ?",
            choices=(
                Choice("backup", "Changer mon adresse mail de secours", "Elle sert à récupérer vos accès."),
                Choice("password", "Changer mon mot de passe", "Pensez ensuite à votre téléphone et à votre tablette."),
                Choice("directory", "Changer mon choix pour l’annuaire public"),
                Choice("finish", "Terminer"),
            ),
        ),
        SignIn(
            title="Connexion à votre compte Temps Exemple",
            lead="Suivez les mêmes instructions que pour votre boîte mail professionnelle : ouvrez cette adresse, "
            "saisissez-y le code, connectez-vous. Cet écran avancera tout seul.",
            verification_uri="https://connexion.univ-exemple.example/device",
            user_code="WDJB-MJHT",
            verification_uri_complete="https://connexion.univ-exemple.example/device?user_code=WDJB-MJHT",
            expires_at=now + timedelta(minutes=14, seconds=30),
            actions=(Action(id="renew", label="Nouveau code", leads_back=True),),
        ),
        DeviceConfirmation(
            title="Un téléphone a lu le code",
            lead="Téléphone Exemple 7 — appairer ?",
            model="Exemple 7",
            platform="Android 15",
            expires_at=now + timedelta(seconds=59),
        ),
        Devices(
            title="Vos téléphones appairés",
            lead="Retirez ceux dont vous ne vous servez plus.",
            devices=(
                Device(id="d1", model="Exemple 7", paired_text="appairé le 4 novembre 2026, biométrie activée"),
                Device(id="d2", model="Exemple 3", paired_text="appairé le 12 mars 2024"),
            ),
        ),
        Pending(
            title="Votre téléphone finit l’appairage",
            lead="Répondez sur votre téléphone à la question sur la biométrie ; elle est facultative.",
            deadline=now + timedelta(minutes=9, seconds=30),
            actions=(Action(id="skip", label="Continuer sans attendre"),),
        ),
        CurrentPassword(
            title="Votre mot de passe",
            lead="Celui que vous avez choisi à l’activation de votre compte.",
            label="Mot de passe",
        ),
        SecondFactor(
            title="Vérification par votre téléphone",
            lead="Ouvrez votre application d’authentification.",
            label="Code à 6 chiffres, ou l’un de vos codes de secours",
        ),
    )
