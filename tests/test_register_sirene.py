"""INSEE's register over a real socket: what it knows, and what becomes of every way in which it can fail."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from api_client.secret import Secret
from backend.database.migrations import bring_up_to_date
from backend.hashing import Cost
from backend.mistakes import Mistake
from backend.parts import make_parts, read_institution
from backend.portal.companies import read_companies
from backend.portal.loading import load_companies
from backend.portal.register import MOST, Found, RegisterUnavailable
from backend.portal.sirene.access import KEY_FILE_VARIABLE, KEY_VARIABLE, Access
from backend.portal.sirene.asking import Asking
from backend.portal.sirene.register import SireneRegister
from tests.fake_sirene import FAULTS, KEY, MERGED, FakeSirene

NOON = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
BISTROT, CLOSED, ABSENT, MASKED = "00001007400011", "00001013200017", "00001015700014", "00001016500017"


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sirene() -> Iterator[FakeSirene]:
    with FakeSirene() as server:
        yield server


@pytest.fixture
async def register(sirene: FakeSirene, clock: Clock) -> AsyncIterator[SireneRegister]:
    asking = Asking(Access(sirene.url, Secret(KEY)), clock, seconds=1.0, pauses=(0.01, 0.02))
    register = SireneRegister(asking, clock)
    yield register
    await register.close()


async def unavailable(register: SireneRegister, siret: str = BISTROT, *, asked: bool = True) -> timedelta:
    with pytest.raises(RegisterUnavailable) as told:
        await register.find(siret)
    assert siret not in str(told.value)
    assert told.value.asked is asked
    return told.value.retry_after


# ----------------------------------------------------------------------------------------------------- what it knows


async def test_an_establishment_is_found_with_its_present_state(register: SireneRegister, sirene: FakeSirene) -> None:
    assert await register.find(BISTROT) == Found(
        siret=BISTROT,
        name="BISTROT EXEMPLE DE LA LOGE",
        active=True,
        head_office=True,
        activity="56.10A",
        postcode="66000",
        town="PERPIGNAN",
    )
    (asked,) = sirene.asked
    assert asked.path == f"/api-sirene/3.11/siret/{BISTROT}"
    assert asked.key == KEY


async def test_a_closed_one_is_found_closed(register: SireneRegister) -> None:
    found = await register.find(CLOSED)
    assert found is not None
    assert not found.active


async def test_what_sirene_has_not_is_nothing(register: SireneRegister) -> None:
    assert await register.find(ABSENT) is None
    assert await register.of_siren(ABSENT[:9]) == ()


async def test_a_merged_number_is_nothing(register: SireneRegister) -> None:
    assert await register.find(MERGED) is None


async def test_what_is_withheld_is_not_shown(register: SireneRegister) -> None:
    found = await register.find(MASKED)
    assert found is not None
    assert found.active
    assert (found.name, found.postcode, found.town) == ("", "", "")


async def test_somebody_in_business_alone_is_called_by_their_name(register: SireneRegister, sirene: FakeSirene) -> None:
    def person(row: dict[str, str]) -> dict[str, object]:
        said = FakeSirene.establishment(sirene, row)
        return said | {"uniteLegale": {"nomUniteLegale": "LOGE", "prenomUsuelUniteLegale": "JEAN\x1b[2J\u202e"}}

    sirene.establishment = person  # type: ignore[method-assign]
    found = await register.find(BISTROT)
    assert found is not None
    assert found.name == "JEAN LOGE"


async def test_a_siren_lists_its_active_establishments_head_office_first(
    register: SireneRegister, sirene: FakeSirene
) -> None:
    listed = await register.of_siren("000010025")
    assert [one.siret for one in listed] == ["00001002500013", "00001002500021"]
    assert [one.head_office for one in listed] == [True, False]
    assert sirene.asked[-1].query["date"] == "2026-11-03"


async def test_of_a_great_many_the_head_office_is_listed_too(register: SireneRegister, sirene: FakeSirene) -> None:
    head_office = sirene.rows["00001002500013"]
    for number in range(30):
        nic = f"{number + 100:05}"
        sirene.rows[f"000010025{nic}"] = head_office | {"nic": nic, "siret": f"000010025{nic}", "siege": "non"}
    listed = await register.of_siren("000010025")
    assert len(listed) == MOST
    assert listed[0].siret == "00001002500013"
    assert len(sirene.asked) == 2


# ------------------------------------------------------------------------------------------------------- its failures

FLEETING = {
    "500",
    "503",
    "503 until never",
    "503 for ages",
    "malformed",
    "not utf-8",
    "another shape",
    "no period",
    "a list",
    "nested",
    "empty",
    "cut",
    "half",
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
async def test_a_fault_that_lasts_is_told_as_unavailable(
    register: SireneRegister, sirene: FakeSirene, clock: Clock, fault: str
) -> None:
    sirene.down = fault
    with capture_logs() as logs:
        assert await unavailable(register) > timedelta()
    (told,) = logs
    assert told["event"] == "register_unavailable"
    assert told["log_level"] == "warning"
    assert BISTROT not in json.dumps(logs)
    assert KEY not in json.dumps(logs)
    if fault in FLEETING:
        assert len(sirene.asked) == 3
    sirene.down = ""
    clock.now += timedelta(minutes=11)
    assert await register.find(BISTROT) is not None


@pytest.mark.parametrize("fault", sorted(FLEETING))
async def test_a_fault_that_passes_is_noticed_by_nobody(
    register: SireneRegister, sirene: FakeSirene, fault: str
) -> None:
    sirene.faults.extend([fault, fault])
    assert await register.find(BISTROT) is not None
    assert len(sirene.asked) == 3


async def test_too_many_requests_wait_as_long_as_they_are_told(
    register: SireneRegister, sirene: FakeSirene, clock: Clock
) -> None:
    sirene.faults.append("429")
    assert await unavailable(register) == timedelta(seconds=17)
    clock.now += timedelta(seconds=10)
    assert await unavailable(register, asked=False) == timedelta(seconds=7)
    assert len(sirene.asked) == 1, "it was asked again before its time"
    clock.now += timedelta(seconds=7)
    assert await register.find(BISTROT) is not None


async def test_a_date_to_come_back_is_understood(register: SireneRegister, sirene: FakeSirene) -> None:
    sirene.faults.append("503 until")
    assert await unavailable(register) == timedelta(minutes=10)
    assert len(sirene.asked) == 1


async def test_each_failure_is_followed_by_a_longer_rest(
    register: SireneRegister, sirene: FakeSirene, clock: Clock
) -> None:
    sirene.down = "404 of another server"
    rests = []
    for _ in range(9):
        rests.append(await unavailable(register))
        clock.now += rests[-1]
    assert rests[0] >= timedelta(seconds=5)
    assert all(later > earlier * 1.5 for earlier, later in pairwise(rests[:6]))
    assert max(rests) <= timedelta(minutes=6)


async def test_a_slow_answer_is_not_waited_for(register: SireneRegister, sirene: FakeSirene) -> None:
    sirene.faults.append("slow")
    async with asyncio.timeout(3):
        await unavailable(register)
    assert len(sirene.asked) == 1


async def test_no_more_than_thirty_requests_leave_in_a_minute(
    register: SireneRegister, sirene: FakeSirene, clock: Clock
) -> None:
    for number in range(30):
        assert await register.find(f"{number:014}") is None
        clock.now += timedelta(seconds=1)
    assert await unavailable(register, asked=False) == timedelta(seconds=30)
    assert len(sirene.asked) == 30
    clock.now += timedelta(seconds=30)
    assert await register.find(BISTROT) is not None


async def test_an_answer_is_kept_for_an_hour_and_an_absence_for_minutes(
    register: SireneRegister, sirene: FakeSirene, clock: Clock
) -> None:
    for _ in range(3):
        assert await register.find(BISTROT)
        assert await register.find(ABSENT) is None
    assert len(sirene.asked) == 2
    sirene.down = "503"
    clock.now += timedelta(minutes=6)
    assert await register.find(BISTROT)
    await unavailable(register, ABSENT)
    clock.now += timedelta(minutes=55)
    await unavailable(register)


# ------------------------------------------------------------------------------------------------------------ the key


async def test_a_key_that_is_refused_is_not_repeated_at_once(sirene: FakeSirene, clock: Clock) -> None:
    register = SireneRegister(Asking(Access(sirene.url, Secret("wrong")), clock), clock)
    with capture_logs() as logs:
        await unavailable(register)
    await register.close()
    assert logs[0]["why"] == "key refused"
    assert len(sirene.asked) == 1


async def test_a_stand_in_may_need_no_key(sirene: FakeSirene, clock: Clock) -> None:
    sirene.key = None
    register = SireneRegister(Asking(Access(sirene.url), clock), clock)
    assert await register.find(BISTROT)
    await register.close()


def test_the_key_comes_from_the_environment_or_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    for environment in ({KEY_VARIABLE: KEY}, {KEY_FILE_VARIABLE: str(file)}):
        access = Access.by_environment("https://sirene.example", environment)
        assert access.key == Secret(KEY)
        assert KEY not in repr(access)
    assert Access.by_environment("https://sirene.example", {}).key is None


@pytest.mark.parametrize(
    "environment", [{KEY_FILE_VARIABLE: "/nowhere/at/all"}, {KEY_VARIABLE: "a\r\nb"}, {KEY_VARIABLE: "clé"}]
)
def test_a_key_that_cannot_be_one_is_a_mistake(environment: dict[str, str]) -> None:
    with pytest.raises(Mistake) as told:
        Access.by_environment("https://sirene.example", environment)
    assert "Sirene" in told.value.told("fr")


# --------------------------------------------------------------------------------------------------- the whole house


async def test_a_house_believes_its_files_and_asks_the_address_for_the_rest(
    tmp_path: Path, sirene: FakeSirene, clock: Clock
) -> None:
    access = Access(sirene.url, Secret(KEY))
    parts = make_parts(tmp_path, read_institution(None), clock=clock, cost=Cost(memory=64, passes=1), sirene=access)
    await bring_up_to_date(parts.house.store)
    file = tmp_path / "companies.csv"
    file.write_text(f"siret,name,state\n{BISTROT},LE NOM DU FICHIER,closed\n", encoding="utf-8")
    await load_companies(parts.house.store, read_companies(file))
    register = parts.house.register
    imported, live = await register.find(BISTROT), await register.find(MASKED)
    assert imported is not None
    assert (imported.name, imported.active) == ("LE NOM DU FICHIER", False)
    assert live is not None
    assert [asked.path[-14:] for asked in sirene.asked] == [MASKED]
    assert await register.of_siren(BISTROT[:9]) == (), "open at INSEE, but closed in the file that is believed"
    await parts.close()
