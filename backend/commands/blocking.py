"""The commands that shut an account in danger, and that let its owner choose another password."""

from argparse import Namespace

from backend.accounts import find_account
from backend.commands.opening import opened
from backend.database.store import Transaction
from backend.people.letters import UnknownLogin
from backend.recovery import issue_recovery
from backend.situation import Account
from backend.suspension import block


async def lock(arguments: Namespace) -> int:
    async with opened(arguments.data) as parts, parts.house.store.write() as tx:
        account = await _account(tx, arguments.login)
        await block(parts.house, tx, account, arguments.reason)
    if arguments.language == "fr":
        print(f"{account.login} est bloqué : plus rien n’y entre.")
    else:
        print(f"{account.login} is locked: nothing enters it any more.")
    return 0


async def unlock(arguments: Namespace) -> int:
    async with opened(arguments.data, arguments.institution) as parts, parts.house.store.write() as tx:
        account = await _account(tx, arguments.login)
        await issue_recovery(parts.house, tx, account, actor="administrator")
    if arguments.language == "fr":
        print(f"Un mail part vers l’adresse de secours vérifiée de {account.login} : elle choisira un mot de passe.")
    else:
        print(f"A mail leaves for the verified backup address of {account.login}: a new password is chosen there.")
    return 0


async def _account(tx: Transaction, login: str) -> Account:
    account = await find_account(tx.connection, login)
    if account is None:
        raise UnknownLogin(login)
    return account
