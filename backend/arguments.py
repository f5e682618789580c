"""What ``perron-backend`` understands: its commands and options, explained in two languages.

Each command names the coroutine that does it, ``module:function`` of ``backend.commands``, imported when it is asked
for.
"""

import argparse
from pathlib import Path
from typing import Any, get_args

from backend.command_line import CommandLine, file_or_output, file_or_register, host_and_port, issuer, public_url
from backend.danger import Danger
from backend.mistakes import Language


def command_line(language: Language) -> CommandLine:
    """Everything that ``perron-backend`` understands."""
    whole = CommandLine(language, prog="perron-backend")
    whole.set_defaults(language=language)
    whole.description = whole.say(
        "Le service de Perron : il tient les comptes à activer et décide de chaque étape.",
        "Perron’s service: it keeps the accounts to activate and decides every step.",
    )
    word = whole.say("COMMANDE", "COMMAND")
    commands = whole.add_subparsers(title=whole.say("Commandes", "Commands"), metavar=word, required=True)
    _take_serve(
        whole.among(commands, "serve", "serve:serve", "Sert les parcours par HTTP.", "Serves the journeys over HTTP.")
    )
    people = whole.among(
        commands,
        "import-people",
        "accounts:import_people",
        "Importe un fichier RH ; le répéter ne défait rien.",
        "Imports an HR file; repeating it undoes nothing.",
    )
    _take_file(people)
    people.take_institution()
    _take_file(
        whole.among(
            commands,
            "import-companies",
            "portal:import_companies",
            "Importe un fichier d’établissements ; le répéter ne défait rien.",
            "Imports a file of establishments; repeating it undoes nothing.",
        )
    )
    _take_file(
        whole.among(
            commands,
            "import-contacts",
            "portal:import_contacts",
            "Importe un fichier de contacts connus ; le répéter ne défait rien.",
            "Imports a file of known contacts; repeating it undoes nothing.",
        )
    )
    letter = whole.among(
        commands,
        "letter",
        "accounts:letter",
        "Imprime une lettre avec un nouveau mot de passe provisoire, qui remplace l’ancien.",
        "Prints a letter with a fresh provisional password, which replaces the former.",
    )
    letter.take_login()
    letter.take_institution()
    show = whole.among(commands, "show", "accounts:show", "Montre un compte.", "Shows an account.")
    show.take_login()
    show.options.add_argument("--json", action="store_true", help=show.say("en JSON", "as JSON"))
    whole.among(
        commands,
        "verify-password",
        "accounts:verify_password",
        "Vérifie un mot de passe tapé sans écho, ou lu sur l’entrée standard : 0 bon, 1 mauvais, 2 compte inconnu.",
        "Verifies a password typed without echo, or read from standard input: 0 right, 1 wrong, 2 no such account.",
    ).take_login()
    lock = whole.among(
        commands,
        "lock",
        "blocking:lock",
        "Bloque un compte en danger : mot de passe, liens et écrans cessent de marcher.",
        "Locks an account in danger: its password, links and screens stop working.",
    )
    lock.take_login()
    lock.options.add_argument(
        "--reason",
        metavar=lock.say("RAISON", "REASON"),
        choices=get_args(Danger),
        default="manual",
        help=lock.say("pour le journal : ", "for the record: ") + ", ".join(get_args(Danger)),
    )
    unlock = whole.among(
        commands,
        "unlock",
        "blocking:unlock",
        "Envoie à l’adresse de secours vérifiée de quoi choisir un nouveau mot de passe, qui rouvre le compte.",
        "Sends to the verified backup address what lets its owner choose a new password, which opens the account.",
    )
    unlock.take_login()
    unlock.take_institution()
    _take_export(whole, commands, word)
    audit = commands.add_parser(
        "audit", language=language, help=whole.say("Journal des actes : voir « audit verify ».", "See “audit verify”.")
    ).add_subparsers(title=whole.say("Commandes", "Commands"), metavar=word, required=True)
    whole.among(
        audit,
        "verify",
        "trail:verify",
        "Vérifie le journal : 0 s’il est intact, 1 et la première entrée fautive sinon.",
        "Verifies the record of what was done: 0 if it is intact, else 1 and the first bad entry.",
    )
    desk = whole.say("Demandes d’assistance : voir « assistance list ».", "Requests for help: see “assistance list”.")
    _take_desk(
        whole,
        commands.add_parser("assistance", language=language, help=desk, description=desk).add_subparsers(
            title=whole.say("Commandes", "Commands"), metavar=word, required=True
        ),
    )
    return whole


_SPREADSHEETS = (
    ("people", "Le personnel et les étudiants.", "Staff and students."),
    ("registrations", "Les inscriptions sur le portail.", "The registrations on the portal."),
)


