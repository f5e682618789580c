"""What only a demonstration has: fictitious people whose letters may be shown, and the mails that would have been sent.

The routes exist when ``serve`` was started with ``--demonstration``, on a loopback address.
"""

from pathlib import Path

PEOPLE_FILE = Path(__file__).parent / "people.csv"
