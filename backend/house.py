"""The parts that the backend is made of, in one place: built once by ``app.build``, handed to whoever needs them."""

from dataclasses import dataclass

from backend.audit import Audit
from backend.background import Background
from backend.changes import Changes
from backend.clock import Clock
from backend.database.store import Store
from backend.hashing import Hasher
from backend.institution import Institution
from backend.journeys import Library
from backend.keys import Keys
from backend.mail.post import Post
from backend.pairing.pairings import Pairings
from backend.portal.inquiries import Inquiries
from backend.portal.register import CompanyRegister
from backend.proofs import Proofs
from backend.provisioning import Provisioning
from backend.second_factor import SecondFactors
from backend.sign_in.waiting import SignIns
from backend.throttle import Throttle


@dataclass(frozen=True)
class House:
    """Nothing here knows about HTTP."""

    library: Library
    store: Store
    keys: Keys
    clock: Clock
    hasher: Hasher
    proofs: Proofs
    throttle: Throttle
    audit: Audit
    provisioning: Provisioning
    second_factors: SecondFactors
    pairings: Pairings
    sign_ins: SignIns | None
    """None where no identity provider was named: journeys that need one are not offered."""
    register: CompanyRegister
    inquiries: Inquiries
    post: Post
    changes: Changes
    background: Background

    @property
    def institution(self) -> Institution:
        return self.library.institution
