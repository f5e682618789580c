"""The support desk's commands: who waits for a call, what is known of one request, and each act of an agent."""

from argparse import Namespace
from collections.abc import Awaitable, Callable, Iterator

from api_client.contract import Locale
from backend.assistance import desk
from backend.assistance.glossary import ACCOUNTS, AGREEMENTS, IDENTITIES, LABELS, MOTIVES, PROFILES, STATES, Label, said
from backend.assistance.request import WAITING, Request, list_requests
from backend.commands.opening import opened
from backend.database.store import Transaction
from backend.dates import in_words
from backend.fields import telephone
from backend.house import House

Act = Callable[[House, Transaction, str], Awaitable[Request]]

ACTS: dict[str, Act] = {
    "take": desk.take_up,
    "agree": desk.confirm,
    "differ": desk.reject,
    "no-answer": desk.note_no_answer,
    "unlock": desk.unlock,
    "close": desk.close,
}


async def list_waiting(arguments: Namespace) -> int:
    """One line each, without anybody's address: the number is what an agent asks for."""
    locale: Locale = arguments.language
    async with opened(arguments.data, arguments.institution) as parts, parts.house.store.read() as connection:
        zone = parts.house.institution.zone
        for request in await list_requests(connection, WAITING):
            words = (STATES[request.state], PROFILES[request.profile], MOTIVES[request.motive])
            since = in_words(request.submitted_at, locale, zone)
            print(" · ".join((request.number, *(said(word, locale) for word in words), since)))
    return 0


async def show(arguments: Namespace) -> int:
    async with opened(arguments.data, arguments.institution) as parts:
        await _print(parts.house, arguments.number, arguments.language)
    return 0


async def act(arguments: Namespace) -> int:
    """One act, then how the request stands; to take one is to need all of it."""
    async with opened(arguments.data, arguments.institution) as parts:
        async with parts.house.store.write() as tx:
            request = await ACTS[arguments.act](parts.house, tx, arguments.number)
        if request.state == "callback":
            await _print(parts.house, request.number, arguments.language)
        else:
            print(_headline(request, arguments.language))
    return 0


def _headline(request: Request, locale: Locale) -> str:
    return f"{request.number} · {said(STATES[request.state], locale)}"


async def _print(house: House, number: str, locale: Locale) -> None:
    """All but what the person gave to be compared: of that, whether it agrees."""
    async with house.store.read() as connection:
        request = await desk.open_request(connection, number)
        owner = await desk.find_owner(connection, request)
        agreement = await desk.weigh_identity(house, connection, request)
    colon = " : " if locale == "fr" else ": "
    print(_headline(request, locale))
    for label, value in _facts(house, request, owner.status if owner else "", locale):
        print(f"{said(LABELS[label], locale)}{colon}{value}")
    print(f"{said(IDENTITIES[request.profile], locale)}{colon}{said(AGREEMENTS[agreement], locale)}")
    print("\n" + "\n".join(f"> {line}".rstrip() for line in request.description.splitlines()))


def _facts(house: House, request: Request, status: str, locale: Locale) -> Iterator[tuple[Label, str]]:
    yield "submitted", in_words(request.submitted_at, locale, house.institution.zone)
    yield "motive", said(MOTIVES[request.motive], locale)
    yield "profile", said(PROFILES[request.profile], locale)
    yield "institutional", request.institutional_email
    yield "personal", request.personal_email
    yield "telephone", telephone.displayed(request.telephone)
    yield "calls", str(request.calls)
    yield "account", said(ACCOUNTS[status], locale)
