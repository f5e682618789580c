"""What a demonstration serves besides: whom to try, what is done for them, and where mails arrive."""

import asyncio
from pathlib import Path

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api_client.contract import Locale
from api_client.demonstration_contract import DemoDeed, DemoMail, DemoPerson, DemoSight
from backend.demonstration.cast import Cast
from backend.demonstration.issuer import DemoIssuer
from backend.demonstration.outbox import last_mails
from backend.house import House
from backend.web.routes import guarded, read_body


def demonstration_routes(house: House, data: Path, issuer: DemoIssuer | None) -> list[Route]:
    """``data``: the folder whose ``outbox`` takes the mails. ``issuer``: its own identity provider, if it has one."""
    cast = Cast(house, issuer)

    async def people(request: Request) -> Response:
        return _json(await cast.of(_journey(request), _locale(request)))

    async def act(request: Request) -> Response:
        sight = await read_body(request, DemoSight)
        return _json(await cast.act(request.path_params["person"], _journey(request), sight, _locale(request)))

    async def mails(_: Request) -> Response:
        return _json(await asyncio.to_thread(last_mails, data / "outbox"))

    return [
        Route("/demonstration/people", guarded(people)),
        Route("/demonstration/people/{person}/acts", guarded(act), methods=["POST"]),
        Route("/demonstration/mails", guarded(mails)),
    ]


def _journey(request: Request) -> str:
    return request.query_params.get("journey", "")


def _locale(request: Request) -> Locale:
    return request.query_params.get("locale", "fr")


def _json(found: list[DemoPerson] | list[DemoMail] | DemoDeed) -> Response:
    return Response(msgspec.json.encode(found), headers={"cache-control": "no-store"}, media_type="application/json")
