"""A real OpenID provider in a process of its own: npm's oidc-provider, on loopback (``make oidc`` installs it)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from backend.sign_in.issuer import Issuer
from tests.backend_house import PUBLIC_URL
from tests.backend_process import free_port
from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "oidc"
_SECONDS = 20


@asynccontextmanager
async def real_issuer(*, code_seconds: int = 60, public_url: str = PUBLIC_URL) -> AsyncIterator[str]:
    """Its address. ``code_seconds``: how long its device codes live; ``public_url``: of the backend it knows."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        "node",
        str(FOLDER / "issuer.mjs"),
        str(port),
        f"{public_url}/p/signed-in",
        str(code_seconds),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout
    try:
        async with asyncio.timeout(_SECONDS):
            assert await process.stdout.readline() == b"ready\n", "run: make oidc"
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def known(url: str) -> Issuer:
    """As the backend knows it, on the clock of this machine, which is the provider's too."""
    return Issuer(url, "perron")
