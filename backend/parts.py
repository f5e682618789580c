"""How the parts of the backend are made and joined, for the service and for the commands of administrators alike."""

from dataclasses import dataclass
from pathlib import Path

from backend.audit import Audit
from backend.audit_head import HeadKeeper
from backend.background import Background
from backend.changes import Changes
from backend.clock import Clock, present
from backend.database.store import Store
from backend.engine import Engine
from backend.hashing import Cost, Hasher
from backend.house import House
from backend.journeys import SHIPPED, Library, load_library
from backend.keys import Keys
from backend.links import Links
from backend.mail.carriers import carrier_for
from backend.mail.post import Post
from backend.pairing.pairings import Pairings
from backend.pairing.phones import Phones
from backend.portal.embedded import EmbeddedRegister
from backend.portal.inquiries import Inquiries
from backend.portal.register import CompanyRegister, Sources
from backend.portal.resumption import Resumption
from backend.portal.sirene.access import Access
from backend.portal.sirene.asking import Asking
from backend.portal.sirene.register import SireneRegister
from backend.progression import Progression
from backend.proofs import Proofs
from backend.provisioning import DatabaseProvisioning
from backend.second_factor import SecondFactors
from backend.sign_in.arrivals import Arrivals
from backend.sign_in.issuer import Issuer
from backend.sign_in.waiting import SignIns
from backend.stages.catalogue import check_library, offered
from backend.texts import check_texts
from backend.throttle import Throttle

HEAD_FILE = "audit.head"


@dataclass(frozen=True)
class Parts:
    """A house, its engine, and what must be closed in the end."""

    house: House
    engine: Engine
    head: HeadKeeper
    phones: Phones
    withheld: tuple[str, ...]
    """Journeys of the institution that are not offered, for want of an identity provider."""
    resumption: Resumption

    async def close(self) -> None:
        """Finish what is under way; nothing is lost, since what is due is in the database."""
        self.house.changes.tell_all()
        self.house.store.stop_insisting()
        if self.house.sign_ins:
            await self.house.sign_ins.stop()
        await self.resumption.stop()
        await self.house.background.drain()
        await self.house.post.stop()
        await self.head.close()
        self.house.hasher.close()
        await self.house.register.close()
        await self.house.store.close()


def read_institution(folder: Path | None) -> Library:
    """The institution of ``folder``, or the shipped one, checked whole. Raises JourneyError."""
    library = load_library(folder)
    check_library(library, folder or SHIPPED)
    check_texts(library, folder or SHIPPED)
    return library


def make_parts(
    data: Path,
    library: Library,
    *,
    public_url: str = "",
    smtp: str | None = None,
    sirene: Access | None = None,
    issuer: Issuer | None = None,
    clock: Clock = present,
    cost: Cost | None = None,
) -> Parts:
    """Everything on the SQLite database of ``data``, which must be up to date. Raises Mistake for a bad folder or
    URL."""
    keys = Keys.in_folder(data)
    store = Store.in_folder(data)
    hasher = Hasher(keys, cost)
    proofs = Proofs(store, keys, clock)
    head = HeadKeeper(keys, store, data / HEAD_FILE)
    changes, background = Changes(), Background()

    post = Post(
        store,
        keys,
        proofs,
        library.institution,
        data=data,
        carrier=carrier_for(smtp, data),
        clock=clock,
        public_url=public_url,
        on_outcome=lambda mail_id, outcome: background.run(links.mail_left(mail_id, outcome)),
    )
    doors = offered(library, has_issuer=issuer is not None)
    house = House(
        library=doors,
        store=store,
        keys=keys,
        clock=clock,
        hasher=hasher,
        proofs=proofs,
        throttle=Throttle(keys, clock),
        audit=Audit(keys, clock, head.soon),
        provisioning=DatabaseProvisioning(store, hasher, clock),
        second_factors=SecondFactors(keys, clock),
        pairings=Pairings(keys, clock, public_url),
        sign_ins=SignIns(store, keys, clock, issuer) if issuer else None,
        register=_register(store, clock, sirene),
        inquiries=Inquiries(clock),
        post=post,
        changes=changes,
        background=background,
    )
    progression = Progression(house)
    links = Links(house, progression)
    if house.sign_ins:
        house.sign_ins.screens = Arrivals(house, progression)
    return Parts(
        house=house,
        engine=Engine(house, progression),
        head=head,
        phones=Phones(house, progression),
        withheld=tuple(library.journeys.keys() - doors.journeys.keys()),
        resumption=Resumption(house, progression),
    )


def _register(store: Store, clock: Clock, sirene: Access | None) -> CompanyRegister:
    """What was imported is believed first: it costs no request."""
    embedded = EmbeddedRegister(store)
    return Sources(embedded, SireneRegister(Asking(sirene, clock), clock)) if sirene else embedded
