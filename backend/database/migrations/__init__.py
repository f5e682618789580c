"""The database's shape, brought up to date when a program opens it.

``versions/NNNN_what.py`` are alembic's revisions, applied in the order of their numbers; the last one makes exactly
``tables.metadata`` (a test compares). Alembic itself is imported for an upgrade alone: it takes most of a second.
"""

from pathlib import Path

from sqlalchemy import Connection, text

from backend.database.store import Store
from backend.database.tables import metadata
from backend.mistakes import Mistake

_HERE = Path(__file__).parent
_VERSIONS = sorted(file.name.partition("_")[0] for file in (_HERE / "versions").glob("[0-9]*.py"))
NEWEST = _VERSIONS[-1]


class NewerDatabase(Mistake):
    """A later version of Perron made or upgraded this database."""


async def bring_up_to_date(store: Store) -> None:
    """Make or upgrade the tables, all of it or nothing. Raises NewerDatabase, and then nothing was changed."""
    async with store.read() as connection:
        if await connection.run_sync(_version) == NEWEST:
            return
    async with store.reshape() as connection:
        await connection.run_sync(_upgrade)


def _version(connection: Connection) -> str | None:
    """The revision the database is at; None for an empty one. Raises NewerDatabase."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if version is not None and version not in _VERSIONS:
        raise NewerDatabase(
            f"La base de données est d’une version plus récente de Perron (révision {version}, celle-ci connaît "
            f"{NEWEST}) : installez cette version, ou restaurez une sauvegarde.",
            f"The database is of a later version of Perron (revision {version}, this one knows {NEWEST}): install that "
            "version, or restore a backup.",
        )
    return version


def _upgrade(connection: Connection) -> None:
    version = _version(connection)
    if version == NEWEST:
        return  # another process was first
    if version is None:
        # An empty database needs no history, and no alembic.
        metadata.create_all(connection)
        connection.execute(
            text(
                "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
                "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
            )
        )
        connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:it)"), {"it": NEWEST})
        return
    run_alembic(connection, NEWEST)


def run_alembic(connection: Connection, revision: str) -> None:
    """Walk the revisions up to ``revision``, within the transaction of ``connection``."""
    from alembic.command import upgrade
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    upgrade(config, revision)
