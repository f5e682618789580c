"""The phone of the demonstration does what its owner would: a page that is busy is opened again."""

from collections.abc import Awaitable, Callable
from functools import partial

import httpx
import pytest

from api_client import contract
from api_client.demonstration_contract import DemoSight
from api_client.secret import Secret
from backend.database.store import StoreUnavailable
from backend.demonstration import browser, phone
from backend.demonstration.cases import shipped_cases
from backend.outward import Outward
from backend.pairing.phones import Standing
from tests.backend_house import BackendHouse
from tests.busy import keep_busy
from tests.signing_in import AGNES, offer_of, signed_in

pytest_plugins = ["tests.house_fixtures"]


@pytest.mark.parametrize("busy", ["page", "answer"])
async def test_it_looks_again_where_the_service_is_busy(
    house: BackendHouse, monkeypatch: pytest.MonkeyPatch, busy: str
) -> None:
    inside = httpx.ASGITransport(app=house.app, client=("192.0.2.50", 40000))
    monkeypatch.setattr(browser, "Outward", partial(Outward, transport=inside))
    monkeypatch.setattr(phone, "_LOOKS", 0)
    screen = await signed_in(house)
    (employee,) = (one for one in shipped_cases().employees if one.upn == AGNES)
    sight = DemoSight(kind="phone_pairing", uri=(await offer_of(screen)).link, key=Secret(""))
    await phone.pair(house.house, sight, employee)
    assert isinstance(await screen.look(), contract.DeviceConfirmation)
    if busy == "answer":
        keep_busy(monkeypatch, house.house.store, 2)  # the first is the computer's
    else:
        monkeypatch.setattr(house.parts.phones, "standing", busy_once(house.parts.phones.standing))
    await screen.say(contract.DeviceConfirmationAnswer(pair=True))
    await house.house.background.drain()
    assert isinstance(await screen.look(), contract.Done)


def busy_once(
    standing: Callable[[Secret], Awaitable[Standing | None]],
) -> Callable[[Secret], Awaitable[Standing | None]]:
    """The first who asks meets a busy database."""
    asked = 0

    async def standing_or_not(token: Secret) -> Standing | None:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise StoreUnavailable("busy")
        return await standing(token)

    return standing_or_not
