"""People's names as they are typed in a form (domain.md §11.3); ``api_client.wording.person_name`` is the judge."""

from api_client.wording import NameFlaw, NameReason, person_name
from backend.fields.refusal import FieldRefused

_SAID = {
    NameReason.EMPTY: "name_empty",
    NameReason.TOO_LONG: "name_too_long",
    NameReason.CHARACTERS: "name_characters",
}


def checked(typed: str) -> str:
    """The name, trimmed, in NFC and otherwise as typed. Raises FieldRefused: ``name_empty``, ``name_too_long``,
    ``name_characters``."""
    try:
        return person_name(typed)
    except NameFlaw as flaw:
        raise FieldRefused(_SAID[flaw.reason]) from None
