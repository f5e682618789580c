"""One step of each kind of a request for assistance, as a backend would send it; screens_gallery.py shows them."""

from api_client.contract import (
    AnyStep,
    AssistanceContact,
    AssistanceIdentity,
    AssistanceMessage,
    AssistanceSubject,
    Choice,
    Notice,
)


def assistance_steps() -> tuple[AnyStep, ...]:
    return (
        Notice(
            title="Avant de demander de l’aide",
            lead="Voici quelques vérifications à effectuer :",
            lines=(
                "Vérifiez votre dossier spams / courriers indésirables.",
                "Assurez-vous que votre adresse mail de secours est toujours valide.",
                "Ne communiquez jamais votre mot de passe : aucun agent ne vous le demandera.",
            ),
        ),
        AssistanceSubject(
            title="Déposer une demande d’assistance",
            lead="Un agent de la DSIN vous contactera par téléphone.",
            motives_label="Ce qui vous arrive",
            motives=(
                Choice("blocked", "Mon compte est bloqué ou verrouillé"),
                Choice("no_link", "Je n’ai pas reçu le lien de réinitialisation de mon compte"),
                Choice("activation", "Je n’arrive pas à activer mon compte informatique"),
            ),
            profiles_label="Vous êtes",
            profiles=(Choice("student", "Étudiant"), Choice("staff", "Personnel")),
        ),
        AssistanceContact(
            title="Vous joindre",
            lead="Un agent compare ces renseignements avec les nôtres, puis vous appelle.",
            labels={
                "institutional": "Votre adresse e-mail institutionnelle (celle bloquée)",
                "personal": "Une adresse e-mail personnelle différente",
                "telephone": "Votre numéro de téléphone",
            },
            hint="prenom.nom@univ-exemple.example",
        ),
        AssistanceMessage(
            title="Décrire le problème",
            lead="Dites ce que vous avez fait et ce que vous avez vu. N’écrivez jamais votre mot de passe.",
            label="Une description du problème rencontré",
        ),
        AssistanceIdentity(
            title="Vérifier votre identité",
            lead="L’agent qui vous appellera le comparera avec votre dossier. Ce ne sera plus jamais affiché.",
            wanted="ine",
            label="Votre code INE",
            hint="Il figure sur votre carte étudiante, comme 990000011AB.",
        ),
    )
