"""Why an account is blocked (domain.md §7, F4)."""

from typing import Literal

Danger = Literal["phishing", "fraudulent-site", "suspicious", "manual"]
"""A link was clicked, the password was typed elsewhere, something was seen, or somebody asked."""
