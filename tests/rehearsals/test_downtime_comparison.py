"""The downtime is measured until it is good, at most so often; the best measurement counts."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from local.rehearsal.machines.docker_engine import DockerEngine
from local.rehearsal.machines.host import Host
from tests.rehearsals import downtime_comparison
from tests.rehearsals.downtime_comparison import Downtimes

HOST = Host("spare-1", DockerEngine({}, private=False), "my-app", "127.0.0.1", 1, Path("/nonexistent"), {})
TESTBED = cast(Any, SimpleNamespace(host=HOST, repository="127.0.0.1:1/my-app"))


def measured(
    monkeypatch: pytest.MonkeyPatch, pairs: Sequence[tuple[float | None, float | None]]
) -> Downtimes:
    """The downtimes, where one measurement after the other gives these: ours, and the plain order's."""
    ours, plain = iter([each for each, _ in pairs]), iter([each for _, each in pairs])

    async def next_of_ours(*_: object) -> float | None:
        return next(ours)

    async def next_of_plain(*_: object) -> float | None:
        return next(plain)

    monkeypatch.setattr(downtime_comparison, "_with_our_scripts", next_of_ours)
    monkeypatch.setattr(downtime_comparison, "_stop_pull_run", next_of_plain)
    return asyncio.run(downtime_comparison.measure(TESTBED, HOST, 8080))


def test_one_good_measurement_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    assert measured(monkeypatch, [(1.0, 4.0)]) == Downtimes(1.0, 4.0)


def test_one_that_is_not_good_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    assert measured(monkeypatch, [(3.0, 4.0), (1.0, 4.0)]) == Downtimes(1.0, 4.0)


def test_after_three_the_best_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    downtimes = measured(monkeypatch, [(4.0, 4.0), (3.0, 4.0), (None, 4.0)])
    assert downtimes == Downtimes(3.0, 4.0)
    assert not downtimes.good


def test_half_is_good_enough_and_no_answer_at_all_never_is() -> None:
    assert Downtimes(2.0, 4.0).good
    assert not Downtimes(2.1, 4.0).good
    assert not Downtimes(None, 4.0).good
    assert not Downtimes(2.0, None).good
