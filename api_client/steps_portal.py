"""The steps of a registration on a portal (domain.md §8), each beside its answer."""

from api_client.step import Answer, CardLine, Choice, Step


class Identity(Step, frozen=True, kw_only=True):
    """Who registers, and for whom. Fields ``on_behalf``, ``civility``, ``last_name``, ``first_name``, ``email``."""

    labels: dict[str, str]
    """By field."""
    civilities: tuple[Choice, ...]
    roles: tuple[Choice, ...] = ()
    """``self`` and ``client``; empty where nobody registers for another."""
    role: str = "self"
    civility: str = ""
    last_name: str = ""
    first_name: str = ""
    no_first_name: bool = False
    email: str = ""
    common_domains: tuple[str, ...] = ()


class IdentityAnswer(Answer, frozen=True, kw_only=True):
    role: str
    civility: str
    last_name: str
    first_name: str
    no_first_name: bool
    email: str


class Consent(Step, frozen=True, kw_only=True):
    """A notice to read, and a box that may stay unticked. Field ``given``."""

    label: str
    text: str
    """As ``Charter.text``."""
    given: bool = False


class ConsentAnswer(Answer, frozen=True, kw_only=True):
    given: bool


class Topics(Step, frozen=True, kw_only=True):
    """What to be written to about; each is optional. Field ``chosen``."""

    label: str
    choices: tuple[Choice, ...]
    chosen: tuple[str, ...] = ()


class TopicsAnswer(Answer, frozen=True, kw_only=True):
    chosen: tuple[str, ...]


class Establishment(Step, frozen=True, kw_only=True):
    """Where the person belongs: a type and a SIREN or SIRET (domain.md §11.6). Fields ``type`` and ``number``."""

    recap: tuple[CardLine, ...]
    """« Je suis » : what was said before."""
    types_label: str
    types: tuple[Choice, ...]
    label: str
    type: str = ""
    number: str = ""


class EstablishmentAnswer(Answer, frozen=True, kw_only=True):
    type: str
    number: str


class EstablishmentChoice(Step, frozen=True, kw_only=True):
    """Several active establishments have that SIREN. Field ``siret``."""

    label: str
    choices: tuple[Choice, ...]
    """``id``: the SIRET; head office first."""
    siret: str = ""


class EstablishmentChoiceAnswer(Answer, frozen=True, kw_only=True):
    siret: str


class MemberNumber(Step, frozen=True, kw_only=True):
    """The number that the establishment was given. Field ``number``."""

    label: str
    establishment: tuple[CardLine, ...]
    number: str = ""
    contact: str = ""
    """Where to ask for it."""


class MemberNumberAnswer(Answer, frozen=True, kw_only=True):
    number: str


class Idcc(Step, frozen=True, kw_only=True):
    """The collective agreement: four digits, found in a list by number or by words. Field ``code``."""

    label: str
    establishment: tuple[CardLine, ...]
    choices: tuple[Choice, ...]
    """Every known agreement: ``id`` is the code, ``label`` its title."""
    code: str = ""
    optional: bool = False


class IdccAnswer(Answer, frozen=True, kw_only=True):
    code: str


PortalSteps = Identity | Consent | Topics | Establishment | EstablishmentChoice | MemberNumber | Idcc
PortalAnswers = (
    IdentityAnswer
    | ConsentAnswer
    | TopicsAnswer
    | EstablishmentAnswer
    | EstablishmentChoiceAnswer
    | MemberNumberAnswer
    | IdccAnswer
)
