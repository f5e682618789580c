"""Files of establishments and contacts go into the database batch by batch, never whole in memory.

Importing a file again changes what changed in it and nothing else; what it no longer has stays.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import structs
from sqlalchemy import Table, bindparam, insert, select, update

from backend.database.store import Store, Transaction
from backend.database.tables import companies, contacts, members
from backend.imports import Report, batches
from backend.portal.companies import Listed
from backend.portal.contacts import Contact

BATCH = 1000
"""Rows per transaction: others write in between."""

_Row = dict[str, Any]


async def load_companies(store: Store, listed: Iterable[Listed]) -> tuple[Report, Report]:
    """What changed in the register, and among the members. Of a SIRET that is there twice, the last line counts."""
    in_register, in_members = Report(), Report()
    for batch in batches(listed, BATCH):
        async with store.write() as tx:
            in_register += await _keep(tx, companies, [structs.asdict(one.company) for one in batch if one.company])
            in_members += await _keep(tx, members, [structs.asdict(one.member) for one in batch if one.member])
    return in_register, in_members


async def load_contacts(store: Store, known: Iterable[Contact]) -> Report:
    """What changed among the contacts."""
    report = Report()
    for batch in batches(known, BATCH):
        rows = [structs.asdict(one) | {"sirets": msgspec.json.encode(one.sirets).decode()} for one in batch]
        async with store.write() as tx:
            report += await _keep(tx, contacts, rows)
    return report


async def _keep(tx: Transaction, table: Table, rows: list[_Row]) -> Report:
    """``rows`` as the table has them from now on; each names all of its columns."""
    if not rows:
        return Report()
    key = [column.name for column in table.primary_key]
    wanted = {tuple(row[name] for name in key): row for row in rows}
    # By the first column of the key alone: SQLite finds pairs of values by no index.
    query = select(table).where(table.c[key[0]].in_({row[key[0]] for row in rows}))
    there = {tuple(row[name] for name in key): dict(row) for row in (await tx.connection.execute(query)).mappings()}
    new = [row for at, row in wanted.items() if at not in there]
    changed = [row for at, row in wanted.items() if at in there and there[at] != row]
    if new:
        await tx.connection.execute(insert(table), new)
    if changed:
        await tx.connection.execute(
            update(table).where(*(table.c[name] == bindparam(f"at_{name}") for name in key)),
            [row | {f"at_{name}": row[name] for name in key} for row in changed],
        )
    return Report(len(new), len(changed), len(wanted) - len(new) - len(changed))
