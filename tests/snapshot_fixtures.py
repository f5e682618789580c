"""The fixture ``show``, a screen compared with its picture: ``pytest_plugins = ["tests.snapshot_fixtures"]``.

After a wanted change look at the report (``snapshot_report.html``), then run ``pytest tests/test_snapshots*.py
--snapshot-update``.
"""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from textual.pilot import Pilot

from api_client.contract import Locale
from screens.frame import screen_for
from screens.page import Page
from screens.widgets.strength import Strength
from screens.words import speak
from tests.screen_playing import Show
from tests.screens_gallery import CATALOGUE, STEPS, Gallery, enrolment_of


@pytest.fixture(params=["80x24-fr", "40x15-en"])
def show(request: pytest.FixtureRequest, snap_compare: Any) -> Show:
    size, _, language = request.param.partition("-")
    cols, rows = map(int, size.split("x"))
    locale: Locale = "en" if language == "en" else "fr"

    def compare(make: Callable[[], Page] | str, *keys: str, **changes: Any) -> None:
        speak(locale)
        if callable(make):
            first: Any = make()
        else:
            first = screen_for(enrolment_of(msgspec.structs.replace(STEPS[make], **changes)), CATALOGUE)

        async def settle(pilot: Pilot[None]) -> None:
            await pilot.press(*keys)
            for strength in pilot.app.screen.query(Strength):
                while keys and not strength.text:
                    await pilot.pause(0.05)
            await pilot.pause()

        assert snap_compare(Gallery(first, locale), terminal_size=(cols, rows), run_before=settle)

    return compare
