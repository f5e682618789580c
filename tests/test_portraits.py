"""What ``perron-backend show`` tells of people of the portal."""

import json

from backend.commands.accounts import _plain
from backend.commands.portraits import portray
from tests.backend_house import BackendHouse
from tests.registering import Registrant, registering, somebody

pytest_plugins = ["tests.portal_fixtures"]


async def test_a_registrant_is_told_with_establishments_topics_and_consents(portal: BackendHouse) -> None:
    one = await registering(portal, "R02")
    told = await portray(portal.house, await one.account())
    assert told == {
        "login": "p.exemple@hotel-fictif.example",
        "realm": "portal",
        "status": "active",
        "name": "Paule EXEMPLE",
        "known_contact": False,
        "establishments": [
            {"siret": "00001002500013", "type": "adherent", "state": "attached", "idcc": "1979"},
        ],
        "topics": ["FACTURES"],
        "consents": {"support": True},
        "activated_at": "2026-11-03T09:00:00Z",
    }
    assert json.loads(json.dumps(told)) == told
    assert _plain(told["establishments"]) == "siret 00001002500013, type adherent, state attached, idcc 1979"


async def test_what_the_register_has_not_answered_is_pending(portal: BackendHouse) -> None:
    one = await registering(portal, "R12")
    told = await portray(portal.house, await one.account())
    assert told["status"] == "inactive"
    assert told["activated_at"] is None
    assert told["establishments"] == [{"siret": "00001019900016", "type": "adherent", "state": "pending", "idcc": ""}]


async def test_a_contact_has_no_topics_and_every_establishment(portal: BackendHouse) -> None:
    one = await registering(portal, Registrant.of_contact("C02"))
    told = await portray(portal.house, await one.account())
    assert (told["known_contact"], told["topics"]) == (True, [])
    assert [kept["siret"] for kept in told["establishments"]] == ["00001002500013", "00001002500021"]
    other = await registering(portal, somebody(number="00001011600010", idcc="1486"))
    told = await portray(portal.house, await other.account())
    assert [kept["state"] for kept in told["establishments"]] == ["out_of_scope"]
