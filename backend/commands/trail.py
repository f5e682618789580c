"""The command about the audit chain."""

from argparse import Namespace

from backend.audit import Fault
from backend.commands.opening import opened
from backend.parts import HEAD_FILE

_SAID = {
    Fault.MISSING: ("elle manque", "it is missing"),
    Fault.CHANGED: ("elle a été modifiée ou déplacée", "it was changed or moved"),
    Fault.NOT_EXPORTED: (
        "ce n’est pas celle qui avait été exportée : une autre base a été mise à la place",
        "it is not the one that was exported: another database was put here",
    ),
    Fault.END_MISSING: (
        "la fin manque : davantage d’entrées avaient été exportées",
        "the end is missing: more entries were exported",
    ),
    Fault.HEAD_MISSING: (
        "audit.head manque : rien ne dit que la chaîne finit ici",
        "audit.head is missing: nothing says that the chain ends here",
    ),
    Fault.HEAD_CHANGED: (
        "audit.head a été modifié : rien ne dit où la chaîne finit",
        "audit.head was changed: nothing says where the chain ends",
    ),
}


async def verify(arguments: Namespace) -> int:
    """0 when the chain is intact; 1, and the first bad entry, when it is not."""
    async with opened(arguments.data) as parts:
        found = await parts.house.audit.verify(parts.house.store, arguments.data / HEAD_FILE)
    in_french = arguments.language == "fr"
    if found.fault is None:
        print(f"Intact : {found.entries} entrées." if in_french else f"Intact: {found.entries} entries.")
        return 0
    french, english = _SAID[found.fault]
    if in_french:
        print(f"Première entrée fautive : {found.first_bad} ({french}).")
    else:
        print(f"First bad entry: {found.first_bad} ({english}).")
    return 1
