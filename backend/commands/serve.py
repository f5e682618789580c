"""The command that serves: binds, imports, listens, says so, and ends when it is told or when nobody is left."""

import asyncio
import contextlib
import os
import signal
import socket
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import structlog
import uvicorn

from backend.commands.accounts import admit
from backend.commands.opening import opened
from backend.commands.portal import admit_companies, admit_contacts
from backend.demonstration import COMPANIES_FILE, CONTACTS_FILE, PEOPLE_FILE
from backend.demonstration.issuer import DemoIssuer
from backend.house import House
from backend.logs import log_to_stderr
from backend.mistakes import Mistake
from backend.portal.sirene.access import Access
from backend.sign_in.issuer import Issuer
from backend.web.app import assemble

_log = structlog.get_logger()
_GRACE_SECONDS = 2
"""For answers under way; a screen that waits for a change is let go at once."""
_KEEP_ALIVE_SECONDS = 75


class HalfAnIssuer(Mistake):
    """An identity provider without our name there, or the other way round."""


class CannotListen(Mistake):
    """The address is taken, forbidden or not ours."""


async def serve(arguments: Namespace) -> int:
    """Until SIGTERM, SIGINT or the end of ``--until-eof-fd``. 0 when that was in order, 1 when it never started."""
    log_to_stderr()
    host, port = arguments.listen
    with contextlib.closing(_bind(host, port)) as bound:
        port = bound.getsockname()[1]
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        public_url = arguments.public_url or address
        demo_issuer = DemoIssuer.beside(public_url) if arguments.demonstration and not arguments.oidc_issuer else None
        async with opened(
            arguments.data,
            arguments.institution,
            make=True,
            public_url=public_url,
            smtp=arguments.smtp or os.environ.get("PERRON_SMTP"),
            sirene=_sirene(arguments),
            issuer=demo_issuer.issuer() if demo_issuer else _issuer(arguments),
        ) as parts:
            if parts.withheld:
                _log.warning("journeys_not_offered", journeys=parts.withheld, because="there is no --oidc-issuer")
            await _admit_files(parts.house, arguments)
            await parts.head.export()
            config = uvicorn.Config(
                assemble(
                    parts, demonstration=arguments.data if arguments.demonstration else None, demo_issuer=demo_issuer
                ),
                log_config=None,
                access_log=False,
                server_header=False,
                ws="none",
                lifespan="on",
                proxy_headers=bool(arguments.behind_proxy),
                forwarded_allow_ips=arguments.behind_proxy or [],
                timeout_keep_alive=_KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
            server = _Server(config, parts.house.changes.tell_all)
            if arguments.ready_fd is not None:
                server.when_ready = lambda: _announce(arguments.ready_fd, address)
            if arguments.until_eof_fd is not None:
                _end_at_eof(arguments.until_eof_fd, server)
            await server.serve(sockets=[bound])
    return 0 if server.started else 1


def _sirene(arguments: Namespace) -> Access | None:
    """The register that was named by its address; the last, if several were."""
    addresses = [source for source in arguments.companies if isinstance(source, str)]
    return Access.by_environment(addresses[-1]) if addresses else None


def _issuer(arguments: Namespace) -> Issuer | None:
    """The identity provider that was named. Raises HalfAnIssuer."""
    if bool(arguments.oidc_issuer) != bool(arguments.oidc_client_id):
        raise HalfAnIssuer(
            "--oidc-issuer et --oidc-client-id vont ensemble : donnez les deux, ou aucun.",
            "--oidc-issuer and --oidc-client-id go together: give both, or neither.",
        )
    return Issuer(arguments.oidc_issuer, arguments.oidc_client_id) if arguments.oidc_issuer else None


async def _admit_files(house: House, arguments: Namespace) -> None:
    """What is imported before anybody is served: what was named, or in a demonstration what is shipped for it."""
    demonstration = arguments.demonstration
    companies = [source for source in arguments.companies if isinstance(source, Path)]
    if not arguments.companies and demonstration:
        companies = [COMPANIES_FILE]
    if people := arguments.people or (PEOPLE_FILE if demonstration else None):
        await admit(house, people, arguments.language)
    for file in companies:
        await admit_companies(house, file, arguments.language)
    if contacts := arguments.contacts or (CONTACTS_FILE if demonstration else None):
        await admit_contacts(house, contacts, arguments.language)


class _Server(uvicorn.Server):
    """Uvicorn, which also says when it listens and lets waiting screens go before it ends."""

    def __init__(self, config: uvicorn.Config, let_go: Callable[[], None]) -> None:
        super().__init__(config)
        self._let_go = let_go
        self.when_ready: Callable[[], None] | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End cleanly, and with 0: uvicorn's own would have the signal end the program after all was closed."""
        self.force_exit = self.force_exit or (self.should_exit and sig == signal.SIGINT)
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self.when_ready:
            self.when_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._let_go()
        await super().shutdown(sockets)


def _bind(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(where)
        bound.listen()
        bound.set_inheritable(False)
    except OSError as error:
        raise CannotListen(
            f"Impossible d’écouter sur {host}:{port} ({error.strerror}) : arrêtez le programme qui l’occupe, ou "
            "choisissez une autre adresse avec --listen.",
            f"Cannot listen on {host}:{port} ({error.strerror}): stop the program that has it, or choose another "
            "address with --listen.",
        ) from error
    return bound


def _announce(descriptor: int, address: str) -> None:
    with os.fdopen(descriptor, "w") as said:
        said.write(f"{address}\n")


def _end_at_eof(descriptor: int, server: uvicorn.Server) -> None:
    """Whoever started us holds the other end, even if only until it is killed."""
    loop = asyncio.get_running_loop()

    def read() -> None:
        if not os.read(descriptor, 4096):
            loop.remove_reader(descriptor)
            server.should_exit = True

    loop.add_reader(descriptor, read)
