"""Every row of the deadline vectors, and the second at which a link dies."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.dates import clock_in_words, day_in_words, in_words
from backend.deadlines import PARIS, LinkPolicy, deadline, is_over

ROWS = list(csv.DictReader((Path(__file__).parent / "data/link_deadline_vectors.csv").read_text("utf-8").splitlines()))
POLICIES = {
    "same_day_2359": LinkPolicy(policy="same_day_2359"),
    "next_day_2359": LinkPolicy(policy="next_day_2359"),
    "next_day_2359_min24h": LinkPolicy(policy="next_day_2359", at_least=timedelta(hours=24)),
}
INSTANTS = st.integers(0, 20 * 365 * 86_400 * 1000).map(
    lambda milliseconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['politique']}: {row['raison']}")
def test_vector(row: dict[str, str]) -> None:
    issued, last_valid, first_refused = (
        datetime.fromisoformat(row[column])
        for column in ("emis_le", "dernier_instant_valide_utc", "premier_instant_refuse_utc")
    )
    until = deadline(issued, POLICIES[row["politique"]])
    assert until == datetime.fromisoformat(row["echeance_paris"]) == datetime.fromisoformat(row["echeance_utc"])
    assert until.tzinfo is UTC
    assert until - issued == timedelta(seconds=int(row["duree_secondes"]))
    assert not is_over(until, last_valid)
    assert not is_over(until, last_valid + timedelta(milliseconds=999))
    assert is_over(until, first_refused)


def test_no_vector_is_missing() -> None:
    assert len(ROWS) == 15


def test_a_minimal_lifetime_moves_a_late_link_to_the_next_day() -> None:
    policy = LinkPolicy(policy="same_day_2359", min_lifetime=timedelta(hours=1))
    just_enough = datetime(2026, 11, 3, 22, 59, 59, tzinfo=PARIS)
    assert deadline(just_enough, policy) == datetime(2026, 11, 3, 23, 59, 59, tzinfo=PARIS)
    too_late = just_enough + timedelta(seconds=1)
    assert deadline(too_late, policy) == datetime(2026, 11, 4, 23, 59, 59, tzinfo=PARIS)


def test_a_duration_counts_real_hours_over_a_clock_change() -> None:
    policy = LinkPolicy(policy="duration", duration=timedelta(days=1))
    issued = datetime(2026, 3, 28, 12, 0, tzinfo=PARIS)
    assert deadline(issued, policy) == datetime(2026, 3, 29, 13, 0, tzinfo=PARIS)


def test_another_zone() -> None:
    tahiti = ZoneInfo("Pacific/Tahiti")
    issued = datetime(2026, 11, 3, 23, 0, tzinfo=UTC)
    assert deadline(issued, POLICIES["same_day_2359"], tahiti) == datetime(2026, 11, 3, 23, 59, 59, tzinfo=tahiti)


@given(INSTANTS)
def test_lendemain_and_24_hours_are_both_kept(issued: datetime) -> None:
    until = deadline(issued, POLICIES["next_day_2359_min24h"])
    assert not is_over(until, issued + timedelta(hours=24))
    assert until >= deadline(issued, POLICIES["next_day_2359"])


@given(INSTANTS, st.sampled_from([*POLICIES.values(), LinkPolicy(policy="duration", duration=timedelta(minutes=30))]))
def test_a_new_link_works_and_ends_on_a_whole_second(issued: datetime, policy: LinkPolicy) -> None:
    until = deadline(issued, policy)
    assert not is_over(until, issued)
    assert until.microsecond == 0


def test_policies_are_written_in_toml() -> None:
    policy = msgspec.toml.decode('policy = "next_day_2359"\nat_least = "PT24H"', type=LinkPolicy)
    assert policy == POLICIES["next_day_2359_min24h"]
    policy = msgspec.toml.decode('policy = "duration"\nduration = "P7D"', type=LinkPolicy)
    assert policy.duration == timedelta(days=7)


@pytest.mark.parametrize(
    "wrong",
    [
        'policy = "duration"',
        'policy = "same_day_2359"\nduration = "P7D"',
        'policy = "next_day_2359"\nmin_lifetime = "PT1H"',
        'policy = "duration"\nduration = "-PT1H"',
        'policy = "tomorrow"',
        'policy = "same_day_2359"\nlifetime = "PT1H"',
    ],
)
def test_a_policy_that_means_nothing_is_refused(wrong: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.toml.decode(wrong, type=LinkPolicy)


@pytest.mark.parametrize(
    ("until", "french", "english"),
    [
        (
            datetime(2026, 11, 4, 22, 59, 59, tzinfo=UTC),
            "mercredi 4 novembre 2026 à 23 h 59 (heure de Paris)",
            "Wednesday 4 November 2026 at 23:59 (Paris time)",
        ),
        (
            datetime(2026, 7, 31, 22, 5, tzinfo=UTC),
            "samedi 1er août 2026 à 0 h 05 (heure de Paris)",
            "Saturday 1 August 2026 at 00:05 (Paris time)",
        ),
    ],
)
def test_in_words(until: datetime, french: str, english: str) -> None:
    assert in_words(until, "fr") == french
    assert in_words(until, "en") == english


def test_days_and_hours_are_written_as_each_language_does() -> None:
    early = datetime(2026, 11, 1, 7, 5, tzinfo=PARIS)
    assert [day_in_words(early, locale) for locale in ("fr", "en", "de")] == [
        "1er novembre 2026",
        "1 November 2026",
        "1. November 2026",
    ]
    assert [clock_in_words(early, locale) for locale in ("fr", "en", "de")] == ["7 h 05", "07:05", "07:05"]
