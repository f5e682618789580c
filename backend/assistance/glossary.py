"""What agents call the parts of a request, in both languages: the same words in the mail M12 and in their commands.

They are ours and not the institution's: those that a person reads are in ``words/assistance.toml``.
"""

from typing import Literal

from api_client.contract import Locale
from backend.assistance.identity import Agreement
from backend.assistance.request import Motive, Profile, State
from backend.institution import Text

MOTIVES: dict[Motive, Text] = {
    "blocked": Text(fr="compte bloqué ou verrouillé", en="account blocked or locked"),
    "link": Text(fr="lien non reçu", en="link not received"),
    "activation": Text(fr="activation impossible", en="cannot activate"),
}
PROFILES: dict[Profile, Text] = {
    "student": Text(fr="Étudiant", en="Student"),
    "staff": Text(fr="Personnel", en="Staff"),
}
IDENTITIES: dict[Profile, Text] = {
    "student": Text(fr="Code INE", en="INE"),
    "staff": Text(fr="Date de naissance", en="Date of birth"),
}
"""What there is to compare."""
STATES: dict[State, Text] = {
    "submitted": Text(fr="déposée", en="submitted"),
    "callback": Text(fr="à rappeler", en="to be called back"),
    "unlocking": Text(fr="identité confirmée", en="identity confirmed"),
    "rejected": Text(fr="rejetée", en="rejected"),
    "closed": Text(fr="close", en="closed"),
}
AGREEMENTS: dict[Agreement, Text] = {
    Agreement.AGREES: Text(fr="concorde", en="agrees"),
    Agreement.DIFFERS: Text(fr="ne concorde pas", en="does not agree"),
    Agreement.UNKNOWN: Text(fr="l’annuaire ne permet pas de comparer", en="the directory has nothing to compare with"),
}
ACCOUNTS: dict[str, Text] = {
    "": Text(fr="aucun à cette adresse", en="none of that address"),
    "inactive": Text(fr="jamais activé", en="never activated"),
    "active": Text(fr="actif", en="active"),
    "locked": Text(fr="bloqué", en="locked"),
    "unlocking": Text(fr="bloqué, lien envoyé pour un nouveau mot de passe", en="locked, link sent for a new password"),
    "expired": Text(fr="expiré", en="expired"),
}
"""How the account stands; nothing for an address without one."""

Label = Literal["motive", "profile", "institutional", "personal", "telephone", "account", "submitted", "calls"]
LABELS: dict[Label, Text] = {
    "motive": Text(fr="Motif", en="Motive"),
    "profile": Text(fr="Profil", en="Profile"),
    "institutional": Text(fr="Adresse institutionnelle", en="Institutional address"),
    "personal": Text(fr="Adresse personnelle", en="Personal address"),
    "telephone": Text(fr="Téléphone", en="Telephone"),
    "account": Text(fr="Compte", en="Account"),
    "submitted": Text(fr="Déposée le", en="Received on"),
    "calls": Text(fr="Appels sans réponse", en="Calls without an answer"),
}


def said(text: Text, locale: Locale) -> str:
    return text.fill(locale, {})
