"""A data folder, opened by a command and closed again.

DIR/                0700; whatever we put there is for our account alone
  perron.sqlite     accounts, enrolments, proofs, mails, audit
  dbos.sqlite       mails on their way
  keys/master.key   the one key outside of the database: save it apart
  audit.head        the end of the audit chain: copy it elsewhere now and then
  outbox/           mails, as a Maildir, when there is no SMTP server
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from backend.database.migrations import bring_up_to_date
from backend.database.store import StoreUnavailable
from backend.mistakes import Mistake
from backend.parts import Parts, make_parts, read_institution
from backend.portal.sirene.access import Access
from backend.sign_in.issuer import Issuer


class FolderUnusable(Mistake):
    """The data folder cannot be used as it is."""


@asynccontextmanager
async def opened(
    data: Path,
    institution: Path | None = None,
    *,
    make: bool = False,
    public_url: str = "",
    smtp: str | None = None,
    sirene: Access | None = None,
    issuer: Issuer | None = None,
) -> AsyncIterator[Parts]:
    """The parts of the backend on ``data``, its database up to date. Raises Mistake.

    ``make``: a folder or database that is not there is made; otherwise it is a mistake, most likely of spelling.
    """
    os.umask(0o077)
    _check(data, make=make)
    library = read_institution(institution)
    parts = make_parts(data, library, public_url=public_url, smtp=smtp, sirene=sirene, issuer=issuer)
    try:
        await bring_up_to_date(parts.house.store)
        yield parts
    except StoreUnavailable as error:
        raise FolderUnusable(
            f"La base {data / 'perron.sqlite'} ne répond pas : un autre programme la tient, le disque est plein, ou le "
            "droit d’y écrire manque.",
            f"The database {data / 'perron.sqlite'} does not answer: another program holds it, the disk is full, or "
            "the right to write there is missing.",
        ) from error
    except DatabaseError as error:
        raise FolderUnusable(
            f"{data / 'perron.sqlite'} n’est pas une base de données de Perron, ou elle est endommagée : restaurez une "
            "sauvegarde.",
            f"{data / 'perron.sqlite'} is no database of Perron, or it is damaged: restore a backup.",
        ) from error
    finally:
        await parts.close()


def _check(data: Path, *, make: bool) -> None:
    database = data / "perron.sqlite"
    try:
        there = database.exists()
        if make:
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FolderUnusable(
            f"Impossible d’utiliser le dossier {data} ({error.strerror}) : choisissez-en un autre avec --data, ou "
            "donnez-y le droit d’écrire.",
            f"The folder {data} cannot be used ({error.strerror}): choose another one with --data, or give the right "
            "to write there.",
        ) from error
    if not there and not make:
        raise FolderUnusable(
            f"Il n’y a pas de données de Perron dans {data} : vérifiez --data, ou lancez d’abord « perron-backend "
            "serve » ou « import-people ».",
            f"There are no data of Perron in {data}: check --data, or run “perron-backend serve” or “import-people” "
            "first.",
        )
    if there and not (data / "keys" / "master.key").exists():
        raise FolderUnusable(
            f"La clé {data / 'keys' / 'master.key'} a disparu : restaurez-la ; sans elle, aucun mot de passe de cette "
            "base ne peut être vérifié.",
            f"The key {data / 'keys' / 'master.key'} is gone: restore it; without it, no password of this database "
            "can be verified.",
        )
