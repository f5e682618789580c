"""What only a demonstration has: fictitious people whose letters may be shown, and the mails that would have been sent.

The routes exist when ``serve`` was started with ``--demonstration``, on a loopback address.
"""

from pathlib import Path

_HERE = Path(__file__).parent
PEOPLE_FILE = _HERE / "people.csv"
COMPANIES_FILE = _HERE / "companies.csv"
"""Every case of a registration; one of them is a register that does not answer."""
CONTACTS_FILE = _HERE / "contacts.csv"
