"""The application: the parts of a house behind HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route

from backend import throttle
from backend.demonstration.issuer import DemoIssuer
from backend.demonstration.issuer_pages import issuer_routes
from backend.demonstration.owners import give_passwords
from backend.demonstration.routes import demonstration_routes
from backend.errands.owed import write_owed
from backend.housekeeping import keep_house
from backend.parts import Parts
from backend.web.pages import routes as page_routes
from backend.web.phone_pages import phone_routes
from backend.web.routes import Routes, astray


def assemble(parts: Parts, *, demonstration: Path | None = None, demo_issuer: DemoIssuer | None = None) -> Starlette:
    """The application of parts that are made already; its lifespan starts the post and closes everything.

    ``demonstration``: the data folder of a demonstration, which is shown more than others. ``demo_issuer``: the
    identity provider that it has of its own.
    """
    house = parts.house

    async def too_many_unknown_links(source: str) -> bool:
        async with house.store.write() as tx:
            return await house.throttle.count(tx, throttle.LINK_PAGE, source) is not None

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await house.post.start()
        await write_owed(house)
        if house.sign_ins:
            await house.sign_ins.start()
        parts.resumption.start()
        if demonstration:
            house.background.run(give_passwords(house))
        upkeep = asyncio.create_task(keep_house(house))
        try:
            yield
        finally:
            upkeep.cancel()
            await parts.close()

    more: list[Route] = page_routes(house.proofs, house.institution, too_many_unknown_links)
    more += phone_routes(house, parts.phones, too_many_unknown_links)
    if demo_issuer:
        more += issuer_routes(demo_issuer, house.institution, house.pairings.return_address)
    if demonstration:
        more += demonstration_routes(house, demonstration, demo_issuer)
    app = Starlette(
        routes=[*Routes(house, parts.engine, demonstration=demonstration is not None).routes(), *more],
        exception_handlers={HTTPException: astray},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False  # a redirection would repeat whatever Host the request named
    return app
