"""The end of the address that revokes a phone, for the mail that tells of it: derived when it is sent, kept nowhere."""

import hmac

from backend.keys import Keys


def revocation(keys: Keys, device_id: str) -> str:
    """The phone's id, and a proof that we named it."""
    return f"{device_id}.{keys.token('phone revocation', device_id)}"


def read_revocation(keys: Keys, text: str) -> str | None:
    """The id of the phone that such an end is about; None when it is none of ours."""
    device_id = text.partition(".")[0]
    return device_id if hmac.compare_digest(text.encode(), revocation(keys, device_id).encode()) else None
