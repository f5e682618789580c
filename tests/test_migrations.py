"""The database is brought to the shape of ``tables.metadata``, whatever it was, or refused with a sentence."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from backend.database.migrations import NEWEST, NewerDatabase, bring_up_to_date, run_alembic
from backend.database.store import Store
from backend.database.tables import metadata


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store.in_folder(tmp_path)
    yield store
    await store.close()


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


def shape(connection: Connection) -> list[str]:
    rows = connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
    return sorted(" ".join(row.sql.split()).replace('"', "") for row in rows)


async def test_the_revisions_make_exactly_our_tables(store: Store) -> None:
    async with store.write() as tx:
        await tx.connection.run_sync(run_alembic, NEWEST)
    async with store.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_an_empty_database_gets_the_same_shape_without_alembic(store: Store, tmp_path: Path) -> None:
    await bring_up_to_date(store)
    (tmp_path / "other").mkdir()
    other = Store.in_folder(tmp_path / "other")
    async with other.write() as tx:
        await tx.connection.run_sync(run_alembic, NEWEST)
    async with store.read() as one, other.read() as two:
        columns = [
            {
                table: [(column["name"], str(column["type"]), column["nullable"]) for column in columns]
                for (_, table), columns in (await connection.run_sync(lambda c: inspect(c).get_multi_columns())).items()
            }
            for connection in (one, two)
        ]
    await other.close()
    assert columns[0] == columns[1]
    assert columns[0].keys() == {*metadata.tables, "alembic_version"}


async def test_what_is_up_to_date_stays_as_it_is(store: Store) -> None:
    await bring_up_to_date(store)
    async with store.read() as connection:
        before = await connection.run_sync(shape)
    await bring_up_to_date(store)
    async with store.read() as connection:
        assert await connection.run_sync(shape) == before


async def test_two_that_start_together_make_one_database(tmp_path: Path) -> None:
    stores = [Store.in_folder(tmp_path) for _ in range(3)]
    await asyncio.gather(*(bring_up_to_date(store) for store in stores))
    async with stores[0].read() as connection:
        assert await connection.run_sync(differences) == []
    for store in stores:
        await store.close()


async def test_a_newer_database_is_refused_untouched(store: Store) -> None:
    await bring_up_to_date(store)
    async with store.write() as tx:
        await tx.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabase, match="9999") as told:
        await bring_up_to_date(store)
    assert "plus récente" in told.value.told("fr")


async def test_what_was_kept_by_an_older_version_is_still_there(store: Store) -> None:
    """Rows that refer to each other, as everybody's do: a table in their middle is replaced by its next shape."""
    async with store.write() as tx:
        await tx.connection.run_sync(run_alembic, "0001")
        for row in (
            "accounts VALUES ('a', 'p1', NULL, 'a@univ-exemple.example', '{}', 'inactive', '{}', NULL, 1, NULL, 0)",
            "enrolments VALUES ('e', 'activation-letter', 'fr', 1, 'active', '', '', '', '', 'a', '', 1, 0, 0, 0)",
            "recovery_codes VALUES ('a', x'00', NULL)",
        ):
            await tx.connection.execute(text(f"INSERT INTO {row}"))
    await bring_up_to_date(store)
    async with store.read() as connection:
        assert await connection.run_sync(differences) == []
        found = text("SELECT login, realm, journey FROM enrolments JOIN accounts ON accounts.id = account_id")
        assert (await connection.execute(found)).all() == [("p1", "university", "activation-letter")]
        assert (await connection.execute(text("PRAGMA foreign_keys"))).scalar_one() == 1


async def test_every_revision_can_be_undone(store: Store) -> None:
    from alembic.command import downgrade
    from alembic.config import Config

    def undo(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", "backend.database:migrations")
        config.attributes["connection"] = connection
        downgrade(config, "base")

    async with store.write() as tx:
        await tx.connection.run_sync(run_alembic, NEWEST)
        await tx.connection.run_sync(undo)
    async with store.read() as connection:
        assert await connection.run_sync(lambda c: inspect(c).get_table_names()) == ["alembic_version"]


def test_opening_an_ordinary_database_does_not_import_alembic(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys; from pathlib import Path; from backend.database.store import Store;"
        "from backend.database.migrations import bring_up_to_date;"
        "asyncio.run(bring_up_to_date(Store.in_folder(Path(sys.argv[1]))));"
        "sys.exit('alembic' in sys.modules)"
    )
    for _ in range(2):
        assert subprocess.run([sys.executable, "-c", program, str(tmp_path)], timeout=60, check=False).returncode == 0