def _take_export(whole: CommandLine, commands: Any, word: str) -> None:
    said = whole.say(
        "Écrit qui est là pour un tableur (CSV) : voir « export people ».",
        "Writes who is there for a spreadsheet (CSV): see “export people”.",
    )
    listings = commands.add_parser("export", language=whole.language, help=said, description=said)
    listings = listings.add_subparsers(title=whole.say("Commandes", "Commands"), metavar=word, required=True)
    for name, french, english in _SPREADSHEETS:
        command = whole.among(listings, name, "export:export", french, english)
        command.set_defaults(listing=name)
        command.options.add_argument(
            "--output",
            metavar=command.say("FICHIER.csv", "FILE.csv"),
            type=file_or_output,
            help=command.say(
                "remplacé s’il existe, pour votre compte seul (sans lui, ou « - » : sortie standard)",
                "replaced if it is there, for your account alone (without it, or “-”: standard output)",
            ),
        )
        command.take_institution()


_DESK = (
    ("list", "list_waiting", "Montre qui attend un appel.", "Shows who waits for a call."),
    ("show", "show", "Montre une demande, et si l’identité concorde.", "Shows a request, and if the identity agrees."),
    ("take", "act", "Prend une demande, avant d’appeler.", "Takes a request, before the call."),
    ("agree", "act", "La bonne personne est au téléphone.", "The right person is on the telephone."),
    ("differ", "act", "Ce n’est pas la bonne personne : rejette.", "It is not the right person: rejects."),
    ("no-answer", "act", "Personne ne répond ; la troisième fois clôt.", "Nobody answers; the third time closes."),
    ("unlock", "act", "Envoie de quoi choisir un nouveau mot de passe.", "Sends what lets them choose a new password."),
    ("close", "act", "Clôt : la personne a été aidée autrement.", "Closes: the person was helped in another way."),
)
"""What agents do: the command, what does it, and what it says of itself."""


def _take_desk(whole: CommandLine, commands: Any) -> None:
    for name, does, french, english in _DESK:
        command = whole.among(commands, name, f"assistance:{does}", french, english)
        command.take_institution()
        if name == "list":
            continue
        command.set_defaults(act=name)
        number = command.say("NUMÉRO", "NUMBER")
        command.subjects.add_argument(
            "number", metavar=number, help=command.say("comme A-2026-00042-5", "such as A-2026-00042-5")
        )


def _take_serve(serve: CommandLine) -> None:
    add, say = serve.options.add_argument, serve.say
    add(
        "--listen",
        metavar="HOST:PORT",
        type=host_and_port,
        default=("127.0.0.1", 8020),
        help=say("où écouter (127.0.0.1:8020) ; port 0 : un port libre", "where (127.0.0.1:8020); port 0: a free one"),
    )
    add(
        "--public-url",
        metavar="URL",
        type=public_url,
        help=say("début des liens dans les mails (l’adresse écoutée)", "what links in mails begin with (the address)"),
    )
    add(
        "--smtp",
        metavar="URL",
        help=say(
            "smtp://[nom:mot de passe@]serveur[:port] ; avec un mot de passe, plutôt la variable PERRON_SMTP, que les "
            "autres comptes ne voient pas. Sans serveur, les mails vont dans DIR/outbox",
            "smtp://[user:password@]host[:port]; with a password, rather the variable PERRON_SMTP, which other "
            "accounts cannot see. Without a server, mails go to DIR/outbox",
        ),
    )
    add("--people", metavar=say("FICHIER.csv", "FILE.csv"), type=Path, help=say("à importer d’abord", "imported first"))
    add(
        "--companies",
        metavar=say("FICHIER.csv|URL", "FILE.csv|URL"),
        type=file_or_register,
        action="append",
        default=[],
        help=say(
            "établissements : un fichier importé d’abord, ou l’API Sirene (clé : variable PERRON_SIRENE_KEY ou fichier "
            "PERRON_SIRENE_KEY_FILE) ; peut être répété",
            "establishments: a file imported first, or the Sirene API (key: variable PERRON_SIRENE_KEY or file "
            "PERRON_SIRENE_KEY_FILE); may be repeated",
        ),
    )
    add(
        "--contacts",
        metavar=say("FICHIER.csv", "FILE.csv"),
        type=Path,
        help=say("contacts déjà connus, importés d’abord", "contacts known already, imported first"),
    )
    add(
        "--oidc-issuer",
        metavar="URL",
        type=issuer,
        help=say(
            "fournisseur d’identité OpenID Connect (Entra : https://login.microsoftonline.com/LOCATAIRE/v2.0), pour "
            "les parcours qui s’y connectent",
            "OpenID Connect identity provider (Entra: https://login.microsoftonline.com/TENANT/v2.0), for the journeys "
            "that sign in there",
        ),
    )
    add(
        "--oidc-client-id",
        metavar="ID",
        help=say("notre nom chez lui (client public)", "our name there (public client)"),
    )
    add(
        "--behind-proxy",
        metavar="IP",
        help=say("serveur mandataire dont X-Forwarded-For est cru", "proxy whose X-Forwarded-For is believed"),
    )
    add(
        "--demonstration",
        action="store_true",
        help=say("sert aussi des personnes fictives et leurs mails", "also serves fictitious people and their mails"),
    )
    for descriptor in ("--ready-fd", "--until-eof-fd"):  # between the wizard and the backend that it starts
        add(descriptor, metavar="N", type=int, help=argparse.SUPPRESS)
    serve.take_institution()


def _take_file(command: CommandLine) -> None:
    command.subjects.add_argument("file", metavar=command.say("FICHIER.csv", "FILE.csv"), type=Path)
