"""Every errand by the purpose of its mail."""

from api_client.contract import Purpose
from backend.errands.activation import Activation
from backend.errands.backup_change import BackupChange
from backend.errands.backup_email import BackupEmail
from backend.errands.errand import Errand
from backend.errands.recovery import Recovery
from backend.errands.redirection import Redirection
from backend.errands.registration import Registration
from backend.errands.way_in import WayIn

ERRANDS: dict[Purpose, Errand] = {
    errand.purpose: errand
    for errand in (BackupEmail(), Activation(), Redirection(), BackupChange(), Recovery(), Registration())
}
WAYS_IN: dict[Purpose, WayIn] = {purpose: errand for purpose, errand in ERRANDS.items() if isinstance(errand, WayIn)}
"""Those whose code may be typed to come in."""
