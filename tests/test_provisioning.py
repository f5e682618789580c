"""The account is made in one write, the same when it is repeated, and nothing of it is there when the write fails."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from api_client.secret import Secret
from backend.database.store import Store
from backend.database.tables import directory, metadata
from backend.hashing import Cost, Hasher
from backend.keys import Keys
from backend.provisioning import Activation, DatabaseProvisioning, Provisioning
from backend.situation import CharterRecord, RedirectionChoice

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
PASSWORD = Secret("Cerisier-Bleu-42")
ACTIVATION = Activation(
    login="p00000400013",
    backup_email="lefevre.01@example.com",
    listed=False,
    redirection=RedirectionChoice(address="ailleurs@example.org", keep_copy=True, proved_at=NOW),
    charter=CharterRecord(version="2026-09", sha256="0" * 64, accepted_at=NOW),
    mailbox="queued",
)


class House:
    """A database whose clock a test moves."""

    def __init__(self, data: Path) -> None:
        self.now = NOW
        self.store = Store.in_folder(data)
        hasher = Hasher(Keys(bytes(32)), Cost(memory=64, passes=1))
        self.port: Provisioning = DatabaseProvisioning(self.store, hasher, lambda: self.now)

    async def activate(self, activation: Activation = ACTIVATION, password: Secret = PASSWORD) -> None:
        credential = await self.port.prepare(activation.login, password)
        async with self.store.write() as tx:
            await self.port.activate(tx, activation, credential)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path)
    async with house.store.write() as tx:
        await tx.connection.run_sync(metadata.create_all)
    yield house
    await house.store.close()


async def test_an_active_account_has_what_was_decided(house: House) -> None:
    assert await house.port.entry("p00000400013") is None
    await house.activate()
    entry = await house.port.entry("P00000400013 ")
    assert entry is not None
    assert entry.activated_at == NOW
    assert {name: getattr(entry, name) for name in Activation.__struct_fields__} == {
        name: getattr(ACTIVATION, name) for name in Activation.__struct_fields__
    }


async def test_the_new_password_opens_and_no_other_does(house: House) -> None:
    assert not await house.port.verify("p00000400013", PASSWORD)
    await house.activate()
    assert await house.port.verify("P00000400013", PASSWORD)
    assert not await house.port.verify("p00000400013", Secret("Cerisier-Bleu-43"))
    assert not await house.port.verify("p00000400026", PASSWORD)


async def test_repeating_the_activation_changes_nothing(house: House) -> None:
    await house.activate()
    first = await house.port.entry("p00000400013")
    house.now += timedelta(hours=1)
    await house.activate()
    assert await house.port.entry("p00000400013") == first


async def test_a_failed_transaction_leaves_nothing(house: House) -> None:
    async def fail() -> None:
        async with house.store.write() as tx:
            await house.port.activate(tx, ACTIVATION, await house.port.prepare(ACTIVATION.login, PASSWORD))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await house.port.entry("p00000400013") is None
    assert not await house.port.verify("p00000400013", PASSWORD)


async def test_a_proved_backup_address_reaches_an_existing_entry(house: House) -> None:
    async with house.store.write() as tx:
        await house.port.record_backup_email(tx, "p00000400013", "before@example.org")
    assert await house.port.entry("p00000400013") is None, "no entry before the activation"
    await house.activate()
    async with house.store.write() as tx:
        await house.port.record_backup_email(tx, "p00000400013", "after@example.org")
    entry = await house.port.entry("p00000400013")
    assert entry is not None
    assert entry.backup_email == "after@example.org"


async def test_the_password_is_in_no_column_and_no_repr(house: House) -> None:
    credential = await house.port.prepare("p00000400013", PASSWORD)
    assert "argon2" not in repr(credential)
    await house.activate()
    async with house.store.read() as connection:
        row = (await connection.execute(select(directory))).one()
    assert PASSWORD.reveal() not in str(row)
