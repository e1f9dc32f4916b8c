"""The gap is measured until it is good, at most so often; the best measurement counts."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from local.rehearsal import swap
from local.rehearsal.machines.docker_engine import DockerEngine
from local.rehearsal.machines.host import Host
from local.rehearsal.swap import Gaps, Images

HOST = Host("spare-1", DockerEngine({}, private=False), "my-app", "127.0.0.1", 1, Path("/nonexistent"), {})


def measured(monkeypatch: pytest.MonkeyPatch, pairs: Sequence[tuple[float | None, float | None]]) -> Gaps:
    """The gaps, where one measurement after the other gives these: ours, and the plain order's."""
    ours, plain = iter([each for each, _ in pairs]), iter([each for _, each in pairs])

    async def next_of_ours(*_: object) -> float | None:
        return next(ours)

    async def next_of_plain(*_: object) -> float | None:
        return next(plain)

    monkeypatch.setattr(swap, "_with_our_scripts", next_of_ours)
    monkeypatch.setattr(swap, "_stop_pull_run", next_of_plain)
    nothing = cast(Any, None)
    images = Images(nothing, "my-app", 8080)
    return asyncio.run(swap.measure(HOST, HOST, nothing, nothing, agents=nothing, images=images))


def test_one_good_measurement_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    assert measured(monkeypatch, [(1.0, 4.0)]) == Gaps(1.0, 4.0)


def test_one_that_is_not_good_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    assert measured(monkeypatch, [(3.0, 4.0), (1.0, 4.0)]) == Gaps(1.0, 4.0)


def test_after_three_the_best_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    gaps = measured(monkeypatch, [(4.0, 4.0), (3.0, 4.0), (None, 4.0)])
    assert gaps == Gaps(3.0, 4.0)
    assert not gaps.good


def test_half_is_good_enough_and_no_answer_at_all_never_is() -> None:
    assert Gaps(2.0, 4.0).good
    assert not Gaps(2.1, 4.0).good
    assert not Gaps(None, 4.0).good
    assert not Gaps(2.0, None).good
