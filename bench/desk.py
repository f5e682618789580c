"""A backend without a database: it seats anyone, and takes any answer. What the bench measures here is the terminal.

``http://host:port/journey`` walks through ``WALK``; ``http://host:port/<kind>`` stays at that one step for ever.
The steps are those of the gallery (``tests/screens_gallery.py``), so that what is measured is what is tested.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
from dataclasses import dataclass

import uvicorn
from msgspec import structs
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api_client.contract import Enrolment, Seated, encode
from api_client.secret import Secret
from tests.screens_gallery import CATALOGUE, STEPS, enrolment_of

WALK = (
    "login", "provisional_password", "backup_email", "link_sent", "charter", "public_directory", "mailbox",
    "redirection", "new_password", "done",
)  # fmt: skip

READING_SECONDS = 0.3
"""How long someone takes to open the link elsewhere."""


@dataclass
class Place:
    """Where one enrolment stands."""

    kinds: tuple[str, ...]
    revision: int = 1

    @property
    def kind(self) -> str:
        """The step shown now."""
        return self.kinds[min(self.revision, len(self.kinds)) - 1]

    def enrolment(self, name: str) -> Enrolment:
        """What is sent back."""
        return structs.replace(enrolment_of(STEPS[self.kind]), id=name, revision=self.revision)


places: dict[str, Place] = {}
_names = (f"e{number}" for number in itertools.count(1))


def _said(body: object, status: int = 200) -> Response:
    return Response(encode(body), status, media_type="application/json")  # type: ignore[arg-type]


async def catalogue(_: Request) -> Response:
    """The institution of the gallery."""
    return _said(CATALOGUE)


async def begin(request: Request) -> Response:
    """Anyone may sit down."""
    wanted, name = request.path_params["wanted"], next(_names)
    places[name] = Place(WALK if wanted == "journey" else (wanted,))
    return _said(Seated(enrolment=places[name].enrolment(name), token=Secret(name)), 201)


async def answer(request: Request) -> Response:
    """Any answer is right."""
    name = request.path_params["name"]
    place = places[name]
    place.revision = min(place.revision + 1, len(place.kinds))
    return _said(place.enrolment(name))


async def wait(request: Request) -> Response:
    """The long poll; a journey goes on by itself where a link is waited for."""
    name = request.path_params["name"]
    place = places[name]
    if place.kind == "link_sent" and len(place.kinds) > 1:
        await asyncio.sleep(READING_SECONDS)
        return await answer(request)
    await asyncio.sleep(float(request.headers.get("prefer", "wait=0").removeprefix("wait=")))
    return Response(status_code=304)


ROUTES = [
    Route("/{wanted}/v1/catalogue", catalogue),
    Route("/{wanted}/v1/enrolments", begin, methods=["POST"]),
    Route("/{wanted}/v1/enrolments/{name}", wait),
    Route("/{wanted}/v1/enrolments/{name}/answers", answer, methods=["POST"]),
]


def main() -> None:
    """Listen on a free port of loopback, print its address, and serve until told to end."""
    listening = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    config = uvicorn.Config(Starlette(routes=ROUTES), log_level="warning")
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
