"""The command that writes who there is for a spreadsheet."""

from argparse import Namespace
from typing import Any

from backend.commands.opening import opened
from backend.export.destination import destination
from backend.export.people import PEOPLE
from backend.export.registrations import REGISTRATIONS
from backend.export.spreadsheet import ENCODING, Spreadsheet, Tongue

_SPREADSHEETS: dict[str, Spreadsheet[Any]] = {"people": PEOPLE, "registrations": REGISTRATIONS}


async def export(arguments: Namespace) -> int:
    """Standard output is the spreadsheet's alone; beside a file it says how many rows are in it."""
    async with opened(arguments.data, arguments.institution) as parts:
        tongue = Tongue(arguments.language, parts.house.institution.zone)
        with destination(arguments.output, ENCODING) as target:
            rows = await _SPREADSHEETS[arguments.listing].write(parts.house, target, tongue)
    if arguments.output:
        french = arguments.language == "fr"
        print(f"{arguments.output} : {rows} lignes." if french else f"{arguments.output}: {rows} rows.")
    return 0
